"""A model behind an OpenAI-compatible endpoint (vLLM and its like), streamed under deadlines.

Uses httpcore, the transport under httpx, because there a read can be made to wake: a blocked read cannot be closed
from another thread, so every read returns at least twice a second to see whether it is cancelled or too late. One
connection a call: closing the generator closes it, and the server stops generating.

Knows nothing of prompts' meaning, of fallbacks, or of when a model is worth asking.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpcore

from errors import LLMUnavailable
from llm.types import Call
from prompts.types import Rendered

LINE_LIMIT = 1_000_000  # bytes of one event; more is no model's answer
CHARACTERS_A_TOKEN = 40  # a generous bound on what max_tokens can come to


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: to connect, to the first words, between words, for the whole answer; and how often a read wakes."""

    connect: float = 1.0
    first: float = 3.0
    gap: float = 2.0
    total: float = 5.5
    wake: float = 0.25


class _Cancelled(Exception):
    """The caller wants no more."""


@dataclass(slots=True)
class _Watch:
    """The clock of one call. Only words count as progress: bytes, blanks and the caller's own time do not."""

    deadlines: Deadlines
    call: Call
    started: float = field(default_factory=time.monotonic)
    words_at: float | None = None

    def check(self) -> None:
        """Raises when the call is cancelled or too late."""
        if self.call.cancel.is_set():
            raise _Cancelled
        now, limits = time.monotonic(), self.deadlines
        if now > self.call.deadline:
            raise LLMUnavailable("the model took longer than the turn had left")
        if now - self.started > limits.total:
            raise LLMUnavailable(f"the model did not finish within {limits.total:g} s")
        if self.words_at is None and now - self.started > limits.first:
            raise LLMUnavailable(f"the model said nothing within {limits.first:g} s")
        if self.words_at is not None and now - self.words_at > limits.gap:
            raise LLMUnavailable(f"the model fell silent for {limits.gap:g} s")

    def words(self) -> None:
        self.words_at = time.monotonic()


class _WakingStream(httpcore.NetworkStream):
    """A connection whose reads wake to look at the watch."""

    def __init__(self, inner: httpcore.NetworkStream, watch: _Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            self._watch.check()
            try:
                return self._inner.read(max_bytes, timeout=self._watch.deadlines.wake)
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._watch.check()
        self._inner.write(buffer, timeout=self._watch.deadlines.connect)

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._watch.deadlines.connect)
        return _WakingStream(secured, self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _WakingBackend(httpcore.NetworkBackend):
    """Connects within the deadline, once more where the first try is refused."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limit = self._watch.deadlines.connect
        try:
            stream = self._plain.connect_tcp(host, port, limit, local_address, socket_options)
        except httpcore.ConnectError:
            self._watch.check()
            stream = self._plain.connect_tcp(host, port, limit, local_address, socket_options)
        return _WakingStream(stream, self._watch)


class VLLM:
    """One model at one endpoint. `url` ends in /v1; `key` goes as a bearer token where the endpoint wants one."""

    def __init__(self, url: str, model: str, key: str | None = None, deadlines: Deadlines | None = None) -> None:
        self.model = model
        self._url = url.rstrip("/") + "/chat/completions"
        self._headers = [("Content-Type", "application/json"), ("Accept", "text/event-stream")]
        self._headers += [("Authorization", f"Bearer {key}")] if key else []
        self._deadlines = deadlines or Deadlines()

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The answer as it is made. LLMUnavailable says in one sentence why there is none, or no more of it."""
        watch = _Watch(self._deadlines, call)
        try:
            with (
                httpcore.ConnectionPool(network_backend=_WakingBackend(watch), max_connections=1) as pool,
                pool.stream("POST", self._url, headers=self._headers, content=self._body(rendered)) as response,
            ):
                _accept(response)
                yield from _within(_pieces(_events(response.iter_stream())), watch, rendered.max_tokens)
        except _Cancelled:
            return
        except (httpcore.TimeoutException, httpcore.NetworkError) as trouble:
            raise LLMUnavailable(f"no model server answers at {self._url}: {trouble}") from trouble
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as trouble:
            raise LLMUnavailable(f"the model's answer broke off: {trouble}") from trouble

    def _body(self, rendered: Rendered) -> bytes:
        body: dict[str, object] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in rendered.messages],
            "max_tokens": rendered.max_tokens,
            "temperature": rendered.temperature,
            "stream": True,
        }
        if rendered.schema is not None:
            schema = {"name": rendered.name, "schema": rendered.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return json.dumps(body).encode()


def _accept(response: httpcore.Response) -> None:
    """Whatever is not an event stream is an error, and an error's text is never an answer."""
    if response.status != 200:
        raise LLMUnavailable(f"the model server answered with status {response.status}")
    kind = next((value for name, value in response.headers if name.lower() == b"content-type"), b"")
    if not kind.startswith(b"text/event-stream"):
        raise LLMUnavailable("the model server did not answer with a stream")


def _events(chunks: Iterable[bytes]) -> Iterator[str]:
    """The data of each server-sent event, [DONE] left out. LLMUnavailable when the stream ends without it."""
    waiting = b""
    for chunk in chunks:
        waiting += chunk
        *lines, waiting = waiting.split(b"\n")
        if len(waiting) > LINE_LIMIT:
            raise LLMUnavailable("the model server sends no lines")
        for line in lines:
            name, _, data = line.strip().partition(b":")
            if name != b"data":
                continue
            if data.strip() == b"[DONE]":
                return
            yield data.decode("utf-8", "replace")
    raise LLMUnavailable("the model's answer broke off")


def _pieces(events: Iterable[str]) -> Iterator[str]:
    """The words in each event. LLMUnavailable for an error event or one of another shape."""
    for event in events:
        try:
            data = json.loads(event)
            choices = data["choices"]
            piece = choices[0]["delta"].get("content") if choices else None
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as trouble:
            raise LLMUnavailable("the model server sent something that is no answer") from trouble
        if isinstance(piece, str) and piece:
            yield piece


def _within(pieces: Iterable[str], watch: _Watch, max_tokens: int) -> Iterator[str]:
    """Pieces while there is time and sense: a flood of text is cut off, the caller's own time does not count."""
    room = max_tokens * CHARACTERS_A_TOKEN
    for piece in pieces:
        watch.check()
        if len(piece) > room:
            raise LLMUnavailable("the model's answer does not end")
        room -= len(piece)
        if piece.strip():
            watch.words()
        handed = time.monotonic()
        yield piece
        away = time.monotonic() - handed
        watch.started += away
        watch.words_at = watch.words_at + away if watch.words_at is not None else None
