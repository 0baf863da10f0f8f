"""The page at /docs: the API described from its own OpenAPI document, with nothing loaded from elsewhere and no script.

Knows the shape of an OpenAPI document, and which documents beside it to print; nothing of what the API does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from chatbot.web.open.mcp_server import TOOLS
from chatbot.web.schemas import CHAT_EVENTS, GESTURES, UPDATE_EVENTS

Json = Mapping[str, Any]

STYLE = """
:root { color-scheme: light dark; --line: #8885; --soft: #8881; --mark: #0a7d5c; font: 16px/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --mark: #5fd0a8; } body { background: #16181b; color: #e6e8ea; } a { color: #8ab8ff; } }
body { max-width: 54rem; margin: 2rem auto 4rem; padding: 0 1rem; }
nav ul { columns: 16rem; padding-left: 1.2rem; } nav small { opacity: .75; }
section { margin-top: 3rem; } h1 { margin-bottom: 0; }
h2 { border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
article { border: 1px solid var(--line); border-radius: 10px; padding: .2rem 1rem 1rem; margin: 1rem 0; }
h3 { font: 600 1rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; } h3 b { color: var(--mark); }
h4 { margin: 1rem 0 .2rem; font-size: .9rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
pre { background: var(--soft); border-radius: 8px; padding: .7rem .9rem; white-space: pre-wrap; margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
td, th { border-top: 1px solid var(--line); padding: .3rem .8rem .3rem 0; vertical-align: top; text-align: left; }
td code { overflow-wrap: normal; } td:first-child { white-space: nowrap; width: 9rem; } td:nth-child(2) { width: 12rem; } td:nth-child(2):empty { width: 0; padding: 0; } th { font-weight: 600; font-size: .85rem; }
.note { border: 1px solid var(--line); border-radius: 99px; padding: .05rem .6rem; font-size: .8rem; white-space: nowrap; }
@media (max-width: 40rem) { body { margin-top: 1rem; } td, td:first-child, td:nth-child(2) { display: block; width: auto; border: 0; padding: .1rem 0; } tr { display: block; border-top: 1px solid var(--line); padding: .3rem 0; } td:empty { display: none; } }
"""
_SHOWN = {"session": "a session's token", "shop": "a key's secret", "metrics": "the site file's token"}
_PROBLEMS = {
    "400": "The body is not strict JSON.",
    "401": "A token is missing, is none of ours, or has expired (`expired`: resume the session).",
    "403": "Pages of this origin may not ask, or a key or a signature does not hold.",
    "404": "There is no such thing.",
    "405": "Not with this method; `Allow` says with which.",
    "409": "Another message of the conversation is being answered; `Retry-After`.",
    "413": "The body is too large.",
    "422": "Well formed, but not usable; `errors` names fields and what is wrong with each.",
    "429": "Too often; `Retry-After` says how many seconds to wait.",
    "503": "Not possible at the moment; `Retry-After`.",
}


def page(openapi: Json) -> str:
    """The whole document as HTML. Its style is STYLE, at /docs/style.css."""
    title = escape(openapi["info"]["title"])
    sections = [*_tagged(openapi), _streams(), _gestures(), _agents(), _trouble(), _widget()]
    contents = "".join(f'<li><a href="#{_anchor(name)}">{escape(name)}</a></li>' for name, _ in sections)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}: the API</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="docs/style.css">'
        f"<h1>{title}</h1><p>{escape(openapi['info'].get('description', ''))} "
        'As data: <a href="openapi.json">openapi.json</a></p>'
        f'<nav aria-label="Contents"><ul>{contents}</ul></nav><main>'
        + "".join(
            f'<section id="{_anchor(name)}"><h2>{escape(name)}</h2>{inside}</section>' for name, inside in sections
        )
        + "</main></html>"
    )


def _tagged(openapi: Json) -> Iterator[tuple[str, str]]:
    """Each tag with its operations."""
    schemas = openapi.get("components", {}).get("schemas", {})
    for tag in openapi.get("tags", ()):
        operations = [
            _operation(path, method, operation, schemas)
            for path, methods in openapi["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation.get("tags", ())
        ]
        yield tag["name"], f"<p>{_prose(tag['description'])}</p>{''.join(operations)}"


def _operation(path: str, method: str, operation: Json, schemas: Json) -> str:
    media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    asked = _table([*_parameters(operation), *_fields(media.get("schema", {}), schemas)])
    example = f"<h4>Example</h4><pre>{escape(json.dumps(media['example']))}</pre>" if "example" in media else ""
    return (
        f"<article><h3><b>{escape(method.upper())}</b> {escape(path)}</h3>"
        f"<p>{_prose(operation.get('description', ''))} {_who(operation)}</p>{asked}{example}"
        f"<h4>Answers</h4>{_table(_answers(operation, schemas))}</article>"
    )


def _who(operation: Json) -> str:
    """Whether a token is needed, and whose."""
    needed = operation.get("security", ())
    if not needed:
        return '<span class="note">open to all</span>'
    words = " or ".join(_SHOWN[name] for way in needed for name in way)
    return f'<span class="note">{words}{", where there is one" if {} in needed else ""}</span>'


def _parameters(operation: Json) -> Iterator[tuple[str, str, str]]:
    for parameter in operation.get("parameters", ()):
        kind = _kind(parameter.get("schema", {}))
        yield parameter["name"], f"{parameter['in']}, {kind}", _prose(parameter.get("description", ""))


def _fields(schema: Json, schemas: Json) -> Iterator[tuple[str, str, str]]:
    """The members of a body, with what they may be."""
    for option in (schema, *schema.get("anyOf", ())):
        named = schemas.get(option["$ref"].rpartition("/")[2], {}) if "$ref" in option else {}
        for name, field in named.get("properties", {}).items():
            needed = "" if name in named.get("required", ()) else ", optional"
            yield name, f"{_kind(field)}{needed}", _prose(field.get("description", ""))


def _answers(operation: Json, schemas: Json) -> Iterator[tuple[str, str, str]]:
    for code, answer in operation["responses"].items():
        for media, content in (answer.get("content") or {"": {}}).items():
            schema = content.get("schema", {})
            told = schema.get("description") or schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], {}).get(
                "description", answer["description"]
            )
            yield code, f"{media} {_kind(schema) if '$ref' in schema else ''}".strip(), _prose(told)


def _streams() -> tuple[str, str]:
    chat = _table((name, "", _prose(told)) for name, told in CHAT_EVENTS.items())
    updates = _table((name, "", _prose(told)) for name, told in UPDATE_EVENTS.items())
    return (
        "Streams",
        "<p>With <code>Accept: text/event-stream</code> a turn comes as server-sent events while it is made. Who goes away "
        f"in the middle stops it; the message waits to be sent again.</p>{chat}"
        "<p><code>GET /v1/sessions/current/updates</code> stays open: a comment every 15 seconds, and "
        f"<code>Last-Event-ID</code> says what is known already.</p>{updates}",
    )


def _gestures() -> tuple[str, str]:
    rows = _table((name, "", _prose(told)) for name, told in GESTURES.items())
    return "Gestures", f"<p>What is tapped where others would type; answered like a message.</p>{rows}"


def _agents() -> tuple[str, str]:
    told = "".join(
        f"<article><h3>{escape(name)}</h3><p>{_prose(tool.description)}</p>"
        + _table(
            (field, _kind(schema), _prose(schema.get("description", "")))
            for field, schema in tool.takes.model_json_schema()["properties"].items()
        )
        + "</article>"
        for name, tool in TOOLS.items()
    )
    return (
        "Agents (MCP)",
        "<p>At <code>/mcp</code>, streamable HTTP, each request by itself, answers as JSON. It only reads and asks for no "
        "key; pages of unknown sites are refused. Shaped after the catalogue of the Universal Commerce Protocol: arguments "
        "stand flat or in its <code>catalog</code> object, amounts are in minor units. The shop's own answers are the resource "
        "<code>aisle://policies</code>.</p>" + told,
    )


def _trouble() -> tuple[str, str]:
    shown = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "A session's token is needed."}
    return (
        "Trouble",
        "<p>Errors are problem documents (RFC 9457), <code>application/problem+json</code>. They never repeat what was "
        f"sent.</p><pre>{escape(json.dumps(shown))}</pre>{_table((c, '', _prose(t)) for c, t in _PROBLEMS.items())}",
    )


def _widget() -> tuple[str, str]:
    tag = '<script src="https://chat.shop.example/widget.js" defer data-key="..."></script>'
    return "On a shop's pages", f"<p>One line puts the chat on a page.</p><pre>{escape(tag)}</pre>"


def _table(rows: Any) -> str:
    """Rows of a name, what it may be, and what it is; nothing where there are none."""
    lines = "".join(f"<tr><td><code>{escape(n)}</code><td>{escape(k)}<td>{told}" for n, k, told in rows)
    return f"<table>{lines}</table>" if lines else ""


def _prose(text: str) -> str:
    """Escaped text, with `code` set as such."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _anchor(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")


def _kind(field: Json) -> str:
    """The type of a field in a few words."""
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "anyOf" in field:
        return " or ".join(_kind(option) for option in field["anyOf"] if option.get("type") != "null")
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    kind = field.get("type", "any")
    if kind == "array":
        return f"list of {_kind(field.get('items', {}))}"
    return str(kind) if isinstance(kind, str) else " or ".join(kind)
