"""The routes of a chat one returns to: the shortlist, links to share, watches. Reads, asks, writes; decides nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, model_validator

from catalog.types import Product
from chatbot.memory.keepsakes import Watch
from chatbot.memory.records import Document
from chatbot.web.desk import Desk
from chatbot.web.problems import PROBLEMS, Problem
from chatbot.web.reading import Name
from chatbot.web.support import shared
from chatbot.web.support.now import as_now
from chatbot.web.support.person import AtService
from chatbot.web.support.watching import came_true
from chatbot.web.visiting import AtDesk, StrictRoute, Visitor
from chatbot.web.words import language_of

MOST_SHARED = 20
returning = APIRouter(prefix="/v1", route_class=StrictRoute, responses=PROBLEMS)
pages = APIRouter()


class Share(BaseModel):
    """Items of this shop, in the order to show them in."""

    items: Annotated[list[Name], Field(min_length=1, max_length=MOST_SHARED)]


class Watched(BaseModel):
    """What to be told of: an item that is `back`, or a `price` below one (without one: below what it costs now)."""

    item: Name
    type: Literal["back", "price"]
    price: Annotated[float, Field(gt=0, lt=1e12, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.type == "back" and self.price is not None:
            raise ValueError("a price goes with a watch of type price alone")
        return self


@returning.get("/shortlist")
def shortlist(desk: AtDesk, visitor: Visitor) -> Any:
    """The items kept, as they are now."""
    ids = desk.people.keepsakes.shortlist(visitor.id)
    return {"items": _printed(desk, ids), "gone": _gone(desk, ids)}


@returning.put("/shortlist/{item:path}", status_code=204)
def keep(desk: AtDesk, visitor: Visitor, item: Name) -> Response:
    """Put an item of this shop on the list."""
    _product(desk, item)
    if not desk.people.keepsakes.keep(visitor.id, item):
        raise Problem(409, "The list is full.")
    return Response(status_code=204)


@returning.delete("/shortlist/{item:path}", status_code=204)
def drop(desk: AtDesk, visitor: Visitor, item: Name) -> Response:
    """Take an item off the list."""
    desk.people.keepsakes.drop(visitor.id, item)
    return Response(status_code=204)


@returning.delete("/shortlist", status_code=204)
def clear(desk: AtDesk, visitor: Visitor) -> Response:
    """Take everything off the list."""
    desk.people.keepsakes.drop(visitor.id)
    return Response(status_code=204)


@returning.post("/share", status_code=201)
def share(desk: AtDesk, visitor: Visitor, wanted: Share, request: Request) -> Any:
    """A link that shows these items, as they are when it is opened, to whoever has it; and nothing else."""
    items = tuple(dict.fromkeys(wanted.items))
    for item in items:
        _product(desk, item)
    id = desk.people.keepsakes.share(visitor.id, items)
    if id is None:
        raise Problem(409, "There are too many links of this conversation.")
    return {"id": id, "url": f"{str(request.base_url).rstrip('/')}/shared/{id}"}


@returning.get("/shared/{id}")
def shared_items(desk: AtDesk, id: Name) -> Any:
    """The items behind a link, as they are now."""
    ids = _behind(desk, id)
    return {"items": _printed(desk, ids), "gone": _gone(desk, ids)}


@returning.post("/watches", status_code=201)
def watch(desk: AtDesk, service: AtService, visitor: Visitor, wanted: Watched) -> Any:
    """Let the shop know when an item is back, or costs less: the shop's own system tells its customer."""
    if not service.watching.open:
        raise Problem(404, "This shop takes no watches.")
    product = _product(desk, wanted.item)
    price = wanted.price if wanted.price is not None else (product.price.amount if product.price else None)
    if wanted.type == "price" and price is None:
        raise Problem(409, "The shop states no price of it.")
    kept = Watch(visitor.id, product.id, wanted.type, price if wanted.type == "price" else None)
    if came_true(kept, product):
        raise Problem(409, "It is so already.")
    if not service.watching.keep(kept, visitor.customer, product):
        raise Problem(409, "There are too many watches of this conversation.")
    return {"item": kept.item, "type": kept.type, "price": kept.price}


@returning.get("/watches")
def watches(desk: AtDesk, visitor: Visitor) -> Any:
    """What has not come true yet."""
    found = desk.people.keepsakes.watches(visitor.id)
    return {"watches": [{"item": w.item, "type": w.type, "price": w.price} for w in found]}


@returning.delete("/watches/{item:path}", status_code=204)
def unwatch(desk: AtDesk, visitor: Visitor, item: Name) -> Response:
    """An item is not watched any more."""
    desk.people.keepsakes.unwatch(visitor.id, item)
    return Response(status_code=204)


@pages.get("/shared/{id}", include_in_schema=False)
def shared_page(desk: AtDesk, request: Request, id: Name) -> HTMLResponse:
    """The page behind a link."""
    ids = _behind(desk, id)
    language = language_of(request.headers.get("accept-language", ""))
    root = str(request.scope.get("root_path", ""))
    found = desk.shop().catalog.get(ids)
    return HTMLResponse(shared.page(desk.name, found, len(ids) - len(found), language, desk.pictures, root))


def _behind(desk: Desk, id: str) -> tuple[str, ...]:
    ids = desk.people.keepsakes.shared(id)
    if ids is None:
        raise Problem(404, "There is no such link, or no longer.")
    return ids


def _product(desk: Desk, item: str) -> Product:
    for product in desk.shop().catalog.get((item,)):
        return product
    raise Problem(404, "There is no such item.")


def _printed(desk: Desk, ids: tuple[str, ...]) -> list[Document]:
    found = {product.id: product for product in desk.shop().catalog.get(ids)}
    pictures = desk.pictures
    here = [found[id] for id in ids if id in found]
    return [as_now(product, link=pictures.link) | {"image": pictures(product.image)} for product in here]


def _gone(desk: Desk, ids: tuple[str, ...]) -> list[str]:
    """Those that the shop does not list any more."""
    listed = {product.id for product in desk.shop().catalog.get(ids)}
    return [id for id in ids if id not in listed]
