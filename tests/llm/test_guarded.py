"""A model behind its guard: at once without it while it is down, few at a time while it is busy, back when it is back."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from errors import LLMUnavailable
from llm import Call, complete
from llm.breaker import Patience
from llm.guarded import PROBE, Guarded, Health
from llm.limits import Limits
from llm.scripted import ScriptedLLM
from llm.vllm import VLLM
from llm.watch import Deadlines
from prompts import Message, Rendered
from tests.llm.fake_server import DONE, HEAD, Handler, answers, event, sends, server, status, stays_silent_after

ASKED = Rendered("rank@1", (Message("user", "?"),), max_tokens=20)
FAST = Deadlines(connect=0.1, first=0.3, gap=0.2, total=0.55, wake=0.02)
SOON = Patience(pause=0.2, longest=0.6, probe=0.3)
DOWN = LLMUnavailable("down")


class Model:
    """Says what it is told to; `go` holds it, `now` and `most` count the answers in the making."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.asked: list[Rendered] = []
        self.trouble: Exception | None = None
        self.now = self.most = 0
        self._lock = threading.Lock()

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        with self._lock:
            self.asked.append(rendered)
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            yield "a"
            self.go.wait(5)
            if self.trouble:
                raise self.trouble
            yield "b"
        finally:
            with self._lock:
                self.now -= 1


@contextmanager
def guarded(
    model: Model | VLLM | ScriptedLLM, limits: Limits | None = None, patience: Patience = SOON
) -> Iterator[Guarded]:
    guard = Guarded(model, limits, patience)
    yield guard
    guard.close()


def fails(guard: Guarded, times: int = 3) -> None:
    for _ in range(times):
        with pytest.raises(LLMUnavailable, match="down"):
            complete(guard, ASKED)


def test_a_model_that_does_well_is_heard_and_left_alone() -> None:
    with guarded(Model()) as guard:
        assert [complete(guard, ASKED) for _ in range(5)] == ["ab"] * 5
        assert guard.health == Health("closed", 0, 0, 0, "")


def test_a_model_that_fails_is_not_asked_until_it_answers_a_probe() -> None:
    model = Model()
    model.trouble = DOWN
    with guarded(model) as guard:
        fails(guard)
        assert guard.health == Health("open", 0, 0, 3, "down")
        with pytest.raises(LLMUnavailable, match="not asked for a while"):
            complete(guard, ASKED)
        assert model.asked == [ASKED] * 3
        model.trouble = None
        time.sleep(0.5)  # nobody talks
        assert model.asked[3:] == [PROBE]
        assert guard.health.state == "closed"
        assert complete(guard, ASKED) == "ab"
        assert guard.health == Health("closed", 0, 0, 0, "")


@pytest.mark.parametrize("end", ["read", "closed", "forgotten", "raised", "cancelled", "not begun", "bug"])
def test_a_place_is_given_back_however_an_answer_ends(end: str) -> None:
    model, call = Model(), Call()
    with guarded(model, Limits(running=1)) as guard:
        stream = guard.stream(ASKED, call)
        if end != "not begun":
            assert next(stream) == "a"
            assert guard.health.running == 1
        if end == "closed":
            stream.close()
        elif end == "cancelled":
            call.cancel.set()
            stream.close()
        elif end in ("raised", "bug"):
            model.trouble = DOWN if end == "raised" else ValueError("a bug")
            with pytest.raises(type(model.trouble)):
                next(stream)
        elif end == "read":
            assert list(stream) == ["b"]
        del stream
        gc.collect()
        assert (guard.health.running, model.now) == (0, 0)


def test_who_is_refused_for_a_full_house_does_not_make_the_model_seem_down() -> None:
    model = Model()
    with guarded(model, Limits(running=1, waiting=0)) as guard:
        stream = guard.stream(ASKED, Call())
        next(stream)
        for _ in range(5):
            with pytest.raises(LLMUnavailable, match="busy"):
                complete(guard, ASKED)
        assert guard.health == Health("closed", 1, 0, 0, "")
        assert list(stream) == ["b"]


