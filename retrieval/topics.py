"""What any shop is asked about its service, as topics: which one a message asks, and whether it is about goods instead.

The topics and their wordings are ours (topics.toml, written for no one shop); the vectors of the English ones come with
the package (learning/topics.py made them). A name of a sort that all topics treat alike (a way to pay, a carrier, a
place, a rival) is read as one plain word. Chinese is told by its letters alone. Knows no shop and no dialogue.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from catalog.faq.passage import is_chinese
from retrieval.embedder import Embedder
from retrieval.mending import Mender
from retrieval.taught import Taught, Vectors

HERE = Path(__file__).parent
FILE = HERE / "topics.safetensors"
REMEMBERED = 512
"""Messages whose topics are kept."""
CURVE = (10.0, 10.0, 3.0, -6.8)
"""Of a topic's value, its lead over what is no service, its nearest text, and what is taken off: the curve of the score."""
MOSTLY = 0.3
"""The value from which on something is what a message is about."""
MOSTLY_BY_LETTERS = 0.15
"""The same for letters alone."""
LEAD = 0.1
"""And how much more that is than of anything on service."""
FAR = 0.1
"""How much more it is where the encoder reads it as anything but service."""
CURVE_OF_LETTERS = (14.0, 8.0, 0.0, -4.5)
"""The same for letters alone."""

About = Literal["service", "goods", "else"]
Script = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its wordings. `within`: the wider one whose page answers it as well where it has none of its own."""

    name: str
    about: About
    wordings: Mapping[Script, tuple[str, ...]]
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a message is about. `topic`: the likeliest of service; `score`: 0..1, how surely it is asked. `value`, `goods`:
    how much of the message the classifier gives to it, and to what is about goods. `of_goods`, `elsewhere`: surely about
    goods, or rather about anything than service."""

    topic: str
    score: float
    value: float
    goods: float
    of_goods: bool
    elsewhere: bool


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, as the file has them."""
    return tuple(
        Topic(
            name,
            cast("About", told["about"]),
            {"en": tuple(told["en"].strip().split("\n")), "zh": tuple(told["zh"].strip().split("\n"))},
            tuple(told.get("within", "").split()),
        )
        for name, told in _file()["topics"].items()
    )


def within(name: str) -> tuple[str, ...]:
    """The wider topics of one, the nearest first."""
    return next(topic.within for topic in topics() if topic.name == name)


def wordings(script: Script) -> tuple[str, ...]:
    """The wordings of all topics, in their order, as they are compared with."""
    return tuple(plain(text) for topic in topics() for text in topic.wordings[script])


def plain(text: str) -> str:
    """A message with each name that all topics treat alike as one plain word."""
    script = _script(text)
    for pattern, told in _names():
        text = pattern.sub(told[script], text)
    return text


def topics_by(embedder: Embedder | None) -> Topics:
    """The topics as this encoder reads them, made once for all who ask."""
    return _made(cast("Hashable", embedder))


@lru_cache(4)
def _made(embedder: Any) -> Topics:
    return Topics(embedder)


class Topics:
    """Which topic a message asks. For many threads."""

    def __init__(self, embedder: Embedder | None) -> None:
        """`embedder` None: letters only."""
        self._embedder = embedder
        self._known: dict[str, Told] = {}
        self._scripts: dict[Script, Taught] = {"en": _taught("en", embedder), "zh": _taught("zh", None)}

    def find(self, text: str) -> Told:
        """What a message is about."""
        return self.find_all([[text]])[0][0]

    def find_all(self, texts: Sequence[Sequence[str]]) -> list[tuple[Told, ...]]:
        """What each of several texts is about, group by group; the encoder reads all that are new at once."""
        asked = dict.fromkeys(text for group in texts for text in group)
        known = self._known
        told = {text: known[text] for text in asked if text in known}
        new = self._read([text for text in asked if text not in told])
        self._known = new if len(known) + len(new) > REMEMBERED else known | new
        told |= new
        return [tuple(told[text] for text in group) for group in texts]

    def _read(self, texts: Sequence[str]) -> dict[str, Told]:
        said = {text: _mended(plain(text)) for text in texts}
        able = self._embedder.reads if self._embedder else _never
        read = [text for text in dict.fromkeys(said.values()) if _script(text) == "en" and able(text)]
        vectors = dict(zip(read, self._embedder.encode(read, "query"), strict=True)) if self._embedder and read else {}
        return {text: self._told(words, vectors.get(words)) for text, words in said.items()}

    def _told(self, said: str, vector: Vectors | None) -> Told:
        like = self._scripts[_script(said)].like(said, vector)
        assert like.learnt is not None
        most: dict[About, tuple[float, int]] = {}
        for number, topic in enumerate(topics()):
            most[topic.about] = max(most.get(topic.about, (-1.0, 0)), (float(like.learnt[number]), number))
        (service, best), (goods, _), (other, _) = most["service"], most["goods"], most["else"]
        weights = CURVE_OF_LETTERS if vector is None else CURVE
        marks = (service, service - max(goods, other), float(like.near[best]), 1.0)
        score = 1 / (1 + np.exp(-sum(w * mark for w, mark in zip(weights, marks, strict=True))))
        mostly = MOSTLY_BY_LETTERS if vector is None else MOSTLY
        of_goods = goods >= service + LEAD and goods >= mostly
        elsewhere = vector is not None and max(goods, other) >= service + FAR
        return Told(topics()[best].name, round(float(score), 4), service, goods, of_goods, elsewhere)


def _never(text: str) -> bool:
    return False


def _mended(text: str) -> str:
    return text if _script(text) == "zh" else _mender().mend(text)


def _script(text: str) -> Script:
    return "zh" if is_chinese(text) else "en"


@cache
def _file() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((HERE / "topics.toml").read_text("utf-8"))


@cache
def _names() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    return tuple(
        (re.compile(rf"(?<![a-z])(?:{told['words']})(?![a-z])", re.IGNORECASE), told)
        for told in _file()["names"].values()
    )


@cache
def _mender() -> Mender:
    return Mender(wordings("en"))


def _taught(script: Script, embedder: Embedder | None) -> Taught:
    texts = wordings(script)
    owners = np.array([n for n, topic in enumerate(topics()) for _ in topic.wordings[script]], np.intp)
    return Taught(texts, owners, _vectors(texts, embedder) if embedder else None)


def _vectors(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """One row a text: the package's where they are of this encoder and these texts, else made now."""
    from safetensors import safe_open

    if FILE.exists():
        with safe_open(FILE, framework="numpy") as stored:
            about = stored.metadata()
            if about["encoder"] == embedder.id and tuple(json.loads(about["texts"])) == tuple(texts):
                return np.asarray(stored.get_tensor("vectors"), np.float32)
    return embedder.encode(texts, "passage")
