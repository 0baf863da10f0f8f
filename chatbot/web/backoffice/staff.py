"""The shop's own people at the door: one password, short-lived signed tokens, few attempts. For the inbox and /admin.

No cookies, so no other page can make a browser act for them. Without a password nobody is let in: there is no default.
Knows nothing of what they do inside.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from threading import Lock
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, Header, Request
from pydantic import AfterValidator, BaseModel, StringConstraints

from chatbot.web.door import bearer
from chatbot.web.pacing import network
from chatbot.web.problems import Problem
from chatbot.web.reading import plain
from chatbot.web.shields import is_of_host
from chatbot.web.visiting import StrictRoute

TOKEN_S = 3_600
DAY_S = 12 * 3_600
"""A token lasts an hour and is renewed while somebody works, for half a day; then the password is asked for again."""

WINDOW_S = 300.0
MOST_WRONG = 5
"""Wrong passwords from one network in a window; then it waits, with the right one as well."""
MANY_WRONG = 50
MOST_OF_STRANGERS = 1
"""With so many wrong ones from everywhere in a window somebody is guessing: who never logged in from their network then has
one try in a window. Who did is not held up by it, and nobody by others altogether: else a stranger could shut the inbox."""
_MOST_NETWORKS = 10_000
_MOST_KNOWN = 1_000


@dataclass(frozen=True, slots=True)
class Person:
    """One of the shop's people. `name`: as shoppers see it. `since`: when the password was given (seconds, Unix time)."""

    name: str
    since: int


class Staff:
    """Safe to share between threads. `secret` signs; a changed password ends every token."""

    def __init__(self, password: str, secret: bytes) -> None:
        self.open = bool(password)
        self._password = _digest(password)
        self._key = hmac.new(secret, password.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        self._attempts = _Attempts()

    def login(self, password: str, name: str, address: str) -> str:
        """A token. Problem 401 for a wrong password, 429 for too many of them from the network of this address."""
        self._check_open()
        whose = network(address)
        wait = self._attempts.wait_s(whose)
        if wait:
            raise Problem(429, "Too many wrong passwords. Try again later.", {"Retry-After": str(wait)})
        if not hmac.compare_digest(_digest(password), self._password):
            raise Problem(401, "That is not the password.", {"WWW-Authenticate": "Bearer"})
        self._attempts.right(whose)
        return self.token(Person(name, int(time.time())))

    def token(self, person: Person) -> str:
        now = int(time.time())
        claims = {"sub": person.name, "since": person.since, "exp": min(now + TOKEN_S, person.since + DAY_S)}
        return jwt.encode(claims | {"aud": "staff"}, self._key, "HS256")

    def who(self, token: str) -> Person:
        """Whose token it is. Problem 401 where it is nobody's, 404 where there are no people."""
        self._check_open()
        try:
            claims = jwt.decode(
                token, self._key, ["HS256"], audience="staff", options={"require": ["exp", "sub", "aud"]}
            )
            return Person(str(claims["sub"]), int(claims["since"]))
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
            raise Problem(401, "Please log in.", {"WWW-Authenticate": "Bearer"}) from error

    def _check_open(self) -> None:
        if not self.open:
            raise Problem(404, "This shop has set no password for its people, so this is closed.")


class _Attempts:
    """Passwords tried of late, by network, less those that were right. An attempt counts before it is looked at, so that many
    at once are no more than one after the other. What others tried never takes away the first attempt of a network."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at: dict[str, list[float]] = {}
        self._known: dict[str, None] = {}

    def wait_s(self, network: str) -> int:
        """Count one attempt: 0 when it may be made, else the seconds until one may (and none is counted)."""
        with self._lock:
            late = time.monotonic() - WINDOW_S
            self._at = {who: kept for who, times in self._at.items() if (kept := [t for t in times if t > late])}
            own = self._at.get(network, [])
            guessed = sum(map(len, self._at.values())) >= MANY_WRONG and network not in self._known
            most = MOST_OF_STRANGERS if guessed else MOST_WRONG
            if len(own) >= most:
                return int(own[-most] - late) + 1
            self._at[network] = [*own, late + WINDOW_S]
            while len(self._at) > _MOST_NETWORKS:
                del self._at[next(iter(self._at))]
            return 0

    def right(self, network: str) -> None:
        """The latest was the password: somebody of the shop is there."""
        with self._lock:
            self._at.pop(network, None)
            self._known.pop(network, None)
            self._known[network] = None
            if len(self._known) > _MOST_KNOWN:
                del self._known[next(iter(self._known))]


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()


class Login(BaseModel):
    """The shop's password, and the name under which this person speaks."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    name: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True, min_length=1), AfterValidator(plain)]


class LoggedIn(BaseModel):
    token: str
    name: str
    expires_in: int


def _staff(request: Request) -> Staff:
    door: Staff = request.app.state.staff
    return door


AtDoor = Annotated[Staff, Depends(_staff)]


def _own_page(origin: Annotated[str, Header()] = "", host: Annotated[str, Header()] = "") -> None:
    """Sites that may embed the chat have no business here. Problem 403 for their pages."""
    if origin and not is_of_host(origin, host):
        raise Problem(403, "This origin may not use the chat.")


def _person(door: AtDoor, authorization: Annotated[str, Header()] = "") -> Person:
    return door.who(bearer(authorization))


AtWork = Annotated[Person, Depends(_person)]
"""Who asks; 401 for anybody else, 404 where the shop has set no password."""

staff = APIRouter(prefix="/staff", route_class=StrictRoute, dependencies=[Depends(_own_page)], include_in_schema=False)


@staff.post("/login")
def login(door: AtDoor, request: Request, given: Login) -> LoggedIn:
    """A token for one of the shop's people."""
    address = request.client.host if request.client else ""
    return LoggedIn(token=door.login(given.password, given.name, address), name=given.name, expires_in=TOKEN_S)


@staff.post("/renew")
def renew(door: AtDoor, person: AtWork) -> LoggedIn:
    """A fresh token for who has a good one, until half a day after the password was given."""
    return LoggedIn(token=door.token(person), name=person.name, expires_in=TOKEN_S)
