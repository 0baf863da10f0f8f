"""Sessions on foreign pages: keys and origins, tokens that end, identities that a shop signed, and consent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from chatbot.memory import clock
from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.limits import Rates
from chatbot.web.site import Limits, Site
from chatbot.web.tokens import Pass, Tokens
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.sites import OTHER, OTHER_SECRET, SECRET, SHOP, SITE, signed


@dataclass
class Guest:
    """One who opened a session on a shop's page."""

    client: TestClient
    opened: dict[str, Any]
    origin: str | None = SHOP

    def call(self, method: str, path: str, json: object = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.opened['token']}"} | ({"Origin": self.origin} if self.origin else {})
        return self.client.request(method, path, json=json, headers=headers | more.pop("headers", {}), **more)

    def say(self, text: str = "a mouse") -> Any:
        return self.call("POST", "/v1/chat", {"text": text})


@pytest.fixture
def shop(assistant: FakeAssistant, people: People) -> Iterator[TestClient]:
    app = create_app(assistant, people, WebSettings(page=False), SITE)
    with TestClient(app, base_url="https://chat.example") as client:
        yield client


def opening(client: TestClient, origin: str | None = SHOP, **body: object) -> Any:
    return client.post("/v1/sessions", json=body, headers={"Origin": origin} if origin else {})


def guest(client: TestClient, origin: str | None = SHOP, key: str | None = "pk_shop", **body: object) -> Guest:
    answer = opening(client, origin, **body, **({"key": key} if key else {}))
    assert answer.status_code == 201, answer.text
    return Guest(client, answer.json(), origin)


@pytest.mark.parametrize(
    ("origin", "key", "status"),
    [
        (SHOP, "pk_shop", 201),
        (None, "pk_shop", 201),
        ("https://chat.example", "pk_shop", 201),
        ("https://chat.example", None, 201),
        (None, None, 201),
        ("https://page.example", None, 201),
        (SHOP, None, 403),
        (OTHER, "pk_shop", 403),
        ("https://page.example", "pk_shop", 403),
        (SHOP, "pk_nobody", 403),
        ("https://evil.example", "pk_shop", 403),
        ("https://evil.example", None, 403),
        ("null", "pk_shop", 403),
        ("https://shop.example.evil.com", "pk_shop", 403),
        ("http://shop.example", "pk_shop", 403),
        ("https://shop.example:8443", "pk_shop", 403),
    ],
)
def test_key_opens_on_its_own_origins_only(shop: TestClient, origin: str | None, key: str | None, status: int) -> None:
    body = {"key": key} if key else {}
    answer = opening(shop, origin, **body)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    about = shop.get("/v1/shop", params=body, headers={"Origin": origin} if origin else {})
    assert about.status_code == (200 if status == 201 else 403)


def test_token_is_for_its_origin_only(shop: TestClient) -> None:
    visitor = guest(shop)
    assert visitor.say().status_code == 200
    for origin in (OTHER, "https://page.example", "https://chat.example", None):
        elsewhere = Guest(shop, visitor.opened, origin)
        answer = elsewhere.call("GET", "/v1/sessions/current")
        assert (answer.status_code, answer.json()["detail"]) == (403, "This token is not for this origin.")
    own = guest(shop, None, None)
    assert Guest(shop, own.opened, SHOP).call("GET", "/v1/sessions/current").status_code == 403


def test_token_of_a_key_that_is_gone_is_refused(assistant: FakeAssistant, people: People) -> None:
    with TestClient(create_app(assistant, people, WebSettings(page=False), SITE)) as client:
        opened = guest(client).opened
    people = People.open(people._database.path)
    for keys in ((), (replace(SITE.keys[0], origins=(OTHER,)),)):
        later = replace(SITE, keys=keys, origins=(SHOP,))
        client = TestClient(create_app(assistant, people, WebSettings(page=False), later))
        assert Guest(client, opened).call("GET", "/v1/sessions/current").status_code == 403
    people.close()


def test_expired_token_says_to_resume_and_the_secret_does(shop: TestClient, people: People) -> None:
    visitor = guest(shop, locale="zh")
    visitor.say()
    ended, _ = Tokens(people.secrets.get("tokens"), -1).sign(Pass(visitor.opened["session"], "pk_shop", SHOP))
    refused = Guest(shop, {"token": ended}).call("GET", "/v1/sessions/current")
    assert (refused.status_code, refused.json()["expired"]) == (401, True)
    assert refused.headers["www-authenticate"].startswith('Bearer error="invalid_token"')
    again = shop.post("/v1/sessions/resume", json={"resume": visitor.opened["resume"]}, headers={"Origin": SHOP}).json()
    assert set(again) == {"session", "token", "notice", "resume", "expires"}
    assert (again["session"], again["resume"]) == (visitor.opened["session"], visitor.opened["resume"])
    assert again["notice"] == visitor.opened["notice"]
    assert len(Guest(shop, again).call("GET", "/v1/sessions/current").json()["turns"]) == 1


