"""Whatever bytes a server sends: an answer or LLMUnavailable, nothing else, and the same wherever they are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import LLMUnavailable
from llm import Call, complete
from llm.answer import Piece
from llm.events import pieces
from llm.types import Usage
from llm.vllm import VLLM
from prompts import Message, Rendered
from tests.llm.fake_server import DONE, HEAD, event, said

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["\ud800", "\x1b[1m"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "usage", "finish_reason", "prompt_tokens"]), inner
        )
    ),
    max_leaves=8,
)
EVENTS = JSON.map(said) | st.sampled_from(
    [DONE, event("a"), event("\ud83d\x00"), event("灰", "stop"), event(None), b": hi\n", b"data:\n", b"\r\n"]
)
STREAMS = st.lists(EVENTS | st.binary(max_size=8), max_size=8).map(b"".join)


def read(chunks: Iterable[bytes]) -> list[Piece] | str:
    try:
        return list(pieces(chunks))
    except LLMUnavailable as trouble:
        return str(trouble)


def cut(whole: bytes, data: st.DataObject) -> list[bytes]:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    return [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


@settings(max_examples=150)
@given(STREAMS, st.data())
def test_any_stream_is_read_or_refused_and_cut_anywhere_it_is_the_same(whole: bytes, data: st.DataObject) -> None:
    assert read(cut(whole, data)) == read([whole])


def test_what_a_stream_says() -> None:
    counted = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 8}}
    whole = event(None) + event("a\r\nb") + b"event: x\r\ndata:" + event("c", "length", counted)[5:] + DONE + event("d")
    assert read([whole]) == [Piece(), Piece("a\r\nb"), Piece("c", Usage(9, 8, 2), "length")]


@pytest.mark.parametrize("count", [-1, 0, 1.5, True, "9", None, 10**400])
def test_what_is_no_count_of_tokens_counts_nothing(count: object) -> None:
    assert read([event("a", "stop", {"prompt_tokens": count}) + DONE]) == [Piece("a", Usage(), "stop")]


class Wire(httpcore.NetworkStream):
    """A connection that takes whatever is written and gives these bytes."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = [part for part in parts if part]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._parts.pop(0) if self._parts else b""

    def get_extra_info(self, info: str) -> Any:
        return self if info == "socket" else None

    def settimeout(self, seconds: float) -> None:
        """As a socket has it."""

    def send(self, sent: bytes) -> int:
        return len(sent)

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[bytes]], None]:
    def answer(parts: list[bytes]) -> None:
        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *_: Wire(parts))

    return answer


RESPONSES = st.one_of(
    st.binary(max_size=60),
    STREAMS.map(lambda body: HEAD + body),
    st.tuples(st.sampled_from([b"200", b"204", b"101", b"304", b"999", b"x"]), st.binary(max_size=30)).map(
        lambda given: b"HTTP/1.1 " + given[0] + b" OK\r\nContent-Type: text/event-stream\r\n" + given[1] + b"\r\n\r\n"
    ),
    st.tuples(st.binary(max_size=6), STREAMS).map(
        lambda given: HEAD.replace(b"close", b"close\r\nTransfer-Encoding: chunked") + given[0] + b"\r\n" + given[1]
    ),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=RESPONSES, data=st.data())
def test_any_answer_over_the_wire_is_text_or_one_error(
    wire: Callable[[list[bytes]], None], whole: bytes, data: st.DataObject
) -> None:
    asked = Rendered("rank@1", (Message("user", "?"),), 20, schema=data.draw(st.none() | st.just({"type": "object"})))
    wire(cut(whole, data))
    troubles: list[str] = []
    try:
        answer = complete(VLLM("http://127.0.0.1:9/v1", data.draw(st.sampled_from(["", "m"]))), asked, Call())
    except LLMUnavailable as trouble:
        troubles.append(str(trouble))
    else:
        assert answer.encode().decode() == answer  # text that can be stored
    assert not [trouble for trouble in troubles if "\n" in trouble]
