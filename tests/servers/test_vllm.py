"""A real vLLM server on the CPU, started by `aisle llm serve`, behind sixty turns; its model talks nonsense in lines.

Skipped, saying why, where there is no vLLM: `make vllm` sets it up.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import httpx
import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.demo import FEED
from catalog.store import Catalog
from chatbot import say
from chatbot.asking import Budget, Model
from chatbot.events import Finished, Turn
from chatbot.memory.store import People
from chatbot.templates import SLOTS, UNITS, WITHIN, WORDS
from chatbot.turn import Chatbot
from chatbot.types import DialogueState, Language
from chatbot.web.app import WebSettings, create_app
from errors import LLMUnavailable
from llm.types import LLM, Call
from llm.vllm import VLLM
from llm.watch import Deadlines
from prompts.types import Message, Rendered
from tests.chatbot.web.served import serving
from tests.ports import free_port
from tests.servers import tiny_model
from tests.servers.talks import TALKS

pytestmark = pytest.mark.vllm

LANGUAGES: tuple[Language, ...] = ("en", "zh")
PATIENT = Deadlines(first=30, gap=15, total=60)  # what is tested is what becomes of answers, not how fast two cores are
KEY = "the-shop-only"
LONG = Rendered("long@1", (Message("user", "Tell me about everything."),), max_tokens=3_000)
AISLE = (sys.executable, "-c", "from aisle.cli import main; main(prog_name='aisle')", "llm")


@dataclass(frozen=True)
class Server:
    """A served model, and its own account of what it does."""

    url: str
    name: str

    @property
    def spec(self) -> str:
        return f"vllm:{self.url}#{self.name}"

    def llm(self) -> VLLM:
        return VLLM(self.url, self.name, KEY, PATIENT)

    def count(self, name: str, label: str = "") -> float:
        """The sum of a metric's values, of those with a label where one is given."""
        text = httpx.get(self.url.removesuffix("/v1") + "/metrics", timeout=30).text
        rows = re.findall(rf"^vllm:{name}\{{([^}}]*)\}} ([\d.e+]+)$", text, re.MULTILINE)
        assert rows, f"no vllm:{name}"
        return sum(float(value) for labels, value in rows if label in labels)

    @property
    def running(self) -> float:
        return self.count("num_requests_running")

    @property
    def finished(self) -> float:
        """Answers that came to their end; those broken off are not counted."""
        return self.count("request_success_total")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The tiny model, served for as long as this module's tests last, and gone without a trace afterwards."""
    folder, port = tmp_path_factory.mktemp("model") / "tiny", free_port()
    tiny_model.make(folder)
    there = subprocess.run([*AISLE, "serve", str(folder), "--cpu", "--print"], capture_output=True, text=True)
    if there.returncode:
        pytest.skip(there.stderr.strip())
    command = [*AISLE, "serve", str(folder), "--cpu", "--port", str(port), "--timeout", "600"]
    environ = {**os.environ, "AISLE_LLM_KEY": KEY, "AISLE_CACHE": str(folder.parent)}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        with process.stdout as told:
            assert told.readline() == f"vllm:http://127.0.0.1:{port}/v1#tiny\n"
        yield Server(f"http://127.0.0.1:{port}/v1", "tiny")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    assert [line for line in _processes() if str(folder) in line] == []


def _processes() -> list[str]:
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()


@dataclass
class Answer:
    """One answer of the model, as it came."""

    rendered: Rendered
    text: str = ""
    cut: bool = False
    trouble: LLMUnavailable | None = None

    def is_of_use(self) -> bool:
        """Judged by what was asked for, not by the code that reads it."""
        if self.trouble:
            return False
        if self.rendered.schema is not None:
            return self.fits_schema()
        offered = {int(n) for n in re.findall(r"^\[(\d+)\]", self.rendered.messages[-1].content, re.MULTILINE)}
        return any(int(n) in offered for n in re.findall(r"^\s*\[(\d+)\]", self.text, re.MULTILINE))

    def fits_schema(self) -> bool:
        """Is it JSON with the members and the acts that the schema allows?"""
        schema = json.loads(json.dumps(self.rendered.schema))
        try:
            read = json.loads(self.text)
        except ValueError:
            return False
        members = schema["properties"]
        acts = set(members["acts"]["items"]["enum"])
        return (
            set(schema["required"]) <= set(read) <= set(members) and len(read["acts"]) > 0 and set(read["acts"]) <= acts
        )


