"""A page shows pictures of the hosts that the site or the catalogue names, and of no others."""

from __future__ import annotations

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
    ],
)
def test_only_known_hosts_are_shown(hosts: tuple[str, ...] | None, address: object, shown: str | None) -> None:
    assert Pictures(Shop(FakeAssistant()), hosts, "/mice")(address) == shown


def test_no_card_and_no_record_names_another_host(people: People) -> None:
    app = create_app(FakeAssistant(), people, WebSettings(page=False), Site(pictures=("other.example",)))
    with TestClient(app) as client:
        headers = {"Authorization": f"Bearer {client.post('/v1/sessions').json()['token']}"}
        said = client.post("/v1/chat", json={"text": "a mouse"}, headers=headers)
        assert [card["image"] for card in said.json()["suggestions"]] == ["/media/pictures/pebble.svg", None, None]
        for path in ("/v1/items/m-3", "/v1/sessions/current", "/v1/me/export"):
            assert "img.example" not in client.get(path, headers=headers).text
