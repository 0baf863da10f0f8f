"""The page at /docs: the API described from its own OpenAPI document, with nothing loaded from anywhere.

Knows the shape of an OpenAPI document, nothing of what the API does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #8884; border-radius: 10px; padding: .2rem 1rem 1rem; margin: 1rem 0; }
h2 { font: 600 1rem/1.5 ui-monospace, monospace; } h2 b { color: #0a7d5c; }
code, pre { font-family: ui-monospace, monospace; } table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid #8884; padding: .3rem .6rem .3rem 0; vertical-align: top; }
"""


def page(openapi: Mapping[str, Any]) -> str:
    """The whole document as HTML."""
    schemas = openapi.get("components", {}).get("schemas", {})
    parts = [
        _operation(path, method, operation, schemas)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]
    title = escape(openapi["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{title}</h1><p>{escape(openapi['info'].get('description', ''))}</p>"
        f'<p>As data: <a href="/openapi.json">openapi.json</a></p>{"".join(parts)}</html>'
    )


def _operation(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    rows = "".join(_fields(operation, schemas))
    answers = " · ".join(escape(f"{code} {answer['description']}") for code, answer in operation["responses"].items())
    return (
        f"<article><h2><b>{escape(method.upper())}</b> {escape(path)}</h2>"
        f"<p>{_prose(operation.get('description', ''))}</p>"
        + (f"<table>{rows}</table>" if rows else "")
        + f"<p><small>{answers}</small></p></article>"
    )


def _prose(text: str) -> str:
    """Escaped text, with `code` set as such."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _fields(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for schema in _named(body, schemas):
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            note = "required" if name in required else "optional"
            yield f"<tr><td><code>{escape(name)}</code><td>{escape(_kind(field))}<td>{note}"


def _named(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for option in (schema, *schema.get("anyOf", ())):
        if "$ref" in option:
            yield schemas.get(option["$ref"].rpartition("/")[2], {})


def _kind(field: Mapping[str, Any]) -> str:
    """The type of a field in a few words."""
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "anyOf" in field:
        return " or ".join(_kind(option) for option in field["anyOf"] if option.get("type") != "null")
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    return str(field.get("type", "any"))
