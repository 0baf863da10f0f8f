"""The trained act head: what it hears where the grammar hears nothing, and when it keeps silent."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import cast

import pytest

from chatbot.track.bounds import find_bounds
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.encoded import UNREAD, Encoded, encode
from chatbot.track.heads import SURE, TRUSTED, hear_acts, likeliest
from chatbot.track.heard import Heard
from chatbot.track.normal import Message
from chatbot.track.spans import ActSpan, Span
from chatbot.types import DialogueState, Shown, UserAct
from retrieval.embedder import PackagedEncoder
from tests.chatbot.track.goods import shop

SHOWN = DialogueState(shown=(Shown(1, ((1, "m1"), (1, "m2"))),), focus=("m1", "m2"), turn=1)


@cache
def encoder() -> PackagedEncoder:
    return PackagedEncoder()


@cache
def heard_plainly() -> Heard:
    return EmbeddedTracker(shop())._hear(DialogueState(), "hm")  # type: ignore[arg-type]


def heard(text: str, state: DialogueState = SHOWN, acts: tuple[ActSpan, ...] = ()) -> Heard:
    message = replace(heard_plainly().message, text=text, lower=text)
    return replace(heard_plainly(), state=state, message=message, acts=acts, encoded=encode(text, (), encoder()))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("wonderful, pack that up for me and i'll pay", UserAct.ACCEPT),
        ("no, these look dreadful", UserAct.REJECT),
        ("what was your reason for putting that one forward", UserAct.EXPLAIN),
        ("would you let me chat with a human colleague", UserAct.HANDOFF),
        ("i was after a red woollen scarf below 30 dollars", UserAct.INFORM),
    ],
)
def test_acts_in_words_of_no_list(text: str, act: UserAct) -> None:
    found, sure = likeliest(encoder().encode([text])[0])
    assert (found, sure >= SURE) == (act, True)


def test_it_speaks_only_where_the_grammar_heard_nothing() -> None:
    said = "wonderful, pack that up for me and i'll pay"
    known = (ActSpan(UserAct.CHITCHAT, 0, 9),)
    assert hear_acts(heard(said)) == (ActSpan(UserAct.ACCEPT, 0, len(said), None, None, Span(0, len(said))),)
    assert hear_acts(heard(said, acts=known)) == known
    assert hear_acts(heard(said, state=DialogueState())) == ()  # nothing shown to take
    assert hear_acts(replace(heard(said), encoded=UNREAD)) == ()
    strange = replace(heard(said).encoded, encoder="another")
    assert hear_acts(replace(heard(said), encoded=strange)) == ()  # vectors it was not fitted to
    amount = find_bounds(Message.read("under 40 dollars"))
    assert amount != ()
    assert hear_acts(replace(heard(said), bounds=amount)) == ()  # a wish was heard


def test_stating_a_wish_is_no_act_of_its_own() -> None:
    assert UserAct.INFORM not in TRUSTED
    assert hear_acts(heard("i was after a red woollen scarf below 30 dollars")) == ()


def test_a_message_is_encoded_once_with_its_phrases() -> None:
    calls: list[list[str]] = []

    class Counting:
        id, dim = "counting", 384

        def encode(self, texts: list[str], kind: str = "query") -> object:
            calls.append(list(texts))
            return encoder().encode(texts)

        def reads(self, text: str) -> bool:
            return text.isascii()

    counting = cast(PackagedEncoder, Counting())
    found = encode("a b", ("a", "b", "a"), counting)
    assert (calls, sorted(found.vectors)) == ([["a b", "a", "b"]], ["a", "a b", "b"])
    assert encode("你好", (), counting) == Encoded()
    assert len(calls) == 1
