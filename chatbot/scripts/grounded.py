"""Is every number in a turn's words supported by the records it speaks of? Pure.

Allowed besides the records: what the shopper said, the ledger, and how many items a search found.
"""

from __future__ import annotations

import re

from catalog.types import write_number
from chatbot.scripts.types import Seen

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def check(seen: Seen) -> str | None:
    supported = _supported(seen)
    unsupported = [n for text in _texts(seen) for n in _numbers(text) if n not in supported]
    return f"nothing supports {', '.join(dict.fromkeys(unsupported))}" if unsupported else None


def _texts(seen: Seen) -> list[str]:
    return [seen.turn.text, *(s.reason for s in seen.turn.suggestions)]


def _supported(seen: Seen) -> set[str]:
    turn = seen.turn
    counts = {*seen.matched, len(turn.suggestions), len(turn.about), *range(1, len(seen.before.latest) + 1)}
    texts = [turn.user, *(w.text for w in turn.ledger), *(d.wish.text for d in turn.dropped), *map(str, turn.relaxed)]
    texts += [f"{fact.value}" for product in seen.known.values() for fact in product.facts()]
    return {number for text in texts for number in _numbers(text)} | {str(count) for count in counts}


def _numbers(text: str) -> list[str]:
    return [write_number(float(found.replace(",", ""))) for found in _NUMBER.findall(text) if _is_number(found)]


def _is_number(text: str) -> bool:
    return text.replace(",", "").count(".") <= 1
