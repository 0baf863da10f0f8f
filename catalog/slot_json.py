"""A slot as it is kept in the database: a JSON document, and back. Knows no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from catalog.types import KindStats, Slot


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """A slot as it is kept in the database."""
    kinds = {k: [s.unit, s.coverage, s.low, s.high, list(s.others.items())] for k, s in slot.by_kind.items()}
    plain = {f: getattr(slot, f) for f in Slot.__dataclass_fields__ if f != "by_kind"}
    return plain | {"by_kind": kinds}


def slot_from_json(data: Mapping[str, Any]) -> Slot:
    kinds = {
        kind: KindStats(unit, share, low, high, MappingProxyType(dict(*others)))
        for kind, (unit, share, low, high, *others) in data["by_kind"].items()
    }
    return Slot(**{**data, "by_kind": MappingProxyType(kinds)})