def test_who_leaves_does_not_make_the_model_seem_down_or_up() -> None:
    with server(stays_silent_after()) as (url, _), guarded(VLLM(url, "m", deadlines=FAST)) as guard:
        for _ in range(2):
            with pytest.raises(LLMUnavailable, match="said nothing"):
                complete(guard, ASKED)
            call = Call()
            threading.Timer(0.05, call.cancel.set).start()
            assert complete(guard, ASKED, call) == ""
        assert guard.health.failures == 2
        with pytest.raises(LLMUnavailable, match="said nothing"):
            complete(guard, ASKED)
        assert guard.health.state == "open"


def test_who_waited_while_the_model_went_down_does_not_ask_it() -> None:
    model = Model()
    model.go.clear()
    with guarded(model, Limits(running=3, patience=5), Patience(pause=30)) as guard:
        troubles: list[str] = []

        def caller() -> None:
            try:
                complete(guard, ASKED)
            except LLMUnavailable as trouble:
                troubles.append(str(trouble))

        threads = [threading.Thread(target=caller) for _ in range(6)]
        for thread in threads:
            thread.start()
        while guard.health.waiting < 3:
            time.sleep(0.001)
        model.trouble = DOWN
        model.go.set()
        for thread in threads:
            thread.join(2)
        assert len(troubles) == 6
        assert len(model.asked) < 6
        assert guard.health.state == "open"


def test_fifty_callers_at_once() -> None:
    model = Model()
    with guarded(model, Limits(running=4, waiting=100, patience=5)) as guard:
        answered: list[str] = []
        threads = [threading.Thread(target=lambda: answered.append(complete(guard, ASKED, Call()))) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        assert answered == ["ab"] * 50
        assert model.most <= 4
        assert guard.health == Health("closed", 0, 0, 0, "")


def test_a_storm_of_shoppers_who_stay_leave_and_hang_up_leaves_nothing_behind() -> None:
    slow = sends(HEAD, *(event(f"word{n} ") for n in range(30)), DONE, pause=0.002)
    read: list[str] = []

    def shopper(guard: Guarded, number: int) -> None:
        call = Call(session=f"s{number // 2}")
        stream = guard.stream(ASKED, call)
        try:
            if number % 3 == 0:
                read.append("".join(stream))
            else:
                next(stream)
                call.cancel.set() if number % 3 == 1 else stream.close()
                assert len(list(stream)) < 30
        except LLMUnavailable as trouble:
            read.append(str(trouble))

    with server(slow) as (url, served), guarded(VLLM(url, "m"), Limits(5, 100, patience=10)) as guard:
        threads = [threading.Thread(target=shopper, args=(guard, number)) for number in range(48)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert read == ["".join(f"word{n} " for n in range(30))] * 16
        assert guard.health == Health("closed", 0, 0, 0, "")
        until = time.monotonic() + 3
        while served.now and time.monotonic() < until:
            time.sleep(0.01)
        assert served.now == 0


@pytest.mark.parametrize("bad", [status("429 Too Many Requests"), status("500 Internal Server Error")])
def test_a_server_that_comes_back_is_found_soon_whatever_it_said_of_waiting(bad: Handler) -> None:
    with server(bad) as (url, _):
        port = int(url.split(":")[2].split("/")[0])
        guard = Guarded(VLLM(url, "m"), patience=SOON)
        for _ in range(3):
            with pytest.raises(LLMUnavailable, match="status"):
                complete(guard, ASKED)
        started = time.monotonic()
        for _ in range(50):
            with pytest.raises(LLMUnavailable, match="not asked"):
                complete(guard, ASKED)
        assert time.monotonic() - started < 0.5
    with server(answers("ok"), port):
        started = time.monotonic()
        while guard.health.state != "closed" and time.monotonic() - started < 5:
            time.sleep(0.01)
        assert time.monotonic() - started < 1.5  # a tenth of fifteen seconds
        assert complete(guard, ASKED) == "ok"
    guard.close()


def test_a_probe_is_a_real_answer_of_one_token() -> None:
    with server(answers("yes")) as (url, served), guarded(VLLM(url, "m"), patience=Patience()) as guard:
        guard.probe()
        assert b'"max_tokens": 1,' in served.requests[0]
    with pytest.raises(LLMUnavailable):
        guard.probe()
