"""What a model's answer comes to in this shop: wishes that it can carry, ids and questions.

Values only; made by model_ground.py, used by model_agree.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from catalog.types import Constraint, Order
from chatbot.track.model_guesses import Guesses
from chatbot.types import Question, Text, UserAct


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish that the shop can carry. `named`: the message says the value; else it is only implied.
    `keys`: the words that it answers to. `instead`: its number is a bare one, which grammar takes for a price only
    for want of anything better."""

    what: Constraint | Order | Text
    hard: bool
    named: bool
    keys: frozenset[str] = frozenset()
    instead: bool = False

    @property
    def slot(self) -> str:
        return "text" if isinstance(self.what, Text) else self.what.slot

    @property
    def of_kind(self) -> bool:
        """Does it say what kind of product is looked for?"""
        return self.slot == "category" and isinstance(self.what, Constraint) and not self.what.op.negative

    @property
    def numeric(self) -> bool:
        return isinstance(self.what, Constraint) and isinstance(self.what.value, float)


@dataclass(frozen=True, slots=True)
class ReadNeed:
    """What the model says of one thing looked for. `number`: the ledger's, or a new one. `spoken`: the query takes up a
    word of the message. `lacking`: slots that things of its kinds do not have. `strange`: it names a
    kind that this shop does not know."""

    number: int | None
    query: str
    spoken: bool
    claims: tuple[Claim, ...]
    ideal: tuple[str, ...]
    lacking: frozenset[str] = frozenset()
    strange: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The categories that are surely meant: named, or what the need restated is called."""
        return tuple(
            str(v)
            for c in self.claims
            if isinstance(c.what, Constraint) and c.of_kind and c.hard
            for v in c.what.values
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """The model's answer, grounded. `unexplained`: content words of the message that its grammar made nothing of.
    `unsaid`: lines to
    be dropped of which the shopper never wrote a word. `refused`: values that the model hears refused, as it wrote them, in small letters. `guesses`: what grammar guessed.
    `pointed`: the message points at items by place. `asks`: it is written as a question. `words`: all that the model wrote, by keys."""

    acts: tuple[UserAct, ...]
    needs: tuple[ReadNeed, ...] = ()
    drop: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    unexplained: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    guesses: Guesses = field(default_factory=Guesses)
    pointed: bool = False
    asks: bool = False
    words: frozenset[str] = frozenset()
