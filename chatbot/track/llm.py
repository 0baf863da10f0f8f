"""Dialogue state tracking by a model: the message in the light of the dialogue -> a StateUpdate that the shop can carry.

The embedded tracker has read the message before; its reading stands wherever the model is not asked or of no use, and
corrects the model's where grammar is certain. Nothing the model names reaches the ledger ungrounded.
"""

from __future__ import annotations

from catalog.store import Catalog
from chatbot.asking import Asking
from chatbot.types import DialogueState, StateUpdate


class LLMTracker:
    """Tracks over one catalogue; keeps nothing between turns."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def track(self, state: DialogueState, text: str, heard: StateUpdate, asking: Asking) -> StateUpdate:
        """What the message means. `heard`: the embedded tracker's reading of it."""
        return heard
