"""Values for slots that a record does not state, read out of its title, then out of its description.

    survey: what do the products of each kind state?  -> trial: how often is a reading what is stated?  -> reading

What may be read is what this catalogue itself says elsewhere: the values of its own structured attributes, colour words
of the lexicon, and quantities in the dimension of a number slot. What a reading is worth is measured on the products
that do state the slot: the lower end of the confidence interval of how often both agree, kind by kind. A few
slots that nobody in the catalogue states are read by what was measured elsewhere (standard.py). Knows no feeds, no SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from catalog.lexicon import Lexicon
from catalog.readout.judged import ToldReader
from catalog.readout.reader import KindReader, Voice
from catalog.readout.standard import CONCEPTS, StandardReader, standing_for
from catalog.readout.survey import stated_by, survey
from catalog.readout.told import Told
from catalog.readout.trial import NOTHING, SOURCES, ContextTrial, Source, Tally, Trial
from catalog.schema import cell_text
from catalog.types import FILTER_FROM, Inferred, Product

_MOST_OF_A_KIND = 240  # products of one kind that are surveyed and tried: more would measure no better
_LEAST_OF_A_KIND = 40  # what a kind is tried on where many kinds share the whole
_MOST = 8000  # products in all, so that it takes seconds at any size
_LONGEST_DESCRIPTION = 600


@dataclass(frozen=True, slots=True)
class _Tried:
    """A reader of one kind, and how sure each of its voices is of each slot, by source."""

    reader: KindReader
    confidence: Mapping[Source, Mapping[tuple[str, Voice], float]]

    def slots(self, source: Source) -> frozenset[str]:
        return frozenset(name for name, _ in self.confidence[source])


@dataclass(frozen=True, slots=True)
class Readout:
    """What was learned from a catalogue; reads any of its products. Holds no products."""

    kinds: Mapping[str, _Tried]
    standard: StandardReader
    model: ToldReader

    def of(self, product: Product) -> Mapping[str, Inferred]:
        """The values of slots that the record does not state, with how sure each is; of most products none."""
        tried = self.kinds.get(product.kind or "")
        found = self._tried(product, tried) if tried else {}
        for name, one in self.model.of(product).items():
            if name not in found or one.confidence > found[name].confidence:
                found[name] = one
        for name, one in self.standard.of(product.title, product.kind).items():
            found.setdefault(name, one)
        return MappingProxyType(found) if found else NOTHING

    def _tried(self, product: Product, tried: _Tried) -> dict[str, Inferred]:
        """What the voices of the product's kind say, the surest first."""
        stated = {name for name, _ in stated_by(product)}
        found: dict[str, Inferred] = {}
        for source in SOURCES:
            confidence = tried.confidence[source]
            wanted = tried.slots(source) - stated - found.keys()
            text = _text(product, source) if wanted else ""
            reading = tried.reader.read(text, wanted) if text else {}
            for key in sorted(reading.keys() & confidence.keys(), key=lambda key: -confidence[key]):
                if key[0] not in found:
                    found[key[0]] = Inferred(reading[key].cells, source, round(confidence[key], 3))
        return found


def learn(products: Sequence[Product], lexicon: Lexicon | None = None, told: Told | None = None) -> Readout:
    """Work out what can be read from texts of this catalogue, and how sure it is. Goes over the products twice.

    What misleads, the products that state a slot show; each is judged by what the others show. `told`: what a model
    read in texts, which is judged likewise.
    """
    lexicon = lexicon or Lexicon.default()
    known = survey(sample(products), lexicon)
    readers: dict[str, KindReader] = {}
    confidence: dict[str, dict[Source, Mapping[tuple[str, Voice], float]]] = {}
    titles: dict[str, Tally] = {}
    made = known.readers()
    for kind, reader in made.items():
        minding = _minding(reader, known.products[kind])
        trial = _trial(minding, known.products[kind], "title")
        readers[kind], titles[kind] = minding.without(trial.misleading()), trial.tally()
    descriptions = {
        kind: _trial(reader, known.products[kind], "description").tally() for kind, reader in readers.items()
    }
    for source, tallies in zip(SOURCES, (titles, descriptions), strict=True):
        together = Tally()
        for tally in tallies.values():
            together.join(tally)
        for kind, tally in tallies.items():
            sure = tally.confidence(together)
            if source == "description":  # long: read for what is sure enough to filter by only
                sure = {key: bound for key, bound in sure.items() if bound >= FILTER_FROM}
            confidence.setdefault(kind, {})[source] = sure
    missing = set(CONCEPTS).difference(map(standing_for, known.slots.values()), known.slots)
    standard = StandardReader(lexicon, missing)
    model = ToldReader.learn(products, told or Told(), made)
    return Readout({kind: _Tried(reader, confidence[kind]) for kind, reader in readers.items()}, standard, model)


def sample(products: Iterable[Product]) -> list[Product]:
    """So many products of each kind, evenly drawn, that all together are not too many."""
    sizes = Counter(product.kind or "" for product in products)
    most = _MOST_OF_A_KIND
    while most > _LEAST_OF_A_KIND and sum(min(size, most) for size in sizes.values()) > _MOST:
        most -= 10
    steps = {kind: -(-size // most) for kind, size in sizes.items()}
    met: Counter[str] = Counter()
    sample = []
    for product in products:
        kind = product.kind or ""
        if not met[kind] % steps[kind]:
            sample.append(product)
        met[kind] += 1
    return sample


def _minding(reader: KindReader, sample: Sequence[Product]) -> KindReader:
    """The reader, which minds the words behind numbers."""
    trial = ContextTrial(reader.numbered)
    for product in sample if reader.numbered else ():
        trial.add(product.title, dict(stated_by(product)))
    contexts = trial.contexts()
    return replace(reader, numbered=tuple(replace(slot, contexts=contexts.get(slot.name)) for slot in reader.numbered))


def _trial(reader: KindReader, products: Sequence[Product], source: Source) -> Trial:
    trial = Trial(reader.numbered)
    for product in products:
        text = _text(product, source)
        if text:
            stated = dict(stated_by(product))
            trial.add(reader.read(text, None, {n: tuple(map(cell_text, cells)) for n, cells in stated.items()}), stated)
    return trial


def _text(product: Product, source: Source) -> str:
    return product.title if source == "title" else product.description[:_LONGEST_DESCRIPTION]