def test_resume_secret_is_kept_as_a_hash_and_holds_on_its_site_only(shop: TestClient, people: People) -> None:
    opened = guest(shop).opened
    raw = b"".join(file.read_bytes() for file in people._database.path.parent.glob("people.db*"))
    assert opened["resume"].encode() not in raw
    assert opened["token"].encode() not in raw
    for origin, status in ((OTHER, 403), (None, 403), (SHOP, 200)):
        headers = {"Origin": origin} if origin else {}
        answer = shop.post("/v1/sessions/resume", json={"resume": opened["resume"]}, headers=headers)
        assert answer.status_code == status
    assert shop.post("/v1/sessions/resume", json={"resume": opened["token"]}).status_code == 401
    assert shop.post("/v1/sessions/resume", json={"resume": "x"}).status_code == 401
    assert shop.post("/v1/sessions/resume", json={}).status_code == 422


def test_secret_that_was_not_used_for_long_resumes_nothing(shop: TestClient, people: People) -> None:
    opened = guest(shop).opened
    with people._database.write() as sql:
        sql.execute("UPDATE session SET seen = '2020-01-01T00:00:00.000+00:00'")
    answer = shop.post("/v1/sessions/resume", json={"resume": opened["resume"]}, headers={"Origin": SHOP})
    assert answer.status_code == 401
    Guest(shop, opened).say()
    answer = shop.post("/v1/sessions/resume", json={"resume": opened["resume"]}, headers={"Origin": SHOP})
    assert answer.status_code == 200


def test_erased_session_is_known_to_no_token(shop: TestClient) -> None:
    visitor = guest(shop)
    assert visitor.call("DELETE", "/v1/me").status_code == 204
    assert visitor.call("GET", "/v1/sessions/current").status_code == 401
    assert visitor.say().status_code == 401
    body = {"resume": visitor.opened["resume"]}
    assert shop.post("/v1/sessions/resume", json=body, headers={"Origin": SHOP}).status_code == 401


FORGED: dict[str, Callable[[], str]] = {
    "another secret": lambda: signed(secret=OTHER_SECRET),
    "another key": lambda: signed(key="pk_other"),
    "the other key's own": lambda: signed(key="pk_other", secret=OTHER_SECRET),
    "over": lambda: signed(ahead=-10),
    "good for too long": lambda: signed(ahead=7_200),
    "without an end": lambda: signed(exp=None),
    "without a name": lambda: signed(sub=None),
    "an empty name": lambda: signed(sub=""),
    "a name that is none": lambda: signed(sub="a\0b"),
    "a name too long": lambda: signed(sub="x" * 201),
    "for nobody": lambda: signed(aud=None),
    "for several": lambda: signed(aud=["pk_shop", "pk_other"]),
    "not yet": lambda: signed(nbf=int(time.time()) + 300),
    "unsigned": lambda: jwt.encode({"sub": "ann", "aud": "pk_shop", "exp": time.time() + 60}, "", "none"),
    "another algorithm": lambda: jwt.encode(
        {"sub": "ann", "aud": "pk_shop", "exp": time.time() + 60}, "k" * 64, "HS512"
    ),
    "no token": lambda: "ann",
    "cut": lambda: signed()[:-2],
    "dots": lambda: "..",
    "an end that is none": lambda: signed(exp="soon"),
    "an end in quotes, too far": lambda: signed(exp=str(int(time.time()) + 7_200)),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_identity_opens_nothing_and_names_nobody(shop: TestClient, people: People, name: str) -> None:
    forged = FORGED[name]()
    assert opening(shop, key="pk_shop", identity=forged).status_code == 403
    assert people.export(user="ann") == []
    visitor = guest(shop)
    assert visitor.call("POST", "/v1/sessions/current/identity", {"identity": forged}).status_code == 403
    assert visitor.call("GET", "/v1/sessions/current").json()["verified"] is False


def test_identity_needs_a_key_with_a_secret(shop: TestClient) -> None:
    assert opening(shop, None, identity=signed()).status_code == 403
    assert opening(shop, key="pk_plain", identity=signed(key="pk_plain")).status_code == 403


def test_claimed_name_stays_a_claim_and_a_signed_one_is_proven(shop: TestClient) -> None:
    claimed = guest(shop, user="ann").call("GET", "/v1/sessions/current").json()
    assert (claimed["user"], claimed["verified"]) == ("ann", False)
    visitor = guest(shop, user="somebody")
    assert visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed()}).status_code == 204
    proven = visitor.call("GET", "/v1/sessions/current").json()
    assert (proven["user"], proven["verified"]) == ("ann", True)
    assert visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed()}).status_code == 204
    other = visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed("bob")})
    assert other.status_code == 409
    assert visitor.call("GET", "/v1/sessions/current").json()["user"] == "ann"


