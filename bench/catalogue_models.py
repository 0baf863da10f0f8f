"""Attribute values in titles, read by asking a model (learning/attributes/llm.py), for bench/catalogue_attributes.py.

Two scripted models need no server. `annotator` writes what the annotation says: what is lost then is lost by how answers
are read. `muddled` forgets, mixes up and invents, in prose and with broken ends: what is wrong then no check of the title
could tell. They are no readers, they measure the machinery.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence

from aisle.settings import Settings
from catalog.readout.asked import Shown, Wanted
from catalog.readout.told import standing
from errors import LLMBadOutput, LLMUnavailable
from learning.attributes.llm import LLMReader, text_of
from learning.attributes.tagger import Example
from llm.spec import open_llm
from llm.types import LLM, Call
from llm.watch import Deadlines
from prompts.types import Rendered

AT_ONCE = 8  # titles asked about at the same time
_VALUES = 5  # of an attribute, the most frequent ones of the other records
_PATIENCE = 120.0  # seconds for one title
_FORGETS, _MIXES, _INVENTS, _BREAKS = 0.2, 0.1, 0.1, 0.1  # of a muddled model's values; _BREAKS of its answers

Reader = Callable[[Example], Mapping[str, str]]


def asked_readers(
    records: Sequence[Example], spec: str | None, shown: int
) -> Mapping[str, Callable[[Sequence[Example]], Reader]]:
    """Teachers of readers that ask: the model of `spec`, or else the scripted ones. `shown`: worked examples of a
    category."""
    if spec:
        opened = open_llm(spec, Settings.read().llm_key, Deadlines(2.0, _PATIENCE, _PATIENCE, _PATIENCE))
        return {"model": lambda train: _asking(opened.llm, train, shown)} if opened else {}
    return {
        "annotator": lambda train: _asking(Annotated(records, muddled=False), train, shown),
        "muddled": lambda train: _asking(Annotated(records, muddled=True), train, shown),
    }


def _asking(llm: LLM, train: Sequence[Example], examples: int) -> Reader:
    """Asks about the attributes of the category, with what the other records state."""
    values: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    shown: defaultdict[str, list[Shown]] = defaultdict(list)
    for example in train:
        for name, stated in example.values.items():
            values[example.category][name].update(stated)
        spans = {name: span for name, stated in example.values.items() for value in stated[:1]
                 if (span := standing(value, example.text))}  # fmt: skip
        shown[example.category].append(Shown(example.text, spans))
    wanted = {
        category: tuple(Wanted(name, "", tuple(v for v, _ in found.most_common(_VALUES))) for name, found in of.items())
        for category, of in values.items()
    }
    best = {category: sorted(some, key=lambda s: -len(s.spans))[:examples] for category, some in shown.items()}
    reader = LLMReader(llm, "bench")

    def read(example: Example) -> Mapping[str, str]:
        category = example.category
        try:
            return reader.read(wanted.get(category, ()), best.get(category, ()), category, example.text)
        except (LLMBadOutput, LLMUnavailable):
            return {}  # a title without an answer counts as one in which nothing was found

    return read


class Annotated:
    """Answers with a title's annotation, whole and tidy or muddled; the same title is muddled the same way."""

    def __init__(self, records: Sequence[Example], muddled: bool) -> None:
        self._records = {text_of(record.text): record for record in records}
        self._muddled = muddled

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        asked = rendered.messages[-1].content.rpartition("Text: ")[2].partition("\nAnswer:")[0]
        values = {name: stated[0] for name, stated in self._records[asked].values.items() if stated}
        yield self._muddle(values, asked) if self._muddled else json.dumps(values)

    def _muddle(self, values: Mapping[str, str], title: str) -> str:
        draw = random.Random(title)
        said = {}
        for name, value in values.items():
            kind = draw.random()
            if kind < _FORGETS:
                continue
            said[name] = draw.choice(title.split()) if kind < _FORGETS + _MIXES else value
            if draw.random() < _INVENTS:
                said[name] = f"{value} deluxe"
        text = f"Here you are:\n```json\n{json.dumps(said)}\n```"
        return text[: len(text) // 2] if draw.random() < _BREAKS else text
