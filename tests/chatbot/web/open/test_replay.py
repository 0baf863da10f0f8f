"""Dialogues that clients keep: found again where they were answered here, replayed where not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.asking import Model
from chatbot.types import DialogueState
from chatbot.web.limits import Buckets
from chatbot.web.open.replay import Message, Replay, after
from chatbot.web.open.toll import AT_ONCE_S, Toll
from chatbot.web.problems import Problem
from llm.types import Call
from tests.chatbot.web.fakes import FakeAssistant


class Embedded(FakeAssistant):
    """One that is the same without a model."""

    def refreshed(self) -> Embedded:
        return self

    def with_model(self, model: Model | None) -> Embedded:
        return self


words = st.sampled_from(["under 30", "black", "under 25", "others"])
messages = st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), words), max_size=6)


def _state(replay: Replay, assistant: FakeAssistant, said: list[Message]) -> DialogueState:
    return replay.state(assistant, said, "en", Call(), free)[0]


def free() -> None:
    """What it costs where nothing is asked for."""


@given(said=messages, most=st.integers(1, 8))
def test_the_same_messages_give_the_same_state_however_much_is_remembered(said: list[Message], most: int) -> None:
    replay = Replay(most)
    fresh = _state(Replay(), Embedded(), said)
    for length in range(len(said) + 1):
        _state(replay, Embedded(), said[:length])
    assert _state(replay, Embedded(), said) == fresh
    assert len(replay._states) <= most


def test_only_what_is_new_is_replayed() -> None:
    replay, assistant = Replay(), Embedded()
    said = [Message("user", "under 30"), Message("assistant", "Here."), Message("user", "black")]
    _state(replay, assistant, said)
    _state(replay, assistant, said)
    _state(replay, assistant, [*said, Message("user", "others")])
    assert assistant.heard == ["under 30", "black", "others"]


def test_another_catalogue_another_language_and_another_answer_are_other_dialogues() -> None:
    replay, assistant = Replay(), Embedded()
    said = [Message("user", "under 30"), Message("assistant", "Here.")]
    keys = {replay.state(assistant, said, language, Call(), free)[1] for language in ("en", "zh")}
    assistant.catalog.generation = "g2"
    keys.add(replay.state(assistant, said, "en", Call(), free)[1])
    keys.add(replay.state(assistant, [said[0], Message("assistant", "There.")], "en", Call(), free)[1])
    assert len(keys) == 4
    assert assistant.heard == ["under 30"] * 4


def test_a_key_tells_roles_and_borders_apart() -> None:
    a = after(after(b"", Message("user", "x")), Message("assistant", "y"))
    b = after(after(b"", Message("user", "xassistant")), Message("user", "y"))
    assert a != b


def test_a_replay_that_is_cut_short_goes_on_from_there() -> None:
    replay, assistant = Replay(), Embedded()
    said = [Message("user", "under 30"), Message("assistant", "Here."), Message("user", "black"), Message("user", "ok")]
    for _ in range(2):
        with pytest.raises(Cut):
            replay.state(assistant, said, "en", Call(), Purse(1))
    state, key = replay.state(assistant, said, "en", Call(), Purse(1))
    assert assistant.heard == ["under 30", "black", "ok"]
    assert (state, key) == Replay().state(Embedded(), said, "en", Call(), free)


class Cut(Exception):
    pass


class Purse:
    """Pays for so many messages."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        if not self.left:
            raise Cut
        self.left -= 1


def test_messages_replayed_are_paid_for_as_if_each_had_been_sent_and_take_so_long_at_once() -> None:
    now = 100.0
    buckets = Buckets(60, 3, lambda: now)
    pay = Toll(buckets, "192.0.2.1", lambda: now)
    for _ in range(3):
        pay()
    with pytest.raises(Problem) as refused:
        pay()
    assert (refused.value.status_code, refused.value.headers) == (429, {"Retry-After": "1"})
    now += AT_ONCE_S
    with pytest.raises(Problem) as refused:
        pay()
    assert (refused.value.status_code, refused.value.headers) == (503, {"Retry-After": "1"})
    Toll(buckets, "192.0.2.1", lambda: now)()  # another request begins anew