@dataclass
class Heard:
    """Any model, with a note of what it answered."""

    llm: LLM
    answers: list[Answer] = field(default_factory=list)

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        answer = Answer(rendered)
        self.answers.append(answer)
        try:
            with closing(self.llm.stream(rendered, call)) as pieces:
                for piece in pieces:
                    answer.text += piece
                    yield piece
        except LLMUnavailable as trouble:
            answer.trouble = trouble
            raise
        finally:
            answer.cut = call.cut


@dataclass(frozen=True)
class Played:
    """A turn, the messages up to it, and what the model answered in it."""

    place: int
    said: tuple[str, ...]
    turn: Turn
    answers: tuple[Answer, ...]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("demo") / "shop.db"
    imported = CliRunner().invoke(main, ["import", str(FEED), "--db", str(db), "--no-embed"])
    assert imported.exit_code == 0, imported.output
    return db


@pytest.fixture(scope="module")
def played(server: Server, shop: Path) -> list[Played]:
    """All talks, the model asked at every turn."""
    heard = Heard(server.llm())
    chatbot = Chatbot.open(shop, Model(heard, "always", Budget(seconds=120)))
    return [turn for talk in TALKS for turn in _talk(chatbot, heard, talk)]


def _talk(chatbot: Chatbot, heard: Heard, talk: Sequence[str]) -> Iterator[Played]:
    state = DialogueState()
    for place, text in enumerate(talk):
        heard.answers = []
        *_, last = chatbot.turn(state, text)
        assert isinstance(last, Finished)
        state = last.state
        yield Played(place, tuple(talk[: place + 1]), last.turn, tuple(heard.answers))


def test_every_turn_is_answered_with_cards_from_the_catalogue(played: list[Played], shop: Path) -> None:
    ids = {json.loads(line)["id"] for line in FEED.read_text(encoding="utf-8").splitlines()}
    assert len(played) == 60
    assert [p.said[-1] for p in played if not p.turn.text] == []
    shown = [card.candidate.product.id for p in played for card in p.turn.suggestions]
    assert len(shown) > len(played)
    assert set(shown) <= ids


def test_nonsense_is_never_shown(played: list[Played], shop: Path) -> None:
    """Each word of a reason stands in the item's record, in what the shopper said, or in a template."""
    templates = [text for table in (WORDS, SLOTS, WITHIN, UNITS) for by in table.values() for text in by.values()]
    names = [say.slot_name(language, slot) for language in LANGUAGES for slot in Catalog.open(shop).slots]
    ours = _words(*templates, *names)
    strange = {}
    for p in played:
        for card in p.turn.suggestions:
            product = card.candidate.product
            record = json.dumps(dict(product.record), ensure_ascii=False, default=str)
            known = ours | _words(record, product.title, *p.said, *(w.text for n in p.turn.needs for w in n.wishes))
            if left := _words(card.reason) - known:
                strange[p.said[-1], product.id, card.reason] = left
    assert strange == {}
    ranked = [a for p in played for a in p.answers if a.rendered.name == "rank" and a.is_of_use()]
    assert len(ranked) >= 10, "there was hardly any nonsense that could have been shown"


def _words(*texts: str) -> set[str]:
    """Words and numbers, the latter as they count: 20.00 is 20."""
    found = (match for text in texts for match in _WORD.finditer(text.casefold()))
    return {f"{float(match[0]):g}" if match["number"] else match[0] for match in found}


