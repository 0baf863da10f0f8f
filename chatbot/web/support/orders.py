"""Where an order stands, asked of the shop's own system: a signed question, a strict answer, two seconds.

Only what the answer states gets out of here. Knows nothing of who asks; whether they may is the counter's to say.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from catalog.hosts import host_of
from chatbot.context import Order
from chatbot.memory.outbox import letter
from chatbot.web.reading import plain
from chatbot.web.support.post import post
from chatbot.web.support.receiver import Receiver

WITHIN_S = 2.0
MOST_OF_A_NUMBER = 64
UNKNOWN = 404


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _followable(text: str) -> str:
    if host_of(text) is None:
        raise ValueError("must be a link")
    return text.strip()


class Answered(BaseModel):
    """What a shop's system answers; fields of its own beside these are left unread."""

    model_config = ConfigDict(strict=True)

    status: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(plain)]
    eta: Annotated[str, StringConstraints(max_length=10), AfterValidator(_day)] | None = None
    url: Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_followable)] | None = None


def ask(receiver: Receiver, number: str, user: str, key: str | None = None) -> Order:
    """The order `number` of the `user` whom the shop signed for under `key`. Never raises: what is no good answer is
    `failed`."""
    if not number:
        return Order("unnamed")
    if len(number) > MOST_OF_A_NUMBER or not number.isprintable():
        return Order("unknown")
    question = letter("order.status", {"order": number, "user": user, "key": key})
    came = post(receiver, question.id, question.body, WITHIN_S)
    if came.status == UNKNOWN:
        return Order("unknown", number)
    if not came.accepted:
        return Order("failed", number)
    try:
        told = Answered.model_validate(json.loads(came.body))
    except (ValidationError, ValueError, RecursionError):
        return Order("failed", number)
    return Order("found", number, told.status, told.eta or "", told.url or "")
