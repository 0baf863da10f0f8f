"""What a model read in texts, as values with how sure they are: it stands the same trial as the catalogue's own rules.

    ToldReader.learn(products, told, readers).of(product) -> {"colour": Inferred(("Navy Blue",), "title", .94, "model")}

A stretch that a model points at becomes a value by the catalogue's own readers. How sure it is is how often the model's
readings are what the record states, on products that do state the slot. Knows no model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog.readout.reader import Found, KindReader, Reading, Voice
from catalog.readout.survey import stated_by
from catalog.readout.told import Told, standing
from catalog.readout.trial import NOTHING, SOURCES, Source, Tally, Trial
from catalog.types import Inferred, Product


@dataclass(frozen=True, slots=True)
class ToldReader:
    """A model's answers as values. `confidence`: by kind, then by where the stretch stands and the slot."""

    told: Told
    readers: Mapping[str, KindReader]
    confidence: Mapping[str, Mapping[tuple[Source, str], float]]

    @classmethod
    def learn(cls, products: Iterable[Product], told: Told, readers: Mapping[str, KindReader]) -> ToldReader:
        """Try the answers on the products that state what they were asked for."""
        if not told.answers:
            return cls(told, {}, {})
        trials: dict[tuple[str, Source], Trial] = {}
        for product in products:
            reader = readers.get(product.kind or "")
            if reader is None or not (stated := dict(stated_by(product))):
                continue
            for source, reading in _readings(reader, told, product):
                trials.setdefault((reader.kind, source), Trial(reader.numbered)).add(reading, stated)
        found: defaultdict[str, dict[tuple[Source, str], float]] = defaultdict(dict)
        for source in SOURCES:
            tallies = {kind: trial.tally() for (kind, where), trial in trials.items() if where == source}
            together = Tally()
            for tally in tallies.values():
                together.join(tally)
            for kind, tally in tallies.items():
                found[kind] |= {(source, name): sure for (name, _), sure in tally.confidence(together).items()}
        return cls(told, readers, dict(found))

    def of(self, product: Product) -> Mapping[str, Inferred]:
        """The values of slots that the record does not state, where the model proved right more often than wrong."""
        confidence = self.confidence.get(product.kind or "")
        if not confidence:
            return NOTHING
        stated = {name for name, _ in stated_by(product)}
        return {
            name: Inferred(found.cells, source, round(confidence[source, name], 3), "model")
            for source, reading in _readings(self.readers[product.kind or ""], self.told, product)
            for (name, _), found in reading.items()
            if name not in stated and (source, name) in confidence
        }

    def worth_asking(self, kind: str) -> frozenset[str]:
        """The slots of a kind that the model reads right more often than wrong."""
        return frozenset(name for _, name in self.confidence.get(kind, ()))


def _readings(reader: KindReader, told: Told, product: Product) -> Iterator[tuple[Source, Reading]]:
    """What the model read, by where it stands, as values; what can be no value of its slot is left out."""
    found: dict[Source, dict[tuple[str, Voice], Found]] = {source: {} for source in SOURCES}
    for name, span in told.of(product).items():
        if cells := reader.typed(name, span):
            source: Source = "title" if standing(span, product.title) else "description"
            found[source][name, "model"] = Found(cells, ((),) * len(cells))
    yield from found.items()
