"""The route for what is tapped where others would type. Reads a tap and asks the desk; decides nothing."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from chatbot.gestures import Gesture, GestureType
from chatbot.web.answering import Answering
from chatbot.web.problems import PROBLEMS
from chatbot.web.reading import Line, Name
from chatbot.web.visiting import StrictRoute

gestures = APIRouter(prefix="/v1", route_class=StrictRoute, responses=PROBLEMS)

OF_ITEMS = ("similar", "compare", "details", "reject")
OF_A_WISH = ("soften", "harden")


class Tap(BaseModel):
    """A tap: on items of the shop, by id, or on a wish of the ledger, by id or text. The same `message_id` again returns
    the same turn."""

    type: GestureType
    items: Annotated[list[Name], Field(max_length=5)] = []
    wish: Line | None = None
    message_id: Name | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if bool(self.items) != (self.type in OF_ITEMS):
            raise ValueError("must have items where it is about items, and none elsewhere")
        if bool(self.wish) != (self.type in OF_A_WISH):
            raise ValueError("must have a wish where it is about a wish, and none elsewhere")
        return self


@gestures.post("/sessions/current/gestures")
async def gesture(answer: Answering, tap: Tap) -> Any:
    """Tap: more like an item, compare, details, not this; undo, retry; make a wish softer or harder; ask for a person.
    The answer is a Turn, or with `Accept: text/event-stream` the events of its making."""
    key, made = tap.message_id or secrets.token_urlsafe(12), Gesture(tap.type, tuple(tap.items), tap.wish or "")
    return answer(lambda visitor, call: answer.desk.gesture(visitor, key, made, call))
