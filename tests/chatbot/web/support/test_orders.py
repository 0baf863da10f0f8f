"""Where an order stands: whom the shop's system is asked for, how, and which answers count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from chatbot.context import Order
from chatbot.memory.clock import now
from chatbot.memory.records import Session
from chatbot.web.site import Site
from chatbot.web.support import orders
from chatbot.web.support.counter import PeopleCounter
from chatbot.web.support.receiver import Receiver
from tests.chatbot.web.receivers import SECRET, System, system
from tests.chatbot.web.service_fakes import shop

GOOD = {"status": "on its way", "eta": "2026-11-24", "url": "https://shop.example/orders/A-1"}
ANN = Session("s", "en", "ann", key="main", verified=True)


def _asked(its: System, number: str = "A-1", session: Session = ANN) -> Order:
    return PeopleCounter(session, None, its.receiver).order(number)  # type: ignore[arg-type]


def test_a_signed_question_and_its_answer() -> None:
    with system(status=200, body=json.dumps(GOOD | {"carrier": "unread"}).encode()) as its:
        assert _asked(its) == Order("found", "A-1", GOOD["status"], GOOD["eta"], GOOD["url"])
        ((headers, body),) = its.got
        asked = Webhook(SECRET).verify(body, headers)
        assert (asked["type"], asked["data"]) == ("order.status", {"order": "A-1", "user": "ann", "key": "main"})


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"on its way",
        b"[]",
        b"{}",
        b'{"status": ""}',
        b'{"status": 7}',
        b'{"status": "\\u0000"}',
        b'{"status": "\\ud800"}',
        b'{"status": "ok", "eta": "tomorrow"}',
        b'{"status": "ok", "eta": "2026-13-01"}',
        b'{"status": "ok", "url": "javascript:alert(1)"}',
        b'{"status": "ok", "url": 3}',
        b'{"status": "' + b"x" * 201 + b'"}',
        b'{"status": "ok"' + b" " * 70_000 + b"}",
        b"[" * 10_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_good_answer_is_none(answer: bytes) -> None:
    with system(status=200, body=answer) as its:
        assert _asked(its) == Order("failed", "A-1")


@pytest.mark.parametrize(
    ("temper", "found"),
    [
        ({"status": 404}, "unknown"),
        ({"status": 500}, "failed"),
        ({"status": 302, "more": {"Location": "/"}}, "failed"),
        ({"slow_s": 10.0}, "failed"),
    ],
)
def test_its_moods(temper: dict[str, Any], found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "WITHIN_S", 0.5)
    with system(**temper) as its:
        assert _asked(its) == Order(found, "A-1")  # type: ignore[arg-type]
        assert len(its.got) == 1


def test_only_who_is_signed_for_is_asked_for() -> None:
    with system() as its:
        assert _asked(its, session=Session("s", "en", "ann")) == Order("unsigned", "A-1")
        assert _asked(its, session=Session("s", "en", None, verified=True)) == Order("unsigned", "A-1")
        assert _asked(its, "") == Order("unnamed")
        assert _asked(its, "9" * 65) == Order("unknown")
        assert _asked(its, "A\n1") == Order("unknown")
        assert its.got == []
    assert PeopleCounter(ANN, None, None).order("A-1") == Order("absent")  # type: ignore[arg-type]


def test_a_turn_tells_it(tmp_path: Path) -> None:
    with system(status=200, body=json.dumps(GOOD).encode()) as its, shop(tmp_path, Site(orders=its.receiver)) as served:
        shopper = served.shopper(user="ann")
        turn = shopper.say("where is my order A-1", "m1")
        assert (turn["order"]["found"], turn["order"]["status"]) == ("unsigned", "")
        assert its.got == []
        session = turn["dialogue"]
        found = served.people.sessions.get(session)
        assert found is not None
        assert served.people.sessions.identify(found, "ann", now(600))
        assert shopper.say("where is my order A-1", "m2")["order"] == GOOD | {"found": "found", "number": "A-1"}
        with served.people._database.write() as sql:  # the shop's word for ann ends
            sql.execute("UPDATE session SET verified_until = ?", (now(-1),))
        assert shopper.say("where is my order A-1", "m3")["order"]["found"] == "unsigned"
        assert len(its.got) == 1
        assert served.people.sessions.identify(found, "ann", now(600))
        assert shopper.say("where is my order A-1", "m4")["order"]["found"] == "found"


@pytest.mark.parametrize(
    "url",
    ["", "shop.example", "ftp://shop.example/", "https://", "https://u:p@shop.example/", "http://shop.example:99999/"],
)
def test_addresses_that_cannot_be_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url "):
        Receiver(url, SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "not base64!", "whsec_c2hvcnQ="])
def test_secrets_that_do_not_hold_are_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="secret ") as refusal:
        Receiver("https://shop.example/hooks", secret)
    assert secret not in ("not base64!",) or secret not in str(refusal.value)
    assert SECRET not in repr(Receiver("https://shop.example/hooks", SECRET))


def test_events_are_known_ones() -> None:
    with pytest.raises(ValueError, match="events "):
        Receiver("https://shop.example/hooks", SECRET, ("handoff.request",))
    assert Receiver("https://shop.example/hooks", SECRET, ("watch.true",)).wants("watch.true")
    assert not Receiver("https://shop.example/hooks", SECRET, ("watch.true",)).wants("watch.created")
