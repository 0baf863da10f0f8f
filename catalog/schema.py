"""Which slots a catalogue has, worked out from its products: kind, unit, coverage, vocabulary, informable or not.

    products (cells already parsed) -> tallies, one a column -> slots

A number's unit comes from its cells or header where they state one, else it is learned by pairing the numbers with the
"value unit" mentions in the products' own texts (units_in_text.py), per kind of product. Knows no feeds, no SQL.
"""

from __future__ import annotations

import re
import statistics
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from types import MappingProxyType

from catalog.cells import parse_boolean
from catalog.dates import style_of
from catalog.joins import Aliases, Joins, aliases, term_key
from catalog.lexicon import FOLDER, Concept, Lexicon, header_words
from catalog.reserved import RESERVED, reserved_slots
from catalog.types import Cell, KindStats, Product, Quantity, Slot, SlotKind, Term, write_number
from catalog.units import convert, unit_named
from catalog.units_in_text import Learned, learn_units

_NUMBERS_FROM = 0.9  # share of a column's cells that must be quantities for the column to hold numbers
_MEASURES_FROM = 0.5  # the same where the quantities carry units: "15.6 in" beside "no display"
_SOME = 500  # values of a column that tell whether it holds dates
_STATED_FROM = 0.5  # share of a column's numbers that must carry a unit before a bare number is taken to be in it
_LONGEST_CATEGORY = 32  # characters; at the median, longer values are text
_ENOUGH = 5  # products a slot must fill, and a kind must have, before either counts
_COVERS_SHOP = 0.05
_COVERS_KIND = 0.25
_COVERS_KIND_UNKNOWN = 0.4  # the same for a slot of no known concept, so that 5,000 sparse columns stay few


@dataclass(slots=True)
class Tally:
    """What was seen of one column."""

    products: int = 0
    many: bool = False
    chosen: bool = False  # variants of a product differ by it
    quantities: int = 0
    truths: int = 0
    values: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    numbers: defaultdict[str, list[Quantity]] = field(default_factory=lambda: defaultdict(list))

    def add(self, cells: Sequence[Cell], kind: str) -> None:
        self.products += 1
        self.kinds[kind] += 1
        self.many = self.many or len(cells) > 1
        for cell in cells:
            if isinstance(cell, bool):
                self.truths += 1
            elif isinstance(cell, Quantity):
                self.quantities += 1
                self.numbers[kind].append(cell)
                if cell.unit:
                    self.units[cell.unit] += 1
                self.values[cell.text] += 1
            else:
                self.values[cell] += 1


def product_cells(product: Product) -> Iterable[tuple[str, tuple[Cell, ...]]]:
    """Every column that a product fills: what is surely inferred, its attributes, the options of its variants, joined."""
    if product.inferred or any(variant.options for variant in product.variants):
        return _joined_cells(product)
    return product.attributes.items()


def _joined_cells(product: Product) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    options: defaultdict[str, dict[Cell, None]] = defaultdict(dict)
    for variant in product.variants:
        for name, cells in variant.options.items():
            options[name].update(dict.fromkeys(cells))
    for name, cells in {**product.certain, **product.attributes}.items():
        if name not in options and cells:
            yield name, cells
    for name, found in options.items():
        yield name, tuple(found)


def infer_slots(
    products: Iterable[Product],
    labels: Mapping[str, str] | None = None,
    inferred: Collection[str] = (),
    lexicon: Lexicon | None = None,
) -> tuple[Slot, ...]:
    """The slots of a catalogue: the reserved ones that are filled, then the feed's own, the most filled first.

    `labels`: slot name -> the feed's header, where they differ. `inferred`: slots whose values were worked out by us.
    """
    products = tuple(products)
    lexicon = lexicon or Lexicon.default()
    labels = labels or {}
    sizes = Counter(product.kind or "" for product in products)
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for product in products:
        kind = product.kind or ""
        for name, cells in product_cells(product):
            tallies[name].add(cells, kind)
        for variant in product.variants:
            for name in variant.options:
                tallies[name].chosen = True
    worked_out = _worked_out(products, tallies)
    reserved = [slot for slot in reserved_slots(products, sizes) if slot.coverage]
    names = sorted((n for n in tallies if n not in RESERVED), key=lambda n: -tallies[n].products)
    dates = {name: style_of(islice(tallies[name].values, _SOME)) for name in names}
    kinds: dict[str, SlotKind] = {n: "text" if dates[n] else _slot_kind(n, tallies[n]) for n in names}
    concepts = {name: _concept(lexicon, labels.get(name) or name, kinds[name]) for name in names}
    learned = learn_units(products, _unlabelled(tallies, kinds, concepts))
    own = [
        _slot(
            name,
            kinds[name],
            tallies[name],
            sizes,
            concepts[name],
            labels.get(name, name),
            learned.get(name, Learned()),
        )
        for name in names
    ]
    own = [replace(slot, dates=dates[slot.name], inferred=slot.name in worked_out) for slot in own]
    given = [
        replace(slot, label=labels.get(slot.name, slot.name), inferred=slot.inferred or slot.name in inferred)
        for slot in reserved
    ]
    return (*given, *own)