_WORD = re.compile(r"(?P<number>\d+(?:\.\d+)?)|[^\W\d_\u4e00-\u9fff]+|[\u4e00-\u9fff]")


def test_structured_output_is_parsed(played: list[Played], capsys: pytest.CaptureFixture[str]) -> None:
    asked = [a for p in played for a in p.answers if a.rendered.name == "track"]
    whole = [a for a in asked if not a.cut]
    assert [a.text for a in whole if not a.fits_schema()] == []
    assert len(whole) >= 0.8 * len(asked)
    understood = [p for p in played if p.turn.tracked_by == "llm"]
    assert len(understood) >= len(whole) >= 50
    with capsys.disabled():
        ranked = sum(p.turn.ranked_by == "llm" for p in played)
        degraded = sum(p.turn.degraded for p in played)
        print(
            f"\n{len(asked)} asked to track, {len(whole)} whole; {ranked} turns ranked by the model, {degraded} degraded"
        )


def test_a_turn_is_degraded_exactly_where_a_stage_failed(played: list[Played]) -> None:
    failed = [(p.said, any(not a.is_of_use() for a in p.answers)) for p in played]
    assert [(p.said, p.turn.degraded) for p in played] == failed
    assert [p.turn.llm_calls for p in played] == [len(p.answers) for p in played]
    assert {failed for _, failed in failed} == {True, False}


def test_cached_tokens_are_told_from_the_second_turn(played: list[Played]) -> None:
    later = [p for p in played if p.place and p.answers]
    assert len(later) >= 40
    assert [p.said for p in later if not 0 < p.turn.tokens["cached"] < p.turn.tokens["prompt"]] == []


def test_cancelling_stops_the_server(server: Server) -> None:
    call, before = Call(), server.finished
    reader = Thread(target=lambda: list(server.llm().stream(LONG, call)))
    reader.start()
    _soon(lambda: server.running == 1, 20)
    call.cancel.set()
    _soon(lambda: server.running == 0, 2)
    reader.join(2)
    assert (reader.is_alive(), server.finished) == (False, before)


def test_closing_the_answer_stops_the_server(server: Server) -> None:
    before = server.finished
    with closing(server.llm().stream(LONG, Call())) as pieces:
        next(pieces)
        _soon(lambda: server.running == 1, 20)
    _soon(lambda: server.running == 0, 2)
    assert server.finished == before


def test_a_shopper_who_leaves_stops_the_server(server: Server, shop: Path, tmp_path: Path) -> None:
    """In the middle of an answer that the model is at work on, over HTTP."""
    chatbot = Chatbot.open(shop, Model(server.llm(), "always", Budget(seconds=120)))
    app = create_app(chatbot, People.open(tmp_path / "people.db"), WebSettings(page=False))
    with serving(app) as address:
        token = httpx.post(f"{address}/v1/sessions", json={}).json()["token"]
        before = server.finished
        body = json.dumps({"text": "a backpack for a week in the mountains, in black or green, under 200 dollars"})
        head = f"POST /v1/chat HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as shopper:
            shopper.sendall((head + body).encode())
            _soon(lambda: server.running == 1, 20)
        _soon(lambda: server.running == 0, 8)  # two busy cores; that it was stopped and not waited for is counted below
        assert server.finished - before < 2  # a turn left alone asks twice


def _soon(so: Callable[[], bool], seconds: float) -> None:
    """Becomes so within the time."""
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, "not so in time"
        time.sleep(0.02)


def test_nobody_is_served_without_the_key(server: Server) -> None:
    with pytest.raises(LLMUnavailable, match="status 401"):
        list(VLLM(server.url, server.name).stream(LONG, Call()))
    assert [line for line in _processes() if KEY in line] == []


def test_check_tells_what_the_server_can_do(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM_KEY", KEY)
    result = CliRunner().invoke(main, ["llm", "check", server.spec, "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["structured"], told["counted"]) == (True, True)
    assert 0 < told["prompt"] / 2 < told["cached"] < told["prompt"]
    assert told["first"] > 0 < told["speed"]
