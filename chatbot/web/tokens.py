"""What is signed: the short-lived token of a session, and the shop's word for who its customer is. Both are JWT, HS256.

Knows the claims and what is wrong with them; nothing of requests, and not whether a session still exists.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import jwt
from pydantic import TypeAdapter, ValidationError

from chatbot.web.reading import Name
from chatbot.web.site import Key
from errors import BadToken

TOKEN_S = 3600
"""How long a token is good for, in seconds; then its session is resumed."""
IDENTITY_S = 3600
"""How far ahead a shop may date the end of what it says of a customer, in seconds."""
SKEW_S = 60
"""What the clocks of two machines may differ by."""
LONGEST = 4_096
"""Characters of a token from outside that are looked at."""

_ALGORITHM = "HS256"
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""Three parts in base64, the last of 32 bytes. Its last character has two bits that say nothing: only the spelling in which
they are 0 is ours, so that no two texts are one token."""
_USE = "aisle session"
_UNREADABLE = "it was not signed here, or says something else than it must"
_name = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token says: which session, opened with which key on which site (None: the shop's own page)."""

    session: str
    key: str | None = None
    origin: str | None = None


class Tokens:
    """Signs and reads the tokens of sessions. `secret`: 32 bytes or more, kept where conversations are kept."""

    def __init__(self, secret: bytes, seconds: int = TOKEN_S) -> None:
        self._secret = secret
        self.seconds = seconds

    def sign(self, given: Pass) -> tuple[str, int]:
        """A token and when it ends, in seconds since 1970."""
        expires = int(time.time()) + self.seconds
        claims = {"use": _USE, "session": given.session, "key": given.key, "origin": given.origin, "exp": expires}
        return jwt.encode(claims, self._secret, _ALGORITHM), expires

    def read(self, token: str) -> Pass:
        """What a token says. BadToken when it was not signed here, says it in another form, or has expired."""
        claims = _claims(token, self._secret, ["exp", "session"])
        session, key, origin = claims["session"], claims.get("key"), claims.get("origin")
        if claims.get("use") != _USE or not isinstance(session, str):
            raise BadToken(_UNREADABLE)
        if not all(value is None or isinstance(value, str) for value in (key, origin)):
            raise BadToken(_UNREADABLE)
        return Pass(session, key, origin)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the shop vouches for, and until when, in seconds since 1970."""

    user: str
    until: int


def who(identity: str, key: Key) -> Identity:
    """The customer that the shop names in an identity signed with its key's secret, for that key (`aud`).

    BadToken when it is forged, for another key, without an end, already over, or good for more than an hour.
    """
    if not key.secret:
        raise BadToken(_UNREADABLE)
    claims = _claims(identity, key.secret.encode(), ["exp", "sub", "aud"], key.key)
    until = int(claims["exp"])  # as the reader of the token took it, which also takes a number in quotes
    if until > time.time() + IDENTITY_S + SKEW_S:
        raise BadToken(_UNREADABLE)
    try:
        return Identity(_name.validate_python(claims["sub"], strict=True), until)
    except ValidationError as error:
        raise BadToken(_UNREADABLE) from error


def _claims(token: str, secret: bytes, required: list[str], audience: str | None = None) -> dict[str, Any]:
    if len(token) > LONGEST or not _SHAPE.fullmatch(token):
        raise BadToken(_UNREADABLE)
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=audience,
            options={"require": required, "verify_aud": audience is not None, "strict_aud": audience is not None},
        )
    except jwt.ExpiredSignatureError as error:
        raise BadToken("it has expired", expired=True) from error
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise BadToken(_UNREADABLE) from error
