"""Dialogues that clients keep: found again where they were answered here, replayed where not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot.asking import Model
from chatbot.types import DialogueState
from chatbot.web.open.replay import Message, Replay, after
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
    return replay.state(assistant, said, "en", Call())[0]


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
    keys = {replay.state(assistant, said, language, Call())[1] for language in ("en", "zh")}
    assistant.catalog.generation = "g2"
    keys.add(replay.state(assistant, said, "en", Call())[1])
    keys.add(replay.state(assistant, [said[0], Message("assistant", "There.")], "en", Call())[1])
    assert len(keys) == 4
    assert assistant.heard == ["under 30"] * 4


def test_a_key_tells_roles_and_borders_apart() -> None:
    a = after(after(b"", Message("user", "x")), Message("assistant", "y"))
    b = after(after(b"", Message("user", "xassistant")), Message("user", "y"))
    assert a != b
