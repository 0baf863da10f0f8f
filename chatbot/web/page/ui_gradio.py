"""Gradio, kept from phoning home and from counting: what the page's modules import as `gr`. Knows nothing of the page."""

from __future__ import annotations

import os

# Read when gradio is imported. Its own statistics, which nobody sees here, it would draw up anew after every event.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
import gradio as gr

__all__ = ["gr"]
