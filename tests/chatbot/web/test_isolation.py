"""Nobody comes to what is another's: forged and foreign tokens, ids of others, and guesses. Thousands, from a fixed seed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import secrets
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from fastapi import FastAPI

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.tokens import Pass, Tokens
from errors import BadToken
from tests.chatbot.web.asking import Ask, asking
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.sites import OTHER, OTHER_SECRET, SHOP, SITE, signed

MANY = [300, pytest.param(2_000, marks=pytest.mark.hostile)]
CALLS: list[tuple[str, str, object]] = [
    ("GET", "/v1/sessions/current", None),
    ("GET", "/v1/me/export", None),
    ("DELETE", "/v1/me", None),
    ("DELETE", "/v1/sessions/current", None),
    ("POST", "/v1/chat", {"text": "a mouse"}),
    ("PATCH", "/v1/sessions/current/ledger", {"remove": ["w1"]}),
    ("POST", "/v1/sessions/current/gestures", {"type": "undo"}),
    ("POST", "/v1/sessions/current/context", {"item": "m-1"}),
    ("POST", "/v1/sessions/current/identity", {"identity": "x"}),
    ("POST", "/v1/events", {"type": "like", "impression": "i1"}),
    ("PUT", "/v1/me/consent", {"profile": True}),
    ("GET", "/v1/me/sessions", None),
    ("GET", "/v1/shortlist", None),
    ("PUT", "/v1/shortlist/m-1", None),
    ("POST", "/v1/share", {"items": ["m-1"]}),
    ("POST", "/v1/watches", {"item": "m-1", "type": "back"}),
    ("GET", "/v1/items/m-1", None),
    ("GET", "/v1/sessions/current/updates", None),
]


@pytest.fixture
def app(assistant: FakeAssistant, people: People) -> FastAPI:
    return create_app(assistant, people, WebSettings(page=False), SITE)


async def opened(ask: Ask, **body: object) -> dict[str, Any]:
    answer = await ask("POST", "/v1/sessions", json=body | {"key": "pk_shop"}, headers={"Origin": SHOP})
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


def bearing(token: str, origin: str = SHOP) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Origin": origin}


def forgeries(victim: dict[str, Any], other: dict[str, Any], secret: bytes, chance: random.Random) -> Iterator[str]:
    """Tokens without end that must open nothing, one of each kind in turn."""
    token, theirs = victim["token"], other["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    head, body, signature = token.split(".")
    expired = Tokens(secret, -chance.randrange(1, 9_999))
    while True:
        place = chance.randrange(len(token))
        yield token[:place] + chr(ord(token[place]) ^ (1 << chance.randrange(7))) + token[place + 1 :]
        yield jwt.encode(claims, "", "none")
        yield jwt.encode(claims, chance.randbytes(32), "HS256")
        yield _signed_by(hashlib.sha512, f"{_b64({'alg': 'HS512', 'typ': 'JWT'})}.{body}", secret)
        yield f"{head}.{body}."
        yield expired.sign(Pass(victim["session"], "pk_shop", SHOP))[0]
        yield jwt.encode(claims | {"use": "something else"}, secret, "HS256")
        yield jwt.encode({k: v for k, v in claims.items() if k != chance.choice(["exp", "session", "use"])}, secret)
        yield f"{head}.{body}.{theirs.split('.')[2]}"
        yield f"{head}.{theirs.split('.')[1]}.{signature}"
        yield f"{_b64({'alg': 'none', 'typ': 'JWT'})}.{body}."
        yield f"{_b64({'alg': 'HS256', 'kid': '../../dev/null'})}.{body}.{signature}"
        yield f"{head}.{_b64(claims | {'exp': 9_999_999_999})}.{signature}"
        yield Tokens(secret).sign(Pass(secrets.token_urlsafe(16), "pk_shop", SHOP))[0]  # a session that never was
        yield Tokens(secret).sign(Pass(victim["session"], "pk_shop", OTHER))[0]
        yield Tokens(secret).sign(Pass(victim["session"], "pk_gone", SHOP))[0]
        yield Tokens(secret).sign(Pass(victim["session"]))[0]
        yield victim["session"]
        yield victim["resume"]
        yield signed(victim["session"], secret=OTHER_SECRET)
        yield chance.randbytes(chance.randrange(1, 60)).hex()
        yield token[: chance.randrange(len(token))]
        yield token + chance.choice("AB=.-_") * chance.randrange(1, 5)
        yield "A" * chance.choice([5_000, 4_096, 100])


def _signed_by(hash: Any, text: str, secret: bytes) -> str:
    """With the true secret, and yet not as tokens are signed."""
    made = base64.urlsafe_b64encode(hmac.new(secret, text.encode(), hash).digest()).rstrip(b"=").decode()
    return f"{text}.{made}"


def _b64(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("many", MANY)
def test_no_forged_token_is_accepted(app: FastAPI, people: People, many: int) -> None:
    chance = random.Random(6)
    secret = people.secrets.get("tokens")

    async def talk(ask: Ask) -> list[int]:
        victim, other = await opened(ask), await opened(ask)
        await ask("POST", "/v1/chat", json={"text": "a mouse under 30"}, headers=bearing(victim["token"]))
        before = people.export(session=victim["session"])
        tokens = forgeries(victim, other, secret, chance)
        statuses: list[int] = []
        while len(statuses) < many:
            token = next(tokens)
            if token in (victim["token"], other["token"]) or not (token.isascii() and token.isprintable()):
                continue
            method, path, body = chance.choice(CALLS)
            answer = await ask(method, path, json=body, headers=bearing(token))
            statuses.append(answer.status_code)
            assert answer.headers["content-type"] == "application/problem+json"
            assert victim["session"] not in answer.text
        assert people.export(session=victim["session"]) == before
        again = await ask("GET", "/v1/sessions/current", headers=bearing(victim["token"]))
        assert again.status_code == 200
        return statuses

    found = asking(app, talk)
    assert (len(found), set(found) - {401, 403}) == (many, set())


def test_every_spelling_of_a_token_but_its_own_is_refused(people: People) -> None:
    tokens = Tokens(people.secrets.get("tokens"))
    token, _ = tokens.sign(Pass("s1"))
    assert tokens.read(token) == Pass("s1")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= ."
    accepted = []
    for place in range(len(token)):
        for letter in alphabet:
            changed = token[:place] + letter + token[place + 1 :]
            try:
                tokens.read(changed)
            except BadToken:
                continue
            accepted.append(changed)
    assert set(accepted) == {token}


@pytest.mark.parametrize("many", MANY)
def test_no_id_of_another_s_is_of_use(app: FastAPI, people: People, many: int) -> None:
    chance = random.Random(7)

    async def talk(ask: Ask) -> int:
        victim, thief = await opened(ask, identity=signed("ann")), await opened(ask, identity=signed("bob"))
        mine, theirs = bearing(thief["token"]), bearing(victim["token"])
        said = {"text": "something for my secret allergy", "message_id": "the-victims-own"}
        turn = (await ask("POST", "/v1/chat", json=said, headers=theirs)).json()
        await ask("PUT", "/v1/shortlist/m-3", headers=theirs)
        shared = (await ask("POST", "/v1/share", json={"items": ["m-1"]}, headers=theirs)).json()["id"]
        for who in (mine, theirs):
            await ask("PUT", "/v1/me/consent", json={"profile": True}, headers=who)
        before = people.export(session=victim["session"])
        refused = 0
        while refused < many:
            guess = _guess(chance, victim["session"], shared)
            tries: list[tuple[str, str, object, set[int]]] = [
                ("POST", "/v1/sessions/resume", {"session": guess}, {404, 422}),
                ("POST", "/v1/sessions/resume", {"resume": guess}, {401, 422}),
                ("GET", f"/v1/shared/{guess}", None, {404, 422}),
                ("POST", "/v1/events", {"type": "like", "impression": turn["suggestions"][0]["impression"]}, {404}),
                ("POST", "/v1/events", {"type": "like", "item": "m-3"}, {404}),
                ("PATCH", "/v1/sessions/current/ledger", {"remove": ["w1"]}, {422}),
            ]
            method, path, body, expected = chance.choice(tries)
            answer = await ask(method, path, json=body, headers=mine)
            assert answer.status_code in expected, (path, body, answer.status_code)
            assert "allergy" not in answer.text
            refused += 1
        own = (await ask("POST", "/v1/chat", json=said | {"text": "a mouse"}, headers=mine)).json()
        assert (own["dialogue"], own["user"]) == (thief["session"], "a mouse")
        listed = (await ask("GET", "/v1/me/sessions", headers=mine)).json()["sessions"]
        assert [row["session"] for row in listed] == [thief["session"]]
        assert victim["session"] not in (await ask("GET", "/v1/me/export", headers=mine)).text
        assert (await ask("DELETE", "/v1/me", headers=mine)).status_code == 204
        assert people.export(session=victim["session"]) == before
        return refused

    assert asking(app, talk) == many


def _guess(chance: random.Random, session: str, shared: str) -> str:
    """An id that is not the victim's share link, which is for whoever has it."""
    place = chance.randrange(len(shared))
    near = shared[:place] + chr(ord("A") + (ord(shared[place]) + 1) % 26) + shared[place + 1 :]
    guess = chance.choice(
        [
            session,
            near,
            chance.randbytes(16).hex(),
            str(chance.randrange(1_000)),
            "..%2f..%2fpeople.db",
            "%00",
            "*",
            "' OR 1=1",
        ]
    )
    return guess if guess != shared else "x"


def test_ids_and_secrets_are_long_and_never_alike(app: FastAPI) -> None:
    async def talk(ask: Ask) -> list[dict[str, Any]]:
        return [await opened(ask) for _ in range(50)]

    made = asking(app, talk)
    assert len({one["session"] for one in made} | {one["resume"] for one in made}) == 100
    assert {(len(one["session"]), len(one["resume"])) for one in made} == {(22, 43)}


def test_no_answer_sets_a_cookie(app: FastAPI) -> None:
    async def talk(ask: Ask) -> list[str]:
        token = (await opened(ask))["token"]
        seen = []
        for method, path, body in [*CALLS[4:-1], *CALLS[:4], ("GET", "/", None), ("GET", "/docs", None)]:
            answer = await ask(method, path, json=body, headers=bearing(token))
            seen += [name for name in answer.headers if name == "set-cookie"]
        return seen

    assert asking(app, talk) == []


def test_signing_is_by_the_clock() -> None:
    token, expires = Tokens(b"x" * 32, 100).sign(Pass("s"))
    assert abs(expires - time.time() - 100) < 5
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
