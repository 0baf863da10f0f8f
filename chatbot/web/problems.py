"""Trouble as RFC 9457 problem documents. They never repeat what was sent and never show what is inside.

Knows which kind of trouble is which status; decides nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from errors import AisleError, BadEdit, CatalogError, SessionGone, StoreError, TurnOvertaken

MEDIA_TYPE = "application/problem+json"
UNFORESEEN = "Something went wrong here; it has been logged."

_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""As RFC 9110 has them; older Pythons still know the earlier names."""

_WISH_FIELDS = ("remove", "add", "slot", "op", "value", "unit")
_COMPLETION_FIELDS = ("messages", "role", "content", "model", "stream", "stream_options", "include_usage", "n")
_STAFF_FIELDS = ("password", "name", "reason")
_SESSION_FIELDS = ("key", "identity", "resume", "session", "profile")
_KNOWN_FIELDS = frozenset(
    (
        *_COMPLETION_FIELDS,
        *_STAFF_FIELDS,
        "text",
        "message_id",
        "user",
        "locale",
        "page",
        "type",
        "impression",
        "item",
        "items",
        "variant",
        "count",
        "wish",
        "price",
        *_WISH_FIELDS,
    )
)
"""The names of our fields: another name in an error's location is the sender's own and is not repeated."""

_SAYING = {
    "missing": "is missing",
    "string_too_long": "is too long",
    "string_too_short": "is too short",
    "string_type": "must be text",
    "string_unicode": "must be readable text",
    "string_pattern_mismatch": "is not of the expected form",
    "too_long": "has too many entries",
    "too_short": "has too few entries",
    "literal_error": "is not one of the allowed values",
    "enum": "is not one of the allowed values",
    "model_attributes_type": "must be a JSON object sent as application/json",
    "model_type": "must be a JSON object",
}


_SHAPE = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_DOCUMENTED: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": _SHAPE}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "Not done, and why: a problem document (RFC 9457).", **_DOCUMENTED},
    "503": {"description": "Not possible at the moment; `Retry-After` says when to ask again.", **_DOCUMENTED},
}
"""What every route may answer besides what was asked for, as OpenAPI has it."""


class Problem(HTTPException):
    """An answer other than the one asked for. `detail` is one sentence of ours, never the sender's words."""

    def __init__(self, status: int, detail: str = "", headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(status, detail, headers)
        self.more = more


def document(status: int, detail: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem document."""
    return (
        {"type": "about:blank", "title": _TITLES.get(status, HTTPStatus(status).phrase), "status": status}
        | ({"detail": detail} if detail else {})
        | more
    )


def response(status: int, detail: str = "", headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    body = json.dumps(document(status, detail, **more), ensure_ascii=False)
    return Response(body, status, dict(headers or {}), MEDIA_TYPE)


def of(error: AisleError) -> Problem:
    """What is shown of our own trouble. Its message may name files, so it stays inside, save that of a bad edit."""
    if isinstance(error, BadEdit):
        return Problem(422, str(error))  # always a sentence of ours: the one who edits must know what to mend
    if isinstance(error, TurnOvertaken):
        return Problem(409, "Another message of this conversation is being answered.", {"Retry-After": "1"})
    if isinstance(error, SessionGone):
        return Problem(410, "This conversation has been deleted: open a new one.")
    if isinstance(error, StoreError):
        return Problem(503, "Conversations cannot be kept at the moment.", {"Retry-After": "5"})
    if isinstance(error, CatalogError):
        return Problem(503, "The catalogue cannot be read at the moment.", {"Retry-After": "5"})
    return Problem(503, "The assistant is not available at the moment.", {"Retry-After": "5"})


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document; trouble nobody foresaw is answered by shields.Unforeseen."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(AisleError, _ours)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return response(error.status_code, error.detail, error.headers, **error.more)
    return response(error.status_code, headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [{"field": _field(e["loc"]), "problem": _problem(e)} for e in error.errors()]
    return response(422, "The request is well formed, but not all of it can be used.", errors=wrong)


def _problem(error: Mapping[str, Any]) -> str:
    """What is wrong with a field. The ValueErrors are our validators' own: fixed sentences, nothing of the input."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return _SAYING.get(error["type"], "is not valid")


def _field(location: tuple[str | int, ...]) -> str:
    """The path to a field by names of ours; a name of the sender's is left out."""
    return ".".join(str(part) for part in location[1:] if isinstance(part, int) or part in _KNOWN_FIELDS) or "body"


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, AisleError)
    return await _http(request, of(error))
