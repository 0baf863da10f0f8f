"""What a browser keeps of the page's visits. It comes from outside: everything is read with care.

Knows nothing of Gradio, of sessions or of whether a secret still opens anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chatbot.types import Language

PASTS = 30
TITLE = 80
_SECRET = 200
_WHEN = 40


@dataclass(frozen=True, slots=True)
class Visit:
    """The conversation that is open, by the secret that resumes it, and the interface's language once one was chosen."""

    resume: str | None = None
    language: Language | None = None

    @classmethod
    def read(cls, kept: object) -> Visit:
        if not isinstance(kept, Mapping):
            return cls()
        resume, language = kept.get("resume"), kept.get("language")
        return cls(_text(resume, _SECRET) or None, language if language in ("en", "zh") else None)

    def kept(self) -> dict[str, str | None]:
        return {"resume": self.resume, "language": self.language}


@dataclass(frozen=True, slots=True)
class Past:
    """A conversation of this browser. `title`: how it began; `when`: its last word (ISO 8601), "" where not known."""

    resume: str
    title: str = ""
    when: str = ""

    def kept(self) -> dict[str, str]:
        return {"resume": self.resume, "title": self.title, "when": self.when}


def read_past(kept: object) -> tuple[Past, ...]:
    """The conversations that a browser says are its own, each once; anything else in the list is left out."""
    if not isinstance(kept, Iterable) or isinstance(kept, str | Mapping):
        return ()
    read: dict[str, Past] = {}
    for one in kept:
        if isinstance(one, Mapping) and (resume := _text(one.get("resume"), _SECRET)):
            title, when = _text(one.get("title"), TITLE), _text(one.get("when"), _WHEN)
            read.setdefault(resume, Past(resume, title, when))
    return tuple(read.values())[:PASTS]


def _text(value: object, most: int) -> str:
    """A short text that can be written as UTF-8; "" for anything else."""
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        return ""
    return value
