"""How soon a model's server that was down is asked again after its return, and how fast turns do without it meanwhile.

Breaker, deadlines and pauses as they are in service, over real HTTP; several servers at once, each down for another
time, so that their return meets the probes at every phase.
"""

from __future__ import annotations

import argparse
import logging
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event

from bench.common import report
from errors import LLMUnavailable
from llm import complete
from llm.guarded import Guarded
from llm.vllm import VLLM
from prompts import Message, Rendered
from tests.llm.fake_server import Handler, Served, answers, resets_after, server, status, stays_silent_after

ASKED = Rendered("rank@1", (Message("user", "?"),), max_tokens=20)
DOWN: Mapping[str, Handler | None] = {
    "refused": None,
    "silent": stays_silent_after(),
    "429, Retry-After 3600": status("429 Too Many Requests"),
    "500": status("500 Internal Server Error"),
    "reset": resets_after(),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """Seconds from the server's return to the first answer; the slowest call while the breaker was open."""

    back: float
    refused: float


@contextmanager
def coming_back(down: Handler | None, back: Event) -> Iterator[int]:
    """The port of a server that is down in this way until `back`."""
    good = answers("ok")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if down is None:
        yield port
        return

    def handler(caller: socket.socket, served: Served) -> None:
        (good if back.is_set() else down)(caller, served)

    with server(handler, port):
        yield port


def trial(name: str, seconds: float) -> Trial:
    """One server, down for so many seconds after the breaker opened."""
    back, slowest = Event(), 0.0
    with coming_back(DOWN[name], back) as port:
        guard = Guarded(VLLM(f"http://127.0.0.1:{port}/v1", "m"))
        while guard.health.state == "closed":
            _asked(guard)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            started = time.perf_counter()
            if not _asked(guard):
                slowest = max(slowest, time.perf_counter() - started)
            time.sleep(0.05)
        back.set()
        with server(answers("ok"), port) if DOWN[name] is None else nullcontext():
            returned = time.monotonic()
            while not _asked(guard):
                time.sleep(0.02)
            took = time.monotonic() - returned
        guard.close()
    return Trial(took, slowest)


def _asked(guard: Guarded) -> bool:
    try:
        return complete(guard, ASKED) == "ok"
    except LLMUnavailable:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=12, help="servers a way of being down")
    options = parser.parse_args()
    logging.disable()  # every breaker tells that it opens and closes
    figures: dict[str, object] = {}
    spread = [8 + 12 * n / options.trials for n in range(options.trials)]
    with ThreadPoolExecutor(len(DOWN) * options.trials) as pool:
        running = {name: [pool.submit(trial, name, seconds) for seconds in spread] for name in DOWN}
        for name, trials in running.items():
            done = [each.result() for each in trials]
            back = sorted(each.back for each in done)
            figures[name] = {
                "median_s": round(back[len(back) // 2], 2),
                "most_s": round(back[-1], 2),
                "slowest_without_ms": round(1000 * max(each.refused for each in done), 1),
            }
            print(f"{name:24}{figures[name]}")
    report("recovery", f"{options.trials} servers a way of being down", None, figures)


if __name__ == "__main__":
    main()
