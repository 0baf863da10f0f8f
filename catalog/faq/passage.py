"""One question with its answer as the shop wrote them: the value, its texts and its JSON. Knows no files and no SQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

LONGEST_TEXT = 600
"""Characters of an answer that are searched at once; the encoder reads 128 tokens."""
_SHORT = 2  # words of a heading
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A question, or a section of a policy under its heading, with its answer as plain text.

    `path`: the headings above it, outermost first. `also`: other ways to ask it. `source`: the file, and behind "#" the
    anchor of the section where it has one. `url`: where a shopper can read it, None where the shop names no address.
    `item`: id of the product it is about, "" for the shop as a whole. `language`: "en", "zh" or whatever the shop states.
    """

    question: str
    answer: str
    source: str
    url: str | None = None
    item: str = ""
    language: str = "en"
    also: tuple[str, ...] = ()
    path: tuple[str, ...] = ()

    @property
    def phrasings(self) -> tuple[str, ...]:
        """All ways to ask it that the shop has written, the question itself first."""
        return (self.question, *self.also)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is searched of it: each way to ask it, then where it stands and what it says. A heading of a word or two
        stands for little without the one above it: "Returns: Costs"."""
        above = (
            (f"{self.path[-1]}: {self.question}",)
            if self.path and len(self.question.split()) <= _SHORT and self.question.isascii()
            else ()
        )
        heading = ". ".join(dict.fromkeys((*self.path, self.question)))
        told = f"{heading}. {self.answer}"[:LONGEST_TEXT]
        return tuple(dict.fromkeys((*self.phrasings, *above, told)))

    def to_json(self) -> str:
        """One spelling for equal passages."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Passage:
        """What `to_json` wrote."""
        kept = json.loads(text)
        return cls(**kept | {name: tuple(kept[name]) for name in ("also", "path")})


def language_of(text: str) -> str:
    """ "zh" where a text is in Chinese, else "en"."""
    return "zh" if is_chinese(text) else "en"


def is_chinese(text: str) -> bool:
    """Has a text more Chinese characters than words in Latin letters? Names of products and of cards may be those."""
    return len(_CHINESE.findall(text)) > len(_LATIN.findall(text))


def slug(heading: str) -> str:
    """The anchor that the usual renderers of Markdown give a heading: "Returns & refunds" -> "returns--refunds"."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def parts(text: str) -> Iterator[str]:
    """The ways to ask that stand in one cell, cut at bars and line ends."""
    yield from filter(None, (part.strip() for part in re.split(r"[|\n｜]", text)))
