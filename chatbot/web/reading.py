"""Bytes from outside made into values, or refused: strict JSON, limits, no half characters.

Knows nothing of what the values are for.
"""

from __future__ import annotations

import json
import math
import re
from typing import Annotated, Any, NoReturn

from fastapi import Request
from pydantic import AfterValidator, StringConstraints

from chatbot.web.problems import Problem

TEXT_LIMIT = 2_000
"""Characters of one message."""

BODY_LIMIT = 64 * 1024
"""Bytes of one request."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class StrictRequest(Request):
    """A request whose JSON must be JSON: UTF-8, finite numbers, not nested without end."""

    async def json(self) -> Any:
        return read_json(await self.body())


def read_json(body: bytes) -> Any:
    """Raises Problem 400 for what is not strict JSON; nothing of the input is in the message."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_number, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise Problem(400, "The body is not UTF-8.") from error
    except RecursionError as error:
        raise Problem(400, "The body is nested too deeply.") from error
    except ValueError as error:
        raise Problem(400, "The body is not valid JSON.") from error


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError("numbers must be finite")


def plain(text: str) -> str:
    """Text that can be kept and shown. ValueError for NUL and for halves of characters."""
    if "\0" in text or _LONE_SURROGATE.search(text):
        raise ValueError("must be readable text")
    return text


def _said(text: str) -> str:
    if not plain(text).strip():
        raise ValueError("must not be empty")
    return text


Said = Annotated[str, StringConstraints(max_length=TEXT_LIMIT), AfterValidator(_said)]
"""What a shopper types."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(plain)]
"""An identifier from outside: a message_id, a user, an item."""

Signed = Annotated[str, StringConstraints(min_length=1, max_length=4_096), AfterValidator(plain)]
"""A secret or a signed token."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(plain)]
"""A ledger line, or the address of a page."""

Cell = Annotated[str, StringConstraints(max_length=500), AfterValidator(plain)]
"""A value of a wish."""

Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$")]
