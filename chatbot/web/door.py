"""Who may come in: keys and the sites they are for, sessions opened and resumed, tokens and identities checked.

Every refusal is a Problem with a status of its own. Decides nothing about a dialogue; knows nothing of routes.
"""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers

from chatbot.memory.clock import at
from chatbot.memory.records import Session
from chatbot.memory.store import People
from chatbot.web.limits import Buckets, Rates
from chatbot.web.problems import Problem
from chatbot.web.shields import is_of_host
from chatbot.web.site import Key, Site
from chatbot.web.tokens import Identity, Pass, Tokens, who
from errors import BadToken

_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_STALE = {"WWW-Authenticate": 'Bearer error="invalid_token", error_description="expired"'}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor tells of themselves when they open a session; nothing of it is proven."""

    locale: str
    user: str | None = None
    page: str | None = None
    item: str | None = None
    key: str | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its token, and when that ends (ISO 8601). `resume`: the secret that opens it again, where it is known."""

    session: Session
    token: str
    expires: str
    resume: str | None = None


class Door:
    """Safe to share between threads."""

    def __init__(self, people: People, site: Site, tokens: Tokens | None = None, rates: Rates | None = None) -> None:
        self.site = site
        self.rates = rates or Rates(site.limits)
        self._people = people
        self._tokens = tokens or Tokens(people.secrets.get("tokens"))

    def key(self, name: str | None, origin: str | None) -> Key | None:
        """The key of this name, for pages on this site. 403 where it is not for them, or a key is needed."""
        if name is None:
            if origin is not None and origin not in self.site.origins:
                raise Problem(403, "Pages of this origin need a key.")
            return None
        key = self.site.key(name)
        if key is None:
            raise Problem(403, "There is no such key.")
        if origin is not None and origin not in key.origins:
            raise Problem(403, "This key is not for this origin.")
        return key

    def shop_key(self, authorization: str) -> Key | None:
        """Whose secret a shop's own server shows as its Bearer; None where the site has no key with a secret.

        401 for anything else.
        """
        key = self.shown(authorization)
        if key is None and any(key.secret for key in self.site.keys):
            raise Problem(401, "The secret of a key is needed.", _CHALLENGE)
        return key

    def shown(self, authorization: str) -> Key | None:
        """The key whose secret this header bears; None where it bears none."""
        secret = bearer(authorization).encode("utf-8", "surrogatepass")
        keys = (key for key in self.site.keys if key.secret)
        return next((key for key in keys if hmac.compare_digest(secret, key.secret.encode())), None)

    def watch(self, host: str, proxied: bool, authorization: str) -> None:
        """May who asks from this address read the server's counts? 403 unless it is this machine itself, not a proxy on it
        that asks for another, or the site lets all, or its token is shown."""
        shown = bearer(authorization).encode("utf-8", "surrogatepass")
        known = bool(self.site.metrics) and hmac.compare_digest(shown, self.site.metrics.encode())
        if not (known or self.site.metrics == "open" or (_here(host) and not proxied)):
            raise Problem(403, "Counts are told on this machine, and to who shows the site file's token.")

    def open(self, wish: Wish, origin: str | None) -> Opened:
        """A new session. 403 for a key or an identity that does not hold; then none was opened."""
        key = self.key(wish.key, origin)
        if key:
            spend(self.rates.key, key.key)
        customer = self._customer(wish.identity, key) if wish.identity is not None else None
        session, resume = self._people.sessions.start(
            wish.locale, wish.user, wish.page, item=wish.item, key=wish.key, origin=origin
        )
        if customer is not None:
            self._people.sessions.identify(session, customer.user, at(customer.until))
        return self._opened(session, origin, resume)

    def resume(self, resume: str, origin: str | None) -> Opened:
        """A fresh token for the session of this secret. 401 when it opens none; 403 on another site than it is for."""
        session = self._people.sessions.resumed(resume)
        if session is None:
            raise Problem(401, "This resumes no session: open a new one.", _CHALLENGE)
        self.key(session.key, origin)
        if session.origin != origin:
            raise Problem(403, "This session is not for this origin.")
        self._people.sessions.seen(session)
        return self._opened(session, origin, resume)

    def go_on(self, visitor: Session, id: str) -> Opened:
        """A token for an earlier session of the same person. 404 unless the shop vouches for them and they agreed."""
        for earlier in self._people.sessions.earlier(visitor):
            session = self._people.sessions.get(id) if earlier.session == id else None
            if session:
                self._people.sessions.seen(session)
                return self._opened(session, visitor.origin)
        raise Problem(404, "There is no such session of yours.")

    def passed(self, authorization: str, origin: str | None) -> Pass:
        """What the request's token says; costs no look at what is kept. 401, 403 or 429 without a good one."""
        try:
            given = self._tokens.read(bearer(authorization))
        except BadToken as error:
            if error.expired:
                raise Problem(401, "This token has expired: resume the session.", _STALE, expired=True) from error
            raise Problem(401, "A session's token is needed.", _CHALLENGE) from error
        if given.key is not None and self.site.key(given.key) is None:
            raise Problem(403, "The key of this session is no longer there.")
        if given.origin != origin:
            raise Problem(403, "This token is not for this origin.")
        self.key(given.key, origin)  # the key may have lost this origin since
        spend(self.rates.session, given.session)
        if given.key is not None:
            spend(self.rates.key, given.key)
        return given

    def session(self, given: Pass) -> Session:
        """The session that a token is for; 401 when it has been erased."""
        session = self._people.sessions.get(given.session)
        if session is None:
            raise Problem(401, "This session is no longer there: open a new one.", _CHALLENGE)
        return session

    def identify(self, visitor: Session, identity: str) -> None:
        """The shop's word for who the visitor is, until it ends. 403 when it does not hold; 409 when the session is
        another's."""
        customer = self._customer(identity, self.site.key(visitor.key) if visitor.key else None)
        if not self._people.sessions.identify(visitor, customer.user, at(customer.until)):
            raise Problem(409, "This conversation is another customer's: open a new one.")

    def _customer(self, identity: str, key: Key | None) -> Identity:
        if key is None or not key.secret:
            raise Problem(403, "This session was opened without a key that signs identities.")
        try:
            return who(identity, key)
        except BadToken as error:
            raise Problem(403, "This identity does not hold.") from error

    def _opened(self, session: Session, origin: str | None, resume: str | None = None) -> Opened:
        token, expires = self._tokens.sign(Pass(session.id, session.key, origin))
        return Opened(session, token, datetime.fromtimestamp(expires, UTC).isoformat(), resume)


def _here(host: str) -> bool:
    """Is this an address of this machine? What is none at all is one of its sockets."""
    try:
        address = ip_address(host)
    except ValueError:
        return True
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def spend(buckets: Buckets, name: str, calls: int = 1) -> None:
    """Take one call of this name, or as many as it costs; 429 when it has none left."""
    wait = buckets.wait_s(name, calls)
    if wait:
        raise Problem(429, "That is too often: wait a moment.", {"Retry-After": str(math.ceil(wait))})


def bearer(authorization: str) -> str:
    """What an Authorization header bears; "" for another scheme."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def origin_of(headers: Headers) -> str | None:
    """The other site whose page asks; None for our own page and for who is no page."""
    origin = headers.get("origin")
    return None if origin is None or is_of_host(origin, headers.get("host", "")) else origin
