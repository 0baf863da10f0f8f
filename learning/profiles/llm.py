"""A profile in words, from a history: a model joins counted facts to short statements, code drops what they do not say.

    Profiler(llm).profile(products, "en") -> Profile(("Likes black Orla desk lamps.", ...), by="llm")

Without a model, or where nothing it says holds, the template's statements stand (chatbot/taste.py). Keeps nothing and is
wired to nothing yet: who keeps profiles, and asks the shopper's leave, decides when one is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import prompts
from catalog.types import Product
from chatbot.prompting import LANGUAGES, printed
from chatbot.taste import Taste
from chatbot.types import Language
from errors import LLMUnavailable
from llm.types import LLM, Call, complete
from prompts.types import Rendered

_LIMIT = 3  # statements
_HISTORY = 20  # the latest items that are told
_TITLE, _STATEMENT = 100, 160  # bytes; characters
_LINE = re.compile(r"\W*?\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Profile:
    """Statements of taste, and who worded them; none where the history shows no taste."""

    statements: tuple[str, ...]
    by: Literal["llm", "template"]


class Profiler:
    """Words profiles with a model, or without one by the template alone."""

    def __init__(self, llm: LLM | None) -> None:
        self._llm = llm

    def profile(self, history: Sequence[Product], language: Language, call: Call | None = None) -> Profile:
        """`history`: the items liked or bought, the latest first."""
        taste = Taste.of(history)
        if self._llm and taste.traits:
            try:
                answer = complete(self._llm, rendered(history, taste, language), call)
            except LLMUnavailable:
                answer = ""
            if said := tuple(_held(answer, taste)):
                return Profile(said[:_LIMIT], "llm")
        return Profile(taste.statements(language)[:_LIMIT], "template")


def rendered(history: Sequence[Product], taste: Taste, language: Language) -> Rendered:
    """What is asked of a history."""
    return prompts.load("profile").render(
        limit=_LIMIT,
        language=LANGUAGES[language],
        history="\n".join(f"- {printed(product.title, _TITLE)}" for product in history[:_HISTORY]),
        facts="\n".join(f"[{n}] {printed(str(trait), _TITLE)}" for n, trait in enumerate(taste.traits, 1)),
    )


def _held(answer: str, taste: Taste) -> Iterator[str]:
    """The statements of an answer that the facts they name bear out, each once."""
    met: set[str] = set()
    for line in answer.splitlines():
        found = _LINE.fullmatch(line.strip())
        if found is None or len(found[2]) > _STATEMENT:
            continue
        numbers = {int(number) for number in re.findall(r"\d+", found[1])}
        traits = [trait for n, trait in enumerate(taste.traits, 1) if n in numbers]
        if found[2] not in met and taste.supports(found[2], traits):
            met.add(found[2])
            yield found[2]