def _worked_out(products: Iterable[Product], tallies: Mapping[str, Tally]) -> set[str]:
    """The slots that no record states: we read every value out of texts."""
    read = Counter(name for p in products if p.inferred for name in p.certain if name not in p.attributes)
    return {name for name, n in read.items() if n == tallies[name].products}


def _concept(lexicon: Lexicon, header: str, kind: SlotKind) -> Concept | None:
    """What a header means, unless its cells cannot state it: a yes or a number is no colour."""
    concept = lexicon.concept_of_header(header)
    return None if concept and concept.worded and kind in ("boolean", "number") else concept


def _unlabelled(
    tallies: Mapping[str, Tally], kinds: Mapping[str, SlotKind], concepts: Mapping[str, Concept | None]
) -> dict[str, str | None]:
    """Number columns whose unit nobody states, with the dimension that their concept expects (None: any)."""
    wanted: dict[str, str | None] = {}
    for name, kind in kinds.items():
        concept = concepts[name]
        stated = _stated(tallies[name]) or header_unit(name)
        if kind == "number" and not stated and (concept is None or concept.dimension):
            wanted[name] = concept.dimension if concept else None
    return wanted


def header_unit(name: str) -> str | None:
    """The unit that a header states: "油耗(L/100km)" -> "L/100km", "weight_kg" -> "kg"."""
    bracketed = re.search(r"[(\[（]\s*([^)\]）]+?)\s*[)\]）]", name)
    last = re.search(
        r"(?:_|\s)(?:in_)?(kg|g|mg|lbs?|oz|mm|cm|inch(?:es)?|gb|tb|mb|mah|wh|watts?|kw|ghz|mhz|ml)$", name, re.I
    )
    unit = unit_named((bracketed or last)[1]) if bracketed or last else None  # type: ignore[index]
    return unit.name if unit and unit.name else None


def _slot_kind(name: str, tally: Tally) -> SlotKind:
    cells = tally.truths + sum(tally.values.values())
    if tally.truths > 0.9 * cells or _all_yes_or_no(tally):
        return "boolean"
    needed = _MEASURES_FROM if tally.units.total() > 0.8 * tally.quantities else _NUMBERS_FROM
    if tally.quantities >= needed * cells and not _is_identifier(name):
        return "number"
    lengths = [len(value) for value in tally.values]
    if not lengths or statistics.median(lengths) > _LONGEST_CATEGORY:
        return "text"
    varied = len(tally.values) > max(40, 0.6 * cells)
    return "text" if varied else "category"


def _all_yes_or_no(tally: Tally) -> bool:
    return (
        0 < len(tally.values) <= 4
        and all(parse_boolean(value) is not None for value in tally.values)
        and (not all(value in ("0", "1") for value in tally.values))
    )


def _is_identifier(name: str) -> bool:
    return re.search(r"(^|[_\s])(id|code|gtin|ean|upc|isbn|sku|mpn|hs|no|编号|货号)$", name, re.IGNORECASE) is not None


@cache
def _unasked() -> re.Pattern[str]:
    patterns = tomllib.loads((FOLDER / "unasked.toml").read_text(encoding="utf-8"))["patterns"]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _slot(
    name: str,
    kind: SlotKind,
    tally: Tally,
    sizes: Counter[str],
    concept: Concept | None,
    label: str,
    learned: Learned,
) -> Slot:
    own_unit = (header_unit(label) or _stated(tally)) if kind == "number" else None
    unit = own_unit or _commonest(learned.units, tally)
    stats = {
        of: _kind_stats(tally, of, sizes[of], own_unit or learned.units.get(of) or None, learned.others.get(of, {}))
        for of in tally.kinds
        if of and tally.kinds[of] >= min(3, sizes[of])
    }
    return Slot(
        name,
        kind,
        many=tally.many,
        unit=unit,
        informable=_informable(name, kind, tally, sizes, concept),
        coverage=tally.products / max(1, sizes.total()),
        by_kind=MappingProxyType(stats),
        label=label,
        concept=concept.name if concept else None,
    )


