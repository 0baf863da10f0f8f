"""Fifty shoppers at once and a model that never answers, over real sockets: `-m faults` (make test-servers)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from chatbot.asking import Model
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.web.app import WebSettings, create_app
from chatbot.web.tokens import Pass, Tokens
from llm.breaker import Patience
from llm.guarded import Guarded
from llm.vllm import VLLM
from llm.watch import Deadlines
from tests.chatbot.web.served import serving
from tests.faults.faults import FAULTS, spoiling
from tests.faults.playing import GRACE, NEVER_SHOWN
from tests.faults.shopper import DIALOGUES
from tests.llm.fake_server import server

pytestmark = pytest.mark.faults
SHOPPERS = 50


def all_at_once(address: str, people: People) -> tuple[list[httpx.Response], float]:
    """Everybody's first turn, and how long the last one took."""
    signing = Tokens(people.secrets.get("tokens"))
    tokens = [signing.sign(Pass(people.start("en")[0].id))[0] for _ in range(SHOPPERS)]
    with httpx.Client(limits=httpx.Limits(max_connections=None), timeout=60) as client:

        def say(token: str) -> httpx.Response:
            words = {"text": DIALOGUES[2][0][0]}
            return client.post(f"{address}/v1/chat", json=words, headers={"Authorization": f"Bearer {token}"})

        started = time.monotonic()
        with ThreadPoolExecutor(SHOPPERS) as shoppers:
            answers = list(shoppers.map(say, tokens))
        return answers, time.monotonic() - started


def test_everybody_is_answered_though_the_model_never_answers(embedded: Chatbot, tmp_path: Path) -> None:
    with ExitStack() as doors:
        people = doors.enter_context(People.open(tmp_path / "people.db"))
        plain = doors.enter_context(serving(create_app(embedded, people, WebSettings(page=False))))
        alone, usual = all_at_once(plain, people)
    with ExitStack() as doors:
        people = doors.enter_context(People.open(tmp_path / "people.db"))
        url, _ = doors.enter_context(server(spoiling(FAULTS["never answers"], "track")))
        door = Guarded(VLLM(url, "tiny"), patience=Patience(failures=SHOPPERS))  # each is to meet the fault
        doors.callback(door.close)
        chatbot = embedded.with_model(Model(door, "always"))
        address = doors.enter_context(serving(create_app(chatbot, people, WebSettings(page=False))))
        answers, took = all_at_once(address, people)
    assert [answer.status_code for answer in answers] == [200] * SHOPPERS
    assert {answer.json()["degraded"] for answer in answers} == {True}
    cards = {tuple(card["id"] for card in answer.json()["suggestions"]) for answer in (*alone, *answers)}
    assert len(cards) == 1
    assert NEVER_SHOWN.search("".join(answer.text for answer in answers)) is None
    assert took <= Deadlines().total + GRACE + 2 * usual
