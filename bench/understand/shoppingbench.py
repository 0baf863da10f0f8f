"""ShoppingBench: synthetic requests for one to four products, with the constraints each product was asked for by.

The set has no catalogue. The shop is made of the file's own 786 target products, imported as any feed: titles, options
(as variants) and attributes, each listed by three sellers (values told once would make no column of choices; in the
published shop of millions they repeat), all requests together, so that a value asked for is one among some 1,500, as in
the published simulator, where every target is in stock. `left_out`: the same with the scored request's own products
taken out (ten shops, by request): only values that other requests' products share can be known then, .39 of the options.

An item is a slot and a value. A slot stands for its concept (a column `color` and a column `color_family` are both
"colour"); option columns whose name says nothing ("variation") may be met in any. Items are pooled over a request's
products. A wish that is no option asked for counts against the options when its slot is one that some product has as an
option, else against the attributes. A price range is one item, a bound missed makes it wrong; a voucher's budget is one
too, its threshold and cap are none. Services (free delivery, cash on delivery) are not scored: the shop states none.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.understand import Described, Scores, f1
from catalog.cells import parse_quantity
from catalog.ingest import ImportOptions, import_feeds
from catalog.store import Catalog
from catalog.types import Cell, Constraint, Slot
from chatbot.rank.support import meets
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState
from retrieval.embedder import Embedder

DESCRIBED = Described(
    name="ShoppingBench",
    what="352 requests of 1-4 products in a shop of the file's 786; left_out: own products not in the shop; F1 of items",
    trained="nothing; the shop's words are the catalogue's",
    published="none for constraints (agents' success: GPT-4.1 under .50 of tasks)",
    aims={"price_f1": 0.9, "options_f1": 0.9},
)
FOLDS = 10
SELLERS = 3  # listings of each product: a value that one product in a shop has is no choice, and no slot of choices
CURRENCY = "PHP"
NAMELESS = frozenset(
    "variation variations variation1 variation3 varation variant options option choose different specification spec "
    "services type types design style quantity model".split()
)
"""Option columns whose name says nothing of what their values are."""

Request = Mapping[str, Any]
Item = tuple[str, str]
Range = tuple[float | None, float | None]


@dataclass(slots=True)
class Tally:
    right: int = 0
    said: int = 0
    gold: int = 0

    def f1(self) -> float:
        return f1(self.right, self.said, self.gold)


@dataclass(slots=True)
class Tallies:
    price: Tally = field(default_factory=Tally)
    options: Tally = field(default_factory=Tally)
    attributes: Tally = field(default_factory=Tally)
    counted: int = 0
    requests: int = 0


def majority(data: Path) -> Scores:
    """Nothing said: no item is common to half the requests."""
    return {"price_f1": 0.0, "options_f1": 0.0, "attributes_f1": 0.0}


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    """All requests in the shop of all products, then each in a shop without its own."""
    requests = _requests(data)
    whole, without = Tallies(), Tallies()
    _said_to(requests, requests, embedder, whole, failures)
    for fold in range(FOLDS):
        _said_to([r for n, r in enumerate(requests) if n % FOLDS != fold], requests[fold::FOLDS], embedder, without)
    return {
        "price_f1": whole.price.f1(),
        "options_f1": whole.options.f1(),
        "attributes_f1": whole.attributes.f1(),
        "needs_counted_right": whole.counted / max(whole.requests, 1),
        "price_f1_left_out": without.price.f1(),
        "options_f1_left_out": without.options.f1(),
    }


def _requests(data: Path) -> list[Request]:
    path = data / "attr" / "shoppingbench_constraints.open.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# The shop -------------------------------------------------------------------------------------------------------------


def _said_to(
    stock: Sequence[Request], scored: Sequence[Request], embedder: Embedder | None, into: Tallies, failures: int = 0
) -> None:
    """Say the scored requests to a shop that holds the products of `stock`."""
    with tempfile.TemporaryDirectory() as folder:
        feed, db = Path(folder) / "shop.jsonl", Path(folder) / "shop.db"
        feed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in _rows(stock)), "utf-8")
        import_feeds([feed], db, ImportOptions(currency=CURRENCY, language="en"))
        catalog = Catalog.open(db)
        slots = {slot.name: slot for slot in catalog.slots}
        optional = {name for request in stock for target in request["targets"] for name, _ in _options(target)}
        tracker = EmbeddedTracker(catalog, embedder)
        for request in scored:
            wrong = _score(request, _heard(tracker, request["instruction"]), slots, optional, into)
            if wrong and failures > 0:
                failures -= 1
                print(f"shoppingbench {request['id']}: {request['instruction']!r}\n  {wrong}", file=sys.stderr)


def _rows(stock: Iterable[Request]) -> Iterable[dict[str, object]]:
    for request in stock:
        for target in request["targets"]:
            attributes: dict[str, list[str]] = {}
            for name, values in _attributes(target):
                attributes.setdefault(name, []).extend(values)
            low, high = _price(target) or (None, None)
            price = (low or 0.0) if high is None else ((low or 0.0) + high) / 2
            for seller in range(1, SELLERS + 1):
                id = f"{request['id']}-{target['product_id']}-{seller}"
                variant = {"id": f"{id}-1", "options": dict(_options(target))} | ({"price": price} if price else {})
                yield {"id": id, "title": target["title"][0], "attributes": attributes, "variants": [variant]}


def _options(target: Mapping[str, Any]) -> list[Item]:
    return [(name, value) for options in target.get("sku_options", ()) for name, value in options.items()]


def _attributes(target: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [(name, values) for attribute in target.get("attributes", ()) for name, values in attribute.items()]


def _price(target: Mapping[str, Any]) -> Range | None:
    for price in target.get("price", ()):
        for low, high in price.values():
            return float(low) if low is not None else None, float(high) if high is not None else None
    return None


# What was heard, and how much of it is right --------------------------------------------------------------------------


@dataclass(slots=True)
class Heard:
    needs: int
    prices: set[Range]
    wishes: dict[str, list[Constraint]]  # by need and slot


def _heard(tracker: EmbeddedTracker, text: str) -> Heard:
    state = DialogueState()
    state = apply(state, tracker.track(state, text))
    prices: set[Range] = set()
    wishes: dict[str, list[Constraint]] = {}
    for need in state.active_needs:
        ends: list[float | None] = [None, None]
        for wish in need.wishes:
            what = wish.what
            if not isinstance(what, Constraint) or what.slot in ("category", "rating"):
                continue
            if what.slot == "price" and isinstance(what.value, float):
                for end in ((0,), (1,), (0, 1))[2 if not what.op.bound else "<" in what.op]:
                    ends[end] = what.value
            else:
                wishes.setdefault(f"{need.id} {what.slot}", []).append(what)
        if ends != [None, None]:
            prices.add((ends[0], ends[1]))
    return Heard(len(state.active_needs), prices, wishes)


def _score(request: Request, heard: Heard, slots: Mapping[str, Slot], optional: set[str], into: Tallies) -> str:
    """Add a request to the tallies; what was wrong, in words."""
    prices = {price for target in request["targets"] if (price := _price(target))}
    if "voucher" in request:
        prices.add((None, float(request["voucher"]["budget"])))
    into.requests += 1
    into.counted += heard.needs == len(request["targets"])
    into.price.right += len(prices & heard.prices)
    into.price.said += len(heard.prices)
    into.price.gold += len(prices)
    options = {option for target in request["targets"] for option in _options(target)}
    attributes = {(n, v) for target in request["targets"] for n, values in _attributes(target) for v in values}
    missed, spare = _matched(options, list(heard.wishes.values()), slots, into.options)
    unsaid, spare = _matched(attributes, spare, slots, into.attributes)
    for wishes in spare:
        (into.options if wishes[0].slot in optional else into.attributes).said += 1
    if not missed and not spare and prices == heard.prices:
        return ""
    return (
        f"missed {missed}; unsaid {unsaid}; spare {[[str(c) for c in s] for s in spare]}; price {prices} {heard.prices}"
    )


def _matched(
    gold: set[Item], said: list[list[Constraint]], slots: Mapping[str, Slot], tally: Tally
) -> tuple[list[Item], list[list[Constraint]]]:
    """(gold items that nothing said meets, what was said and meets no gold item); each is used once."""
    missed, spare = [], list(said)
    for item in sorted(gold):
        tally.gold += 1
        met = next((wishes for wishes in spare if _means(wishes, item, slots)), None)
        if met is None:
            missed.append(item)
            continue
        tally.right += 1
        tally.said += 1
        spare.remove(met)
    return missed, spare


def _means(wishes: list[Constraint], item: Item, slots: Mapping[str, Slot]) -> bool:
    """Do the wishes on one slot mean this item: the slot (or one as good), and its value or its number?"""
    name, value = item
    slot = wishes[0].slot
    if name not in NAMELESS and _concept(slot, slots) != _concept(name, slots):
        return False
    quantity = parse_quantity(value)
    cells: tuple[Cell, ...] = (value, quantity) if quantity else (value,)
    met = any(all(meets(cell, wish) for wish in wishes) for cell in cells)
    if len(wishes) == 1 and wishes[0].op.bound and quantity:  # "at least 64 GB" means 64, not 128
        return met and wishes[0].value in (quantity.low, quantity.high)
    return met


def _concept(name: str, slots: Mapping[str, Slot]) -> str:
    slot = slots.get(name)
    return (slot.concept if slot else None) or name
