"""The routes of who visits: sessions opened, resumed, told where and who they are, and what is kept of a person.

Reads requests, asks the door and the store, writes answers; decides nothing.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field, model_validator

from chatbot.types import Language
from chatbot.web.door import Opened, Wish, spend
from chatbot.web.problems import PROBLEMS
from chatbot.web.reading import Line, Locale, Name, Signed
from chatbot.web.support.person import AtService
from chatbot.web.visiting import AtDesk, AtDoor, Examples, Origin, StrictRoute, Visitor
from chatbot.web.words import language_of, word

sessions = APIRouter(prefix="/v1", route_class=StrictRoute, responses=PROBLEMS)
AcceptLanguage = Annotated[str, Header()]

EXPORT_COSTS = 20
"""Calls of a session that an export counts as, besides itself: it reads all that is kept, which may be thousands of turns."""


class NewSession(BaseModel):
    """Who comes, in which language, from which page of the shop: all optional."""

    user: Name | None = Field(
        default=None, description="The shop's name for the customer: a claim, as long as it is not signed."
    )
    locale: Locale | None = None
    page: Line | None = None
    item: Name | None = Field(default=None, description="The product whose page is open.")
    key: Name | None = Field(default=None, description="The public key of the shop's pages.")
    identity: Signed | None = Field(
        default=None,
        description="JWT (HS256) signed with the key's secret: `sub`, `aud` (the key), `exp` (at most an hour ahead): until "
        "then orders are looked up and earlier conversations shown.",
    )


class SessionOpened(BaseModel):
    session: str
    token: str = Field(description="Goes as `Authorization: Bearer` on every other call.")
    notice: str
    resume: str | None = Field(
        description="Opens the session again when its token has expired. Given only once: keep it."
    )
    expires: str = Field(description="When the token ends (ISO 8601).")


class Resumption(BaseModel):
    """The secret that a session was given, or, with the token of the same customer, the session's id."""

    resume: Signed | None = None
    session: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.resume is None) == (self.session is None):
            raise ValueError("must name either the resume secret or the session")
        return self


class Looking(BaseModel):
    """What is open on the shop's page now; what is left out is closed."""

    item: Name | None = None
    page: Line | None = None


class Identity(BaseModel):
    identity: Signed


class Consent(BaseModel):
    profile: bool = Field(strict=True)


class ConsentKept(BaseModel):
    profile: bool
    since: str | None


@sessions.post("/sessions", status_code=201, response_model=SessionOpened)
def open_session(
    door: AtDoor, origin: Origin, new: NewSession | None = None, accept_language: AcceptLanguage = ""
) -> Any:
    """Open a conversation."""
    new = new or NewSession()
    locale = new.locale or language_of(accept_language)
    opened = door.open(Wish(locale, new.user, new.page, new.item, new.key, new.identity), origin)
    return _told(opened, door.site.keep_days)


@sessions.post("/sessions/resume", response_model=SessionOpened)
def resume_session(
    door: AtDoor, origin: Origin, resumption: Resumption, authorization: Annotated[str, Header()] = ""
) -> Any:
    """A fresh token: for a session whose secret is shown, or for an earlier one of the same customer."""
    if resumption.resume is not None:
        return _told(door.resume(resumption.resume, origin), door.site.keep_days)
    visitor = door.session(door.passed(authorization, origin))
    return _told(door.go_on(visitor, resumption.session or ""), door.site.keep_days)


@sessions.post("/sessions/current/context", status_code=204)
def look(desk: AtDesk, visitor: Visitor, looking: Looking) -> Response:
    """Tell what is open on the shop's page: "this one" then is that product."""
    desk.people.sessions.look(visitor, looking.item, looking.page)
    return Response(status_code=204)


@sessions.post("/sessions/current/identity", status_code=204)
def identify(door: AtDoor, visitor: Visitor, who: Identity) -> Response:
    """Tell who the visitor is, signed by the shop; again before it ends, for as long as it is to hold."""
    door.identify(visitor, who.identity)
    return Response(status_code=204)


@sessions.put("/me/consent", response_model=ConsentKept)
def agree(desk: AtDesk, visitor: Visitor, consent: Consent) -> Any:
    """The shopper agrees, or no longer agrees, that a profile is kept."""
    since = desk.people.sessions.agree(visitor, consent.profile)
    return ConsentKept(profile=consent.profile, since=since)


@sessions.get("/me/sessions")
def earlier(desk: AtDesk, visitor: Visitor) -> Any:
    """The conversations of the same customer, newest first: none, unless the shop's word for who they are holds and they
    agreed."""
    found = desk.people.sessions.earlier(visitor)
    return {
        "sessions": [
            {"session": e.session, "created": e.created, "seen": e.seen, "turns": e.turns, "text": e.text}
            | {"current": e.session == visitor.id}
            for e in found
        ]
    }


@sessions.get("/me/export")
def export(desk: AtDesk, door: AtDoor, visitor: Visitor) -> Any:
    """Everything kept with this session; with all sessions of a customer, and what the shop's server `reported` of them,
    while the shop's word for who they are holds. A name alone is a claim, so it opens no other session's door."""
    spend(door.rates.session, visitor.id, EXPORT_COSTS)
    return {"sessions": desk.people.export(person=visitor), "reported": desk.people.reports.of(person=visitor)}


@sessions.delete("/me", status_code=204)
def erase(desk: AtDesk, visitor: Visitor) -> Response:
    """Delete everything kept with this session; with all sessions of the customer whom the shop once signed it for, and
    what its server reported of them."""
    desk.people.erase(person=visitor)
    return Response(status_code=204)


@sessions.get("/shop")
def shop(
    desk: AtDesk,
    door: AtDoor,
    service: AtService,
    starters: Examples,
    origin: Origin,
    key: str | None = None,
    locale: str = "",
    accept_language: AcceptLanguage = "",
) -> Any:
    """What a page says before the first word. Needs no token."""
    own = door.key(key, origin)
    language = language_of(f"{locale},{accept_language}")
    catalog = desk.shop().catalog
    return {
        "name": door.site.name or catalog.name,
        "count": len(catalog),
        "language": catalog.language,
        "currency": catalog.currency,
        "starters": list(starters(language)),
        "notice": _notice(language, door.site.keep_days),
        "ai": True,
        "features": service.features | {"faq": bool(len(getattr(catalog, "faq", ())))},
        "consent": bool(own and own.secret),
    }


def _notice(language: Language, keep_days: int) -> str:
    """What a shopper is told first: that a machine answers, and how long what they say is kept."""
    if not keep_days:
        return word(language, "notice")
    return word(language, "notice_days", days=keep_days, s="" if keep_days == 1 else "s")


def _told(opened: Opened, keep_days: int) -> SessionOpened:
    language = language_of(opened.session.locale)
    return SessionOpened(
        session=opened.session.id,
        token=opened.token,
        notice=_notice(language, keep_days),
        resume=opened.resume,
        expires=opened.expires,
    )
