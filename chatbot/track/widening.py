"""A kind taken back to a wider one: "remove the laser requirement" turns a laser printer into a printer.

Works on the words that tell what is looked for; knows no values.
"""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.needs import constraint_of
from chatbot.track.pieces import keys
from chatbot.track.spans import Scope
from chatbot.types import Addition, NeedEdit


def widened(heard: Heard, grounder: Grounder) -> Iterator[tuple[NeedEdit, Addition]]:
    """Each active need whose kind's own word is taken back, as the kind that its other words name."""
    taken = [m for m in heard.mentions if Scope.TAKEN_BACK in heard.scopes.at(m.start, m.end)]
    freed = {key for mention in taken for key in keys(mention.words)}
    for need in heard.state.active_needs if freed else ():
        said = keys(need.query)
        left = tuple(key for key in said if key not in freed)
        if left[-1:] != said[-1:] or left == said:
            continue  # the thing itself is taken back, or nothing of it
        if wider := _kinds(grounder, left):
            yield NeedEdit(need.id, " ".join(left)), Addition(constraint_of(wider), True, need.id)


def _kinds(grounder: Grounder, left: tuple[str, ...]) -> tuple[str, ...]:
    """The categories that the words left name."""
    readings = [r for r in grounder.book.readings_of(" ".join(left)) if r.role == "kind" and r.values]
    best = max(readings, key=lambda r: r.weight, default=None)
    return best.values if best else ()
