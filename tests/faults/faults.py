"""The ways in which a model server goes wrong, by name. Each is done to one kind of call; the other is answered well.

Whatever a broken server says of itself holds the word LEAK, so that a test can tell when it reaches a shopper.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from tests.faults.shopper import offered, ranked, read
from tests.llm.fake_server import DONE, HEAD, Handler, Served, answers, drips, event, resets_after, sends

LEAK = "Zorkmid"
Stage = Literal["track", "rank"]
Comes = Literal["nothing", "some", "all", "maybe"]
Spoiled = Callable[[str, str], Handler]
"""(prompt, the good answer) -> how the call is answered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`track`, `rank`: what is left of an answer that is spoiled so: nothing that could be used, some of it (and the
    turn says so), all, or maybe something. `slow`: it takes all the time that it is given."""

    spoil: Spoiled
    track: Comes = "nothing"
    rank: Comes = "nothing"
    slow: bool = False


def spoiling(fault: Fault, stage: Stage) -> Handler:
    """A server that does this to calls of one stage and answers the others well."""

    def handler(caller: socket.socket, served: Served) -> None:
        kind, prompt, best = _asked(served)
        answer = fault.spoil(prompt, best) if kind == stage else answers(best)
        answer(caller, served)

    return handler


def good(caller: socket.socket, served: Served) -> None:
    """A server that answers every call well."""
    _, _, best = _asked(served)
    answers(best)(caller, served)


def _asked(served: Served) -> tuple[Stage, str, str]:
    """Which call this is, its prompt, and the good answer."""
    asked = served.request
    prompt = asked["messages"][-1]["content"]
    return ("track", prompt, read(prompt)) if "response_format" in asked else ("rank", prompt, ranked(prompt))


def _always(handler: Handler) -> Spoiled:
    return lambda prompt, good: handler


def _says(what: Callable[[str, str], str]) -> Spoiled:
    """Another text, sent as well as any."""
    return lambda prompt, good: answers(what(prompt, good))


def _is_ranking(good: str) -> bool:
    return good.startswith("[")


def _never_answers(caller: socket.socket, served: Served) -> None:
    caller.settimeout(60)
    while caller.recv(65536):  # until the caller has had enough
        pass


def _head_then_silence(caller: socket.socket, served: Served) -> None:
    caller.sendall(HEAD)
    _never_answers(caller, served)


def _first_token_late(prompt: str, good: str) -> Handler:
    def handler(caller: socket.socket, served: Served) -> None:
        caller.sendall(HEAD)
        caller.settimeout(30)
        with suppress(TimeoutError):
            caller.recv(1)  # the caller had enough
            return
        answers(good)(caller, served)

    return handler


def _resets(prompt: str, good: str) -> Handler:
    return resets_after(HEAD, event(None), event(good[: len(good) // 2]))


def _cut(prompt: str, good: str) -> Handler:
    return sends(HEAD, event(None), event(good[: len(good) // 2]), event("", "length"), DONE)


def _blanks(prompt: str, good: str) -> Handler:
    return sends(HEAD, event(None), *(event(" " * 1000) for _ in range(250)), event("", "length"), DONE)


def _wrong_schema(prompt: str, good: str) -> str:
    wrong = {"intent": LEAK, "slots": [{"name": LEAK, "value": None}], "acts": {"inform": 1}, "needs": "none"}
    return json.dumps([{"name": LEAK}, None, 7.5] if _is_ranking(good) else wrong)


def _not_a_number(prompt: str, good: str) -> str:
    if _is_ranking(good):
        return f"[NaN] {LEAK}\n[Infinity] {LEAK}\n[-1] {LEAK}\n"
    return (
        '{"acts": ["inform"], "needs": [{"need": NaN, "must": ["price <= NaN", "price >= -Infinity"]}], "items": [NaN]}'
    )


def _out_of_range(prompt: str, good: str) -> str:
    if _is_ranking(good):
        most = max(offered(prompt), default=0)
        return f"[{most + 1}] {LEAK}\n[0] {LEAK}\n[999999] {LEAK}\n" + good
    return json.dumps({**json.loads(good), "items": [99, 0, -3], "drop": ["w99"]})


def _elsewhere(prompt: str, good: str) -> str:
    """What a model says that takes us for another shop."""
    if _is_ranking(good):
        return "".join(
            f"[{n}] The {LEAK} X{n} costs only 19.99 EUR at {LEAK}Mart with free delivery, see https://{LEAK}.example/x\n"
            for n in offered(prompt)[:5]
        )
    wishes = [f"department = {LEAK}", f"brand = {LEAK}", f"loyalty_points >= 500 {LEAK}", "price <= 1 XAU"]
    needs = [{"need": 1, "query": f"{LEAK} caviar", "must": wishes, "ideal": [f"A tin of {LEAK} caviar, 50 g"]}]
    return json.dumps({"acts": ["inform"], "needs": needs, "ask": [f"values {LEAK}"]})


def _prose(prompt: str, good: str) -> str:
    return f"Sure! Here is what I came up with ({LEAK}):\n\n{good}\n\nLet me know if you need anything else ({LEAK})."


def _error_for_an_answer(prompt: str, good: str) -> str:
    """What some servers and proxies send as an answer like any other, with status 200."""
    if _is_ranking(good):
        return f"Error: {LEAK} CUDA out of memory in worker [2], requests 7, 3, 5\n  at rank 1 of 8\nRetry in 3600 s."
    return json.dumps({"error": {"message": f"{LEAK}: CUDA out of memory", "type": LEAK, "code": 7}})


def _thinks(prompt: str, good: str) -> str:
    return f"<think>\nThe {LEAK} user wants something. [3] would be {LEAK}, or {{}}.\n</think>\n\n{good}"


def _every_other() -> Spoiled:
    count = iter(range(10**9))
    return lambda prompt, good: _problem("500 Internal Server Error") if next(count) % 2 == 0 else answers(good)


def _problem(line: str, *headers: str) -> Handler:
    body = json.dumps({"error": {"message": f"{LEAK}: CUDA out of memory", "type": LEAK, "code": 7}}).encode()
    fields = ["Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return sends("\r\n".join([f"HTTP/1.1 {line}", *fields, "", ""]).encode() + body)


FAULTS: Mapping[str, Fault] = {
    "never answers": Fault(_always(_never_answers), slow=True),
    "headers, then silence": Fault(_always(_head_then_silence), slow=True),
    "first token after 30 s": Fault(_first_token_late, slow=True),
    "one byte a second for ever": Fault(_always(drips(b"d", 1.0)), slow=True),
    "reset in mid-line": Fault(_resets, rank="some"),
    "cut at max tokens": Fault(_cut, track="maybe", rank="maybe"),
    "250,000 blanks": Fault(_blanks),
    "wrong schema": Fault(_says(_wrong_schema)),
    "NaN": Fault(_says(_not_a_number), track="maybe"),
    "index out of range": Fault(_says(_out_of_range), track="all", rank="all"),
    "prose around the lines": Fault(_says(_prose), track="all", rank="all"),
    "code fence": Fault(_says(lambda prompt, good: f"```json\n{good}\n```\n"), track="all", rank="all"),
    "<think> block": Fault(_says(_thinks), track="all", rank="all"),
    "429 with Retry-After 3600": Fault(_always(_problem("429 Too Many Requests", "Retry-After: 3600"))),
    "an error for an answer": Fault(_says(_error_for_an_answer)),
    "500 and 200 by turns": Fault(_every_other(), track="maybe", rank="maybe"),
    "404 for the model name": Fault(_always(_problem("404 Not Found"))),
    "another shop's answer": Fault(_says(_elsewhere), track="maybe", rank="maybe"),
}
