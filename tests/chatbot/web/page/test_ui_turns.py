"""The page's turns pass the same bound as the API's: refused at once and kindly, and nothing that was said is lost."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from chatbot.memory.store import People
from chatbot.types import Language
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Limits, Site
from chatbot.web.words import word
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.page.queueing import Tab
from tests.chatbot.web.served import serving


class Held:
    """An assistant's turns, held up until they are let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.assistant = FakeAssistant(pause=self._wait)

    def _wait(self) -> None:
        self.go.wait(20)

    def begun(self, turns: int) -> None:
        while len(self.assistant.heard) < turns:
            time.sleep(0.005)


@contextmanager
def shop(held: Held, people: People, limits: Limits, threads: int = 12) -> Iterator[tuple[str, httpx.Client]]:
    app = create_app(held.assistant, people, WebSettings(), Site(limits=limits))
    app.state.desk.threads.total_tokens = threads
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        try:
            yield address, client
        finally:
            held.go.set()


def api(client: httpx.Client) -> httpx.Response:
    token = client.post("/v1/sessions").json()["token"]
    return client.post("/v1/chat", json={"text": "a bag"}, headers={"Authorization": f"Bearer {token}"})


def sessions(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "people.db")) as sql:
        (count,) = sql.execute("SELECT count(*) FROM session").fetchone()
    return int(count)


@pytest.mark.parametrize(
    ("language", "part", "event", "typed", "told"),
    [
        ("en", "aisle-box", "submit", ("a mouse",), {}),
        ("zh", "aisle-chat", "reply", (), {"value": "Cheaper"}),
    ],
)
def test_turn_for_which_there_is_no_place_changes_nothing_and_says_so(
    people: People,
    tmp_path: Path,
    language: Language,
    part: str,
    event: str,
    typed: tuple[str, ...],
    told: dict[str, str],
) -> None:
    held = Held()
    with shop(held, people, Limits(turns=1)) as (_, client):
        first = Tab(client, "first")
        saying = first.event("aisle-box", "submit")
        assert first.join(saying, "a bag").status_code == 200
        held.begun(1)
        tab = Tab(client, "second", {"resume": None, "language": language})
        what = tab.event(part, event)
        began = time.monotonic()
        tab.join(what, *typed, **told)
        came = list(tab.read())
        assert time.monotonic() - began < 1  # the queue looks every twentieth of a second
        (said,) = [message["log"] for message in came if message["msg"] == "log"]
        assert said == word(language, "full", seconds=3)
        (made,) = [m["output"]["data"] for m in came if m["msg"] == "process_generating"]
        assert [set(part) - {"props"} for part in made] == [{"__type__"}] * 6  # nothing new in any of them
        assert sessions(tmp_path) == 1  # the other's: nothing was kept of this one
        held.go.set()
        assert len(list(first.read())) > 5
        tab.join(what, *typed, **told)
        (end,) = [m["output"]["data"] for m in tab.read() if m["msg"] == "process_completed"]
        assert held.assistant.heard == ["a bag", typed[0] if typed else "Cheaper"]
        assert end is not None


def test_page_and_api_share_the_places(people: People) -> None:
    held = Held()
    with shop(held, people, Limits(turns=1)) as (_, client):
        tab = Tab(client)
        tab.join(tab.event("aisle-box", "submit"), "a mouse")
        held.begun(1)
        refused = api(client)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        held.go.set()
        list(tab.read())
        assert api(client).status_code == 200


def test_page_that_is_closed_gives_its_place_back(people: People) -> None:
    held = Held()
    with shop(held, people, Limits(turns=1)) as (address, client):
        with httpx.Client(base_url=address, timeout=30) as leaving:
            tab = Tab(leaving)
            tab.join(tab.event("aisle-box", "submit"), "a mouse")
            stream = tab.read()
            next(stream)
            held.begun(1)
        stream.close()
        held.go.set()
        end = time.monotonic() + 15
        while api(client).status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_turn_that_has_begun_never_waits_for_those_that_wait_for_it(people: People) -> None:
    """As many messages of one conversation as there are threads: the first ends all the same, and the others after it."""
    held = Held()
    with shop(held, people, Limits(), threads=2) as (_, client):
        tab = Tab(client)
        saying = tab.event("aisle-box", "submit")
        held.go.set()
        tab.join(saying, "a mouse")
        states = [m["output"]["data"][0] for m in tab.read() if m["msg"] == "process_generating"]
        tab.kept = states[0]
        held.go.clear()
        tab.join(saying, "a bag")
        held.begun(2)
        for text in ("a cap", "a hat"):
            tab.join(saying, text)
        time.sleep(0.3)
        held.go.set()
        began = time.monotonic()
        ended = [m["success"] for m in tab.read() if m["msg"] == "process_completed"]
        assert (ended, time.monotonic() - began < 15) == ([True, True, True], True)
        assert held.assistant.heard[:2] == ["a mouse", "a bag"]
        assert sorted(held.assistant.heard[2:]) == ["a cap", "a hat"]
