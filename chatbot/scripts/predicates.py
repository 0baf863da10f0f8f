"""The predicate language of scripted dialogues: FIELD OP VALUE on a feed's record, joined by " or ".

Reads the record exactly as the shop gave it, apart from the catalogue's own idea of slots, so that a wrong import
cannot agree with itself. Knows nothing of dialogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from catalog.types import Product, Variant
from errors import ScriptError

PredicateOp = Literal["=", "!=", "<", "<=", ">", ">=", "~", "!~"]

_OP = r"<=|>=|!=|!~|=|<|>|~"
_PREDICATE = re.compile(rf"^\s*(?P<field>[^<>=!~]+?)\s*(?P<op>{_OP})\s*(?P<value>.*?)\s*$", re.DOTALL)
_OR = re.compile(rf"\s+or\s+(?=[^<>=!~]+?\s*(?:{_OP}|\bnot in\b|\bin\b))")
_NUMBER = r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?"
_SPAN = re.compile(rf"({_NUMBER})\s*(?:-|~|–|to|到|至)\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_FIRST = re.compile(_NUMBER, re.IGNORECASE)
_WHOLE = re.compile(rf"^\s*{_NUMBER}\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A product as a predicate sees it, with the variant that was shown (None: no variants)."""

    product: Product
    variant: Variant | None = None


@dataclass(frozen=True, slots=True)
class Predicate:
    """One comparison. A missing field makes it false, save `!=` and `!~`, which it makes true."""

    field: str
    op: PredicateOp
    value: str

    def __str__(self) -> str:
        return f"{self.field} {self.op} {self.value}"

    def holds(self, item: Item) -> bool:
        return compare(values_of(item, self.field), self.op, self.value)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`A or B`: holds when one of them does."""

    choices: tuple[Predicate, ...]

    def __str__(self) -> str:
        return " or ".join(map(str, self.choices))

    def holds(self, item: Item) -> bool:
        return any(choice.holds(item) for choice in self.choices)


def split_or(text: str) -> list[str]:
    """The parts of "A or B"; an "or" inside a value is no separator."""
    return _OR.split(text.strip())


def parse(text: str) -> AnyOf:
    """Read "price <= 30 or brand = HP". ScriptError says what is wrong."""
    return AnyOf(tuple(parse_one(part) for part in split_or(text)))


def parse_one(text: str) -> Predicate:
    """Read one comparison; the pattern of `~` and `!~` must be a regular expression, the bound of `<` a number."""
    found = _PREDICATE.match(text)
    if not found or not found["value"]:
        raise ScriptError(f"not a predicate: {text!r} (write FIELD OP VALUE, for example: price <= 30)")
    op, value = cast(PredicateOp, found["op"]), found["value"]
    if op in ("~", "!~"):
        try:
            re.compile(value)
        except re.error as trouble:
            raise ScriptError(f"not a regular expression in {text!r}: {trouble}") from trouble
    if op in ("<", "<=", ">", ">=") and not _WHOLE.match(value):
        raise ScriptError(f"{op} needs a number in {text!r}")
    return Predicate(found["field"], op, value)


def values_of(item: Item, field: str) -> tuple[str, ...]:
    """What the record says in a field, as text; nothing when it is missing or empty."""
    product, record = item.product, item.product.record
    if field == "text":
        return (" ".join(_flat(record)),) if record else ()
    if field.startswith("attributes."):
        return _attribute(item, field.removeprefix("attributes."))
    found = _texts(record.get(field))
    if found:
        return found
    price = item.variant.price if item.variant and item.variant.price else product.price
    canonical: Mapping[str, tuple[str, ...]] = {
        "title": _texts(product.title),
        "brand": _texts(product.brand),
        "description": _texts(product.description),
        "price": _texts(price.amount) if price else (),
    }
    return canonical.get(field) or _attribute(item, field)


def _attribute(item: Item, name: str) -> tuple[str, ...]:
    record = item.product.record
    nested = record.get("attributes")
    if isinstance(nested, Mapping) and _texts(nested.get(name)):
        return _texts(nested.get(name))
    if _texts(record.get(name)):
        return _texts(record.get(name))
    variants = (item.variant,) if item.variant else item.product.variants
    cells = [cell for variant in variants for cell in variant.options.get(name, ())]
    return tuple(dict.fromkeys(text for cell in cells for text in _texts(getattr(cell, "text", cell))))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(text for part in value for text in _texts(part))
    if value is None or isinstance(value, Mapping):
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    text = repr(value) if isinstance(value, float) else str(value).strip()
    return (text,) if text else ()


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _flat(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
    else:
        yield from _texts(value)


def compare(values: Iterable[str], op: PredicateOp, wanted: str) -> bool:
    """Does one of the values (for a negative operator: none of them) stand in this relation to `wanted`?"""
    positive: dict[str, PredicateOp] = {"!=": "=", "!~": "~"}
    if op in positive:
        return not compare(values, positive[op], wanted)
    return any(_RELATIONS[op](value, wanted) for value in values)


def span(text: str) -> tuple[float, float] | None:
    """The number or range that a text states first: "39.99 USD" is (39.99, 39.99), "1-1.5kg" is (1, 1.5)."""
    ranged, first = _SPAN.search(text), _FIRST.search(text)
    if ranged and first and ranged.start() <= first.start() and _float(ranged[1]) <= _float(ranged[2]):
        return _float(ranged[1]), _float(ranged[2])
    return (_float(first[0]), _float(first[0])) if first else None


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def _same(value: str, wanted: str) -> bool:
    if value.casefold() == wanted.casefold():
        return True
    return bool(_WHOLE.match(value) and _WHOLE.match(wanted)) and _float(value) == _float(wanted)


def _matches(value: str, wanted: str) -> bool:
    return re.search(wanted, value, re.IGNORECASE) is not None


def _bounded(test: Callable[[float, float, float], bool]) -> Callable[[str, str], bool]:
    def holds(value: str, wanted: str) -> bool:
        found = span(value)
        return found is not None and test(*found, _float(wanted))

    return holds


_RELATIONS: Mapping[str, Callable[[str, str], bool]] = {
    "=": _same,
    "~": _matches,
    "<": _bounded(lambda low, high, bound: high < bound),
    "<=": _bounded(lambda low, high, bound: high <= bound),
    ">": _bounded(lambda low, high, bound: low > bound),
    ">=": _bounded(lambda low, high, bound: low >= bound),
}
