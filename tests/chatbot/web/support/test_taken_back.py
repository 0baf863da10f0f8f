"""A wish for a person that the shopper takes back in words ends as DELETE of the handoff ends it."""

from __future__ import annotations

from pathlib import Path

import httpx

from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Site
from tests.chatbot.web.served import serving
from tests.chatbot.web.service_fakes import PASSWORD, Caller


def test_never_mind_ends_the_waiting(tmp_path: Path, shop_db: Path) -> None:
    people = People.open(tmp_path / "people.db")
    app = create_app(
        Chatbot.open(shop_db), people, WebSettings(page=False), Site(staff_password=PASSWORD, name="Mouse House")
    )
    with serving(app) as address, httpx.Client(base_url=address, timeout=10) as client:
        shopper = Caller(client, client.post("/v1/sessions", json={}).json()["token"])
        staff = client.post("/staff/login", json={"password": PASSWORD, "name": "Mira"}).json()["token"]
        asked = shopper.say("are you a human?", "m0")
        assert asked["text"].startswith(
            "You are talking with the AI assistant of Mouse House: a program, not a person."
        )
        assert asked["text"].endswith("If you would rather talk to a person, say so and the shop is told.")
        assert "is kept so that you can come back" in shopper.say("what do you keep of me?", "m1")["text"]
        assert shopper.say("I want to talk to a person", "m2")["handoff"] == "kept"
        assert shopper("GET", "/v1/sessions/current")["handoff"]["state"] == "waiting"
        left = shopper.say("never mind", "m3")
        assert (left["act"], left["handoff"]) == ("confirm", "left")
        assert shopper.say("never mind", "m3") == left
        assert shopper("GET", "/v1/sessions/current")["handoff"]["state"] == "bot"
        (closed,) = Caller(client, staff)("GET", "/staff/handoffs")["handoffs"]
        assert (closed["state"], closed["closed"] is not None) == ("bot", True)
        again = shopper.say("never mind", "m4")
        assert (again["handoff"], again["text"].startswith("There is nothing to take back")) == (None, True)
        assert people.notes.since(shopper("GET", "/v1/sessions/current")["session"])[-1].text == "bot left"
