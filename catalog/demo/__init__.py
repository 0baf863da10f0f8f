"""The demo shop: 300 invented products in ten kinds, and where its files are. Made by make.py, committed as made."""

from __future__ import annotations

from pathlib import Path

FEED = Path(__file__).parent / "demo.jsonl"
"""The feed, one product a line, in English with Chinese titles."""

PICTURES = Path(__file__).parent / "pictures"
"""The folder of the drawings that the feed's `image` names: KIND-COLOUR.svg."""