def test_earlier_conversations_are_listed_with_proof_and_consent_only(shop: TestClient) -> None:
    phone, laptop = guest(shop, identity=signed()), guest(shop, identity=signed())
    claimed, bob = guest(shop, user="ann"), guest(shop, identity=signed("bob"))
    namesake = guest(shop, OTHER, "pk_other", identity=signed(key="pk_other", secret=OTHER_SECRET))
    everyone = (phone, laptop, claimed, bob, namesake)
    phone.say("a mouse under 30")

    def listed(who: Guest) -> set[str]:
        return {found["session"] for found in who.call("GET", "/v1/me/sessions").json()["sessions"]}

    assert [listed(who) for who in everyone] == [set()] * 5
    for who in (claimed, bob, namesake, phone):
        kept = who.call("PUT", "/v1/me/consent", {"profile": True}).json()
        assert (kept["profile"], bool(kept["since"])) == (True, True)
    ann = {phone.opened["session"], laptop.opened["session"]}
    assert [listed(who) for who in everyone] == [
        ann,
        ann,
        set(),
        {bob.opened["session"]},
        {namesake.opened["session"]},
    ]
    first = laptop.call("GET", "/v1/me/sessions").json()["sessions"][0]
    assert (first["session"], first["turns"], first["text"]) == (phone.opened["session"], 1, "a mouse under 30")
    on = laptop.call("POST", "/v1/sessions/resume", {"session": phone.opened["session"]})
    assert (on.status_code, on.json()["resume"]) == (200, None)
    assert len(Guest(shop, on.json()).call("GET", "/v1/sessions/current").json()["turns"]) == 1
    for who in (claimed, bob, namesake):
        assert who.call("POST", "/v1/sessions/resume", {"session": phone.opened["session"]}).status_code == 404
    tablet = guest(shop, identity=signed())
    assert tablet.call("GET", "/v1/sessions/current").json()["consent"]
    assert tablet.call("PUT", "/v1/me/consent", {"profile": False}).json() == {"profile": False, "since": None}
    assert [listed(who) for who in (phone, laptop, tablet)] == [set()] * 3
    assert laptop.call("POST", "/v1/sessions/resume", {"session": phone.opened["session"]}).status_code == 404


def test_an_identity_ends_when_the_shop_says_so_and_the_conversation_goes_on(shop: TestClient, people: People) -> None:
    end = int(time.time()) + 600
    visitor, elsewhere = guest(shop, identity=signed(exp=end)), guest(shop, identity=signed())
    visitor.say()
    visitor.call("PUT", "/v1/me/consent", {"profile": True})
    both = {visitor.opened["session"], elsewhere.opened["session"]}

    def known() -> tuple[Any, ...]:
        now = visitor.call("GET", "/v1/sessions/current").json()
        listed = visitor.call("GET", "/v1/me/sessions").json()["sessions"]
        given = visitor.call("GET", "/v1/me/export").json()["sessions"]
        on = visitor.call("POST", "/v1/sessions/resume", {"session": elsewhere.opened["session"]})
        return now["user"], now["verified"], {s["session"] for s in listed}, {s["id"] for s in given}, on.status_code

    assert known() == ("ann", True, both, both, 200)
    with people._database.write() as sql:
        sql.execute(
            "UPDATE session SET verified_until = ? WHERE id = ? AND verified_until = ?",
            (clock.now(), visitor.opened["session"], clock.at(end)),
        )
    assert known() == ("ann", False, set(), {visitor.opened["session"]}, 404)
    assert (visitor.say().json()["turn"], len(visitor.call("GET", "/v1/sessions/current").json()["turns"])) == (2, 2)
    assert visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed("bob")}).status_code == 409
    assert visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed(ahead=-1)}).status_code == 403
    assert visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed()}).status_code == 204
    assert known() == ("ann", True, both, both, 200)


def test_of_two_identities_the_one_that_ends_later_counts(shop: TestClient, people: People) -> None:
    visitor = guest(shop, identity=signed(ahead=1_200))
    visitor.call("POST", "/v1/sessions/current/identity", {"identity": signed(ahead=60)})
    found = people.sessions.get(visitor.opened["session"])
    assert found is not None
    assert found.verified_at(clock.now(1_100))
    assert not found.verified_at(clock.now(1_300))


