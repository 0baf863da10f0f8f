"""What a model read in the products' texts, offline: of each text the stretches that state a slot, kept in a file.

    told = Told.read(folder);  told.of(product) -> {"colour": "Navy Blue"}

A stretch counts only where it stands in the text, word for word; what it is as a value and how sure it is, the catalogue
works out (judged.py). The file grows by a line an answer, so that a reading that was broken off goes on where it stopped.
Knows no model and no prompt.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from catalog.types import Product
from errors import ImportBusy

FILE = "told.jsonl"
_LONGEST_DESCRIPTION = 600  # characters
_LONGEST_SPAN = 120
_EDGES = " ,;:\"'"  # that a value may be written between
_MIDDLE = re.compile(r"[^\W_㐀-鿿]{2}")


def text_key(product: Product) -> str:
    """What names a product's text: other words, another key."""
    words = json.dumps([product.title, description_of(product)])
    return hashlib.sha256(words.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Answer:
    """One reading of one text. `by`: the model and the words it was asked with; `asked`: the slots it was asked for;
    `spans`: those that it found."""

    text: str
    by: str
    asked: tuple[str, ...]
    spans: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        return {"text": self.text, "by": self.by, "asked": list(self.asked), "spans": dict(self.spans)}


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of one reader, the last that was asked, by text; of two that find a slot the later counts."""

    by: str = ""
    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path, by: str | None = None) -> Told:
        """What the file in a catalogue's folder holds of a reader; nothing where there is none. A line that was cut is
        no answer."""
        file = folder / FILE
        lines = file.read_bytes().split(b"\n") if file.exists() else ()
        answers = [answer for answer in map(_answer, lines) if answer]
        reader = by if by is not None else answers[-1].by if answers else ""
        return cls(reader).with_answers(answer for answer in answers if answer.by == reader)

    def with_answers(self, answers: Iterable[Answer]) -> Told:
        """With these behind those it has."""
        found = dict(self.answers)
        for answer in answers:
            found[answer.text] = (*found.get(answer.text, ()), answer)
        return Told(self.by, found)

    @property
    def digest(self) -> str:
        """What tells these answers from any others."""
        words = json.dumps([self.by, [[a.to_json() for a in found] for found in self.answers.values()]])
        return hashlib.sha256(words.encode()).hexdigest()[:16] if self.answers else ""

    def asked(self, product: Product) -> frozenset[str]:
        """The slots that were asked for before, of this very text."""
        return frozenset(slot for answer in self.answers.get(text_key(product), ()) for slot in answer.asked)

    def of(self, product: Product) -> dict[str, str]:
        """The stretch that states each slot, as it stands in the product's text."""
        spans: dict[str, str] = {}
        for answer in self.answers.get(text_key(product), ()):
            spans |= answer.spans
        found = {
            slot: standing(span, product.title) or standing(span, description_of(product))
            for slot, span in spans.items()
        }
        return {slot: span for slot, span in found.items() if span}


def description_of(product: Product) -> str:
    """As much of a description as is read."""
    return product.description[:_LONGEST_DESCRIPTION]


def standing(span: str, text: str) -> str:
    """The stretch of the text that says this, letter for letter but for case and blanks, and no part of a longer word;
    "" where there is none. Chinese, which has no blanks, is found anywhere."""
    words = span.strip(_EDGES).split()
    if not words or len(span) > _LONGEST_SPAN:
        return ""
    places = re.finditer(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE)
    return next(
        (found[0] for found in places if not _within(text, found.start()) and not _within(text, found.end())), ""
    )


def _within(text: str, place: int) -> bool:
    """Is this place, between two characters, in the middle of a word?"""
    return 0 < place < len(text) and bool(_MIDDLE.fullmatch(text[place - 1 : place + 1]))


@contextmanager
def writing(folder: Path) -> Iterator[BinaryIO]:
    """The file, to write answers behind those that stand. ImportBusy when another reading of this catalogue goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("ab+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportBusy(f"{folder}: a model reads this catalogue already; try again when it has ended") from error
        _end_line(file)
        yield file


def write(file: BinaryIO, answer: Answer) -> None:
    """Keep an answer: it outlives this process, though not a loss of power."""
    file.write(json.dumps(answer.to_json()).encode() + b"\n")
    file.flush()


def _end_line(file: BinaryIO) -> None:
    """What a killed reading left half written stays a line of its own."""
    if file.seek(0, os.SEEK_END):
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")


def _answer(line: bytes) -> Answer | None:
    try:
        data = json.loads(line)
        return Answer(
            str(data["text"]),
            str(data["by"]),
            _texts(data["asked"]),
            dict(zip(data["spans"], _texts(data["spans"].values()), strict=True)),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, values))
