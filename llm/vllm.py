"""A model behind an OpenAI-compatible endpoint (vLLM and its like), streamed under deadlines.

Uses httpcore, the transport under httpx, because there a read can be made to wake: a blocked read cannot be closed
from another thread, so every wait returns at least twice a second to see whether it is cancelled or too late. One
connection a call: closing the generator closes it, and the server stops generating. No redirect is followed, nothing is
unpacked, and neither the key nor a server's own words get into an error.

Knows nothing of prompts' meaning, of fallbacks, or of when a model is worth asking.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

import httpcore

from errors import BadSpec, LLMUnavailable
from llm.answer import words
from llm.events import LINE_LIMIT, pieces
from llm.transport import Names, WakingBackend
from llm.types import Call
from llm.watch import Cancelled, Deadlines, Watch
from prompts.types import Rendered

REFUSED_SO = (400, 422)  # what servers answer to a field that they do not know
UNKNOWN_MODEL = 404
HINTS = {
    401: ": is AISLE_LLM_KEY right?",
    403: ": is AISLE_LLM_KEY right?",
    404: ": does the address end in /v1, and is the model called so there?",
    429: ": it is asked more than it allows",
}

WAYS: tuple[Mapping[str, object], ...] = (
    {
        "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        "chat_template_kwargs": {"enable_thinking": False},
    },
    {"stream_options": {"include_usage": True}},
    {},
)
"""What is asked for beyond the common fields, best first: as vLLM has it (tokens counted along, no thinking aloud), as
OpenAI has it, and nothing (no schema either). A server that refuses one is asked the next way, and keeps to it."""


class VLLM:
    """One model at one endpoint. `url` ends in /v1; `key` goes as a bearer token where the endpoint wants one.

    `model` may be empty where the endpoint serves one model only: it is asked for its name once. BadSpec for a key
    that no header can carry.
    """

    def __init__(self, url: str, model: str = "", key: str | None = None, deadlines: Deadlines | None = None) -> None:
        if key and not (key.isascii() and key.isprintable() and key == key.strip()):
            raise BadSpec("the model's key (AISLE_LLM_KEY) holds characters that no HTTP header can carry")
        self.model = model
        self._named = bool(model)
        self._url = url.rstrip("/")
        self._headers = [("Accept-Encoding", "identity"), ("User-Agent", "aisle")]
        self._headers += [("Authorization", f"Bearer {key}")] if key else []
        self._deadlines = deadlines or Deadlines()
        self._names = Names()
        self._way: dict[bool, int] = {}  # with a schema, without one -> the way that this server takes

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The answer as it is made. LLMUnavailable says in one sentence why there is none, or no more of it."""
        watch = Watch(self._deadlines, call)
        try:
            if not self.model:
                self.model = self._only_model(watch)
            with self._answer(rendered, watch) as chunks:
                yield from words(pieces(chunks), watch, rendered.max_tokens)
        except Cancelled:
            return
        except (httpcore.TimeoutException, httpcore.NetworkError) as trouble:
            raise LLMUnavailable(f"no model server answers at {self._url}: {trouble or 'too slow'}") from trouble
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as trouble:  # its words may quote the server's
            raise LLMUnavailable("the model's answer broke off or is no HTTP") from trouble

    @contextmanager
    def _answer(self, rendered: Rendered, watch: Watch) -> Iterator[Iterable[bytes]]:
        """The server's stream, asked for in the best way that it takes."""
        wishes = rendered.schema is not None
        known = self._way.get(wishes)
        for way in range(len(WAYS)) if known is None else (known,):
            with self._ask("POST", "/chat/completions", watch, self._body(rendered, way)) as response:
                if response.status in REFUSED_SO and known is None and way + 1 < len(WAYS):
                    continue
                if response.status == UNKNOWN_MODEL and not self._named:
                    self.model = ""  # another model is served by now
                _accept(response, b"text/event-stream")
                self._way[wishes] = way
                yield response.iter_stream()
                return

    def _body(self, rendered: Rendered, way: int) -> bytes:
        body: dict[str, object] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in rendered.messages],
            "max_tokens": rendered.max_tokens,
            "temperature": rendered.temperature,
            "stream": True,
            **WAYS[way],
        }
        if rendered.schema is not None and WAYS[way]:
            schema = {"name": rendered.name, "schema": rendered.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return json.dumps(body).encode()

    def _only_model(self, watch: Watch) -> str:
        """The name of the one model that the endpoint serves. LLMUnavailable when it is not one."""
        with self._ask("GET", "/models", watch) as response:
            _accept(response, b"application/json")
            told = b""
            for chunk in response.iter_stream():
                told += chunk
                if len(told) > LINE_LIMIT:
                    break
        try:
            names = [str(model["id"]) for model in json.loads(told)["data"]]
        except (ValueError, KeyError, TypeError, RecursionError) as trouble:
            raise LLMUnavailable("the model server does not say which models it serves") from trouble
        if len(names) != 1:
            raise LLMUnavailable(f"the endpoint serves {len(names)} models: name one, as in {self._url}#MODEL")
        return names[0]

    @contextmanager
    def _ask(self, method: str, path: str, watch: Watch, content: bytes | None = None) -> Iterator[httpcore.Response]:
        headers = [*self._headers, ("Content-Type", "application/json")] if content else self._headers
        tls = self._tls if self._url.startswith("https:") else None
        with (
            httpcore.ConnectionPool(tls, network_backend=WakingBackend(watch, self._names)) as pool,
            pool.stream(method, self._url + path, headers=headers, content=content) as response,
        ):
            yield response

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpcore.default_ssl_context()  # reads every root certificate: once


def _accept(response: httpcore.Response, kind: bytes) -> None:
    """Whatever is not what was asked for is an error, and an error's text is never an answer. A server's Retry-After is
    not waited for: whoever guards the model asks again in time."""
    if response.status != 200:
        raise LLMUnavailable(f"the model server answered with status {response.status}{HINTS.get(response.status, '')}")
    headers = {name.lower(): value.strip().lower() for name, value in response.headers}
    if not headers.get(b"content-type", b"").startswith(kind):
        raise LLMUnavailable("the model server did not answer with " + ("a stream" if b"event" in kind else "JSON"))
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise LLMUnavailable("the model server packed its answer, which it was asked not to do")
