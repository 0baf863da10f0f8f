"""Rows of one product brought together, and what they share told apart from what differs. Knows no format's columns.

A group is given out when its last row has been read: a first pass over the feed tells which group each row is of, the
second holds the open groups only. Feeds that keep a product's rows side by side cost the memory of one product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from catalog.feeds.rows import Row

Keys = Callable[[Iterator[Row]], Iterable[str | None]]
"""The group of each row in turn; None for a row that stands alone."""


def grouped(rows: Callable[[], Iterator[Row]], keys: Keys) -> Callable[[], Iterator[list[Row]]]:
    """The rows by group, in the order in which the groups end. The first pass is made once."""
    known: list[str | None] = []

    def groups() -> Iterator[list[Row]]:
        if not known:
            interned: dict[str, str] = {}
            known.extend(key if key is None else interned.setdefault(key, key) for key in keys(rows()))
        left = Counter(key for key in known if key is not None)
        waiting: dict[str, list[Row]] = {}
        # A file that grew between the passes has rows without a key: they stand alone.
        for row, key in zip(rows(), chain(known, repeat(None)), strict=False):
            if key is None:
                yield [row]
                continue
            waiting.setdefault(key, []).append(row)
            left[key] -= 1
            if not left[key]:
                yield waiting.pop(key)
        yield from waiting.values()

    return groups


def products_of(
    rows: Callable[[], Iterator[Row]], keys: Keys, product: Callable[[list[Row]], Iterator[Row]]
) -> Callable[[], Iterator[Row]]:
    """What `product` makes of each group's rows, after those of them that could not be read."""
    groups = grouped(rows, keys)

    def products() -> Iterator[Row]:
        for group in groups():
            yield from (row for row in group if row.problem)
            if readable := [row for row in group if not row.problem]:
                yield from product(readable)

    return products


def by_column(is_key: Callable[[str], bool]) -> Keys:
    """Groups by what stands in the column whose header passes."""

    def keys(rows: Iterator[Row]) -> Iterator[str | None]:
        column = None
        for row in rows:
            if column not in row.values:
                column = next(filter(is_key, row.values), column)
            yield str(row.values.get(column or "") or "").strip() or None

    return keys


def shared(variants: Sequence[Mapping[str, object]]) -> tuple[dict[str, object], list[dict[str, object]]]:
    """(what all of them state alike, what each states beside that)."""
    first, *others = variants
    common = {name: value for name, value in first.items() if all(o.get(name) == value for o in others)}
    return common, [{n: v for n, v in variant.items() if n not in common} for variant in variants]


def compact(values: Mapping[str, object]) -> dict[str, object]:
    """Only what says something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