def test_an_earlier_conversation_that_is_gone_on_with_is_in_use(shop: TestClient, people: People) -> None:
    phone, laptop = guest(shop, identity=signed()), guest(shop, identity=signed())
    laptop.call("PUT", "/v1/me/consent", {"profile": True})
    with people._database.write() as sql:
        sql.execute("UPDATE session SET created = ?1, seen = ?1", (clock.now(-20 * 86_400),))
    assert laptop.call("POST", "/v1/sessions/resume", {"session": phone.opened["session"]}).status_code == 200
    people.tidying.sweep(7)
    kept = [people.sessions.get(who.opened["session"]) is not None for who in (phone, laptop)]
    assert kept == [True, False]


def test_a_conversation_that_is_no_longer_kept_is_as_one_that_was_erased(
    assistant: FakeAssistant, people: People
) -> None:
    site = replace(SITE, keep_days=7)
    with TestClient(create_app(assistant, people, WebSettings(page=False), site)) as client:
        erased, old, fresh = guest(client), guest(client), guest(client)
        link = ""
        for who in (erased, old, fresh):
            who.say()
            link = who.call("POST", "/v1/share", {"items": ["m-1"]}).json()["id"] if who is old else link
        assert erased.call("DELETE", "/v1/me").status_code == 204
        with people._database.write() as sql:
            then, id = clock.now(-8 * 86_400), old.opened["session"]
            sql.execute("UPDATE session SET created = ?1, seen = ?1 WHERE id = ?2", (then, id))
            sql.execute("UPDATE message SET created = ? WHERE session = ?", (then, id))
        client.app.state.service._tidy_at = 0.0  # type: ignore[attr-defined]
        client.app.state.service.courier.nudge()  # type: ignore[attr-defined]
        end = time.monotonic() + 10
        while people.sessions.get(id) and time.monotonic() < end:
            time.sleep(0.02)

        def answers(who: Guest) -> list[tuple[int, Any]]:
            resume = {"resume": who.opened["resume"]}
            again = client.post("/v1/sessions/resume", json=resume, headers={"Origin": SHOP})
            return [(a.status_code, a.json()) for a in (again, who.call("GET", "/v1/sessions/current"), who.say())]

        assert answers(old) == answers(erased)
        assert [status for status, _ in answers(old)] == [401, 401, 401]
        assert [status for status, _ in answers(fresh)] == [200, 200, 200]
        assert client.get(f"/v1/shared/{link}").status_code == 404


def test_export_and_deletion_cover_a_proven_person_and_no_namesake(shop: TestClient, people: People) -> None:
    phone, laptop = guest(shop, identity=signed()), guest(shop, identity=signed())
    claimed = guest(shop, user="ann")
    namesake = guest(shop, OTHER, "pk_other", identity=signed(key="pk_other", secret=OTHER_SECRET))
    both = {phone.opened["session"], laptop.opened["session"]}
    given = phone.call("GET", "/v1/me/export").json()["sessions"]
    assert {row["id"] for row in given} == both
    assert not {"token_hash", "secret"} & set(given[0])
    assert set(given[0]) >= {"message", "turn", "ledger", "impression", "feedback"}
    assert set(given[0]) >= {"note", "handoff", "shortlist", "share", "watch"}
    assert [row["id"] for row in claimed.call("GET", "/v1/me/export").json()["sessions"]] == [claimed.opened["session"]]
    assert laptop.call("DELETE", "/v1/me").status_code == 204
    assert phone.call("GET", "/v1/sessions/current").status_code == 401
    for who in (claimed, namesake):
        assert who.call("GET", "/v1/sessions/current").status_code == 200


def test_what_is_open_is_told_and_forgotten(shop: TestClient, assistant: FakeAssistant) -> None:
    visitor = guest(shop, item="m-1", page="https://shop.example/m-1")
    visitor.say()
    look = visitor.call("POST", "/v1/sessions/current/context", {"item": "m-3"})
    visitor.say()
    visitor.call("POST", "/v1/sessions/current/context", {})
    visitor.say()
    assert look.status_code == 204
    assert [context and context.item for context in assistant.contexts] == ["m-1", "m-3", None]


