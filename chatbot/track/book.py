"""A phrase book: from the longest phrase at a place in a message to everything it could mean in this shop.

Holds phrases and their readings; knows nothing of where they came from or which reading is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.track.pieces import Piece, keys, plain_words, root_of

Role = Literal["kind", "value", "slot", "product"]
LONGEST = 10  # pieces of a phrase


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a phrase could mean.

    kind: `values` are the catalogue's categories meant, empty when the shop has none; `name` is the lexicon's kind.
    value: `values` of `slot`, as the shop writes them.  slot: the slot itself is named.
    product: `values` are product ids.  `weight`: how sure the phrase is of this reading, 1 for the thing's own name.
    """

    role: Role
    slot: str = ""
    values: tuple[str, ...] = ()
    name: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the message that names something. `words`: as it should be spelt; `mended`: it was not."""

    start: int
    end: int
    words: str
    readings: tuple[Reading, ...]
    mended: bool = False

    def reading(self, role: Role) -> Reading | None:
        """Its best reading of a role."""
        found = [r for r in self.readings if r.role == role]
        return max(found, key=lambda r: r.weight, default=None)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(r.role for r in self.readings)


class Phrasebook:
    """Built once, then only read."""

    def __init__(self) -> None:
        self._readings: dict[str, list[Reading]] = {}
        self._roots: dict[str, list[Reading]] = {}
        self._longest = 1

    def add(self, phrase: str, reading: Reading, root: bool = False) -> None:
        """`root`: adjectives made of the phrase mean it too (striped for stripes)."""
        parts = keys(phrase)
        if not parts or len(parts) > LONGEST:
            return
        self._longest = max(self._longest, len(parts))
        self._put(" ".join(parts), reading)
        if 1 < len(parts) <= 3 and all(p.isascii() for p in parts):
            self._put("".join(parts), reading)
        if root and len(parts) == 1 and parts[0].isascii():
            self._roots.setdefault(root_of(parts[0]), []).append(reading)

    def _put(self, key: str, reading: Reading) -> None:
        known = self._readings.setdefault(key, [])
        if reading not in known:
            known.append(reading)

    def __contains__(self, phrase: str) -> bool:
        return " ".join(keys(phrase)) in self._readings

    def readings_of(self, phrase: str) -> tuple[Reading, ...]:
        """Everything a whole phrase could mean."""
        return tuple(self._readings.get(" ".join(keys(phrase)), ()))

    def words(self) -> Iterable[str]:
        """Every single word of the book's phrases (keys), for spelling."""
        return (word for key in self._readings for word in key.split())

    def longest_at(self, parts: Sequence[Piece], at: int) -> tuple[int, tuple[Reading, ...]]:
        """How many pieces the longest known phrase at a place takes (0: none), and what it could mean."""
        for count in range(min(self._longest, len(parts) - at), 0, -1):
            stretch = [p.key for p in parts[at : at + count]]
            found = self._readings.get(" ".join(stretch))
            if not found and 1 < count <= 3 and _may_join(stretch):
                found = self._readings.get("".join(stretch))
            if found and count == 1:
                roots = self._roots.get(root_of(parts[at].key), ())
                return 1, tuple(dict.fromkeys((*found, *roots)))
            if found:
                return count, tuple(found)
        found = self._roots.get(root_of(parts[at].key))
        return (1, tuple(found)) if found else (0, ())


def _may_join(stretch: Sequence[str]) -> bool:
    """May words written apart be one ("smart phone")? An article is a word of its own: "a pc" is no APC."""
    return all(k.isascii() for k in stretch) and not plain_words() >= set(stretch) and stretch[0] != "a"
