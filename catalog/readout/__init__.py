"""Values read out of titles and descriptions for slots that a record does not state."""
