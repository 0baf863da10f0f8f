"""Several shops behind one address: each request finds its own, and none of another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.shops import Place, Shops
from chatbot.web.site import Site
from errors import BadSite, NoCatalog
from tests.chatbot.web.fakes import FakeAssistant, FakeRecords

PASSWORDS = {"mice": "mice password", "kettles": "kettles password"}


def _app(folder: Path, name: str, path: str = "") -> FastAPI:
    assistant = FakeAssistant()
    assistant.catalog = FakeRecords(name)
    site = Site(staff_password=PASSWORDS.get(name, "another password"), path=path)
    return create_app(assistant, People.open(folder / f"{name}.db"), WebSettings(page=False), site)


@pytest.fixture
def mice(tmp_path: Path) -> FastAPI:
    return _app(tmp_path, "mice", "/mice")


@pytest.fixture
def kettles(tmp_path: Path) -> FastAPI:
    return _app(tmp_path, "kettles", "/kettles")


@pytest.fixture
def client(mice: FastAPI, kettles: FastAPI) -> Iterator[TestClient]:
    shops = Shops([Place(mice, "mice", "/mice"), Place(kettles, "kettles", "/kettles"), Place(None, "shut", "/shut")])
    with TestClient(shops, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def _opened(client: TestClient, shop: str) -> dict[str, str]:
    opened: dict[str, str] = client.post(f"/{shop}/v1/sessions", json={"locale": "en"}).json()
    return opened


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _session(client: TestClient, shop: str, token: str) -> int:
    return client.get(f"/{shop}/v1/sessions/current", headers=_bearer(token)).status_code


def test_each_path_is_its_own_shop(client: TestClient) -> None:
    assert [client.get(f"/{shop}/v1/shop").json()["name"] for shop in ("mice", "kettles")] == ["mice", "kettles"]
    opened = _opened(client, "mice")
    said = client.post("/mice/v1/chat", json={"text": "a mouse", "message_id": "1"}, headers=_bearer(opened["token"]))
    assert [card["id"] for card in said.json()["suggestions"]][:1] == ["m-1"]
    assert client.get("/mice/docs").status_code == 200
    assert client.get("/mice/healthz").json() == {"status": "ok"}


def test_streams_pass(client: TestClient) -> None:
    headers = _bearer(_opened(client, "mice")["token"]) | {"Accept": "text/event-stream"}
    with client.stream("POST", "/mice/v1/chat", json={"text": "a mouse"}, headers=headers) as answer:
        told = "".join(answer.iter_text())
    assert (answer.headers["content-type"].partition(";")[0], "event: turn.end" in told) == ("text/event-stream", True)


def test_tokens_of_one_shop_are_nothing_to_the_other(client: TestClient) -> None:
    opened = _opened(client, "mice")
    assert (_session(client, "mice", opened["token"]), _session(client, "kettles", opened["token"])) == (200, 401)
    resumed = [
        client.post(f"/{shop}/v1/sessions/resume", json={"resume": opened["resume"]}).status_code
        for shop in ("mice", "kettles")
    ]
    assert resumed[0] in (200, 201)
    assert resumed[1] == 401


def test_people_of_one_shop_are_nobody_in_the_other(client: TestClient) -> None:
    def login(shop: str, password: str) -> int:
        return client.post(f"/{shop}/staff/login", json={"password": password, "name": "Mira"}).status_code

    assert (login("mice", PASSWORDS["mice"]), login("kettles", PASSWORDS["mice"])) == (200, 401)
    told = client.post("/mice/staff/login", json={"password": PASSWORDS["mice"], "name": "Mira"}).json()
    asked = [
        client.get(f"/{shop}/staff/insights/status", headers=_bearer(told["token"])).status_code
        for shop in ("mice", "kettles")
    ]
    assert asked == [200, 401]


def test_policies_hold_under_a_path(client: TestClient) -> None:
    assert "default-src 'none'" in client.get("/mice/v1/shop").headers["content-security-policy"]
    assert "unsafe" not in client.get("/mice/admin").headers["content-security-policy"]
    refused = client.post("/mice/v1/sessions", json={}, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert client.get("/mice/nothing").status_code == 404
    assert client.get("/mice/mice/v1/shop").status_code == 404


def test_a_broken_catalogue_leaves_the_other_shop_serving(client: TestClient, mice: FastAPI) -> None:
    def gone() -> FakeAssistant:
        raise NoCatalog("gone")

    mice.state.desk.shop._assistant.newer = gone
    assert client.get("/mice/readyz").json()["status"] == "degraded"
    assert client.get("/kettles/readyz").json() == {"status": "ready", "why": []}
    assert client.get("/readyz").json() == {"shops": {"kettles": "ready", "mice": "degraded", "shut": "not"}}


def test_a_shop_that_cannot_be_opened_says_so(client: TestClient) -> None:
    answer = client.get("/shut/v1/shop")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "300")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/v1/shop", "/micey/v1/shop", "/MICE/v1/shop", "//mice/v1/shop", "/inbox"])
def test_where_no_shop_stands_there_is_nothing(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_path_without_its_last_slash_leads_there(client: TestClient) -> None:
    answer = client.get("/mice?a=1")
    assert (answer.status_code, answer.headers["location"]) == (308, "/mice/?a=1")


def test_hosts_lead_to_their_shops(tmp_path: Path) -> None:
    named, under, rest = _app(tmp_path, "named"), _app(tmp_path, "under"), _app(tmp_path, "rest")
    shops = Shops([Place(rest, "rest"), Place(named, "named", "", ("a.example", "b.example")),
                   Place(under, "under", "/u", ("a.example",))])  # fmt: skip
    with TestClient(shops) as client:

        def name(host: str, path: str = "/v1/shop") -> str:
            return str(client.get(path, headers={"Host": host}).json()["name"])

        assert [name(h) for h in ("a.example", "B.Example:8443", "c.example", "127.0.0.1:8000", "[::1]:80")] == [
            "named", "named", "rest", "rest", "rest",
        ]  # fmt: skip
        assert (name("a.example", "/u/v1/shop"), name("a.example.", "/v1/shop")) == ("under", "named")
        assert client.get("/u/v1/shop", headers={"Host": "b.example"}).status_code == 404


def test_shops_reached_alike_are_refused(mice: FastAPI) -> None:
    for wrong in (
        [Place(mice, "a"), Place(mice, "b")],
        [Place(mice, "a", "/x"), Place(mice, "b", "/x")],
        [Place(mice, "a", "", ("h.example",)), Place(mice, "b", "", ("h.example", "i.example"))],
    ):
        with pytest.raises(BadSite, match="a and b are both reached at"):
            Shops(wrong)


def test_every_shop_begins_and_ends_with_the_server(mice: FastAPI, kettles: FastAPI) -> None:
    with TestClient(Shops([Place(mice, "mice", "/mice"), Place(kettles, "kettles", "/kettles")])) as client:
        opened = _opened(client, "mice")
        people = mice.state.desk.people
        assert people.sessions.get(opened["session"]) is not None
    with pytest.raises(Exception, match="closed"):
        people.start("en")
