"""The values that memory takes and gives. Knows nothing of SQL, HTTP or how a turn is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatbot.gestures import Gesture
from chatbot.types import Suggestion

Document = dict[str, Any]
"""A JSON object as it was or will be sent."""

FeedbackType = Literal["impression", "click", "like", "dislike", "cart", "purchase"]


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation of one visitor. `user`: the name the shop gave for them: a claim and no proof, unless `verified`.

    `item`, `page`: what is open on the shop's page. `key`, `origin`: what it was opened with and on which site; None: on
    the shop's own page. `consent`: when the shopper agreed that a profile is kept. `seen`: when it was last used.
    `verified`: the shop's word for who the user is holds now; `verified_until`: to when it does or did, None where it
    never spoke. Times as clock.py writes them.
    """

    id: str
    locale: str
    user: str | None = None
    page: str | None = None
    created: str = ""
    item: str | None = None
    key: str | None = None
    origin: str | None = None
    verified: bool = False
    consent: str | None = None
    seen: str | None = None
    verified_until: str | None = None

    @property
    def customer(self) -> str | None:
        """Whose conversation this is by the shop's word, also where that is over: who holds it now may be somebody else."""
        return self.user if self.verified_until else None

    def verified_at(self, moment: str) -> bool:
        """Did the shop's word hold then?"""
        return self.verified_until is not None and moment < self.verified_until


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the ledger by hand: ids of wishes clicked off, constraints added (as text)."""

    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


Sent = str | Edit | Gesture
"""What a shopper sends: words, a change of the ledger by hand, a tap."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the shopper sent: typed words, an edit or a tap. `key` is the sender's message_id."""

    number: int
    session: str
    key: str
    what: Sent


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is safely kept, and what its turn starts from.

    `state`: the dialogue's state as JSON (None: nothing was said yet). `version`: the state's, to be handed back.
    `turn`: the turn this very message got before, if it did.
    """

    message: Message
    state: Mapping[str, Any] | None
    version: int
    turn: Document | None = None


@dataclass(frozen=True, slots=True)
class Impression:
    """One card that was shown, with the score of every stage that brought it there."""

    id: str
    need: int
    rank: int
    item: str
    score: float
    stages: Mapping[str, Mapping[str, float]]
    ranked_by: str

    @classmethod
    def of(cls, suggestion: Suggestion) -> Impression:
        candidate = suggestion.candidate
        names = dict.fromkeys((*candidate.ranks, *candidate.stages))
        return cls(
            id=suggestion.id,
            need=suggestion.need,
            rank=suggestion.rank,
            item=candidate.product.id,
            score=candidate.score,
            stages={name: _stage(candidate.ranks.get(name), candidate.stages.get(name)) for name in names},
            ranked_by=suggestion.ranked_by,
        )


def _stage(rank: int | None, score: float | None) -> dict[str, float]:
    return {name: float(value) for name, value in (("rank", rank), ("score", score)) if value is not None}


@dataclass(frozen=True, slots=True)
class Conversation:
    """A session with all its turns, oldest first, and the latest message when it is still without an answer.

    `judged`: the latest like or dislike of each impression that got one.
    """

    session: Session
    turns: tuple[Document, ...]
    state: Mapping[str, Any] | None
    pending: Message | None
    judged: Mapping[str, str] = field(default_factory=dict)
