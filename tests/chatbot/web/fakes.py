"""A small assistant over three products, with the real one's protocol: what the web needs, nothing to load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from catalog.types import Constraint, Fact, Money, Op, Order, Product, Slot, Term, Variant
from chatbot import state as states
from chatbot import tapped
from chatbot.asking import Model
from chatbot.context import Context
from chatbot.events import Event, Finished, Recalled, Said, Suggested, Tracked, Turn
from chatbot.gestures import Gesture
from chatbot.types import Addition, AgentAct, DialogueState, NeedEdit, StateUpdate, Suggestion, UserAct
from errors import UnknownSlot
from llm.types import Call
from retrieval.types import Candidate, Query, Retrieved


def _product(id: str, title: str, price: float, **more: object) -> Product:
    variant = Variant(f"{id}-v", Money(price, "USD"), 3, MappingProxyType({"colour": ("black",)}))
    return Product(id, title, (variant,), **more)  # type: ignore[arg-type]


PRODUCTS = (
    _product("m-1", "Pebble wireless mouse", 24.9, image="pictures/pebble.svg", rating=4.5, availability="in stock"),
    _product("m/2", "<b>Bold</b> mouse & ${pad}", 29, image="javascript:alert(1)", url="javascript:alert(1)"),
    _product("m-3", "Tile mouse", 39, image="https://img.example/t.png", url="https://shop.example/t?a=1&b=2"),
)
SLOTS = {
    "price": Slot("price", "number", unit="USD"),
    "brand": Slot("brand", "category"),
    "notes": Slot("notes", "text", informable=False),
}


@dataclass
class FakeRecords:
    name: str = "Mouse House"
    currency: str = "USD"
    language: str = "en"
    generation: str = "g1"
    imported: datetime = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    vectors: object = ()
    products: tuple[Product, ...] = PRODUCTS

    def __len__(self) -> int:
        return len(self.products)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(SLOTS.values())

    def slot(self, name: str) -> Slot:
        if name not in SLOTS:
            raise UnknownSlot(name)
        return SLOTS[name]

    def vocabulary(self, slot_name: str) -> tuple[Term, ...]:
        if not self.products:
            raise UnknownSlot(slot_name)
        return (Term("Peripherals", 3, {"mice": 3}), Term("mice", 3, {"mice": 3})) if slot_name == "category" else ()

    def match(self, constraints: Iterable[Constraint]) -> tuple[Product, ...]:
        return self.products

    def numbers(self, slot_name: str, mask: tuple[Product, ...]) -> list[float]:
        return [p.price.amount for p in mask if p.price]

    def facets(self, slot_name: str, mask: tuple[Product, ...], limit: int) -> list[tuple[str, int]]:
        return []

    def picture_hosts(self, limit: int) -> tuple[str, ...]:
        return ("img.example",)

    def get(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        return tuple(p for id in ids for p in self.products if p.id == id)

    def with_variant(self, id: str) -> tuple[Product, ...]:
        return tuple(p for p in self.products if any(v.id == id for v in p.variants))


@dataclass
class FakeAssistant:
    """Wishes for what a message says after "under" and shows what costs no more; `pause` runs before the first card."""

    catalog: FakeRecords = field(default_factory=FakeRecords)
    pause: Callable[[], None] = lambda: None
    heard: list[str] = field(default_factory=list)
    calls: list[Call | None] = field(default_factory=list)
    contexts: list[Context | None] = field(default_factory=list)
    closed: int = 0
    newer: Callable[[], FakeAssistant] | None = None
    acts: tuple[AgentAct, ...] = (AgentAct.RECOMMEND,)
    model: Model | None = None

    def refreshed(self) -> FakeAssistant:
        return self.newer() if self.newer else self

    def with_model(self, model: Model | None) -> FakeAssistant:
        return replace(self, model=model, heard=[], calls=[], pause=lambda: None)

    def search(self, query: Query, limit: int) -> Retrieved:
        """What costs no more than the query's limits say."""
        most = min((float(c.value) for c in query.hard), default=float("inf"))  # type: ignore[arg-type]
        found = [p for p in self.catalog.products if p.price and p.price.amount <= most]
        return Retrieved(tuple(Candidate(p, p.variants[0], 0.8) for p in found[:limit]), len(found))

    def turn(
        self, state: DialogueState, text: str, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]:
        self.calls.append(call)
        self.contexts.append(context)
        self.heard.append(text)
        update = StateUpdate((UserAct.INFORM,), language=state.language)
        if not state.needs:
            update = replace(update, needs=(NeedEdit(1, "mouse"),))
        words = text.split()
        if "under" in words:
            limit = Constraint("price", Op.LE, float(words[words.index("under") + 1]))
            update = replace(update, add=(Addition(limit), Addition(Order("price", "asc"), hard=False)))
        yield from self._answer(state, update, text)

    def edit(
        self,
        state: DialogueState,
        remove: tuple[str, ...] = (),
        add: tuple[Constraint, ...] = (),
        call: Call | None = None,
        context: Context | None = None,
    ) -> Iterator[Event]:
        self.calls.append(call)
        self.contexts.append(context)
        additions = tuple(Addition(c) for c in add)
        yield from self._answer(state, StateUpdate((UserAct.INFORM,), add=additions, remove=remove), "")

    def gesture(
        self, state: DialogueState, gesture: Gesture, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]:
        self.calls.append(call)
        self.contexts.append(context)
        yield from self._answer(state, tapped.read(gesture, state, self.catalog), "", gesture)

    def _answer(
        self, before: DialogueState, update: StateUpdate, text: str, gesture: Gesture | None = None
    ) -> Iterator[Event]:
        state = states.apply(before, update)
        try:
            yield Tracked(update, state, "embedded")
            most = min(
                (w.what.value for w in state.wishes if isinstance(w.what, Constraint) and w.what.op == Op.LE),
                default=float("inf"),
            )
            found = [p for p in self.catalog.products if p.price and p.price.amount <= float(most)]  # type: ignore[arg-type]
            candidates = tuple(
                Candidate(p, p.variants[0], 0.8, {"lexical": n}, {"lexical": 7.5}) for n, p in enumerate(found, 1)
            )
            yield Recalled(1, Query("mouse"), Retrieved(candidates, len(found)))
            self.pause()
            cards = tuple(
                Suggestion(
                    f"i{state.impressions + n}", 1, n, c, f"{c.product.title} suits.", (Fact("price", 1.0),), "embedded"
                )
                for n, c in enumerate(candidates, 1)
            )
            for card in cards:
                yield Suggested(card)
            yield Said("Here you are.")
            after = states.remember(state, cards)
            yield Finished(replace(_turn(after, update, text, cards), acts=self.acts, gesture=gesture), after)
        finally:
            self.closed += 1


def _turn(state: DialogueState, update: StateUpdate, text: str, cards: tuple[Suggestion, ...]) -> Turn:
    return Turn(
        number=state.turn,
        user=text,
        language=state.language,
        user_acts=update.acts,
        acts=(AgentAct.RECOMMEND,),
        text="Here you are.",
        ledger=state.wishes,
        dropped=tuple(d for d in state.dropped if d.turn == state.turn),
        needs=state.needs,
        active=state.active,
        suggestions=cards,
        quick_replies=("Cheaper", "Show more"),
    )