def test_shop_says_what_a_page_needs_before_the_first_word(shop: TestClient) -> None:
    told = shop.get("/v1/shop", params={"key": "pk_shop", "locale": "zh-CN"}, headers={"Origin": SHOP})
    assert told.headers["access-control-allow-origin"] == SHOP
    found = told.json()
    assert (found["name"], found["count"], found["currency"], found["ai"]) == ("Mouse House", 3, "USD", True)
    assert found["notice"].startswith("这里由 AI")
    assert found["consent"] is True
    assert shop.get("/v1/shop").json()["consent"] is False


@pytest.mark.parametrize(
    ("days", "locale", "says"),
    [(90, "en", "not used for 90 days;"), (1, "en", "not used for 1 day;"), (90, "zh", "90 天未使用即删除；")],
)
def test_shoppers_are_told_first_how_long_their_conversation_is_kept(
    assistant: FakeAssistant, people: People, days: int, locale: str, says: str
) -> None:
    app = create_app(assistant, people, WebSettings(page=False), replace(SITE, keep_days=days))
    with TestClient(app, base_url="https://chat.example") as client:
        opened = guest(client, locale=locale).opened
        again = client.post("/v1/sessions/resume", json={"resume": opened["resume"]}, headers={"Origin": SHOP}).json()
        shown = client.get("/v1/shop", params={"locale": locale}).json()
        assert says in opened["notice"]
        assert again["notice"] == shown["notice"] == opened["notice"]


def test_shop_is_called_by_the_name_of_its_site(people: People) -> None:
    named = create_app(FakeAssistant(), people, WebSettings(page=False), Site(name="Corner Shop"))
    assert TestClient(named).get("/v1/shop").json()["name"] == "Corner Shop"


@pytest.mark.parametrize("path", ["/v1/chat", "/v1/sessions", "/v1/shortlist", "/v1/sessions/current/updates"])
def test_cors_names_the_shop_s_origins_and_never_all(shop: TestClient, path: str) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,last-event-id"}
    for origin in (SHOP, OTHER, "https://page.example"):
        welcome = shop.options(path, headers=asked | {"Origin": origin})
        assert (welcome.status_code, welcome.headers["access-control-allow-origin"]) == (200, origin)
        assert "access-control-allow-credentials" not in welcome.headers
    for origin in ("https://evil.example", "null", "https://shop.example.evil.com"):
        answer = shop.options(path, headers=asked | {"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
    assert "Origin" in shop.get("/v1/shop").headers["vary"]


def test_refusals_can_be_read_by_the_page_that_is_refused(assistant: FakeAssistant, people: People) -> None:
    site = replace(SITE, limits=Limits(session=1, session_burst=1))
    with TestClient(create_app(assistant, people, WebSettings(page=False), site)) as client:
        visitor = guest(client)
        assert visitor.say().status_code == 200
        refused = visitor.say()
        big = client.post("/v1/chat", content=b"x" * 70_000, headers={"Origin": SHOP})
    assert refused.status_code == 429
    assert 30 <= int(refused.headers["retry-after"]) <= 60  # one a minute, less what these took
    assert refused.headers["access-control-allow-origin"] == SHOP
    assert refused.headers["access-control-expose-headers"] == "Retry-After"
    assert (big.status_code, big.headers["access-control-allow-origin"]) == (413, SHOP)


def test_key_and_address_have_limits_of_their_own(assistant: FakeAssistant, people: People) -> None:
    site = replace(SITE, limits=Limits(session=0, address=0, key=60, key_burst=2))
    with TestClient(create_app(assistant, people, WebSettings(page=False), site)) as client:
        statuses = [opening(client, key="pk_shop").status_code for _ in range(3)]
        assert statuses == [201, 201, 429]
        assert opening(client, OTHER, key="pk_other").status_code == 201
    people = People.open(people._database.path)
    site = Site(limits=Limits(address=60, address_burst=2))
    app = create_app(assistant, people, WebSettings(page=False), site)
    one, two = (TestClient(app, client=(address, 1)) for address in ("10.0.0.1", "10.0.0.2"))
    assert [one.get("/v1/shop").status_code for _ in range(3)] == [200, 200, 429]
    assert [one.get("/healthz").status_code, two.get("/v1/shop").status_code] == [200, 200]
    people.close()


def test_rates_are_the_site_s(people: People) -> None:
    rates = Rates(Limits(session=60, session_burst=1, address=0, key=0))
    assert (rates.session.wait_s("a"), rates.session.wait_s("a") > 0, rates.address.wait_s("a")) == (0, True, 0)


def test_shop_key_is_shown_by_servers(shop: TestClient) -> None:
    door = shop.app.state.door  # type: ignore[attr-defined]
    assert door.shop_key(f"Bearer {SECRET}").key == "pk_shop"
    assert door.shop_key(f"Bearer {OTHER_SECRET}").key == "pk_other"
