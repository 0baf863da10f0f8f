"""The words that a model is asked with to understand a message: the shop's slots once for all, then the dialogue.

Slot names and small vocabularies are all it is told of the catalogue: no titles, no descriptions. Knows nothing of what
is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import prompts
from catalog.store import Catalog
from catalog.types import Order, Product, Scalar, Slot, write_number
from chatbot.prompting import masked, printed
from chatbot.types import DialogueState, Need, Text, Wish
from prompts.types import Rendered

SLOTS = 250  # tokens, estimated, that the slots may take
MESSAGE = 600  # bytes told of a message, and of an earlier one:
EARLIER = 120
CARDS = 10  # of the latest list
VALUES = {"category": 32, "brand": 8}  # values told of a slot, the commonest first; of others:
OTHERS = 6
NAMED = 16  # numbers and yes/no properties named
NAME = 40  # bytes of a slot's name
LONG = 24  # bytes of a value worth telling: a longer one is a description


class TrackPrompt:
    """The prompt over one catalogue; what it says of the slots is worded once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._slots = "\n".join(_within(SLOTS, _lines(catalog)))
        self._prompt = prompts.load("track")

    def render(self, state: DialogueState, text: str) -> Rendered:
        """What is sent for a message `text` in the light of `state`."""
        return self._prompt.render(
            slots=self._slots,
            dialogue="\n".join(_talk(state)) or "-",
            ledger="\n".join(_ledger(state)) or "-",
            shown="\n".join(self._shown(state)) or "-",
            message=masked(text, MESSAGE),
        )

    def _shown(self, state: DialogueState) -> Iterator[str]:
        products = {p.id: p for p in self._catalog.get(state.latest[:CARDS])}
        for number, id in enumerate(state.latest[:CARDS], 1):
            if product := products.get(id):
                yield f"{number} {_named(product)}"


def _named(product: Product) -> str:
    price = product.price
    cost = f"{write_number(price.amount)} {price.currency}" if price else ""
    return ", ".join(filter(None, (printed(product.kind or "", LONG), printed(product.brand, LONG), cost)))


def _talk(state: DialogueState) -> Iterator[str]:
    for exchange in state.talk:
        yield f"Shopper: {masked(exchange.user, EARLIER) or '(changes the ledger by hand)'}"
        yield f"Shop: {printed(exchange.did, EARLIER)}"


def _ledger(state: DialogueState) -> Iterator[str]:
    for need in state.needs:
        yield f"need {need.id}{'' if need.id in state.active else ' (set aside)'}: {_looked_for(need)}"
        yield from (f"  {wish.id}: {_line(wish)}" for wish in need.wishes)


def _looked_for(need: Need) -> str:
    return masked(need.query, EARLIER) or "-"


def _line(wish: Wish) -> str:
    """A ledger line as the ledger writes it; slots and values are the feed's words, and made harmless as such."""
    what = wish.what
    if isinstance(what, Text):
        words = f"text ~ {masked(what.words, EARLIER)}"
    elif isinstance(what, Order):
        words = f"{printed(what.slot, NAME)} sort {what.direction}"
    else:
        values = [printed(_write(v), NAME) for v in what.values[:OTHERS]]
        listed = f"[{', '.join(values)}]" if isinstance(what.value, tuple) else values[0]
        words = f"{printed(what.slot, NAME)} {what.op} {listed} {what.unit or ''}".rstrip()
    return words if wish.hard else f"{words} (if possible)"


def _write(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else write_number(value)


def _lines(catalog: Catalog) -> Iterator[str]:
    """What is known of the slots, what most shoppers speak of first: kinds and makers with their values, numbers and
    yes/no properties by name, the other slots with values."""
    slots = sorted((s for s in catalog.slots if s.informable), key=lambda s: -s.coverage)
    first = [s for name in VALUES for s in slots if s.name == name]
    yield from (_valued(catalog, slot) for slot in first)
    numbers = [_measured(s) for s in slots if s.kind == "number"]
    flags = [printed(s.name, NAME) for s in slots if s.kind == "boolean"]
    yield from _listed("numbers", numbers)
    yield from _listed("true or false", flags)
    yield from (_valued(catalog, s) for s in slots if s.kind == "category" and s not in first)


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    named = [name for name in names if name][:NAMED]
    if named:
        yield f"{what}: {', '.join(named)}"


def _measured(slot: Slot) -> str:
    """A number's name and unit."""
    name, unit = printed(slot.name, NAME), printed(slot.unit or "", 12)
    return f"{name} ({unit})" if name and unit else name


def _valued(catalog: Catalog, slot: Slot) -> str:
    """A slot's name and its commonest values."""
    terms, most = catalog.vocabulary(slot.name), VALUES.get(slot.name, OTHERS)
    values = [v for t in terms[:most] if len(t.value.encode()) <= LONG and (v := printed(t.value, LONG))]
    more = ["..."] if len(terms) > most else []
    name = printed(slot.name, NAME)
    return f"{name}: {', '.join([*values, *more])}" if name and values else name


def _within(tokens: int, lines: Iterable[str]) -> Iterator[str]:
    """As many lines as the tokens allow; one that is too long loses its end."""
    left = float(tokens)
    for line in lines:
        while line and tokens_of(line) + 1 > left:
            line = line.rpartition(", ")[0]
        if line:
            left -= tokens_of(line) + 1
            yield line


def tokens_of(text: str) -> float:
    """About how many tokens a text takes: a Chinese character one, others a quarter or less."""
    wide = sum(c > "\u2e7f" for c in text)
    return wide + (len(text) - wide) / 3.6
