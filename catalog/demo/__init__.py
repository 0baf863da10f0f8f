"""The demo shop: 300 invented products in ten kinds, and where its files are. Made by make.py, committed as made."""

from __future__ import annotations

from pathlib import Path

FEED = Path(__file__).parent / "demo.jsonl"
"""The feed, one product a line, in English with Chinese titles."""

FAQ = tuple(Path(__file__).parent / name for name in ("help.md", "help.zh.md", "questions.csv"))
"""Its questions and answers: about the shop in English and in Chinese, and about some of its products."""

PICTURES = Path(__file__).parent / "pictures"
"""The folder of the drawings that the feed's `image` names: KIND-COLOUR.svg."""
