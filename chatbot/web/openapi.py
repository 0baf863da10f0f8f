"""The OpenAPI document: what FastAPI reads from the routes, with tags, answers, examples and who may call.

Knows the routes by their paths; a test fails where one of them has no tag or no answer here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from chatbot.web.schemas import CHAT_EVENTS, SCHEMAS, UPDATE_EVENTS, Json, ref

TAGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Conversation": (
        "Open a session, then talk. The token goes as `Authorization: Bearer`.",
        ("/v1/sessions", "/v1/chat", "/v1/events", "/v1/items", "/v1/shop"),
    ),
    "A person": ("Who answers now, and what they write.", ("/v1/sessions/current/updates", "/v1/sessions/current/handoff")),
    "Coming back": ("A shortlist, links to share, and what to be told of.", ("/v1/short", "/v1/share", "/v1/watches")),
    "One's own data": ("Consent, everything kept, and its end.", ("/v1/me",)),
    "OpenAI's clients": (
        "`/v1/chat/completions` and `/v1/models`, for clients that exist already. The client keeps the dialogue; nothing "
        "of it is stored here. Trouble comes in OpenAI's shape.",
        ("/v1/models", "/v1/chat/completions"),
    ),
    "The server": ("How it is.", ("/healthz", "/readyz", "/metrics")),
}  # fmt: skip
"""Each with what it is, and how its paths begin; the longest beginning decides."""

ANSWERS: Mapping[tuple[str, str], str] = {
    ("post", "/v1/chat"): "Turn",
    ("post", "/v1/sessions/current/gestures"): "Turn",
    ("patch", "/v1/sessions/current/ledger"): "Turn",
    ("get", "/v1/sessions/current"): "Conversation",
    ("post", "/v1/events"): "Kept",
    ("get", "/v1/items/{id}"): "Item",
    ("get", "/v1/shop"): "Shop",
    ("get", "/v1/shortlist"): "ItemsNow",
    ("get", "/v1/shared/{id}"): "ItemsNow",
    ("post", "/v1/share"): "Link",
    ("post", "/v1/watches"): "Watch",
    ("get", "/v1/watches"): "Watches",
    ("get", "/v1/me/sessions"): "Sessions",
    ("get", "/v1/me/export"): "Export",
    ("get", "/v1/models"): "Models",
    ("get", "/v1/models/{model}"): "Model",
    ("post", "/v1/chat/completions"): "Completed",
    ("get", "/healthz"): "Alive",
    ("get", "/readyz"): "Ready",
}

ASKED: Mapping[tuple[str, str], Json] = {
    ("post", "/v1/sessions"): {"locale": "en", "page": "https://shop.example/mice"},
    ("post", "/v1/sessions/resume"): {"resume": "the secret that the session was opened with"},
    ("post", "/v1/sessions/current/context"): {"item": "HP-001", "page": "https://shop.example/p/HP-001"},
    ("post", "/v1/sessions/current/identity"): {"identity": "a JWT signed with the key's secret"},
    ("put", "/v1/me/consent"): {"profile": True},
    ("post", "/v1/chat"): {"text": "a laptop with 16 GB or more for under 1200", "message_id": "1"},
    ("post", "/v1/sessions/current/gestures"): {"type": "compare", "items": ["LT-001", "LT-002"], "message_id": "2"},
    ("patch", "/v1/sessions/current/ledger"): {"remove": ["price < 1200"], "add": ["brand = Lumivo"]},
    ("post", "/v1/events"): {"type": "click", "item": "LT-001"},
    ("post", "/v1/share"): {"items": ["LT-001", "LT-002"]},
    ("post", "/v1/watches"): {"item": "LT-001", "type": "price", "price": 700},
    ("post", "/v1/chat/completions"): {
        "model": "aisle",
        "messages": [{"role": "user", "content": "a tent for four"}],
        "stream": False,
    },
}
"""A body for each call that takes one, with items of the demo shop."""

_STREAMED = (
    ("post", "/v1/chat"), ("post", "/v1/sessions/current/gestures"), ("patch", "/v1/sessions/current/ledger"),
)  # fmt: skip
_OPEN_TO_ALL = (("post", "/v1/sessions/resume"),)
_TOLD_BY_SHOPS = (("post", "/v1/events"),)
_DROPPED = ("authorization", "accept")
"""Headers that OpenAPI tells otherwise: by security schemes and by media types."""


def install(app: FastAPI) -> None:
    """Let the application describe itself so; made at the first asking."""
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(made())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """The document with everything that the routes themselves do not tell."""
    components = document.setdefault("components", {})
    components["schemas"] = components.get("schemas", {}) | SCHEMAS
    components["securitySchemes"] = {
        "session": {"type": "http", "scheme": "bearer", "description": "The token of a session."},
        "metrics": {"type": "http", "scheme": "bearer", "description": "`metrics` of the site file, where it is one."},
        "shop": {
            "type": "http",
            "scheme": "bearer",
            "description": "The secret of a key, where the site file has one.",
        },
    }
    document["tags"] = [{"name": name, "description": told} for name, (told, _) in TAGS.items()]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe(method, path, operation)
    return document


def tag_of(path: str) -> str | None:
    """The tag whose paths begin as this one does."""
    fitting = [(len(begin), name) for name, (_, begins) in TAGS.items() for begin in begins if path.startswith(begin)]
    return max(fitting)[1] if fitting else None


def _describe(method: str, path: str, operation: Json) -> None:
    tag = tag_of(path)
    operation["tags"] = [tag] if tag else []
    parameters = operation.get("parameters", [])
    if any(p["name"] == "authorization" for p in parameters):
        scheme = {"OpenAI's clients": "shop", "The server": "metrics"}.get(tag or "", "session")
        optional = scheme != "session" or (method, path) in _OPEN_TO_ALL
        also: list[Json] = [{"shop": []}] if (method, path) in _TOLD_BY_SHOPS else []
        operation["security"] = [*([{}] if optional else []), {scheme: []}, *also]
    operation["parameters"] = [p for p in parameters if p["name"] not in _DROPPED]
    _answered(method, path, operation)
    asked = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if asked is not None and (method, path) in ASKED:
        asked["example"] = ASKED[method, path]


def _answered(method: str, path: str, operation: Json) -> None:
    """The schema of the answer, where it is known by name; the events, where it may come as a stream."""
    good: Json = next((answer for code, answer in operation["responses"].items() if code.startswith("2")), {})
    if good.get("description") == "Successful Response":
        good["description"] = "Done."
    name = ANSWERS.get((method, path))
    if name:
        good["content"] = {"application/json": {"schema": ref(name)}}
    if name == "Ready":
        operation["responses"]["503"] = {"description": "Not.", "content": {"application/json": {"schema": ref(name)}}}
    if (method, path) in _STREAMED:
        good["content"]["text/event-stream"] = _events(CHAT_EVENTS)
    if name == "Completed":
        chunks = "Chunks of `chat.completion.chunk` as `data:` lines, then `data: [DONE]`."
        good["content"]["text/event-stream"] = {"schema": {"type": "string", "description": chunks}}
    if path.endswith("/updates"):
        good["content"] = {"text/event-stream": _events(UPDATE_EVENTS)}


def _events(events: Mapping[str, str]) -> Json:
    told = "Server-sent events. " + " ".join(f"`{name}`: {what}" for name, what in events.items())
    return {"schema": {"type": "string", "description": told}}
