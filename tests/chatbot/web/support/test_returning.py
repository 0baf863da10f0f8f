"""A chat one returns to: the shortlist, links, watches, and what an item costs now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalog.types import Money, Product
from chatbot.memory.clock import now
from chatbot.memory.keepsakes import MOST_KEPT
from chatbot.memory.store import People
from chatbot.web.pictures import Pictures
from chatbot.web.shop import Shop
from chatbot.web.site import Site
from chatbot.web.support import shared
from chatbot.web.support.now import since_shown
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import PRODUCTS, FakeAssistant, FakeRecords
from tests.chatbot.web.receivers import System, system
from tests.chatbot.web.service_fakes import ServedShop, shop

PEBBLE = PRODUCTS[0]
PICTURES = Pictures(Shop(FakeAssistant()))


def _priced(product: Product, price: float, stock: int | None = 3) -> Product:
    return replace(product, variants=(replace(product.variants[0], price=Money(price, "USD"), stock=stock),))


def test_shortlist_is_kept_in_order_and_shown_as_it_is_now(visitor: Visitor, assistant: FakeAssistant) -> None:
    for item in ("m/2", "m-1", "m/2"):
        assert visitor.call("PUT", f"/v1/shortlist/{item}").status_code == 204
    assert visitor.call("PUT", "/v1/shortlist/none").status_code == 404
    assert visitor.call("GET", "/v1/sessions/current").json()["shortlist"] == ["m/2", "m-1"]
    assistant.catalog.products = (_priced(PEBBLE, 19.9, 0),)
    assert visitor.call("GET", "/v1/shortlist").json() == {
        "items": [
            {
                "id": "m-1",
                "title": "Pebble wireless mouse",
                "price": 19.9,
                "currency": "USD",
                "stock": 0,
                "availability": "in stock",
                "sold_out": True,
                "url": None,
                "image": "/media/pictures/pebble.svg",
            }
        ],
        "gone": ["m/2"],
    }
    assert visitor.call("DELETE", "/v1/shortlist/m/2").status_code == 204
    assert visitor.call("GET", "/v1/sessions/current").json()["shortlist"] == ["m-1"]
    assert visitor.call("DELETE", "/v1/shortlist").status_code == 204
    assert visitor.call("GET", "/v1/shortlist").json() == {"items": [], "gone": []}


def test_shortlist_is_one_s_own(client: TestClient, visitor: Visitor) -> None:
    visitor.call("PUT", "/v1/shortlist/m-1")
    opened = client.post("/v1/sessions").json()
    other = Visitor(client, opened["session"], opened["token"])
    assert other.call("GET", "/v1/shortlist").json()["items"] == []
    assert client.get("/v1/shortlist").status_code == 401


def test_lists_have_an_end(people: People) -> None:
    session, _ = people.start("en")
    assert all(people.keepsakes.keep(session.id, str(n)) for n in range(MOST_KEPT))
    assert not people.keepsakes.keep(session.id, "one more")
    assert people.keepsakes.keep(session.id, "7")  # is there already


def test_link_shows_the_items_and_nothing_else(client: TestClient, visitor: Visitor, assistant: FakeAssistant) -> None:
    visitor.say("a secret wish under 30")
    link = visitor.call("POST", "/v1/share", {"items": ["m/2", "m-3", "m/2"]}).json()
    assert link["url"] == f"http://127.0.0.1:8000/shared/{link['id']}"
    assert len(link["id"]) == 22
    page = client.get(link["url"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "secret" not in page.text
    assert "<script" not in page.text
    assert "<b>" not in page.text
    assert "&lt;b&gt;Bold&lt;/b&gt; mouse &amp; ${pad}" in page.text
    assert "javascript:" not in page.text
    assert 'href="https://shop.example/t?a=1&amp;b=2"' in page.text
    assert [item["id"] for item in client.get(f"/v1/shared/{link['id']}").json()["items"]] == ["m/2", "m-3"]
    assistant.catalog.products = (PRODUCTS[2],)
    assert "1 more of these" in client.get(link["url"]).text
    chinese = client.get(link["url"], headers={"Accept-Language": "zh-CN"}).text
    assert ('<html lang="zh">' in chinese, "分享" in chinese) == (True, True)
    visitor.call("DELETE", "/v1/me")
    assert client.get(link["url"]).status_code == 404
    assert client.get(f"/v1/shared/{link['id']}").status_code == 404


@pytest.mark.parametrize("body", [{"items": []}, {"items": ["m-1"] * 21}, {"items": "m-1"}, {"items": [""]}, {}])
def test_odd_links_are_refused(visitor: Visitor, body: object) -> None:
    assert visitor.call("POST", "/v1/share", body).status_code == 422


def test_link_to_what_is_not_there_is_refused(visitor: Visitor) -> None:
    assert visitor.call("POST", "/v1/share", {"items": ["m-1", "none"]}).status_code == 404


class _Wellformed(HTMLParser):
    """Are all tags closed in their order, save those that have no end?"""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop() != tag:
            assert self.open


def test_page_of_a_shop_under_a_path_leads_there() -> None:
    page = shared.page("A", PRODUCTS, 0, "en", PICTURES, "/a")
    assert 'src="/a/media/pictures/pebble.svg"' in page
    assert 'href="/a/inbox/shared.css"' in page
    assert 'src="https://img.example/t.png"' in page


def test_page_says_what_there_is_under_the_shop_s_name() -> None:
    product = _priced(replace(PEBBLE, title="Pebble", record={"title": "Pebble", "title_zh": "鹅卵石"}), 20, 4)
    product = replace(product, attributes={"title_zh": (("鹅卵石",))})
    chinese = shared.page("corner shop", (product,), 0, "zh", PICTURES)
    assert "来自 Corner shop 的分享" in chinese
    assert "<h2>鹅卵石</h2>" in chinese
    assert "现货 4 件" in chinese
    english = shared.page("corner shop", (product,), 0, "en", PICTURES)
    assert "<h1>Shared from Corner shop</h1>" in english
    assert "<h2>Pebble</h2>" in english
    assert "4 in stock" in english
    assert "鹅卵石" not in english


def test_page_is_well_formed_with_nothing_left() -> None:
    for products in (PRODUCTS, ()):
        parser = _Wellformed()
        parser.feed(shared.page("A & B", products, 2, "en", PICTURES, "/a"))
        assert parser.open == []


def test_feedback_says_what_it_costs_now(visitor: Visitor, assistant: FakeAssistant) -> None:
    visitor.say("a mouse under 30")
    same = visitor.call("POST", "/v1/events", {"type": "click", "impression": "i1"}).json()
    now = {
        "id": "m-1",
        "price": 24.9,
        "currency": "USD",
        "stock": 3,
        "availability": "in stock",
        "sold_out": False,
        "listed": True,
        "shown_price": 24.9,
        "shown_currency": "USD",
    }
    assert same == {"event": 1, "changed": False, "item": now}
    assistant.catalog.products = (_priced(PEBBLE, 27.5),)
    dearer = visitor.call("POST", "/v1/events", {"type": "cart", "impression": "i1"}).json()
    assert dearer == {"event": 2, "changed": True, "item": now | {"price": 27.5}}
    gone = visitor.call("POST", "/v1/events", {"type": "cart", "item": "m/2"}).json()
    assert (gone["changed"], gone["item"]["listed"], gone["item"]["sold_out"]) == (True, False, True)
    assistant.catalog.products = (_priced(PEBBLE, 24.9, 0),)
    assert visitor.call("POST", "/v1/events", {"type": "cart", "impression": "i1"}).json()["changed"] is True


def test_an_option_is_known_again_by_its_id_or_its_price() -> None:
    first, second = (
        replace(PEBBLE.variants[0], id=id, price=Money(price, "USD")) for id, price in (("a", 20), ("b", 30))
    )
    product = replace(PEBBLE, variants=(first, second))
    card = {"id": "m-1", "price": 30, "currency": "USD", "sold_out": False, "variant": None}
    assert since_shown(card, product)["changed"] is False
    named = card | {"variant": {"id": "a"}}
    assert (since_shown(named, product)["item"]["price"], since_shown(named, product)["changed"]) == (20, True)


@pytest.fixture
def its() -> Iterator[System]:
    with system() as its:
        yield its


@pytest.fixture
def served(its: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedShop]:
    monkeypatch.setattr("chatbot.web.support.courier.EVERY_S", 0.05)
    with shop(tmp_path, Site(webhooks=its.receiver)) as served:
        yield served


def _imported(served: ServedShop, generation: str, *products: Product) -> None:
    """The catalogue is another one from now on."""
    served.assistant.catalog = FakeRecords(generation=generation, products=products)


def test_watches_come_true_once(served: ServedShop, its: System) -> None:
    _imported(served, "g2", _priced(PEBBLE, 24.9, 0), PRODUCTS[2])
    shopper = served.shopper(user="ann")
    assert shopper("POST", "/v1/watches", {"item": "m-1", "type": "back"}) == {
        "item": "m-1",
        "type": "back",
        "price": None,
    }
    assert shopper("POST", "/v1/watches", {"item": "m-3", "type": "price"})["price"] == 39
    for _ in range(3):  # the same again is told once
        assert shopper("POST", "/v1/watches", {"item": "m-3", "type": "price", "price": 30})["price"] == 30
    its.wait(3)
    assert len(shopper("GET", "/v1/watches")["watches"]) == 2
    _imported(served, "g3", _priced(PEBBLE, 24.9, 0), _priced(PRODUCTS[2], 30))
    _imported(served, "g4", _priced(PEBBLE, 24.9, 5), _priced(PRODUCTS[2], 29.5))
    its.wait(5)
    _imported(served, "g5", _priced(PEBBLE, 24.9, 0), _priced(PRODUCTS[2], 39))
    _imported(served, "g6", _priced(PEBBLE, 24.9, 5), _priced(PRODUCTS[2], 29))
    assert shopper("GET", "/v1/watches") == {"watches": []}
    told = [json.loads(body) for _, body in its.got]
    assert [each["type"] for each in told] == ["watch.created"] * 3 + ["watch.true"] * 2
    assert [(e["data"]["item"]["id"], e["data"]["watch"], e["data"]["user"]) for e in told[3:]] == [
        ("m-1", {"type": "back", "price": None}, None),
        ("m-3", {"type": "price", "price": 30.0}, None),
    ]
    assert told[4]["data"]["item"]["price"] == 29.5


def test_a_watch_is_its_customer_s_also_when_the_shop_s_word_for_them_is_over(served: ServedShop, its: System) -> None:
    _imported(served, "g2", _priced(PEBBLE, 24.9, 0))
    shopper = served.shopper()
    found = served.people.sessions.get(shopper("GET", "/v1/sessions/current")["session"])
    assert found is not None
    served.people.sessions.identify(found, "ann", now(600))
    shopper("POST", "/v1/watches", {"item": "m-1", "type": "back"})
    with served.people._database.write() as sql:
        sql.execute("UPDATE session SET verified_until = ?", (now(-3_600),))
    _imported(served, "g3", _priced(PEBBLE, 24.9, 5))
    its.wait(2)
    told = [json.loads(body) for _, body in its.got]
    assert [(e["type"], e["data"]["user"]) for e in told] == [("watch.created", "ann"), ("watch.true", "ann")]


def test_odd_watches_are_refused(served: ServedShop) -> None:
    shopper = served.shopper()
    for body, status in (
        ({"item": "m-1", "type": "back"}, 409),
        ({"item": "m-1", "type": "price", "price": 25}, 409),
        ({"item": "none", "type": "back"}, 404),
        ({"item": "m-1", "type": "back", "price": 3}, 422),
        ({"item": "m-1", "type": "price", "price": 0}, 422),
        ({"item": "m-1", "type": "else"}, 422),
    ):
        assert shopper.status("POST", "/v1/watches", body) == status
    assert shopper("DELETE", "/v1/watches/m-1") == 204


def test_a_watch_ends_with_the_conversation(served: ServedShop, its: System) -> None:
    _imported(served, "g2", _priced(PEBBLE, 24.9, 0))
    shopper = served.shopper()
    shopper("POST", "/v1/watches", {"item": "m-1", "type": "back"})
    its.wait(1)
    shopper("DELETE", "/v1/me")
    assert served.people.keepsakes.watches() == ()


def test_a_shop_without_a_system_takes_no_watches(visitor: Visitor) -> None:
    assert visitor.call("POST", "/v1/watches", {"item": "m-1", "type": "price"}).status_code == 404
