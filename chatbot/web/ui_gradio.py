"""Gradio, kept from phoning home: what the page's modules import as `gr`. Knows nothing of the page."""

from __future__ import annotations

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
import gradio as gr

__all__ = ["gr"]
