"""Values for slots that a record does not state, read out of its title, then out of its description.

    survey: what do the products of each kind state?  -> trial: how often is a reading what is stated?  -> reading

What may be read is what this catalogue itself says elsewhere: the values of its own structured attributes, colour words
of the lexicon, and quantities in the dimension of a number slot. What a reading is worth is measured on the products
that do state the slot: the lower end of the confidence interval of how often both agree, kind by kind. Knows no feeds,
no SQL, and no slot that nobody in the catalogue states: there is nothing to measure it on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from catalog.lexicon import Lexicon
from catalog.readout.reader import KindReader
from catalog.readout.survey import stated_by, survey
from catalog.readout.trial import ContextTrial, Trial
from catalog.types import Inferred, Product

_MOST_OF_A_KIND = 400  # products of one kind that are surveyed and tried: more would measure no better
_LONGEST_DESCRIPTION = 600

Source = Literal["title", "description"]
_SOURCES: tuple[Source, Source] = ("title", "description")
_NOTHING: Mapping[str, Inferred] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Tried:
    """A reader of one kind, and how sure what it reads is: by source and slot."""

    reader: KindReader
    confidence: Mapping[Source, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Readout:
    """What was learned from a catalogue; reads any of its products. Holds no products."""

    kinds: Mapping[str, _Tried]

    def of(self, product: Product) -> Mapping[str, Inferred]:
        """The values of slots that the record does not state, with how sure each is; of most products none."""
        tried = self.kinds.get(product.kind or "")
        if tried is None:
            return _NOTHING
        stated = {name for name, _ in stated_by(product)}
        found: dict[str, Inferred] = {}
        for source in _SOURCES:
            confidence = tried.confidence[source]
            wanted = [name for name in confidence if name not in stated and name not in found]
            text = _text(product, source) if wanted else ""
            for name, cells in tried.reader.read(text, wanted).items() if text else ():
                found[name] = Inferred(cells, source, round(confidence[name], 3))
        return MappingProxyType(found) if found else _NOTHING


def learn(products: Iterable[Product], lexicon: Lexicon | None = None) -> Readout:
    """Work out what can be read from texts of this catalogue, and how sure it is. Goes over the products twice.

    One half of a kind's products shows which values and which words behind a number mislead; the other half measures.
    """
    known = survey(_sample(products), lexicon or Lexicon.default())
    readers = {kind: _pruned(reader, known.products[kind][::2]) for kind, reader in known.readers().items()}
    confidence: dict[str, dict[Source, Mapping[str, float]]] = {kind: {} for kind in readers}
    for source in _SOURCES:
        trials = {kind: _trial(reader, known.products[kind][1::2], source) for kind, reader in readers.items()}
        together = Trial()
        for trial in trials.values():
            together.join(trial)
        for kind, trial in trials.items():
            confidence[kind][source] = trial.confidence(together)
    return Readout({kind: _Tried(reader, confidence[kind]) for kind, reader in readers.items()})


def read_out(products: Sequence[Product], lexicon: Lexicon | None = None) -> list[Mapping[str, Inferred]]:
    """What `learn` finds in a catalogue, for each of its products."""
    readout = learn(products, lexicon)
    return [readout.of(product) for product in products]


def _sample(products: Iterable[Product]) -> list[Product]:
    """At most so many products of each kind, evenly drawn."""
    sizes = Counter(product.kind or "" for product in products)
    steps = {kind: -(-size // _MOST_OF_A_KIND) for kind, size in sizes.items()}
    met: Counter[str] = Counter()
    sample = []
    for product in products:
        kind = product.kind or ""
        if not met[kind] % steps[kind]:
            sample.append(product)
        met[kind] += 1
    return sample


def _pruned(reader: KindReader, sample: Sequence[Product]) -> KindReader:
    """The reader without the values that mislead, minding the words behind numbers."""
    pruned = reader.without(_trial(reader, sample, "title").misleading())
    contexts = ContextTrial(pruned.numbered)
    for product in sample:
        contexts.add(product.title, dict(stated_by(product)))
    return pruned.minding(contexts.contexts())


def _trial(reader: KindReader, products: Sequence[Product], source: Source) -> Trial:
    trial = Trial(reader.numbered)
    for product in products:
        text = _text(product, source)
        if text:
            trial.add(reader.read(text), dict(stated_by(product)))
    return trial


def _text(product: Product, source: Source) -> str:
    return product.title if source == "title" else product.description[:_LONGEST_DESCRIPTION]
