"""Values of a few standard slots in titles, for shops whose feed has no column for them.

    "Acme notebook, navy, 15.6 inch, 16 GB RAM" -> colour Navy, screen_size 15.6 in, memory 16 GB

What can be read, lexicon/standard.toml and the colours say; how sure a reading is was measured once, kind by kind, on
shops that do state these slots, by hiding their columns (lexicon/standard_measured.toml, written by
`python -m bench.catalogue --only standard --write`). A kind that was not measured is read as its umbrella was; else
as surely as a kind never met is on average, where words say it, and not at all where a number does: 15 inches may be
the bag's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from catalog.lexicon import FOLDER, Lexicon
from catalog.mentions import Mention, mentions
from catalog.readout.phrases import Phrases, Words, phrase, words_of
from catalog.readout.reader import word_behind
from catalog.types import Cell, Inferred, Quantity, Slot
from catalog.units import convert

ALL = "*"  # a kind never met
CONCEPTS = ("colour", "material", "connectivity", "screen_size", "memory", "storage")
_STORAGE = frozenset({"ssd_capacity", "hdd_capacity"})
Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Measure:
    """A standard slot of quantities: its dimension and usual unit, the words behind one (any where there are none)."""

    dimension: str
    unit: str
    behind: frozenset[str]
    low: float
    high: float

    def fits(self, mention: Mention, text: str) -> bool:
        if mention.unit.dimension != self.dimension:
            return False
        if self.behind and not any(word_behind(text, mention).startswith(word) for word in self.behind):
            return False
        value = convert(mention.value, mention.unit.name, self.unit)
        return value is not None and self.low <= value <= self.high and (bool(self.behind) or self._own_unit(mention))

    def _own_unit(self, mention: Mention) -> bool:
        return mention.unit.name == self.unit


@cache
def measured() -> Mapping[str, Mapping[str, float]]:
    """Concept -> kind of product -> how sure a reading is."""
    path = FOLDER / "standard_measured.toml"
    document = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return MappingProxyType({concept: MappingProxyType(kinds) for concept, kinds in document.items()})


def kind_names(lexicon: Lexicon, kind: str) -> tuple[str, ...]:
    """What a kind was measured as: itself, as the lexicon calls it, then the wider kinds it is of."""
    named = [kind, *(found.name for found in lexicon.kinds_named(kind))]
    return tuple(dict.fromkeys([*named, *(wider for name in named for wider in lexicon.wider(name))]))


def standing_for(slot: Slot) -> str | None:
    """The standard slot that a shop's own slot stands for."""
    concept = (slot.concept or "").replace(" ", "_")
    return "storage" if concept in _STORAGE else concept if concept in CONCEPTS else None


class StandardReader:
    """Reads the standard slots that a shop has no column for. Read-only once built."""

    def __init__(self, lexicon: Lexicon, missing: Iterable[str]) -> None:
        table = tomllib.loads((FOLDER / "standard.toml").read_text(encoding="utf-8"))
        wanted = frozenset(missing)
        words = {concept: _spelled(entry["words"]) for concept, entry in table.items() if "words" in entry}
        colours = {phrase(w): _written(w) for w in lexicon.colours if len(w) > 1}
        words["colour"] = {w: value for w, value in colours.items() if w not in words["material"]}  # linen, oak
        self._lexicon = lexicon
        self._words: Phrases[tuple[str, str]] = Phrases(
            (found, (concept, value)) for concept in words.keys() & wanted for found, value in words[concept].items()
        )
        self._measures = {
            concept: _Measure(e["dimension"], e["unit"], frozenset(e["behind"]), *map(float, e["span"]))
            for concept, e in table.items()
            if "unit" in e and concept in wanted
        }

    def of(self, title: str, kind: str | None) -> dict[str, Inferred]:
        """What a title says, by concept, as far as it was measured."""
        read = self.read(title)
        names = kind_names(self._lexicon, kind) if kind and read else ()
        found: dict[str, Inferred] = {}
        for concept, cells in read.items():
            sure = measured().get(concept, {})
            usual = 0.0 if concept in self._measures else sure.get(ALL, 0.0)
            confidence = next((sure[name] for name in names if name in sure), usual)
            if confidence:
                found[concept] = Inferred(cells, "title", confidence)
        return found

    def read(self, title: str) -> dict[str, Cells]:
        """What a title says, sure or not."""
        found: dict[str, Cells] = dict(self._in_words(title))
        if self._measures and any(map(str.isdigit, title)):
            said = list(mentions(title))
            for concept, measure in self._measures.items():
                fitting = {mention.value: mention for mention in said if measure.fits(mention, title)}
                if len(fitting) == 1:
                    (mention,) = fitting.values()
                    found[concept] = (Quantity(mention.value, mention.high, mention.unit.name, mention.text),)
        return found

    def _in_words(self, title: str) -> Iterator[tuple[str, Cells]]:
        taken: dict[str, list[tuple[int, int, str]]] = {}
        for start, end, (concept, value) in sorted(
            self._words.find(words_of(title)), key=lambda m: (m[0] - m[1], m[0])
        ):
            places = taken.setdefault(concept, [])
            if not any(low <= start and end <= high for low, high, _ in places):
                places.append((start, end, value))
        for concept, places in taken.items():
            yield concept, tuple(dict.fromkeys(value for _, _, value in sorted(places)))


def _spelled(words: Mapping[str, Iterable[str]]) -> dict[Words, str]:
    return {phrase(spelling): _written(value) for value, others in words.items() for spelling in (value, *others)}


def _written(value: str) -> str:
    return value.capitalize() if value.isascii() else value
