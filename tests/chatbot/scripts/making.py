"""Small values for tests of scripted dialogues: products, turns, a bot that answers what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalog.types import Constraint, Money, Order, Product, Variant
from chatbot.events import Event, Finished, Recalled, Suggested, Turn
from chatbot.state import remember
from chatbot.types import AgentAct, DialogueState, Need, Suggestion, Text, Wish
from retrieval.types import Candidate, Query, Retrieved

MOUSE: Mapping[str, object] = {
    "id": "1",
    "title": "Logitech M185 Wireless Mouse",
    "brand": "Logitech",
    "price": 24.9,
    "currency": "USD",
    "description": "A small one.",
    "attributes": {"wireless": True, "colour": ["Grey", "Black"], "weight": 75.0, "note": "", "kind": None},
}
CABLE: Mapping[str, object] = {
    "编号": "2",
    "商品名称": "HDMI 线",
    "price": "1,299.00 USD",
    "length": "1.5-2m",
    "品牌": "绿联",
}


def product(record: Mapping[str, object]) -> Product:
    id, title = str(record.get("id", record.get("编号"))), str(record.get("title", record.get("商品名称")))
    price = record.get("price")
    money = Money(price, "USD") if isinstance(price, float) else None
    return Product(id, title, (Variant(f"{id}-1", money),), brand=str(record.get("brand", "")), record=record)


def wish(text: str, id: str = "w1", hard: bool = True) -> Wish:
    """A ledger line: "price <= 30", "price asc" or "~words"."""
    if text.startswith("~"):
        return Wish(id, 1, Text(text[1:]), hard, 1)
    if text.endswith(" asc"):
        return Wish(id, 1, Order(text.removesuffix(" asc"), "asc"), hard, 1)
    return Wish(id, 1, Constraint.parse(text), hard, 1)


@dataclass(frozen=True)
class Answer:
    """What the told bot answers to one message."""

    acts: Sequence[AgentAct] = (AgentAct.RECOMMEND,)
    text: str = "Here you are."
    shown: Sequence[Product] = ()
    ledger: Sequence[str] = ()
    about: Sequence[str] = ()
    reason: str = ""


@dataclass
class ToldBot:
    """Answers each message with what stands under its text; an unknown message is a KeyError."""

    answers: Mapping[str, Answer]
    edits: list[tuple[str, ...]] = field(default_factory=list)

    def turn(self, state: DialogueState, text: str) -> Iterator[Event]:
        answer = self.answers[text]
        wishes = tuple(wish(line, f"w{n}") for n, line in enumerate(answer.ledger, start=1))
        state = replace(state, turn=state.turn + 1, needs=(Need(1, "", wishes),))
        cards = tuple(
            Suggestion(f"i{n}", 1, n, Candidate(p, p.variants[0], 1.0), answer.reason, (), "embedded")
            for n, p in enumerate(answer.shown, start=1)
        )
        yield Recalled(1, Query(), Retrieved(tuple(c.candidate for c in cards), matched=len(cards)))
        yield from (Suggested(card) for card in cards)
        turn = Turn(
            state.turn,
            text,
            "en",
            (),
            tuple(answer.acts),
            answer.text,
            ledger=wishes,
            about=tuple(answer.about),
            suggestions=cards,
        )
        yield Finished(turn, remember(state, cards))

    def edit(self, state: DialogueState, remove: tuple[str, ...] = ()) -> Iterator[Event]:
        self.edits.append(remove)
        kept = [w.text for w in state.wishes if w.id not in remove]
        yield from ToldBot({"": replace(Answer(), ledger=kept)}).turn(state, "")


def write(folder: Path, text: str, name: str = "test.dialogue.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
