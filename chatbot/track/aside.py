"""What of a message is said to the assistant itself ("are you a human?", "how are you", 不用找人工了), told apart by form.

The words stand in words/smalltalk.toml. A whole message or a whole clause says it, or nothing does: "is this AI
camera good" is about a camera. What is left is read as if the rest had not been said, and no model reads the other part.
Knows no answers (chatbot/smalltalk.py), no catalogue, and not whether a person is waited for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from chatbot.track.normal import Message, in_talk, normalise
from chatbot.track.wording import words
from chatbot.types import DialogueState, StateUpdate, UserAct

GIVE_UP = "giveup"
"""The topic of what takes a wish for a person back only while one is waited for."""
STAY = "stay"
"""The topic of what takes a wish for a person back, by itself."""
NOISE = "noise"
"""The topic of a sign or a letter that says nothing."""
NO_BUSINESS = frozenset({"health", "law", "world"})
"""Topics that are nothing a shop assistant knows of."""
REMEMBERED = 64
"""Messages whose reading is kept: one is asked for several times in a turn."""
FAINT = frozenset({"abilities", "mood"})
"""Topics that are small talk by themselves alone: beside trouble "what's going on?" and "how can you help?" are its part."""
_LONGEST = 120  # characters of what can be said in passing
_SENTENCE = re.compile(r"(?<=[?。;!\n])\s*|(?<=\.)\s+")
_CLAUSE = re.compile(
    r"[,、]\s*|\s+-\s+|\s+(?:and|but|so|also|because)\s+|\s+or\s+(?=(?:is|are) there|(?:can|could) i)|(?=但是|不过|另外|顺便)"
)
_MARKS = " \t\n.,!?~:;-。、…"
_CLASS = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Aside:
    """`topics` of what is said to the assistant itself, in the order of the word file, and the `words` that say so;
    `rest`: the message without them."""

    rest: str
    topics: tuple[str, ...] = ()
    words: str = ""

    @property
    def alone(self) -> bool:
        """Is nothing else said?"""
        return bool(self.topics) and not self.rest.strip(_MARKS)


def apart(text: str, state: DialogueState, waiting: Callable[[], bool]) -> Aside:
    """The message in the light of the dialogue. `waiting`: is a person waited for? Asked only where it matters."""
    return _where(text, _cut(text, bool(state.focus or state.page)), state, waiting)


def alone(aside: Aside, state: DialogueState) -> StateUpdate:
    """What a message means that says nothing else."""
    act = UserAct.OTHER if NO_BUSINESS.issuperset(aside.topics) else UserAct.CHITCHAT
    language = in_talk(Message.read(aside.words), state.language).language
    return StateUpdate((act,), topics=aside.topics, language=language)


def noted(update: StateUpdate, aside: Aside) -> StateUpdate:
    """What the rest means, with small talk besides."""
    beside = (UserAct.CHITCHAT,) if aside.topics else ()
    return replace(update, acts=tuple(dict.fromkeys((*update.acts, *beside))))


def topics_of(text: str) -> frozenset[str]:
    """What a text asks of the assistant itself, where it stands alone: a question of the shop's own, say."""
    return frozenset(_topics(normalise(text), True, False))


def _where(text: str, aside: Aside, state: DialogueState, waiting: Callable[[], bool]) -> Aside:
    """What the dialogue makes of it: a bare sign or letter answers a question; "never mind" means the person that is
    waited for, unless the turn before changed or showed something that it could mean."""
    if aside.topics == (NOISE,) and state.pending:
        return Aside(text)
    if GIVE_UP not in aside.topics:
        return aside
    shown, changed = state.shown[-1:], state.undo[-1:]
    meant = any(shown.turn == state.turn for shown in shown) or any(step.turn == state.turn for step in changed)
    if meant or not waiting():
        others = tuple(topic for topic in aside.topics if topic != GIVE_UP)
        return replace(aside, topics=others) if others else Aside(text)
    return replace(aside, topics=_in_order([STAY if t == GIVE_UP else t for t in aside.topics]))


@lru_cache(REMEMBERED)
def _cut(text: str, pointed: bool) -> Aside:
    """The message by its words alone. `pointed`: is a product in hand?"""
    normal = normalise(text)
    if whole := _topics(normal, True, pointed):
        return Aside("", whole, normal)
    rest, heard, said = list[str](), list[str](), list[str]()
    for part, topics in _parts(normal, pointed):
        heard.extend(topics)
        (said if topics else rest).append(part)
    if not heard or (rest and FAINT.issuperset(heard)):
        return Aside(text)
    return Aside(" ".join(rest), _in_order(heard), " ".join(said))


def _parts(text: str, pointed: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sentences of a message, those cut into clauses that say only in part something to the assistant."""
    for sentence in filter(None, _SENTENCE.split(text)):
        if topics := _topics(sentence, False, pointed):
            yield sentence, topics
            continue
        clauses = [(clause, _topics(clause, False, pointed)) for clause in _CLAUSE.split(sentence) if clause]
        if not any(topics for _, topics in clauses):
            yield sentence, ()
            continue
        yield from clauses


def _topics(text: str, whole: bool, pointed: bool) -> tuple[str, ...]:
    """What a text says from end to end, polite words aside."""
    if len(text) > _LONGEST:
        return ()
    forms = tuple(dict.fromkeys(_forms(text.lower())))
    kinds = [kind for kind in _kinds() if (whole or not kind.whole) and not (pointed and kind.unpointed)]
    heard = [
        k.topic for k in kinds if any(k.pattern.fullmatch(form) for form in forms[: 1 if k.topic == NOISE else None])
    ]
    return _in_order(heard if heard == [NOISE] else [topic for topic in heard if topic != NOISE])


def _forms(text: str) -> Iterator[str]:
    """The text, and what is left of it without the polite words before it and behind it, one after the other."""
    opening, closing = _edges()
    yield text
    text = text.strip(_MARKS)
    while text:
        end = text
        while end:
            yield end
            found = closing.search(end)
            end = end[: found.start()].strip(_MARKS) if found else ""
        begun = opening.match(text)
        text = text[begun.end() :].strip(_MARKS) if begun else ""


def _in_order(topics: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind.topic for kind in _kinds() if kind.topic in topics))


@dataclass(frozen=True, slots=True)
class _Kind:
    """One table of the word file."""

    topic: str
    pattern: re.Pattern[str]
    whole: bool
    unpointed: bool


@cache
def _kinds() -> tuple[_Kind, ...]:
    return tuple(
        _Kind(
            table["topic"],
            re.compile("|".join(f"(?:{_spelt_out(pattern)})" for pattern in table["patterns"])),
            bool(table.get("whole")),
            bool(table.get("unpointed")),
        )
        for table in words("smalltalk")["said"]
    )


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The polite words at the beginning of a text, and at its end."""
    classes = _classes()
    return (
        re.compile(f"(?:{classes['open']})(?![a-z0-9'])"),
        re.compile(f"(?:(?<=[^a-z0-9'])|(?=[\u4e00-\u9fff]))(?:{classes['close']})$"),
    )


def _spelt_out(pattern: str) -> str:
    classes = _classes()
    return _CLASS.sub(lambda found: classes[found[1]], pattern)


@cache
def _classes() -> dict[str, str]:
    """The file's word classes; a later one may name earlier ones."""
    known: dict[str, str] = {}
    for name, pattern in words("smalltalk")["classes"].items():
        known[name] = _CLASS.sub(lambda found: known[found[1]], pattern)
    return known
