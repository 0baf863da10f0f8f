"""What a scripted model answers: sense, as the embedded tracker reads the message; nothing in particular; or nonsense.

It reads the prompt it is sent as a model would: the message it knows by its words, the candidates by their lines, what
shape an answer must have by the schema. Knows nothing of HTTP or of time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from catalog.types import Constraint, Order
from chatbot.types import DialogueState, StateUpdate, Text

Says = Literal["sense", "neutral", "nonsense"]
Said = tuple[str, Mapping[str, Any]]  # a shopper's message, and what it means

CHOSEN = 5  # candidates that a ranking names
REASON = 8  # words of a candidate's line, dense ones: about as many tokens as fourteen plain words
_CANDIDATE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_NONSENSE = "As a kettle I cannot [tell]. }{ 100 % best!! <b>free</b> [99] it is [0] " * 12


def meaning(update: StateUpdate, before: DialogueState) -> dict[str, Any]:
    """A reading in the words of prompts/track.toml's schema: only what the message gives cause for."""
    place = {id: number for number, id in enumerate(before.latest, 1)}
    said = {
        "acts": [str(act) for act in update.acts],
        "needs": list(_needs(update, before)),
        "drop": list(update.remove),
        "items": [place[id] for id in update.refers_to if id in place],
        "ask": [q.slot if q.measure == "value" else f"{q.measure} {q.slot}" for q in update.questions if q.slot],
    }
    return {key: value for key, value in said.items() if value}


def _needs(update: StateUpdate, before: DialogueState) -> Iterator[dict[str, Any]]:
    named = {edit.id: edit.query for edit in update.needs}
    meant = [*named, *(a.need for a in update.add if a.need is not None)] or list(before.active) or [1]
    for id in dict.fromkeys(meant):
        wishes: dict[str, list[str]] = {"must": [], "like": []}
        for addition in update.add:
            if addition.need in (None, id):
                wishes["must" if addition.hard else "like"].append(_wish(addition.what))
        said: dict[str, Any] = {"query": named.get(id, "")[:80], **wishes}
        if any(said.values()):
            yield {"need": max(id, 1), **{key: value for key, value in said.items() if value}}


def _wish(what: Constraint | Order | Text) -> str:
    if isinstance(what, Text):
        return f"text ~ {what.words}"
    return f"{what.slot} sort {what.direction}" if isinstance(what, Order) else str(what)


class Answers:
    """Answers prompts. `said`: messages with what they mean, for a model of sense."""

    def __init__(self, says: Says = "sense", said: Iterable[Said] = ()) -> None:
        self._says = says
        self._said = dict(said)

    def to(self, user: str, schema: Mapping[str, Any] | None) -> str:
        """The answer to a prompt's last part."""
        if self._says == "nonsense":
            return _NONSENSE
        if schema:
            known = self._meaning(user) if self._says == "sense" else {}
            return json.dumps(shaped(schema, known), ensure_ascii=False, separators=(",", ":"))
        return "\n".join(f"[{number}] {reason}" for number, reason in self._chosen(user))

    def _meaning(self, user: str) -> Mapping[str, Any]:
        """Of the messages it knows, the one that ends last in the prompt: what came before stands above it."""
        found = [(user.rfind(message) + len(message), message) for message in self._said if message in user]
        return self._said[max(found)[1]] if found else {}

    def _chosen(self, user: str) -> Sequence[tuple[str, str]]:
        """The first candidates as they come; of each what its own line says."""
        lines: list[tuple[str, str]] = _CANDIDATE.findall(user)
        return [(number, " ".join(line.split()[:REASON])) for number, line in lines[:CHOSEN]]


def shaped(schema: Mapping[str, Any], known: object = None) -> Any:
    """A value that the schema allows: as `known` has it where it has it, else the least there can be."""
    if "enum" in schema:
        return known if known in schema["enum"] else schema["enum"][0]
    if "anyOf" in schema:
        return known if known is not None else shaped(schema["anyOf"][0])
    kind = schema.get("type")
    if kind == "object":
        given = known if isinstance(known, Mapping) else {}
        wanted = [name for name in schema["properties"] if name in given or name in schema.get("required", ())]
        return {name: shaped(schema["properties"][name], given.get(name)) for name in wanted}
    if kind == "array":
        items = list(known)[: schema.get("maxItems")] if isinstance(known, list) else []
        items += [None] * (schema.get("minItems", 0) - len(items))
        return [shaped(schema["items"], item) for item in items]
    least = {"string": "", "integer": schema.get("minimum", 0), "number": schema.get("minimum", 0), "boolean": False}
    return known if known is not None else least[str(kind)]
