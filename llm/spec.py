"""`--llm SPEC`: which model a command was told to use. Knows only the spelling, and puts a guard before each model."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from errors import BadSpec
from llm.breaker import Patience
from llm.guarded import Guarded
from llm.limits import Limits
from llm.types import LLM
from llm.vllm import VLLM
from llm.watch import Deadlines

SPELLINGS = "none, vllm:http://HOST:PORT/v1#MODEL or local:PATH"


def open_llm(
    spec: str, key: str = "", deadlines: Deadlines | None = None, limits: Limits | None = None
) -> Guarded | None:
    """The model that a spec names, guarded; None for "none". Asks nothing of it yet.

    BadSpec says what is wrong with another spec.
    """
    kind, _, rest = spec.strip().partition(":")
    if kind == "none" and not rest:
        return None
    patience = Patience(probe=(deadlines or Deadlines()).first)
    if kind == "vllm":
        return Guarded(_endpoint(rest, key, deadlines), limits, patience)
    if kind == "local" and rest:
        one = replace(limits or Limits(), running=1)  # it makes one answer at a time
        return Guarded(_local(rest, deadlines), one, patience)
    raise BadSpec(f"no such model: {spec!r} (write {SPELLINGS})")


def _endpoint(rest: str, key: str, deadlines: Deadlines | None) -> LLM:
    """`http://HOST:PORT/v1#MODEL`; without #MODEL the endpoint is asked which one it serves."""
    url, _, model = rest.partition("#")
    wrong = _wrong(url)
    if wrong:
        raise BadSpec(f"{_shown(rest)!r} is no endpoint: {wrong} (write vllm:http://HOST:PORT/v1#MODEL)")
    return VLLM(url, model.strip(), key or None, deadlines)


def _wrong(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as trouble:
        return str(trouble)
    if any(not character.isprintable() or character.isspace() for character in url):
        return "it holds blanks"
    if not url.isascii():
        return "it holds letters that no address is written in (a host's name has a spelling that begins with xn--)"
    if parts.scheme not in ("http", "https"):
        return "its address begins with neither http:// nor https://"
    if not parts.hostname or port == 0:
        return "it names no host"
    if parts.username is not None or parts.password is not None:
        return "a key belongs into AISLE_LLM_KEY, not into the address"
    if parts.query:
        return "its address has a query"
    if not parts.path.rstrip("/"):
        return f"its address ends without a path; most servers want {url.rstrip('/')}/v1"
    return ""


def _shown(rest: str) -> str:
    """The spec without what stands before an @: it may be a password."""
    scheme, slashes, after = rest.partition("//")
    return scheme + slashes + after.rpartition("@")[2]


def _local(path: str, deadlines: Deadlines | None) -> LLM:
    from llm.local import Local

    return Local(path, deadlines)
