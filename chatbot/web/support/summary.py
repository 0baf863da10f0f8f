"""What is handed along when a person is wished for: the wishes in words, the items shown and liked, the latest messages.

Everything comes from what is kept and from the records; nothing is worded anew. Knows nothing of who reads it.
"""

from __future__ import annotations

from typing import Any

from chatbot.memory.records import Conversation, Document
from chatbot.say import wish_words
from chatbot.types import DialogueState
from chatbot.web.shop import Records

LATEST = 6
MOST_ITEMS = 10


def summarize(state: DialogueState, message: str, kept: Conversation, catalog: Records) -> Document:
    """A JSON object. `message`: what was said just now, which no turn answers yet."""
    cards = {card["impression"]: card for turn in kept.turns for card in turn["suggestions"]}
    liked = [cards[id]["id"] for id, type in kept.judged.items() if type == "like" and id in cards]
    wishes = [wish_words(state.language, wish.what) for wish in state.wishes]
    return {
        "language": state.language,
        "needs": [need.query for need in state.needs if need.id in state.active],
        "wishes": wishes,
        "shown": _items(catalog, state.latest),
        "liked": _items(catalog, (*liked, *state.accepted)),
        "latest": [_said(turn) for turn in kept.turns[-LATEST:]],
        "message": message,
        "page": kept.session.page,
    }


def _said(turn: Document) -> dict[str, Any]:
    return {"shopper": turn["user"], "assistant": turn["text"], "items": [c["title"] for c in turn["suggestions"]]}


def _items(catalog: Records, ids: tuple[str, ...]) -> list[dict[str, str]]:
    wanted = tuple(dict.fromkeys(ids))[:MOST_ITEMS]
    return [{"id": product.id, "title": product.title} for product in catalog.get(wanted)]
