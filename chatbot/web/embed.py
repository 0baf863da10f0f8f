"""/widget.js: the storefront widget as it was built, for any shop's page to load.

Knows nothing of what the widget does; it is built by `make widget` and shipped as one file.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Response

WIDGET = Path(__file__).parent / "widget" / "dist" / "widget.js"
PATH = "/widget.js"

BRIEFLY = "public, max-age=600, stale-while-revalidate=86400"
FOREVER = "public, max-age=31536000, immutable"

embed = APIRouter()


@cache
def built() -> tuple[bytes, bytes, str]:
    """The file, the same packed by gzip, and its fingerprint."""
    script = WIDGET.read_bytes()
    return script, gzip.compress(script, mtime=0), hashlib.sha256(script).hexdigest()[:16]


@embed.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
def widget(
    v: str = "",
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The script. A page that asks for its fingerprint (`?v=`) may keep it for good."""
    script, packed, fingerprint = built()
    headers = {
        "ETag": f'"{fingerprint}"',
        "Cache-Control": FOREVER if v == fingerprint else BRIEFLY,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
    }
    if fingerprint in if_none_match:
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding.lower():
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(script, headers=headers, media_type="text/javascript")
