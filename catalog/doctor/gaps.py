"""What is not filled in: properties that shoppers ask for and part of a kind lacks, and values that say nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from catalog.demand import expected
from catalog.doctor.finding import Finding, found, listed, many
from catalog.doctor.survey import Survey, example
from catalog.lexicon import plain
from catalog.types import FILTER_FROM, Product, Slot

_APPLIES = 0.5  # share of a kind that must state a property for the rest to lack it; what fewer state may not apply
_KIND = 5  # products of a kind before its coverage says anything
_LACKING = 2  # products
_EXCUSED = 0.1  # share of products with a value that state a property, up to which it does not apply to them
_WORTH = 0.02  # share of the products it applies to that must lack it
_EMPTY = frozenset(
    "n/a na unknown other others misc tbd tba null nil unspecified undefined various default 其他 其它 未知 不详 暂无 待定"
    .split()
)  # fmt: skip
_MOST = 20  # missing properties that are told
_HARDLY = 0.1  # share of a kind that may state what counts as never stated
_SPLIT = 0.15  # share of a kind that the second of two columns for one thing must fill
_BOTH = 0.2  # share of them that may fill both columns


def coverage_by_kind(survey: Survey) -> dict[str, dict[str, float]]:
    """Kind -> slot -> share of its products that state it, for slots that shoppers can filter by."""
    sizes = {kind: len(products) for kind, products in survey.by_kind.items() if len(products) >= _KIND}
    found: dict[str, dict[str, float]] = {kind: {} for kind in sizes}
    for name, slot in survey.slots.items():
        if not slot.informable or name == "category":
            continue
        counts = Counter(filled.product.kind for filled in survey.filled.get(name, ()))
        for kind, n in counts.items():
            if kind in found:
                found[kind][name] = round(n / sizes[kind], 4)
    return found


def missing_properties(survey: Survey) -> list[Finding]:
    """The properties that most products of some kinds state, and the rest of these kinds lack; those that help most."""
    return sorted(_missing_properties(survey), key=lambda finding: -finding.weight)[:_MOST]


def _missing_properties(survey: Survey) -> Iterator[Finding]:
    for concept, slots in survey.by_concept.items():
        if concept in ("category", "title", "availability") or all(slot.inferred for slot in slots):
            continue
        stating = {f.product.id for slot in slots for f in survey.filled.get(slot.name, ())}
        lacking: dict[str, list[Product]] = {}
        applies = 0
        for kind, products in survey.by_kind.items():
            without = [p for p in products if p.id not in stating]
            if len(products) >= _KIND and len(without) <= (1 - _APPLIES) * len(products):
                applies += len(products)
                meant = _not_excused(survey, products, without, stating) if without else ()
                lacking |= {kind: meant} if meant else {}
        count = sum(map(len, lacking.values()))
        if count >= _LACKING and count >= _WORTH * applies:
            slot = max(slots, key=lambda slot: slot.coverage)
            yield _missing(survey, slot, lacking, count, applies)


def _not_excused(
    survey: Survey, products: Sequence[Product], without: Sequence[Product], stating: Collection[str]
) -> list[Product]:
    """Those that lack a property and could have it: not what another value of theirs explains (a wired pair has no
    battery life, a French press no power)."""
    stated: Counter[tuple[str, str]] = Counter()
    lacked: Counter[tuple[str, str]] = Counter()
    for product in products:
        (stated if product.id in stating else lacked).update(survey.traits[product.id])
    excused = {v for v, n in lacked.items() if n >= 2 and stated[v] <= _EXCUSED * (n + stated[v])}
    return [p for p in without if excused.isdisjoint(survey.traits[p.id])]


def _missing(survey: Survey, slot: Slot, lacking: Mapping[str, Sequence[Product]], count: int, applies: int) -> Finding:
    kinds = sorted(lacking, key=lambda kind: -len(lacking[kind]))
    named = listed((f"{kind} {len(lacking[kind]):,}" for kind in kinds), 3)
    products = [p for kind in kinds for p in lacking[kind]]
    read = sum(1 for p in products if _told(p, slot))
    told = f"; in {many(read)} title or description tells it" if read else ""
    return found(
        "missing",
        f"{many(count)} of {applies:,} lack {slot.name} where most of their kind state it ({named}){told}",
        f"fill {slot.label or slot.name} for these kinds: who wishes for it cannot find them",
        harm=0.3 * survey.interest(slot) + 0.1,
        count=count,
        of=applies,
        examples=(example(p) for p in products),
        slot=slot.name,
        kind=kinds[0] if len(kinds) == 1 else None,
    )


def _told(product: Product, slot: Slot) -> bool:
    inferred = product.inferred.get(slot.name)
    return inferred is not None and inferred.confidence >= FILTER_FROM


def told_in_texts(survey: Survey) -> Iterator[Finding]:
    """A property that titles or descriptions tell and the column does not."""
    read: Counter[str] = Counter()
    examples: dict[str, list[tuple[Product, str]]] = {}
    for product in survey.products:
        for name, inferred in product.inferred.items():
            if inferred.source in ("title", "description") and inferred.confidence >= FILTER_FROM:
                read[name] += 1
                told = ", ".join(
                    cell if isinstance(cell, str) else str(getattr(cell, "text", cell)) for cell in inferred.cells
                )
                examples.setdefault(name, []).append((product, told))
    for name, count in read.items():
        slot = survey.slots.get(name)
        if not (slot and slot.informable and slot.concept) or count < max(_LACKING, _WORTH * len(survey)):
            continue
        yield found(
            "only in texts",
            f"{slot.name} stands in the title or description of {many(count)} but not in the column",
            f"copy it into {slot.label or slot.name}: a read-out value is a guess, the column is a fact",
            harm=0.2 * survey.interest(slot) + 0.05,
            count=count,
            of=len(survey),
            examples=(example(p, f"{told} ({p.title})") for p, told in examples[name]),
            slot=name,
        )


def empty_values(survey: Survey) -> Iterator[Finding]:
    """Values that fill a cell and say nothing: other, unknown, n/a."""
    for name, slot in survey.slots.items():
        if not slot.informable or slot.kind != "category":
            continue
        stated = survey.filled.get(name, ())
        hits = [f for f in stated if any(isinstance(c, str) and plain(c) in _EMPTY for c in f.cells)]
        if len(hits) >= _LACKING and len(hits) >= _WORTH * len(stated):
            values = Counter(str(c) for f in hits for c in f.cells if isinstance(c, str) and plain(c) in _EMPTY)
            yield found(
                "says nothing",
                f"{slot.name} of {many(len(hits))} is {listed(f'“{v}”' for v in values)}: a filled cell that says nothing",
                f"write what it is into {slot.label or slot.name}, or leave it empty, so that nobody is offered “{next(iter(values))}”",
                harm=0.3 * survey.interest(slot) + 0.1,
                count=len(hits),
                of=len(stated),
                examples=(example(f.product, f"{f.text} ({f.product.title})") for f in hits),
                slot=name,
            )


def split_columns(survey: Survey) -> Iterator[Finding]:
    """Two columns for one thing, each filled by other products of one kind: a wish finds one half."""
    pairs: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for slots in survey.by_concept.values():
        alike = [slot for slot in slots if slot.kind in ("category", "number")]
        for first in alike:
            for second in alike:
                if first.coverage > second.coverage and first.kind == second.kind:
                    shared = list(_shared(survey, first, second))
                    if shared:
                        pairs[first.name, second.name] = shared
    for (first_name, second_name), kinds in pairs.items():
        slot = survey.slots[second_name]
        count = sum(n for _, _, n in kinds)
        if count < _LACKING:
            continue
        shown = [f for f in survey.filled[second_name] if f.product.kind in {kind for kind, _, _ in kinds}]
        yield found(
            "two columns",
            f"{first_name} and {second_name} both state the {slot.concept} of {listed(kind for kind, _, _ in kinds)}; "
            f"{many(count)} fill only {second_name}",
            f"keep one column: move {second_name} into {first_name}, or a wish for one finds only half",
            harm=0.4 * survey.interest(slot) + 0.1,
            count=count,
            of=sum(n for _, n, _ in kinds),
            examples=(f.example() for f in shown),
            slot=second_name,
        )


def _same_thing(first: Slot, second: Slot, kind: str) -> bool:
    """Is one name the other with words that tell nothing apart (color, product_colour; cable_colour of a cable)?
    Connector 1 and connector 2 are two things."""
    dull = {"product", "name", "main", "item", "the", "of", "value", "total", *plain(kind).split()}
    words = [set(plain(slot.name).replace("color", "colour").split()) - dull for slot in (first, second)]
    return words[0] == words[1]


def _shared(survey: Survey, first: Slot, second: Slot) -> Iterator[tuple[str, int, int]]:
    """Kinds of which some fill one column and others the other: (kind, its products, those only in the second)."""
    a = {f.product.id for f in survey.filled.get(first.name, ())}
    b = {f.product.id for f in survey.filled.get(second.name, ())}
    for kind, products in survey.by_kind.items():
        if not _same_thing(first, second, kind):
            continue
        ids = {p.id for p in products}
        only_b, both = len((b - a) & ids), len(a & b & ids)
        if len(a & ids) >= _SPLIT * len(ids) and only_b >= _SPLIT * len(ids) and both <= _BOTH * only_b:
            yield kind, len(ids), only_b


def unstated_properties(survey: Survey) -> Iterator[Finding]:
    """Properties that shoppers ask of a kind (lexicon/expected.toml) and that hardly any product of it states."""
    for umbrella, concepts in expected().items():
        kinds = [kind for kind in survey.by_kind if _is(survey, kind, umbrella)]
        products = [p for kind in kinds for p in survey.by_kind[kind]]
        enough = len(products) >= max(_KIND, 0.01 * len(survey))
        lacked = [c for c in concepts if not _states(survey, c, products)] if enough else []
        if lacked:
            named = " and ".join([", ".join(lacked[:-1]), lacked[-1]] if lacked[1:] else lacked)
            yield found(
                "never stated",
                f"{many(len(products))} of {listed(kinds)} do not state their {named}",
                f"add a column for {named}: shoppers ask it of {umbrella}",
                harm=0.3 * max(map(survey.interest_in, lacked)) + 0.1,
                count=len(products),
                of=len(products),
                examples=(example(p) for p in products),
                kind=kinds[0] if len(kinds) == 1 else None,
            )


def _states(survey: Survey, concept: str, products: Sequence[Product]) -> bool:
    """Do at least some state it, under a column of the concept or one that is called after it ("seat height")?"""
    words = set(concept.split())
    names = [s.name for s in survey.slots.values() if s.concept == concept or words <= set(plain(s.name).split())]
    stating = {f.product.id for name in names for f in survey.filled.get(name, ())}
    return sum(p.id in stating for p in products) > _HARDLY * len(products)


def _is(survey: Survey, kind: str, umbrella: str) -> bool:
    return any(umbrella in (k.name, *survey.lexicon.wider(k.name)) for k in survey.lexicon.kinds_named(kind))
