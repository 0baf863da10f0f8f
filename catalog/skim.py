"""What is read of every record at once, without making products of them: titles, the ids of variants.

Some thousands of records at a time are held. Knows the records and how they are read; no filters, no dialogue.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.mapping import Reader

AT_ONCE = 2_000

Rows = Callable[[str, Sequence[object]], list[Any]]
"""Asks the catalogue's file."""


def titles(rows: Rows, readings: Mapping[int, Reader]) -> Iterator[str]:
    """Every product's title, by position."""
    columns = {reading: reader.mapping["title"] or "" for reading, reader in readings.items()}
    return (str(record.get(columns[reading]) or "") for _, reading, record in _records(rows))


def variant_places(rows: Rows, readings: Mapping[int, Reader]) -> Mapping[str, Sequence[int]]:
    """The positions of the products that list a variant of an id: one, where the shop gives each an id of its own."""
    places: dict[str, array[int]] = {}
    for position, reading, record in _records(rows):
        for id in readings[reading].variant_ids(record):
            places.setdefault(id, array("l")).append(position)
    return places


def _records(rows: Rows) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Position, reading and record of every product."""
    first = 0
    query = "SELECT position, reading, record FROM products WHERE position >= ? ORDER BY position LIMIT ?"
    while found := rows(query, (first, AT_ONCE)):
        for position, reading, record in found:
            yield position, reading, json.loads(record)
        first = found[-1][0] + 1
