"""`--llm SPEC`: which model a command was told to use. Knows only the spelling."""

from __future__ import annotations

from urllib.parse import urlsplit

from errors import LLMError
from llm.types import LLM
from llm.vllm import VLLM
from llm.watch import Deadlines


def open_llm(spec: str, key: str = "", deadlines: Deadlines | None = None) -> LLM | None:
    """None for "none"; a model for "vllm:http://host:port/v1#model". LLMError says what is wrong with another."""
    kind, _, rest = spec.strip().partition(":")
    if kind == "none" and not rest:
        return None
    if kind != "vllm":
        raise LLMError(f"no such model: {spec!r} (write none, or vllm:http://host:port/v1#model)")
    url, _, model = rest.partition("#")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not model:
        raise LLMError(f"{spec!r} is not vllm:http://host:port/v1#model")
    return VLLM(url, model, key or None, deadlines)
