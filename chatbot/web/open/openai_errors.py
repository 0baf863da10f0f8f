"""Trouble on the OpenAI-compatible paths in the shape that their clients read: `{"error": {"message", "type", ...}}`.

Plain ASGI: whatever stands inside answers problem documents, and here they are rewritten, sentence by sentence. Knows
nothing of completions.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.web import problems

PATHS = ("/v1/models", "/v1/chat/completions")
_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
_CODES = {401: "invalid_api_key", 404: "not_found", 413: "request_too_large", 429: "rate_limit_exceeded"}


def speaks_openai(path: str) -> bool:
    """Is this path one of the façade's?"""
    return path.rstrip("/") in PATHS or path.startswith(f"{PATHS[0]}/")


def shape(status: int, problem: dict[str, Any]) -> dict[str, Any]:
    """A problem document as OpenAI's error."""
    wrong = [error for error in problem.get("errors", ()) if error["field"] != "body"]
    said = "; ".join(f"{error['field']} {error['problem']}" for error in wrong)
    return {
        "error": {
            "message": said or problem.get("detail") or problem["title"],
            "type": _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error"),
            "param": wrong[0]["field"] if wrong else None,
            "code": _CODES.get(status),
        }
    }


class OpenAIErrors:
    """Rewrites problem documents on the façade's paths; what cannot be used is 400 there, as those clients expect."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not speaks_openai(scope["path"]):
            await self.app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def rewritten(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start":
                kind = MutableHeaders(raw=message["headers"]).get("content-type", "")
                if kind.startswith(problems.MEDIA_TYPE):
                    held = message
                    return
            if held is None:
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                await _send_error(held, body, send)

        await self.app(scope, receive, rewritten)


async def _send_error(start: Message, body: bytes, send: Send) -> None:
    status = 400 if start["status"] == 422 else start["status"]
    written = json.dumps(shape(status, json.loads(body)), ensure_ascii=False).encode()
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-type"] = "application/json"
    headers["content-length"] = str(len(written))
    await send({**start, "status": status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": written, "more_body": False})
