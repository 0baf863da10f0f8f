"""POST /v1/events: what a shopper did with a card, or what the shop's own server tells of an item, such as a purchase.

A shopper's token speaks for cards of its conversation alone; the secret of a key for every item of the shop. Reads
requests, asks the store, writes answers; decides nothing of a dialogue.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field, model_validator
from starlette.concurrency import run_in_threadpool

from catalog.types import Product
from chatbot.memory.records import Document, FeedbackType, Session
from chatbot.memory.reports import Report
from chatbot.web.desk import Desk
from chatbot.web.door import spend
from chatbot.web.problems import Problem
from chatbot.web.reading import Name
from chatbot.web.site import Key
from chatbot.web.support.now import as_now, since_shown
from chatbot.web.visiting import AtDesk, AtDoor, Origin, StrictRoute

MOST_UNITS = 1_000_000
_SHOP_S = "With a key's secret: "


class Happened(BaseModel):
    """What was done with a card, named by its impression or by the item it shows; with a key's secret, with any item."""

    type: FeedbackType
    impression: Name | None = None
    item: Name | None = Field(default=None, description="With a key's secret also the id of a variant.")
    variant: Name | None = Field(default=None, description=_SHOP_S + "which variant of the item.")
    count: Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS)] = Field(
        default=1, description=_SHOP_S + "how many, 1 to 1,000,000."
    )
    user: Name | None = Field(
        default=None,
        description=_SHOP_S
        + "the customer, by the name that identities are signed for; exported and erased with them.",
    )
    message_id: Name | None = Field(default=None, description=_SHOP_S + "the same one again is the same event.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.impression is None) == (self.item is None):
            raise ValueError("must name either the impression or the item")
        return self


async def _teller(door: AtDoor, origin: Origin, authorization: Annotated[str, Header()] = "") -> Session | Key:
    """Who tells: a session by its token, or a shop's own server by the secret of a key. 401, 403 or 429 for the rest."""
    key = door.shown(authorization)
    if key is None:
        return await run_in_threadpool(door.session, door.passed(authorization, origin))
    if origin is not None:
        raise Problem(403, "The secret of a key is for the shop's own server, not for a page.")
    spend(door.rates.key, key.key)
    return key


feedback = APIRouter(route_class=StrictRoute)


@feedback.post("/events", status_code=201)
def happened(desk: AtDesk, teller: Annotated[Session | Key, Depends(_teller)], event: Happened) -> Any:
    """Feedback on a card that this conversation showed; answers with the item as it is now, and whether it `changed`.

    The shop's own server shows a key's secret instead, and names any `item`: what was bought is known there alone.
    """
    if isinstance(teller, Key):
        return _told(desk, teller, event)
    shown = desk.people.shown(teller.id, impression=event.impression, item=event.item)
    if shown is None:
        raise Problem(404, "This conversation showed no such card.")
    number = desk.people.feedback(teller.id, shown, event.type)
    desk.metrics.happened(event.type)
    card = desk.people.card(teller.id, shown)
    product = next(iter(desk.shop().catalog.get((card["id"],))), None)
    return {"event": number} | since_shown(card, product)


def _told(desk: Desk, key: Key, event: Happened) -> Document:
    """Keep what the shop's server tells; the item as it is now."""
    if event.item is None:
        raise Problem(422, "With the secret of a key an event names an item: impressions are a conversation's own.")
    product, named = _product(desk, event.item)
    ids = [variant.id for variant in product.variants]
    variant = event.variant or named
    if variant is not None and variant not in ids:
        raise Problem(404, "There is no such variant of this item.")
    report = Report(key.key, event.type, product.id, variant, event.count, event.user, event.message_id)
    number, new = desk.people.reports.keep(report)
    if new:
        desk.metrics.happened(event.type)
    option = product.variants[ids.index(variant)] if variant is not None else None
    now = as_now(product, option, desk.pictures.link)
    return {"event": number, "item": now | {"variant": variant, "listed": True}, "changed": False}


def _product(desk: Desk, id: str) -> tuple[Product, str | None]:
    """The product of this id, or the one that alone has a variant of it, with that variant's id."""
    catalog = desk.shop().catalog
    for product in catalog.get((id,)):
        return product, None
    found = catalog.with_variant(id)
    if len(found) != 1:
        raise Problem(404, "There is no such item.")
    return found[0], id
