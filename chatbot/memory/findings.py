"""What of a turn the shop's people may want to mend or to look at: nothing found, a wish no filter carries, a fact that
a record lacks. Kept a row each beside the turn, so that what is asked most is counted without reading every turn.

Knows nothing of how they are counted or shown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chatbot.memory.records import Document

FindingType = Literal[
    "language", "no_match", "unmatched", "absent", "fact", "faq", "rejected", "degraded", "model", "handoff"
]
"""`language`: what the turn was spoken in. `no_match`: nothing met what was wished. `unmatched`: a wish that no slot
carries. `absent`: a name this shop does not carry. `fact`: asked of an item whose record lacks it. `faq`: a question about
the shop without an answer. `rejected`: an item was turned down. `degraded`: a model was asked in vain. `model`: one
was asked; the words are the tokens it cost. `handoff`: a person was wished for."""

MOST_WORDS = 120  # characters of what is counted by
MOST = 40  # findings of one turn


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of one turn: `words` it is counted by (folded; may be none), and the item it is about, where it is."""

    type: FindingType
    words: str = ""
    item: str = ""


def keep(connection: sqlite3.Connection, message: int, session: str, turn: Document, created: str) -> None:
    """Keep a turn's findings beside it. Must run within the transaction that keeps the turn."""
    connection.executemany(
        "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)",
        [(message, session, found.type, found.words, found.item, created) for found in findings(turn)],
    )


def findings(turn: Document) -> tuple[Finding, ...]:
    """All of a turn, each once. Keys that an older turn lacks are taken for empty."""
    return tuple(dict.fromkeys(_all(turn)))[:MOST]


def _all(turn: Document) -> Iterator[Finding]:
    acts, said = turn.get("acts", ()), turn.get("user_acts", ())
    if turn.get("handoff") == "joined" and not turn.get("text"):
        return  # passed on to the person who answers: nothing of it was the assistant's
    yield Finding("language", str(turn.get("language", "en")))
    absent = [str(name) for name in turn.get("absent") or ()]
    if "no_match" in acts:
        yield Finding("no_match", _folded(" · ".join(absent if absent else _wished(turn))))
    yield from (Finding("absent", _folded(name)) for name in absent)
    for wish in turn.get("ledger", ()):
        if wish.get("slot") == "text" and wish.get("turn") == turn.get("turn"):
            yield Finding("unmatched", _folded(str(wish["value"])))
    yield from _facts(turn)
    if "faq" in acts and not turn.get("quoted"):
        yield Finding("faq", _folded(str(turn.get("user") or "")))
    if "reject" in said:
        yield from (Finding("rejected", "", str(item)) for item in turn.get("refers_to") or turn.get("about", ()))
    if turn.get("degraded"):
        yield Finding("degraded")
    if turn.get("llm_calls"):
        tokens = turn.get("tokens") or {}
        yield Finding("model", str(int(tokens.get("prompt", 0)) + int(tokens.get("completion", 0))))
    if "handoff" in acts:
        yield Finding("handoff")


def _facts(turn: Document) -> Iterator[Finding]:
    """What was asked of items and not answered: by the slot where the question names one, else by its words."""
    for gap in turn.get("unknown") or ():
        asked = _folded(str(gap.get("slot") or gap.get("words") or ""))
        yield from (Finding("fact", asked, str(item)) for item in gap.get("items") or ("",))


def _wished(turn: Document) -> list[str]:
    """What the active needs come to: their words and their hard wishes, in the order of the alphabet."""
    active = {need["need"]: str(need.get("query") or "") for need in turn.get("needs", ()) if need.get("active")}
    hard = {str(w["text"]) for w in turn.get("ledger", ()) if w.get("hard") and w.get("need") in active}
    return [*dict.fromkeys(query for query in active.values() if query), *sorted(hard)]


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())[:MOST_WORDS].strip()
