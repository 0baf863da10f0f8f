"""What Chinese shoppers write, over two Chinese shops: sentences, the ledger after them, the acts and the cards meant.

The sentences stand in chinese.txt, one a line: shop | messages, parted by " / " | ledger | acts @ places of cards. Before
every message but the first the shop shows the first five products that meet the wishes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from catalog.types import Constraint
from chatbot import state as states
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState, Shown, StateUpdate
from tests.chatbot.track import goods_zh

SENTENCES = (Path(__file__).parent / "chinese.txt").read_text(encoding="utf-8").splitlines()


@cache
def tracker(shop: str) -> EmbeddedTracker:
    catalog = goods_zh.computers() if shop == "pc" else goods_zh.cars()
    return EmbeddedTracker(catalog)  # type: ignore[arg-type]


def follow(shop: str, messages: list[str]) -> tuple[StateUpdate, tuple[str, ...], DialogueState]:
    """The last update, the cards it was said over, the state after it."""
    state, update = DialogueState(), StateUpdate(())
    for number, message in enumerate(messages):
        if number:
            state = with_cards(shop, state, update)
        cards = state.latest
        update = tracker(shop).track(state, message)
        state = states.apply(state, update)
    return update, cards, state


def with_cards(shop: str, state: DialogueState, update: StateUpdate) -> DialogueState:
    catalog = goods_zh.computers() if shop == "pc" else goods_zh.cars()
    need = state.active_needs[0]
    met = catalog.match([w.what for w in need.wishes if isinstance(w.what, Constraint)])
    ids = tuple(id for id, ok in zip(catalog.ids, met, strict=True) if ok)[:5]
    shown = Shown(state.turn, tuple((need.id, id) for id in ids))
    return replace(state, shown=(*state.shown, shown), focus=update.refers_to or ids)


@pytest.mark.parametrize("line", [s for s in SENTENCES if s and not s.startswith("#")])
def test_chinese_sentences(line: str) -> None:
    shop, messages, wishes, acts = (part.strip() for part in line.split(" |"))
    update, cards, state = follow(shop, messages.split(" / "))
    ledger = [("" if w.hard else "~") + w.text for n in state.active_needs for w in n.wishes]
    places = ",".join(str(cards.index(id) + 1) for id in update.refers_to)
    said = ",".join(update.acts) + (f" @ {places}" if places else "")
    assert (sorted(ledger), said) == (sorted(w for w in wishes.split("; ") if w), acts)
