"""The scripted model behind an OpenAI-compatible endpoint of fixed speed, in a process of its own.

A request waits `first` seconds for its first token, and `prefill` seconds more for each token of the prompt that the
prefix cache does not hold; then tokens come `speed` a second, to however many at once. Knows nothing of who asks.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.model.answers import Answers, Said, Says
from bench.model.tokens import Counter, PrefixCache

MODEL = "scripted"


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds to the first token, seconds more for each prompt token read, tokens a second afterwards."""

    first: float = 0.15
    prefill: float = 0.0
    tokens: float = 80.0


@dataclass(frozen=True, slots=True)
class Serving:
    """What the process is told."""

    speed: Speed = Speed()
    says: Says = "sense"
    said: tuple[Said, ...] = ()
    tokenizer: Path | None = None


@contextmanager
def serving(options: Serving) -> Iterator[str]:
    """The address of a server that runs meanwhile, as `--llm` wants it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(options, theirs), daemon=True)
    process.start()
    theirs.close()  # a child that dies before it listens ends the wait for its port
    try:
        yield f"vllm:http://127.0.0.1:{ours.recv()}/v1#{MODEL}"
    finally:
        process.terminate()
        process.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, options: Serving) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.speed = options.speed
        self.answers = Answers(options.says, options.said)
        self.counter = Counter(options.tokenizer)
        self.cache = PrefixCache()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        begun = time.monotonic()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages = [(m["role"], m["content"]) for m in body["messages"]]
        prompt = self.server.counter.prompt(messages)
        cached = self.server.cache.read(prompt)
        shape = body.get("response_format", {}).get("json_schema", {}).get("schema")
        pieces = self.server.counter.pieces(self.server.answers.to(messages[-1][1], shape))[: body["max_tokens"]]
        every = body.get("stream_options", {}).get("continuous_usage_stats", False)
        speed = self.server.speed
        begun += speed.first + speed.prefill * (len(prompt) - cached)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for number, piece in enumerate(pieces):
                time.sleep(max(0.0, begun + number / speed.tokens - time.monotonic()))
                told = _usage(len(prompt), cached, number + 1) if every else {}
                self._send({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} | told)
            self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self._send({"choices": []} | _usage(len(prompt), cached, len(pieces)))
            self.wfile.write(b"data: [DONE]\n\n")
        except ConnectionError:
            self.close_connection = True  # who asked has read enough

    def _send(self, event: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Requests are counted by who makes them."""


def _usage(prompt: int, cached: int, completion: int) -> dict[str, Any]:
    details = {"prompt_tokens_details": {"cached_tokens": cached}}
    counted = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {"usage": counted | details}


def _serve(options: Serving, told: Connection) -> None:
    server = _Server(options)
    told.send(server.server_port)
    server.serve_forever()
