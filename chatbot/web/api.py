"""The routes of /v1, and how the server is. Reads requests, asks the desk, writes answers; decides nothing."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, model_validator

from catalog.types import Constraint, Op, Product
from chatbot.gestures import Gesture
from chatbot.web.answering import Answering
from chatbot.web.feedback import feedback
from chatbot.web.metrics import MEDIA_TYPE
from chatbot.web.pictures import Pictures
from chatbot.web.problems import PROBLEMS, Problem
from chatbot.web.reading import Cell, Line, Name, Said
from chatbot.web.support.person import AtService, said, standing
from chatbot.web.visiting import AtDesk, AtDoor, StrictRoute, Visitor
from chatbot.wire import fact_to_json
from errors import BadEdit, StoreError


class Chat(BaseModel):
    """A message of the shopper. The same `message_id` again returns the same turn."""

    text: Said
    message_id: Name | None = None


class Wished(BaseModel):
    """A constraint in its parts."""

    slot: Line
    op: Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in"]
    value: Cell | bool | float | Annotated[list[Cell | float], Field(max_length=50)]
    unit: Line | None = None


class LedgerEdit(BaseModel):
    """Wishes to take off, by id or by text, and wishes to put on, as text or in parts."""

    remove: Annotated[list[Line], Field(max_length=50)] = []
    add: Annotated[list[Line | Wished], Field(max_length=20)] = []
    message_id: Name | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.remove or self.add):
            raise ValueError("must have something to remove or to add")
        return self


v1 = APIRouter(prefix="/v1", route_class=StrictRoute, responses=PROBLEMS)
status = APIRouter()


@v1.post("/chat")
async def chat(answer: Answering, message: Chat) -> Any:
    """Say something; the answer is a Turn, or with `Accept: text/event-stream` the events of its making."""
    key = message.message_id or _fresh_key()
    return answer(lambda visitor, call: answer.desk.say(visitor, message.text, key, call))


@v1.get("/sessions/current")
def resume(desk: AtDesk, visitor: Visitor) -> Any:
    """The conversation so far: its latest 200 turns; `/v1/me/export` has all. `pending`: the latest message, when it was kept but never answered."""
    kept = desk.conversation(visitor)
    pending = None
    if kept.pending:
        what = kept.pending.what
        tap = {"gesture": asdict(what)} if isinstance(what, Gesture) else {}
        pending = {"message_id": kept.pending.key, "text": what if isinstance(what, str) else None} | tap
    return {
        "session": visitor.id,
        "user": visitor.user,
        "locale": visitor.locale,
        "verified": visitor.verified,
        "consent": visitor.consent,
        "item": visitor.item,
        "page": visitor.page,
        "created": visitor.created,
        "ledger": kept.turns[-1]["ledger"] if kept.turns else [],
        "turns": list(kept.turns),
        "pending": pending,
        "notes": said(desk.people, visitor.id),
        "handoff": standing(desk.people, visitor.id),
        "shortlist": list(desk.people.keepsakes.shortlist(visitor.id)),
    }


@v1.delete("/sessions/current", status_code=204)
def forget(desk: AtDesk, visitor: Visitor) -> Response:
    """Delete the conversation and everything kept with it."""
    desk.people.erase(session=visitor.id)
    return Response(status_code=204)


@v1.patch("/sessions/current/ledger")
async def edit_ledger(answer: Answering, edit: LedgerEdit) -> Any:
    """Take wishes off or put them on by hand; answered like a message."""
    add = tuple(_written(wish) for wish in edit.add)
    key = edit.message_id or _fresh_key()
    return answer(lambda visitor, call: answer.desk.edit(visitor, key, tuple(edit.remove), add, call))


v1.include_router(feedback)


@v1.get("/items/{id:path}")
def item(desk: AtDesk, visitor: Visitor, id: str) -> Any:
    """A product as the shop's record has it."""
    for product in desk.shop().catalog.get((id,)):
        return item_to_json(product, desk.pictures)
    raise Problem(404, "There is no such item.")


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@v1.api_route("/{rest:path}", methods=_METHODS, include_in_schema=False)
def nothing(request: Request) -> None:
    """A path that is not there, or one that is with a method that is not."""
    here = [
        r
        for r in request.app.routes
        if isinstance(r, APIRoute) and r.include_in_schema and r.path_regex.match(request.url.path)
    ]
    allowed = {method for route in here for method in route.methods}
    if "GET" in allowed:
        allowed.add("HEAD")
    raise Problem(405, headers={"Allow": ", ".join(sorted(allowed))}) if allowed else Problem(404)


def not_allowed() -> None:
    """How the server is can only be asked for."""
    raise Problem(405, headers={"Allow": "GET, HEAD"})


@status.get("/healthz")
def alive() -> Any:
    """Is the process answering at all?"""
    return {"status": "ok"}


@status.get("/readyz")
def ready(desk: AtDesk, service: AtService) -> Response:
    """Can a conversation be held: `ready`, `degraded` or `not`, and why."""
    health = desk.shop.health()
    state, why = health.status, list(health.why)
    try:
        desk.people.session("")
        why += service.why()
        state = "degraded" if why and state == "ready" else state
    except StoreError:
        state, why = "not", [*why, "conversations cannot be kept"]
    return JSONResponse({"status": state, "why": why}, 503 if state == "not" else 200)


@status.get("/metrics", response_class=PlainTextResponse, responses=PROBLEMS)
def metrics(desk: AtDesk, door: AtDoor, request: Request, authorization: Annotated[str, Header()] = "") -> Response:
    """What is counted, for Prometheus: to who asks on this machine, or as `metrics` in the site file says."""
    proxied = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    door.watch("" if request.client is None else request.client.host, proxied, authorization)
    return Response(desk.metrics.text(), media_type=MEDIA_TYPE)


for path in ("/healthz", "/readyz", "/metrics"):
    status.add_api_route(path, not_allowed, methods=["POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)


def item_to_json(product: Product, pictures: Pictures) -> dict[str, Any]:
    """The record's facts, and nothing that is not in it."""
    price = product.price
    return {
        "id": product.id,
        "title": product.title,
        "brand": product.brand or None,
        "category": list(product.category),
        "price": price.amount if price else None,
        "currency": price.currency if price else None,
        "rating": product.rating,
        "availability": product.availability,
        "tax": product.tax or None,
        "age_restricted": product.adult,
        "description": product.description,
        "url": pictures.link(product.url),
        "image": pictures(product.image),
        "facts": [fact_to_json(fact) for fact in product.facts()],
        "variants": [
            {
                "id": v.id,
                "price": v.price.amount if v.price else None,
                "currency": v.price.currency if v.price else None,
                "was": v.was.amount if v.was else None,
                "stock": v.stock,
                "sold_out": product.sold_out(v),
                "options": {name: [getattr(c, "text", c) for c in cells] for name, cells in v.options.items()},
            }
            for v in product.variants
        ],
    }


def _written(wish: str | Wished) -> str:
    """A wish in parts as the one line that stands for it; a line stays as it is."""
    if isinstance(wish, str):
        return wish
    value = tuple(wish.value) if isinstance(wish.value, list) else wish.value
    try:
        return str(Constraint(wish.slot, Op(wish.op), value, wish.unit))
    except ValueError as error:
        raise BadEdit("An entry of add has an operator that does not go with its value.") from error


def _fresh_key() -> str:
    return secrets.token_urlsafe(12)
