"""General advice by a model, where a question is about goods in general and the records cannot answer it ("is 16 GB
enough for video editing?", "what should I look for in a tent?").

It is said to be advice and no record's word. What is not general is cut: prices, stock, terms, other shops, health and
law; what it says of a brand or an item stays only where the record of an item in hand supports it. The words:
advice.toml. Knows nothing of when a turn has a model, or of who else answers.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import prompts
from catalog.types import Constraint, Fact
from chatbot import say
from chatbot.asking import Asking
from chatbot.prompting import LANGUAGES, masked, printed
from chatbot.rank.claim_general import is_general
from chatbot.rank.claim_words import found, normal, phrase, words
from chatbot.rank.claims import check
from chatbot.rank.manner import becoming
from chatbot.reply import Reply
from chatbot.types import AgentAct, DialogueState, Language, StateUpdate, UserAct
from errors import LLMUnavailable
from prompts.types import Rendered
from retrieval.words import content_runs

SENTENCES = 2
LONGEST = 280
"""Characters of advice that are shown."""
LEAST: Mapping[Language, int] = {"en": 12, "zh": 4}
"""Characters of a sentence."""
QUESTION = 240
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")
_AMOUNT = re.compile(r"[$€£¥]|\d\s*(?:usd|eur|gbp|cny|dollars?|euros?|bucks|quid|yuan|元|块|美元|欧元)", re.IGNORECASE)
_STOP: Mapping[Language, str] = {"en": ".", "zh": "。"}
_TABLE = Path(__file__).with_name("advice.toml")


def is_asked(
    message: str, state: DialogueState, update: StateUpdate, unknown: Callable[[str], Collection[str]]
) -> bool:
    """Does the message ask for general advice on what a shop like this sells?

    By the form of its question. Never where it is about an item in hand, tries to give orders, or is about prices, terms,
    other shops, health or law. `unknown`: looks up a text's content words that no record of the shop holds; what does not
    sound like shopping is answered only where they are no more than half of it.
    """
    acts = set(update.acts)
    if "injection" in update.topics or acts & {UserAct.FAQ, UserAct.HANDOFF}:
        return False
    item = update.refers_to and UserAct.COMPARE not in acts
    forms = _forms("asks") + (() if item else _forms("asks_of_things"))
    said = normal(message)
    if not any(form.search(said) for form in forms) or any(form.search(said) for form in _forms("points")):
        return False
    about = state.active or any(isinstance(a.what, Constraint) for a in update.add)
    strange = UserAct.OTHER in acts or not about
    return not _barred(message) and (not strange or 2 * len(unknown(message)) <= len(content_runs(message)))


def rendered(message: str, state: DialogueState, language: Language) -> Rendered:
    """Exactly what is sent to have it answered."""
    return prompts.load("advise").render(
        language=LANGUAGES[language],
        looking_for=", ".join(masked(need.query, QUESTION // 4) for need in state.active_needs if need.query) or "-",
        question=masked(message, QUESTION),
    )


def advise(
    reply: Reply, state: DialogueState, brands: Collection[str], about: Iterable[Sequence[Fact]], asking: Asking
) -> None:
    """Puts advice in front of what is said, in place of a refusal; nothing where the model gives none that may be said.

    `brands`: the shop's. `about`: the facts of each item that was last talked about.
    """
    sent = rendered(reply.message, state, reply.language)
    if not asking.allows(sent):
        return
    try:
        answer = asking.complete(sent)
    except LLMUnavailable:  # noted by `asking`
        return
    if asking.cut:
        answer = answer[: max(answer.rfind(end) for end in ".!?。！？") + 1]
    text = sayable(answer, reply.message, reply.language, brands, tuple(about))
    if not text:
        return
    refusals = [say.say(reply.language, key) for key in ("refuse", "howto")]
    reply.said[:] = [say.say(reply.language, "advice", text=text), *(s for s in reply.said if s not in refusals)]
    reply.acts[:] = [act for act in reply.acts if act is not AgentAct.REFUSE]
    reply.add(AgentAct.INFORM)


def sayable(
    answer: str, question: str, language: Language, brands: Collection[str], about: Sequence[Sequence[Fact]]
) -> str:
    """The sentences of an answer that may be said as general advice, two at most; "" when there are none."""
    kept: list[str] = []
    for sentence in map(str.strip, _SENTENCE.split(answer[: 8 * LONGEST])):
        flat = " ".join(unicodedata.normalize("NFKC", sentence).split())
        if len(flat) < LEAST[language] or flat[-1] == "?" or printed(sentence, 4 * LONGEST) != flat:
            continue  # no sentence ("null"), a question, or one that holds markup, a link, or orders to a model
        if becoming(sentence, "-", language) and not _barred(sentence) and _general(sentence, question, brands, about):
            kept.append(sentence if sentence[-1] in ".!。！" else sentence + _STOP[language])
    while kept and len(" ".join(kept[:SENTENCES])) > LONGEST:
        kept.pop()
    return (" " if language == "en" else "").join(kept[:SENTENCES])


def _general(sentence: str, question: str, brands: Collection[str], about: Sequence[Sequence[Fact]]) -> bool:
    """Is it about goods in general? What names a brand must be supported by the record of an item in hand."""
    said = normal(sentence)
    if found(_table()["particular"], said):
        return False
    names = (phrase(name) for name in brands if len(name) > 1)
    if found((*words().makers, *names), said):
        return any(check(sentence, facts, names=brands) == sentence for facts in about)
    return is_general(sentence, question)


def _barred(text: str) -> bool:
    return bool(_AMOUNT.search(text) or found(_table()["never"], normal(text)))


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        "never": tuple(phrase(word) for word in table["never"]["words"]),
        "particular": tuple(phrase(word) for word in table["particular"]["words"]),
    }


@cache
def _forms(kind: Literal["asks", "asks_of_things", "points"]) -> tuple[re.Pattern[str], ...]:
    """The forms of a question for advice, or of one about an item, over normal text."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(re.compile(form) for form in table["forms"][kind])
