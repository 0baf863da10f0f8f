"""A page shows pictures of the hosts that the site or the catalogue names, and of no others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.pictures import Pictures
from chatbot.web.shop import Shop
from chatbot.web.site import Site
from tests.chatbot.web.fakes import FakeAssistant


@pytest.mark.parametrize(
    ("hosts", "address", "shown"),
    [
        (None, "https://img.example/t.png", "https://img.example/t.png"),
        (None, "https://IMG.example/t.png", "https://IMG.example/t.png"),
        (None, "https://img.example:8443/t.png", None),
        (None, "https://img.example.evil.com/t.png", None),
        (None, "https://img.example@evil.com/t.png", None),
        (None, "https://evil.example/img.example/t.png", None),
        (None, "pictures/pebble.svg", "/mice/media/pictures/pebble.svg"),
        (None, "javascript:alert(1)", None),
        (None, None, None),
        ((), "https://img.example/t.png", None),
        (("other.example",), "https://img.example/t.png", None),
        (("other.example",), "http://other.example/t.png", "http://other.example/t.png"),
        (("localhost:3000",), "http://localhost:3000/t.png", "http://localhost:3000/t.png"),
        (("localhost:3000",), "http://localhost:3001/t.png", None),
        (("other.example",), "http://localhost:3000/t.png", None),
        (None, "http://localhost:3000/t.png", None),
    ],
)
def test_only_known_hosts_are_shown(hosts: tuple[str, ...] | None, address: object, shown: str | None) -> None:
    assert Pictures(Shop(FakeAssistant()), hosts, "/mice")(address) == shown


@pytest.mark.parametrize("named", [False, True])
def test_a_shop_that_is_being_built_names_its_own_machine(people: People, named: bool) -> None:
    here = "http://localhost:3000"
    assistant = FakeAssistant()
    mouse = replace(assistant.catalog.products[0], image=f"{here}/m.png", url=f"{here}/p/1")
    assistant.catalog.products = (mouse,)
    site = Site(pictures=("localhost:3000",) if named else None)
    with TestClient(create_app(assistant, people, WebSettings(page=False), site)) as client:
        headers = {"Authorization": f"Bearer {client.post('/v1/sessions').json()['token']}"}
        (card,) = client.post("/v1/chat", json={"text": "a mouse"}, headers=headers).json()["suggestions"]
        record = client.get("/v1/items/m-1", headers=headers).json()
        client.put("/v1/shortlist/m-1", headers=headers)
        (kept,) = client.get("/v1/shortlist", headers=headers).json()["items"]
        link = client.post("/v1/share", json={"items": ["m-1"]}, headers=headers).json()["id"]
        page = client.get(f"/shared/{link}")
    shown = (f"{here}/m.png", f"{here}/p/1") if named else (None, None)
    assert [(told["image"], told["url"]) for told in (card, record, kept)] == [shown] * 3
    assert (f"{here}/m.png" in page.text, f"{here}/p/1" in page.text) == (named, named)
    assert ("localhost:3000" in page.headers["content-security-policy"]) == named


def test_no_card_and_no_record_names_another_host(people: People) -> None:
    app = create_app(FakeAssistant(), people, WebSettings(page=False), Site(pictures=("other.example",)))
    with TestClient(app) as client:
        headers = {"Authorization": f"Bearer {client.post('/v1/sessions').json()['token']}"}
        said = client.post("/v1/chat", json={"text": "a mouse"}, headers=headers)
        assert [card["image"] for card in said.json()["suggestions"]] == ["/media/pictures/pebble.svg", None, None]
        for path in ("/v1/items/m-3", "/v1/sessions/current", "/v1/me/export"):
            assert "img.example" not in client.get(path, headers=headers).text
