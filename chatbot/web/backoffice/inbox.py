"""The inbox of the shop's people: its page, and the JSON behind it, for who has logged in.

Reads requests, asks the reception and the store, writes answers; decides nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from chatbot.handoff import Reason
from chatbot.memory.handoffs import Handoff, Listed
from chatbot.memory.records import Conversation, Document
from chatbot.memory.store import People
from chatbot.say import wish_words
from chatbot.state_json import state_from_json
from chatbot.web.backoffice.staff import AtDoor, AtWork, staff
from chatbot.web.problems import Problem
from chatbot.web.reading import Name, Said
from chatbot.web.support.person import AtService, note_to_json
from chatbot.web.support.updates import News, Updates, seen_by
from chatbot.web.visiting import AtDesk

ROOM = Path(__file__).parent / "staffroom"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FRESH = {"Cache-Control": "no-cache"}
inbox = APIRouter()


class Words(BaseModel):
    """What a person writes to a shopper. The same `message_id` again is the same note."""

    text: Said
    message_id: Name | None = None


class Closing(BaseModel):
    """`back`: the assistant goes on; `done`: the matter is settled."""

    reason: Literal["back", "done"] = "done"


@inbox.get("/inbox", include_in_schema=False)
def page(door: AtDoor) -> FileResponse:
    """The page; without a password of the shop's people, how to set one."""
    return staff_page("inbox.html" if door.open else "closed.html")


@inbox.get("/inbox/{name}", include_in_schema=False)
def part(name: str) -> FileResponse:
    """Its script and its looks."""
    if name not in {file.name for file in ROOM.iterdir()} or name.endswith(".html"):
        raise Problem(404)
    return staff_page(name)


def staff_page(name: str) -> FileResponse:
    """A file of the staff room, to be asked for again each time."""
    return FileResponse(ROOM / name, media_type=TYPES[Path(name).suffix], headers=_FRESH)


@staff.get("/handoffs")
def listed(desk: AtDesk, person: AtWork) -> Any:
    """Who waits, who is talked to and by whom, and what was closed of late."""
    return {"me": person.name, "handoffs": [_listed(desk.people, each) for each in desk.people.handoffs.listed()]}


@staff.get("/handoffs/{number}")
def opened(desk: AtDesk, person: AtWork, number: int) -> Any:
    """One conversation, as the shopper sees it."""
    handoff = _found(desk.people.handoffs.get(number) if 0 < number < 2**63 else None)
    session = desk.people.sessions.get(handoff.session)
    if session is None:
        raise Problem(404, "This conversation has been deleted.")
    kept = desk.people.conversation(session)
    notes = [note_to_json(note) for note in desk.people.notes.since(session.id) if note.sender != "system"]
    return _handoff(handoff) | {
        "summary": handoff.summary,
        "user": session.user if session.verified_at(handoff.created) else None,
        "locale": session.locale,
        "page": session.page,
        "wishes": _wishes(kept),
        "shown": [card["title"] for card in _latest_cards(kept)],
        "turns": [_turn(turn) for turn in kept.turns],
        "pending": kept.pending.what if kept.pending and isinstance(kept.pending.what, str) else None,
        "notes": notes,
    }


@staff.post("/handoffs/{number}/take")
def take(service: AtService, person: AtWork, number: int) -> Any:
    """Take a conversation over; the assistant is silent from now on."""
    return _handoff(_done(service.reception.take(_small(number), person.name)))


@staff.post("/handoffs/{number}/say", status_code=201)
def say(service: AtService, person: AtWork, number: int, words: Words) -> Any:
    """Write to the shopper."""
    note = service.reception.say(_small(number), person.name, words.text, words.message_id)
    if note is None:
        raise Problem(409, "You have not taken this conversation over.")
    return note_to_json(note)


@staff.post("/handoffs/{number}/close")
def close(service: AtService, person: AtWork, number: int, closing: Closing | None = None) -> Any:
    """The assistant answers again."""
    reason: Reason = (closing or Closing()).reason
    return _handoff(_done(service.reception.close(_small(number), reason)))


@staff.get("/updates")
def updates(desk: AtDesk, service: AtService, person: AtWork, last_event_id: Annotated[str, Header()] = "") -> Response:
    """Says `changed` whenever something was written or somebody came or went, in any conversation."""

    def read(seen: int | None) -> tuple[list[News], int]:
        if seen is None:
            latest = desk.people.notes.latest()
        else:
            latest, _ = desk.people.notes.stirred(seen)
        return [News("changed", {"latest": latest}, latest)], latest

    return Updates(service.hub, f"staff {person.name}", None, read, seen_by(last_event_id))


@inbox.api_route("/staff/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
def nothing() -> None:
    """A path that is not there."""
    raise Problem(404)


def _small(number: int) -> int:
    return number if 0 < number < 2**63 else 0


def _found(handoff: Handoff | None) -> Handoff:
    if handoff is None:
        raise Problem(404, "There is no such conversation, or no longer.")
    return handoff


def _done(handoff: Handoff | None) -> Handoff:
    if handoff is None:
        raise Problem(409, "This conversation is closed already, or gone.")
    return handoff


def _handoff(handoff: Handoff) -> Document:
    return {
        "number": handoff.number,
        "state": handoff.stage,
        "agent": handoff.agent,
        "told": handoff.acknowledged is not None,
        "created": handoff.created,
        "joined": handoff.joined,
        "closed": handoff.closed,
    }


def _listed(people: People, each: Listed) -> Document:
    summary = each.handoff.summary
    about = {"needs": summary["needs"], "message": summary["message"], "language": summary["language"]}
    return _handoff(each.handoff) | about | {"unanswered": each.unanswered, "latest": each.latest}


def _turn(turn: Document) -> Document:
    """As much of a turn as a person needs to see: what was said on both sides, and what the cards were."""
    return {
        "turn": turn["turn"],
        "user": turn["user"],
        "text": turn["text"],
        "cards": [_card(card) for card in turn["suggestions"]],
        "handoff": turn.get("handoff"),
    }


def _card(card: Document) -> Document:
    return {name: card.get(name) for name in ("id", "title", "price", "currency")}


def _latest_cards(kept: Conversation) -> list[Document]:
    return next((turn["suggestions"] for turn in reversed(kept.turns) if turn["suggestions"]), [])


def _wishes(kept: Conversation) -> list[str]:
    """The ledger in words."""
    if kept.state is None:
        return []
    state = state_from_json(kept.state)
    return [wish_words(state.language, wish.what) for wish in state.wishes]
