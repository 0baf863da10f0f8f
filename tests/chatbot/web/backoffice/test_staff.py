"""The door of the shop's people: the password, its tokens, and who is kept out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.web import problems
from chatbot.web.backoffice.staff import DAY_S, MANY_WRONG, MOST_WRONG, WINDOW_S, Person, Staff, staff
from chatbot.web.problems import Problem

SECRET = b"s" * 32
PASSWORD = "open, sesame"


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()
    app.state.staff = Staff(PASSWORD, SECRET)
    problems.install(app)
    app.include_router(staff)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def _login(
    client: TestClient, password: str = PASSWORD, name: str = "Mira", **headers: str
) -> tuple[int, dict[str, object]]:
    answer = client.post("/staff/login", json={"password": password, "name": name}, headers=headers)
    return answer.status_code, answer.json()


def test_password_opens_and_the_token_says_who(client: TestClient) -> None:
    status, told = _login(client, name="  Mira ")
    assert (status, told["name"], told["expires_in"]) == (200, "Mira", 3600)
    person = client.app.state.staff.who(told["token"])  # type: ignore[attr-defined]
    assert person.name == "Mira"
    renewed = client.post("/staff/renew", headers={"Authorization": f"Bearer {told['token']}"})
    assert renewed.status_code == 200
    assert client.app.state.staff.who(renewed.json()["token"]) == person  # type: ignore[attr-defined]


def test_wrong_passwords_are_few_and_then_the_right_one_waits_too(client: TestClient) -> None:
    for _ in range(MOST_WRONG):
        status, told = _login(client, "guess")
        assert (status, told["detail"]) == (401, "That is not the password.")
    answer = client.post("/staff/login", json={"password": PASSWORD, "name": "Mira"})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 301


def _tried(door: Staff, password: str, address: str) -> int:
    """The status of an attempt."""
    try:
        return 200 if door.login(password, "Mira", address) else 0
    except Problem as problem:
        return problem.status_code


def test_strangers_who_guess_from_everywhere_shut_nobody_out() -> None:
    door = Staff(PASSWORD, SECRET)
    assert _tried(door, PASSWORD, "192.0.2.7") == 200
    guesses = [_tried(door, "guess", f"10.0.{n // 250}.{n % 250}") for n in range(3 * MANY_WRONG)]
    assert guesses == [401] * 3 * MANY_WRONG
    at_home = [_tried(door, "typo", "192.0.2.7") for _ in range(MOST_WRONG - 1)]
    assert (at_home, _tried(door, PASSWORD, "192.0.2.7")) == ([401] * (MOST_WRONG - 1), 200)
    assert _tried(door, PASSWORD, "198.51.100.3") == 200  # on the road, never seen before
    assert [_tried(door, "guess", "203.0.113.9") for _ in range(3)] == [401, 429, 429]


def test_a_network_is_counted_as_one() -> None:
    door = Staff(PASSWORD, SECRET)
    guesses = [_tried(door, "guess", f"2001:db8:1:2::{n:x}") for n in range(MOST_WRONG + 2)]
    assert guesses == [401] * MOST_WRONG + [429] * 2
    assert _tried(door, PASSWORD, "2001:db8:1:2:ffff::1") == 429
    assert _tried(door, PASSWORD, "2001:db8:1:3::1") == 200


def test_the_right_password_begins_anew() -> None:
    door = Staff(PASSWORD, SECRET)
    told = [_tried(door, word, "192.0.2.7") for _ in range(3) for word in ("typo", "typo", PASSWORD)]
    assert told == [401, 401, 200] * 3


def test_attempts_at_once_are_no_more_than_one_after_the_other() -> None:
    door = Staff(PASSWORD, SECRET)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: _tried(door, "guess", "192.0.2.7"), range(40)))
    assert sorted(told) == [401] * MOST_WRONG + [429] * (40 - MOST_WRONG)


def test_who_waited_may_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Staff(PASSWORD, SECRET)
    start = time.monotonic()
    told = [_tried(door, "guess", "192.0.2.7") for _ in range(MOST_WRONG + 1)]
    with pytest.raises(Problem) as refused:
        door.login(PASSWORD, "Mira", "192.0.2.7")
    wait = int((refused.value.headers or {})["Retry-After"])
    monkeypatch.setattr(time, "monotonic", lambda: start + wait + 1)
    assert (told, wait <= WINDOW_S + 1) == ([401] * MOST_WRONG + [429], True)
    assert _tried(door, PASSWORD, "192.0.2.7") == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "\0"])
def test_name_is_short_and_readable(client: TestClient, name: str) -> None:
    assert _login(client, name=name)[0] == 422


def test_pages_of_other_sites_are_kept_out(client: TestClient) -> None:
    assert _login(client, Origin="https://shop.example")[0] == 403
    assert _login(client, Origin="null")[0] == 403
    assert _login(client, Origin="http://127.0.0.1:8000")[0] == 200


def test_without_a_password_nobody_is_let_in() -> None:
    door = Staff("", SECRET)
    for attempt in (
        lambda: door.login("", "Mira", "a"),
        lambda: door.who(door.token(Person("Mira", int(time.time())))),
    ):
        with pytest.raises(Problem, match="404"):
            attempt()


def _forged() -> Iterator[str]:
    now = int(time.time())
    claims = {"sub": "Mira", "since": now, "exp": now + 60, "aud": "staff"}
    own = Staff(PASSWORD, SECRET)._key
    yield ""
    yield "a.b.c"
    yield jwt.encode(claims, b"another key, as long as it must be", "HS256")
    yield jwt.encode(claims, "", "none")
    yield jwt.encode(claims | {"exp": now - 1}, own, "HS256")
    yield jwt.encode(claims | {"aud": "session"}, own, "HS256")
    yield jwt.encode(claims, own, "HS512")
    yield jwt.encode({k: v for k, v in claims.items() if k != "since"}, own, "HS256")
    yield jwt.encode(claims | {"since": "x"}, own, "HS256")
    yield Staff("the password of yesterday", SECRET).token(Person("Mira", now))
    yield Staff(PASSWORD, b"t" * 32).token(Person("Mira", now))
    yield Staff(PASSWORD, SECRET).token(Person("Mira", now - DAY_S))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_forged_and_old_tokens_are_nobody_s() -> None:
    door = Staff(PASSWORD, SECRET)
    for token in _forged():
        with pytest.raises(Problem, match="401"):
            door.who(token)
