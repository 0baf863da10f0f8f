"""What an import changes: rows as read beside rows as kept -> what the catalogue will hold, where, and what is new in it.

A kept product keeps its place. New ones take the places of those that leave, then the places behind; the last ones move
into places that stay empty. Knows no SQL and no feeds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog.old import Entry, Old

_SHOWN = 80  # characters of a value that a change shows


@dataclass(slots=True)
class Plan:
    """`entries`: what the catalogue will hold, by position. `written`: the places whose row is another than before.

    `inserted`, `updated`, `removed`: ids. `unchanged`: how many rows of the feed say what they said before.
    """

    entries: list[Entry]
    written: list[int]
    inserted: list[str]
    updated: list[str]
    removed: list[str]
    unchanged: int

    @property
    def changes(self) -> int:
        return len(self.inserted) + len(self.updated) + len(self.removed)


@dataclass(frozen=True, slots=True)
class Change:
    """One product that an import would change; `fields`: those that differ, as (before, after) texts."""

    change: Literal["inserted", "updated", "removed"]
    id: str
    title: str
    fields: Mapping[str, tuple[str | None, str | None]]

    def to_json(self) -> dict[str, object]:
        return {"change": self.change, "id": self.id, "title": self.title} | (
            {"fields": {name: list(pair) for name, pair in self.fields.items()}} if self.fields else {}
        )


def plan(entries: dict[str, Entry], old: Old, keep: Collection[str] | None) -> Plan:
    """`keep`: the ids that stay though the feed does not hold them (its row was bad); None: all do, it is a delta."""
    inserted = [id for id in entries if id not in old.places]
    updated, unchanged = _compared(entries, old)
    gone = [id for id in old.ids if id not in entries and keep is not None and id not in keep]
    kept = set(old.ids).difference(entries, gone)
    found = dict(entries) | {entry.id: entry for entry in old.entries(old.places[id] for id in kept)}
    ids, written = _placed(old, set(gone), inserted)
    other = set(updated)
    written.update(place for place, id in enumerate(ids) if id in other)
    return Plan([found[id] for id in ids], sorted(written), inserted, updated, gone, unchanged)


def _compared(entries: Mapping[str, Entry], old: Old) -> tuple[list[str], int]:
    """(ids of the known rows that say something else, how many say the same)."""
    other = [id for id, entry in entries.items() if id in old.places and old.hash_of(id) != entry.hash]
    before = old.entries(old.places[id] for id in other)
    updated = [entry.id for entry in before if not _says_the_same(entry, entries[entry.id])]
    return updated, sum(id in old.places for id in entries) - len(updated)


def _says_the_same(before: Entry, now: Entry) -> bool:
    """The same row, read in a new way that makes no difference to this product."""
    return before.record == now.record and before.product == now.product


def _placed(old: Old, gone: Collection[str], inserted: Sequence[str]) -> tuple[list[str], set[int]]:
    """(ids by their new position, the positions that hold another product than before)."""
    ids = list(old.ids)
    empty = sorted(old.places[id] for id in gone)
    for place, id in zip(empty, inserted, strict=False):
        ids[place] = id
    filled = min(len(empty), len(inserted))
    ids.extend(inserted[filled:])
    written = {*empty[:filled], *range(len(old), len(ids))}
    left = set(empty[filled:])
    size = len(ids) - len(left)
    holes = [place for place in sorted(left) if place < size]
    movers = [place for place in range(size, len(ids)) if place not in left]
    for hole, mover in zip(holes, movers, strict=True):
        ids[hole] = ids[mover]
    del ids[size:]
    written.update(holes)
    return ids, written


def shown(plan: Plan, old: Old, most: int) -> Iterator[Change]:
    """The first changes of a plan, at most `most` of each sort."""
    after = {entry.id: entry for entry in plan.entries}
    before_ids = [*plan.updated[:most], *plan.removed[:most]]
    before = {entry.id: entry for entry in old.entries(old.places[id] for id in before_ids)}
    for id in plan.inserted[:most]:
        yield Change("inserted", id, after[id].product.title, {})
    for id in plan.updated[:most]:
        yield Change("updated", id, after[id].product.title, _differences(before[id], after[id]))
    for id in plan.removed[:most]:
        yield Change("removed", id, before[id].product.title, {})


def _differences(before: Entry, after: Entry) -> dict[str, tuple[str | None, str | None]]:
    old, new = dict(_fields(json.loads(before.record))), dict(_fields(json.loads(after.record)))
    names = dict.fromkeys((*old, *new))
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def _fields(record: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a record under its path: "price", "attributes.colour", "variants[1].stock"."""
    for name, value in record.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _fields(value, f"{path}.")
        elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
            for number, part in enumerate(value, 1):
                yield from _fields(part if isinstance(part, dict) else {"": part}, f"{path}[{number}].")
        else:
            yield path, _written(value)


def _written(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
