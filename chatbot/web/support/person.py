"""The routes by which a shopper hears of the person in the conversation, and goes back to the assistant.

Reads requests, asks the service, writes answers; decides nothing.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from chatbot.memory.notes import Note
from chatbot.memory.records import Document, Session
from chatbot.memory.store import People
from chatbot.web.problems import PROBLEMS
from chatbot.web.support.service import Service
from chatbot.web.support.updates import News, Updates, seen_by
from chatbot.web.visiting import StrictRoute, Visitor

person = APIRouter(prefix="/v1", route_class=StrictRoute, responses=PROBLEMS)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


AtService = Annotated[Service, Depends(_service)]

Seen = Annotated[int | None, Query(ge=0, lt=10**15, description="The number of the latest note that is known already.")]


@person.get("/sessions/current/updates", response_class=Response)
def updates(
    service: AtService,
    request: Request,
    visitor: Visitor,
    after: Seen = None,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """What a person writes, and who answers, live: server-sent events `handoff` and `note`.

    `Last-Event-ID`, or `after`, is the number of the latest note that is known already; without it the stream begins with
    how things stand and every note so far.
    """
    people: People = request.app.state.desk.people
    seen = seen_by(last_event_id)

    def read(known: int | None) -> tuple[list[News], int] | None:
        return _news(people, visitor, known)

    return Updates(service.hub, visitor.id, visitor.id, read, after if seen is None else seen)


@person.delete("/sessions/current/handoff", status_code=204)
def leave(service: AtService, visitor: Visitor) -> Response:
    """Back to the assistant, or no longer waiting for a person."""
    service.reception.leave(visitor)
    return Response(status_code=204)


def _news(people: People, visitor: Session, seen: int | None) -> tuple[list[News], int] | None:
    if people.sessions.get(visitor.id) is None:
        return None  # it was deleted
    notes = people.notes.since(visitor.id, seen or 0)
    if seen is None:
        now = News("handoff", standing(people, visitor.id))
        said_so_far = [_new(people, note) for note in notes if note.sender != "system"]
        return [now, *said_so_far], notes[-1].number if notes else 0
    return [_new(people, note) for note in notes], notes[-1].number if notes else seen


def _new(people: People, note: Note) -> News:
    if note.sender != "system":
        return News("note", note_to_json(note), note.number)
    state, _, reason = note.text.partition(" ")
    handoff = people.handoffs.current(note.session)
    told = bool(handoff and handoff.acknowledged)
    data = {"state": state, "agent": note.name, "reason": reason or None, "told": told}
    return News("handoff", data, note.number)


def standing(people: People, session: str) -> Document:
    """Who answers a conversation now. `told`: the shop's own system has confirmed that somebody is wished for."""
    handoff = people.handoffs.current(session)
    if handoff is None:
        return {"state": "bot", "agent": None, "reason": None, "told": False}
    return {"state": handoff.stage, "agent": handoff.agent, "reason": None, "told": bool(handoff.acknowledged)}


def said(people: People, session: str) -> list[Document]:
    """What people wrote in a conversation, and the shopper to them: for who comes back to it."""
    return [note_to_json(note) for note in people.notes.since(session) if note.sender != "system"]


def note_to_json(note: Note) -> Document:
    """`message_id`: of a shopper's note; it is the `user` of a turn as well."""
    return {
        "number": note.number,
        "sender": note.sender,
        "name": note.name,
        "text": note.text,
        "created": note.created,
        "after": note.after,
        "message_id": note.key if note.sender == "shopper" else None,
    }