def _stated(tally: Tally) -> str | None:
    """The unit that most cells of a column state; None where most state none: the few say nothing of the others."""
    if tally.units.total() < _STATED_FROM * tally.quantities:
        return None
    return tally.units.most_common(1)[0][0] if tally.units else None


def _commonest(learned: Mapping[str, str], tally: Tally) -> str | None:
    weights: Counter[str] = Counter()
    for kind, unit in learned.items():
        weights[unit] += tally.kinds.get(kind, 0) or (tally.products if not kind else 0)
    return weights.most_common(1)[0][0] if weights else None


def _informable(name: str, kind: SlotKind, tally: Tally, sizes: Counter[str], concept: Concept | None) -> bool:
    """Can a shopper filter by it: told apart by it are enough products, of the shop or of one kind."""
    if kind == "text" or _unasked().search(header_words(name)):
        return False
    if len(tally.values) + (2 if tally.truths else 0) < 2:
        return False
    if tally.chosen:
        return True
    if tally.products >= max(min(_ENOUGH, sizes.total()), _COVERS_SHOP * sizes.total()):
        return True
    least, share = (_ENOUGH, _COVERS_KIND) if concept else (2 * _ENOUGH, _COVERS_KIND_UNKNOWN)
    return any(n >= least and n >= share * sizes[of] for of, n in tally.kinds.items() if of)


def _kind_stats(tally: Tally, kind: str, size: int, unit: str | None, others: Mapping[float, str]) -> KindStats:
    """What one kind's numbers come to; where a number's own unit is known, in the kind's."""
    ends = [
        _in_unit(end, quantity.unit or others.get(quantity.low), unit)
        for quantity in tally.numbers.get(kind, ())
        for end in (quantity.low, quantity.high)
        if abs(end) != float("inf")
    ]
    share = tally.kinds[kind] / max(1, size)
    return KindStats(unit, share, min(ends, default=None), max(ends, default=None), MappingProxyType(dict(others)))


def _in_unit(number: float, source: str | None, target: str | None) -> float:
    converted = convert(number, source, target) if source and target else None
    return number if converted is None else converted


def cell_text(cell: Cell) -> str:
    """A cell as one value of a vocabulary: as the shop wrote it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return (cell.text or write_number(cell.low)) if isinstance(cell, Quantity) else cell


def vocabulary(
    products: Iterable[Product], slots: Iterable[Slot], joins: Joins | None = None
) -> dict[str, tuple[Term, ...]]:
    """The values of every category and boolean slot, the most frequent first, with their counts per kind of product.

    Spellings of one value are one term, named by the most frequent; `joins`: those that only the shop knows.
    """
    wanted = {slot.name: slot for slot in slots if slot.kind in ("category", "boolean")}
    said: dict[tuple[str, str, str], int] = {}
    for product in products:
        kind = product.kind or ""
        for name, value in set(_terms(product, wanted)):
            key = name, value, kind
            said[key] = said.get(key, 0) + 1
    counts: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (name, value, kind), n in said.items():
        counts[name][value][kind] = n
    return {name: _ranked(slot, counts[name], aliases(slot, joins or {})) for name, slot in wanted.items()}


def _terms(product: Product, wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    if product.brand and "brand" in wanted:
        yield "brand", product.brand
    if "category" in wanted:
        yield from (("category", step) for step in product.category if step)
    if "availability" in wanted:
        said = (product.available(variant) for variant in product.variants or (None,))
        yield from (("availability", words) for words in said if words)
    if "on_sale" in wanted:
        yield "on_sale", "true" if any(variant.was for variant in product.variants) else "false"
    for name, cells in product_cells(product):
        if name in wanted:
            yield from ((name, cell_text(cell)) for cell in cells)


def _ranked(slot: Slot, values: Mapping[str, Counter[str]], joined: Aliases) -> tuple[Term, ...]:
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for value in sorted(values, key=lambda value: (-values[value].total(), value)):
        key = term_key(slot, value)
        alike[joined.get(key, key)].append(value)
    terms = (_term([(value, values[value]) for value in spellings]) for spellings in alike.values())
    return tuple(sorted(terms, key=lambda term: (-term.count, term.value)))


def _term(spellings: Sequence[tuple[str, Counter[str]]]) -> Term:
    """One value under all its spellings, the most frequent first."""
    kinds: Counter[str] = Counter()
    for _, counted in spellings:
        kinds.update(counted)
    (value, _), *others = spellings
    by_kind = MappingProxyType({kind: n for kind, n in kinds.items() if kind})
    return Term(value, kinds.total(), by_kind, tuple(other for other, _ in others))
