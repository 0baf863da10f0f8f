"""JSON as the columns of people.db hold it. Knows nothing of what it says."""

from __future__ import annotations

import json
from typing import Any

from chatbot.memory.records import Document


def dumps(document: Document) -> str:
    """A document as a column holds it: short, and readable in every language."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def loads(text: str | None) -> Any:
    """What a column holds; None where it is empty."""
    return None if text is None else json.loads(text)
