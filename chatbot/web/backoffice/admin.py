"""The admin page of the shop's people: its page, and the JSON behind it, for who has logged in.

Conversations and what they ask in vain, from people.db; how the catalogue and the model are. Words of shoppers leave here
without e-mail addresses, telephone and card numbers. Reads only; decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from chatbot.memory.insights import A_PAGE, Show, Wanted
from chatbot.memory.records import Document
from chatbot.prompting import masked
from chatbot.web.backoffice.inbox import staff_page
from chatbot.web.backoffice.staff import AtDoor, AtWork, staff
from chatbot.web.problems import Problem
from chatbot.web.reading import Line, Name
from chatbot.web.shop import Records
from chatbot.web.visiting import AtDesk

MOST_DAYS = 366
MOST_SHOWN = 8_000  # bytes of one text

Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]
admin = APIRouter()


@admin.get("/admin", include_in_schema=False)
def page(door: AtDoor) -> FileResponse:
    """The page; without a password of the shop's people, how to set one."""
    return staff_page("admin.html" if door.open else "closed.html")


@staff.get("/insights/conversations")
def conversations(
    desk: AtDesk,
    person: AtWork,
    days: Days = 30,
    show: Show = "",
    language: Annotated[str, Query(pattern="^(en|zh)?$")] = "",
    before: Line | None = None,
) -> Any:
    """Conversations, newest first. `next`: what to give as `before` for those after these; null: there are no more."""
    created, _, id = (before or "").partition(" ")
    wanted = Wanted(days, show, language, (created, id) if id else None)
    found = desk.people.insights.conversations(wanted, A_PAGE + 1)
    shown = found[:A_PAGE]
    more = len(found) > A_PAGE
    return {
        "conversations": [row | {"began": _masked(row["began"]), "user": _masked(row["user"])} for row in shown],
        "next": f"{shown[-1]['created']} {shown[-1]['id']}" if more else None,
    }


@staff.get("/insights/conversations/{id}")
def conversation(desk: AtDesk, person: AtWork, id: Name) -> Any:
    """All of one conversation."""
    kept = desk.people.insights.conversation(id)
    if kept is None:
        raise Problem(404, "There is no such conversation, or no longer.")
    judged: defaultdict[str, list[str]] = defaultdict(list)
    for event in kept["feedback"]:
        judged[event["impression"]].append(event["type"])
    return kept | {
        "user": _masked(kept["user"]),
        "messages": [_message(message, judged) for message in kept["messages"]],
        "notes": [note | {"text": _masked(note["text"])} for note in kept["notes"]],
    }


@staff.get("/insights/mend")
def mend(desk: AtDesk, person: AtWork, days: Days = 30) -> Any:
    """What was asked in vain, the most asked first: what to fix in the catalogue or the shop's answers."""
    told = desk.people.insights.to_mend(days)
    groups = {name: [_grouped(group) for group in found] for name, found in told.items() if name != "items"}
    ids = [item["id"] for fact in told["facts"] for item in fact["items"]] + [item["id"] for item in told["items"]]
    return groups | {"items": told["items"], "titles": _titles(desk.shop().catalog, ids)}


@staff.get("/insights/status")
def status(desk: AtDesk, person: AtWork, days: Days = 30) -> Any:
    """The catalogue in service, how the shop and its model are, what happened on each day."""
    catalog, health, model, ration = desk.shop().catalog, desk.shop.health(), desk.shop.model(), desk.shop.ration()
    return {
        "catalogue": {
            "name": catalog.name,
            "products": len(catalog),
            "language": catalog.language,
            "currency": catalog.currency,
            "generation": catalog.generation,
            "imported": catalog.imported.isoformat(timespec="seconds"),
            "vectors": catalog.vectors is not None,
            "faq": len(getattr(getattr(catalog, "faq", None), "passages", ())),
        },
        "health": {"status": health.status, "why": list(health.why)},
        "model": {name: getattr(model, name) for name in ("state", "running", "waiting", "failures", "why")}
        if model
        else None,
        "ration": {"spent": ration.spent, "of": ration.of} if ration else None,
        "days": desk.people.insights.days(days),
    }


def _message(message: Document, judged: defaultdict[str, list[str]]) -> Document:
    """A message of the shopper and what came of it."""
    told = {name: message[name] for name in ("asked", "answered", "gesture")}
    edit = message["edit"]
    if edit is not None:
        told["edit"] = {name: [_masked(str(text)) for text in edit.get(name, ())] for name in ("remove", "add")}
    turn = message["turn"]
    return told | {"text": _masked(message["text"]), "turn": _turn(turn, judged) if turn else None}


_AS_IT_IS = (
    "turn", "language", "user_acts", "acts", "relaxed", "facts", "figures", "handoff", "tracked_by", "ranked_by",
    "degraded", "llm_calls", "tokens", "ms",
)  # fmt: skip


def _turn(turn: Document, judged: defaultdict[str, list[str]]) -> Document:
    """A turn with what understood, found and ranked, and how long each took; an older Aisle's lacks what is new."""
    return {name: turn.get(name) for name in _AS_IT_IS} | {
        "text": _masked(turn.get("text")),
        "ledger": [_wish(wish, turn.get("turn")) for wish in turn.get("ledger", ())],
        "dropped": [{"text": _masked(gone["text"]), "by": gone["by"]} for gone in turn.get("dropped", ())],
        "cards": [_card(card, judged) for card in turn.get("suggestions", ())],
        "quoted": [
            {name: quote.get(name) for name in ("question", "source", "score")} for quote in turn.get("quoted", ())
        ],
        "absent": [_masked(name) for name in turn.get("absent") or ()],
        "unknown": [
            {"slot": gap.get("slot"), "words": _masked(gap.get("words")), "items": gap.get("items") or []}
            for gap in turn.get("unknown") or ()
        ],
    }


def _wish(wish: Document, turn: object) -> Document:
    return {"text": _masked(wish["text"]), "hard": wish.get("hard"), "new": wish.get("turn") == turn}


def _card(card: Document, judged: defaultdict[str, list[str]]) -> Document:
    named = ("rank", "id", "title", "price", "currency", "reason", "score", "ranked_by")
    return {name: card.get(name) for name in named} | {"feedback": judged.get(str(card.get("impression")), [])}


def _grouped(group: Document) -> Document:
    return group | {"words": _masked(group["words"])}


def _titles(catalog: Records, ids: Iterable[str]) -> dict[str, str]:
    """What these products are called, those that the catalogue still has."""
    return {product.id: product.title for product in catalog.get(tuple(dict.fromkeys(ids)))}


def _masked(text: Any) -> str | None:
    return None if text is None else masked(str(text), MOST_SHOWN)
