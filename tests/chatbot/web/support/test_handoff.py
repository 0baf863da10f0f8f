"""A person in the conversation: asked for, told, taking over, speaking, gone again; and what the shop's system hears."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from chatbot.memory.store import People
from chatbot.web.site import Site
from chatbot.web.support.receiver import Receiver
from chatbot.web.support.reception import MOST_WAITING
from tests.chatbot.web.receivers import SECRET, system
from tests.chatbot.web.service_fakes import PASSWORD, Caller, ServedShop, shop


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedShop]:
    with shop(tmp_path, Site(staff_password=PASSWORD)) as served:
        yield served


class Stream:
    """Server-sent events as they come."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def next(self) -> tuple[str, Any, int | None]:
        """(name, data, id) of the next event; heartbeats are passed over."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line and "event" in fields:
                return fields["event"], json.loads(fields["data"]), int(fields["id"]) if "id" in fields else None
            name, _, value = line.partition(": ")
            fields[name] = value
        raise AssertionError("the stream ended")


@contextmanager
def listening(caller: Caller, path: str = "/v1/sessions/current/updates", **headers: str) -> Iterator[Stream]:
    asked = {"Authorization": f"Bearer {caller.token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
    with caller.client.stream("GET", path, headers=asked) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer.iter_lines())


def test_there_and_back_again(served: ServedShop) -> None:
    shopper, person = served.shopper(page="/mice"), served.person()
    shopper.say("a mouse under 30", "m1")
    with listening(shopper) as live, listening(person, "/staff/updates") as news:
        assert live.next()[:2] == ("handoff", {"state": "bot", "agent": None, "reason": None, "told": False})
        assert news.next()[0] == "changed"
        asked = shopper.say("a person, please", "m2")
        assert (asked["act"], asked["handoff"]) == ("handoff", "kept")
        assert live.next()[1]["state"] == "waiting"
        assert news.next()[0] == "changed"
        # it waits in the inbox, with what is known already
        (waiting,) = person("GET", "/staff/handoffs")["handoffs"]
        assert (waiting["state"], waiting["agent"], waiting["message"]) == ("waiting", None, "a person, please")
        path = f"/staff/handoffs/{waiting['number']}"
        opened = person("GET", path)
        assert opened["wishes"] == ["price at most 30 USD", "lowest price first"] or opened["wishes"][0].startswith(
            "price"
        )
        assert opened["shown"] == ["Pebble wireless mouse", "<b>Bold</b> mouse & ${pad}"]
        assert opened["page"] == "/mice"
        assert [turn["user"] for turn in opened["turns"]] == ["a mouse under 30", "a person, please"]
        assert opened["summary"]["latest"][0]["items"] == ["Pebble wireless mouse", "<b>Bold</b> mouse & ${pad}"]
        # the assistant still answers while nobody is in
        assert shopper.say("under 25", "m3")["text"] == "Here you are."
        assert person.status("POST", path + "/say", {"text": "too early"}) == 409
        # a person takes over and speaks
        assert person("POST", path + "/take")["state"] == "human"
        assert live.next()[1] == {"state": "human", "agent": "Mira", "reason": None, "told": False}
        note = person("POST", path + "/say", {"text": "Hello, I am Mira.", "message_id": "p1"})
        assert person("POST", path + "/say", {"text": "Hello, I am Mira.", "message_id": "p1"}) == note
        name, heard, number = live.next()
        assert (name, heard["sender"], heard["name"], heard["text"]) == ("note", "person", "Mira", "Hello, I am Mira.")
        assert heard["after"] == 3
        # the shopper writes: the person has it, the assistant is silent
        before = len(served.assistant.heard)
        silent = shopper.say("<b>is it loud?</b>", "m4")
        assert shopper.say("<b>is it loud?</b>", "m4") == silent
        assert (silent["act"], silent["text"], silent["handoff"]) == ("handoff", "", "joined")
        assert len(served.assistant.heard) == before
        own = live.next()[1]
        assert (own["sender"], own["text"], own["message_id"]) == ("shopper", "<b>is it loud?</b>", "m4")
        assert [n["text"] for n in person("GET", path)["notes"]] == ["Hello, I am Mira.", "<b>is it loud?</b>"]
        assert person("GET", "/staff/handoffs")["handoffs"][0]["unanswered"] == 1
        # who comes back has all of it
        kept = shopper("GET", "/v1/sessions/current")
        assert kept["handoff"]["state"] == "human"
        assert [n["text"] for n in kept["notes"]] == ["Hello, I am Mira.", "<b>is it loud?</b>"]
        # and goes back to the assistant
        assert person("POST", path + "/close", {"reason": "back"})["state"] == "bot"
        assert live.next()[1] == {"state": "bot", "agent": "Mira", "reason": "back", "told": False}
        assert shopper.say("a mouse", "m5")["text"] == "Here you are."
        assert person.status("POST", path + "/close") == 409
        assert person.status("POST", path + "/take") == 409
    with listening(shopper, Last_Event_ID=str(number)) as later:
        assert [later.next()[1].get("text") for _ in range(2)] == ["<b>is it loud?</b>", None]


def test_what_is_done_by_hand_while_a_person_is_in_is_kept_in_silence(served: ServedShop) -> None:
    shopper, person = served.shopper(), served.person()
    shopper.say("a mouse under 30", "m1")
    shopper.say("a person, please", "m2")
    (waiting,) = person("GET", "/staff/handoffs")["handoffs"]
    path = f"/staff/handoffs/{waiting['number']}"
    assert person("POST", path + "/take")["state"] == "human"

    def tap(type: str, **more: object) -> Any:
        return shopper("POST", "/v1/sessions/current/gestures", {"type": type} | more)

    def told(turn: Any) -> Any:
        return turn["act"], turn["text"], turn["handoff"], turn["suggestions"], turn["quick_replies"]

    def wishes(turn: Any) -> list[str]:
        return [line["text"] for line in turn["ledger"]]

    silent: Any = ("handoff", "", "joined", [], [])
    edited = shopper("PATCH", "/v1/sessions/current/ledger", {"add": ["price <= 26"], "remove": ["price <= 30"]})
    assert (told(edited), wishes(edited)) == (silent, ["price asc", "price <= 26"])
    assert [d["text"] for d in edited["dropped"]] == ["price <= 30"]
    softened = tap("soften", wish="price <= 26")
    assert (told(softened), [w["hard"] for w in softened["ledger"]]) == (silent, [False, False])
    undone = tap("undo")
    assert (told(undone), [w["hard"] for w in undone["ledger"]]) == (silent, [False, True])
    assert undone["gesture"] == {"type": "undo", "items": [], "wish": None}
    assert undone["took_back"] == softened["turn"]
    for again in (tap("handoff"), tap("reject", items=["m-1"])):
        assert (told(again), wishes(again)) == (silent, ["price asc", "price <= 26"])
    assert [card["id"] for card in tap("similar", items=["m-3"])["suggestions"]] == [
        "m-1"
    ]  # what was asked for is shown
    assert [h["state"] for h in person("GET", "/staff/handoffs")["handoffs"]] == ["human"]
    assert person("POST", path + "/close", {"reason": "back"})["state"] == "bot"
    assert [card["id"] for card in shopper.say("go on", "m9")["suggestions"]] == ["m-1"]  # and what was kept holds


def test_without_people_and_systems_nobody_was_told(tmp_path: Path) -> None:
    with shop(tmp_path, Site()) as served:
        shopper = served.shopper()
        assert shopper.say("a person, please", "m1")["handoff"] == "absent"
        assert shopper("GET", "/v1/sessions/current")["handoff"]["state"] == "bot"
        assert served.client.get("/staff/handoffs").status_code == 404
        assert served.client.post("/staff/login", json={"password": "x", "name": "Mira"}).status_code == 404
        assert "[staff]" in served.client.get("/inbox").text
        features = served.client.get("/v1/shop").json()["features"]
        assert (features["handoff"], features["orders"], features["watches"]) == (False, False, False)


def test_shopper_leaves_and_the_inbox_sees_it(served: ServedShop) -> None:
    shopper, person = served.shopper(), served.person()
    shopper.say("a person, please", "m1")
    assert shopper.say("a person, please!", "m2")["handoff"] == "kept"
    assert shopper("DELETE", "/v1/sessions/current/handoff") == 204
    assert shopper("DELETE", "/v1/sessions/current/handoff") == 204
    (closed,) = person("GET", "/staff/handoffs")["handoffs"]
    assert (closed["state"], closed["closed"] is not None) == ("bot", True)


def test_erased_conversations_are_gone_from_the_inbox(served: ServedShop) -> None:
    shopper, person = served.shopper(), served.person()
    shopper.say("a person, please", "m1")
    (waiting,) = person("GET", "/staff/handoffs")["handoffs"]
    assert shopper("DELETE", "/v1/me") == 204
    assert person("GET", "/staff/handoffs")["handoffs"] == []
    assert person.status("GET", f"/staff/handoffs/{waiting['number']}") == 404
    assert person.status("POST", f"/staff/handoffs/{waiting['number']}/take") == 409


@pytest.mark.parametrize("path", ["0", "-1", "99999999999999999999", "x", "1/nothing"])
def test_odd_numbers_are_nobody_s(served: ServedShop, path: str) -> None:
    person = served.person()
    assert person.status("GET", f"/staff/handoffs/{path}") in (404, 422)
    assert person.status("POST", f"/staff/handoffs/{path}/take") in (404, 409, 422)


def test_a_session_s_token_opens_no_inbox_and_the_other_way_round(served: ServedShop) -> None:
    shopper, person = served.shopper(), served.person()
    assert shopper.status("GET", "/staff/handoffs") == 401
    assert person.status("GET", "/v1/sessions/current") == 401
    assert person.status("GET", "/v1/sessions/current/updates") == 401


def test_another_process_s_words_come_within_seconds(served: ServedShop, tmp_path: Path) -> None:
    shopper = served.shopper()
    shopper.say("a person, please", "m1")
    number = served.people.handoffs.listed()[0].handoff.number
    with listening(shopper) as live, People.open(tmp_path / "people.db") as elsewhere:
        assert live.next()[1]["state"] == "waiting"
        started = time.monotonic()
        elsewhere.handoffs.take(number, "Jun")
        assert live.next()[1]["agent"] == "Jun"
        assert time.monotonic() - started < 4


@pytest.mark.parametrize("seen", ["", "x", "-1", "1.5", "9" * 5_000])
def test_odd_numbers_of_the_latest_note_begin_anew(served: ServedShop, seen: str) -> None:
    with listening(served.shopper(), Last_Event_ID=seen) as live:
        assert live.next()[0] == "handoff"


def test_streams_of_one_shopper_are_few(served: ServedShop) -> None:
    shopper = served.shopper()
    with listening(shopper), listening(shopper), listening(shopper), listening(shopper):
        assert shopper.status("GET", "/v1/sessions/current/updates") == 429
        other = served.shopper()
        with listening(other) as live:
            assert live.next()[0] == "handoff"
    deadline = time.monotonic() + 5
    while not _answered(shopper) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _answered(shopper)  # who leaves gives the place back


def _answered(caller: Caller) -> bool:
    headers = {"Authorization": f"Bearer {caller.token}"}
    with caller.client.stream("GET", "/v1/sessions/current/updates", headers=headers) as answer:
        return answer.status_code == 200


def test_shop_s_system_is_told_by_a_signed_webhook(tmp_path: Path) -> None:
    with system() as its, shop(tmp_path, Site(webhooks=its.receiver, staff_password=PASSWORD)) as served:
        shopper, person = served.shopper(user="ann", locale="en-GB"), served.person()
        shopper.say("a mouse under 30", "m1")
        assert shopper.say("a person, please", "m2")["handoff"] == "told"
        assert shopper.say("a person, please!", "m3")["handoff"] == "told"
        assert len(its.got) == 1
        headers, body = its.got[0]
        told = Webhook(SECRET).verify(body, headers)
        assert (told["type"], told["data"]["user"], told["data"]["locale"]) == ("handoff.requested", None, "en-GB")
        summary = told["data"]["summary"]
        assert (summary["language"], summary["message"]) == ("en", "a person, please")
        assert [item["id"] for item in summary["shown"]] == ["m-1", "m/2"]
        assert shopper("GET", "/v1/sessions/current")["handoff"] == {
            "state": "waiting", "agent": None, "reason": None, "told": True,
        }  # fmt: skip
        path = f"/staff/handoffs/{told['data']['handoff']}"
        person("POST", path + "/take")
        shopper.say("hello?", "m4")
        person("POST", path + "/close", {"reason": "done"})
        its.wait(3)
        later = [Webhook(SECRET).verify(body, headers) for headers, body in its.got[1:]]
        assert [(each["type"], each["data"].get("text"), each["data"].get("reason")) for each in later] == [
            ("handoff.message", "hello?", None),
            ("handoff.closed", None, "done"),
        ]


@pytest.mark.parametrize(
    "temper",
    [
        {"status": 500},
        {"status": 404},
        {"status": 302, "more": {"Location": "/elsewhere"}},
        {"slow_s": 5.0},
        {"drip": True},
        {"status": 200, "body": b"x" * 100_000},
    ],
    ids=["500", "404", "redirect", "slow", "drip", "endless"],
)
def test_who_does_not_confirm_was_not_told(tmp_path: Path, temper: dict[str, Any]) -> None:
    with system(**temper) as its, shop(tmp_path, Site(webhooks=its.receiver, staff_password=PASSWORD)) as served:
        shopper = served.shopper()
        started = time.monotonic()
        assert shopper.say("a person, please", "m1")["handoff"] == "kept"
        assert time.monotonic() - started < 2.5
        assert [headers["host"] in its.url for headers, _ in its.got] == [True]  # no redirect was followed
        assert "the shop's system does not confirm what it is told; it is tried again" in _why(served)
        assert "degraded" in served.client.get("/readyz").text


def _why(served: ServedShop) -> list[str]:
    return list(served.client.get("/readyz").json()["why"])


def test_few_shoppers_wait_for_a_system_that_hangs(tmp_path: Path) -> None:
    with system(slow_s=5.0) as its, shop(tmp_path, Site(webhooks=its.receiver, staff_password=PASSWORD)) as served:
        waiting = [served.shopper() for _ in range(MOST_WAITING)]
        late = served.shopper()
        with ThreadPoolExecutor(MOST_WAITING) as threads:
            wishes = [threads.submit(shopper.say, "a person, please", "m1") for shopper in waiting]
            its.wait(MOST_WAITING)
            assert late.say("a person, please", "m1")["handoff"] == "kept"
            assert [wish.done() for wish in wishes] == [False] * MOST_WAITING  # it was not waited for
            assert [wish.result()["handoff"] for wish in wishes] == ["kept"] * MOST_WAITING
        assert len(its.got) == MOST_WAITING
        assert late("GET", "/v1/sessions/current")["handoff"]["state"] == "waiting"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/hooks", "http://no-such-host.invalid/hooks"])
def test_who_is_not_there_was_not_told(tmp_path: Path, url: str) -> None:
    with shop(tmp_path, Site(webhooks=Receiver(url, SECRET))) as served:
        assert served.shopper().say("a person, please", "m1")["handoff"] == "kept"


def test_it_is_tried_again_until_it_is_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.memory.outbox.PATIENCE", (0.1,) * 5)
    monkeypatch.setattr("chatbot.web.support.courier.EVERY_S", 0.1)
    with system(status=500) as its:
        site = Site(webhooks=its.receiver, staff_password=PASSWORD)
        with shop(tmp_path, site) as served:
            shopper = served.shopper()
            assert shopper.say("a person, please", "m1")["handoff"] == "kept"
            its.wait(2)
        its.status = 204
        before = len(its.got)
        with shop(tmp_path, site) as again:  # the server was restarted in between
            its.wait(before + 1)
            assert len({headers["webhook-id"] for headers, _ in its.got}) == 1
            deadline = time.monotonic() + 5
            while not again.people.handoffs.listed()[0].handoff.acknowledged and time.monotonic() < deadline:
                time.sleep(0.02)
            assert again.people.handoffs.listed()[0].handoff.acknowledged
            assert again.people.outbox.in_vain() == 0
            session = again.people.handoffs.listed()[0].handoff.session
            assert [note.text for note in again.people.notes.since(session)] == ["waiting", "waiting"]
            assert shopper.token


def test_events_that_nobody_wished_for_are_not_sent(tmp_path: Path) -> None:
    with system() as its:
        receiver = Receiver(its.url, SECRET, ("handoff.closed",))
        with shop(tmp_path, Site(webhooks=receiver, staff_password=PASSWORD)) as served:
            shopper = served.shopper()
            assert shopper.say("a person, please", "m1")["handoff"] == "kept"
            shopper("DELETE", "/v1/sessions/current/handoff")
            its.wait(1)
            assert [json.loads(body)["type"] for _, body in its.got] == ["handoff.closed"]
