"""Next-item recommendation from what a customer took before: by a model, and by the baselines it is measured beside."""
