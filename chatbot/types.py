"""The values of a conversation: acts, the constraint ledger, what a message changes, a card and an answer.

All frozen; a change makes a new value. Knows nothing of how messages are understood, items found, or bytes sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from catalog.types import Constraint, Fact, Order
from chatbot.steps import Latest, Standing
from retrieval.types import Candidate

Language = Literal["en", "zh"]
AnsweredBy = Literal["llm", "embedded", "recall"]


class UserAct(StrEnum):
    """What a shopper does with a message (dialogue acts of conversational recommendation)."""

    INFORM = "inform"  # states, changes or takes back a wish
    REQUEST = "request"  # asks for a fact about an item or about the catalogue
    COMPARE = "compare"
    ACCEPT = "accept"
    REJECT = "reject"  # does not want the items pointed at (or all of those shown)
    MORE = "more"  # others like these
    EXPLAIN = "explain"  # why this one?
    UNDO = "undo"
    RESET = "reset"  # start over: the ledger is cleared
    FAQ = "faq"  # about the shop: returns, shipping, warranty in general
    HANDOFF = "handoff"  # wants a person
    CHITCHAT = "chitchat"
    OTHER = "other"  # nothing a shop assistant does


class AgentAct(StrEnum):
    """What the assistant does with a turn."""

    RECOMMEND = "recommend"
    ELICIT = "elicit"
    INFORM = "inform"
    COMPARE = "compare"
    EXPLAIN = "explain"
    NO_MATCH = "no_match"
    FAQ = "faq"
    HANDOFF = "handoff"
    CONFIRM = "confirm"
    CHITCHAT = "chitchat"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Text:
    """A wish in the shopper's words that no slot carries: used softly for recall, never as a filter."""

    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of the constraint ledger. `turn` is the turn it came from; a soft one only lifts what meets it."""

    id: str
    need: int
    what: Constraint | Order | Text
    hard: bool
    turn: int

    @property
    def slot(self) -> str:
        return "text" if isinstance(self.what, Text) else self.what.slot

    @property
    def text(self) -> str:
        return str(self.what)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A wish that no longer stands, and who ended it: "shopper", "replaced", "reset" or "undo"."""

    wish: Wish
    by: str
    turn: int


@dataclass(frozen=True, slots=True)
class Need:
    """One thing looked for. `query`: words for recall, spelling mended, nothing negated ("wireless mouse").

    `ideal`: descriptions of items that would suit, as a model imagines them: recall finds the nearest real ones
    (hypothetical documents, Gao et al. 2022, arXiv:2212.10496). Never shown, never a filter.
    """

    id: int
    query: str
    wishes: tuple[Wish, ...] = ()
    ideal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """A wish to add. `need`: None means every active need.

    `extends`: adds to earlier wishes on the slot ("or Dell", "no HP either") where a plain one replaces them.
    """

    what: Constraint | Order | Text
    hard: bool = True
    need: int | None = None
    extends: bool = False


@dataclass(frozen=True, slots=True)
class NeedEdit:
    """Opens need `id` when it is new, else restates what is looked for; a restated need has the `ideal` given here."""

    id: int
    query: str
    ideal: tuple[str, ...] = ()


Measure = Literal["value", "which", "count", "counts", "values", "min", "max", "range", "mean"]


@dataclass(frozen=True, slots=True)
class Question:
    """A request for facts.

    About items (`items` not empty): `slot`'s value for each (of `compatible_with`: whether it meets `scope`), or with `measure` min or max which of the items has the
    least or most of it ("which is better rated?"), with `which` which of them meet `scope`. About the catalogue (`items` empty): count of products (with `slot`:
    of its different values), counts by value, the values of a slot ("which brands?"), its min, max, range or mean, over
    the products that meet `scope` and whose records hold every word of `mentioning`.
    `slot` None: the words name no slot of this shop; `words` says what was asked, for an honest answer.
    """

    words: str
    slot: str | None = None
    items: tuple[str, ...] = ()
    measure: Measure = "value"
    scope: tuple[Constraint, ...] = ()
    mentioning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateUpdate:
    """What one message means: acts, and edits of the state whose slots and values the catalogue really has.

    `remove`: ids of wishes taken back. `clear`: the ledger is emptied first. `needs`: needs opened or restated, then
    `active` (when not None) says which ones the turn is about. `refers_to`: ids of products pointed at; `unclear`:
    ids of products that a reference could mean when it is ambiguous. `absent`: names the shopper used for a kind,
    brand or product that this shop does not carry ("bananas", "Bose"). `declined`: slots the shopper does not care
    about (never ask for them). `topics`: finer labels of acts: "greeting", "thanks", "bye", "returns", "shipping",
    "injection" and the like; code words its answer by them. `order`: the number of an order asked about, as it was
    written. `harden`, `soften`: ids of wishes that become musts, or only lift what meets them. `details`: ids of
    products of which the whole record is asked for. `by`: who understood the message.
    """

    acts: tuple[UserAct, ...]
    add: tuple[Addition, ...] = ()
    remove: tuple[str, ...] = ()
    clear: bool = False
    needs: tuple[NeedEdit, ...] = ()
    active: tuple[int, ...] | None = None
    refers_to: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    absent: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    order: str = ""
    harden: tuple[str, ...] = ()
    soften: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    language: Language = "en"
    by: AnsweredBy = "embedded"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn of the past as a model is told of it: the shopper's words, and in a few words of ours what was done.
    `did` holds no text of the catalogue."""

    user: str
    did: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One list of cards: which turn, and (need, product id) from the top."""

    turn: int
    items: tuple[tuple[int, str], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(id for _, id in self.items)


@dataclass(frozen=True, slots=True)
class Pending:
    """What the assistant's last turn asked: the light in which "no", "either" or "the black one" is read.

    `slot`: a wish was asked for, on this slot. `which`: it was asked which of these products a message meant that said
    `acts` of it and asked `questions`. `order`: the number of an order was asked for.
    """

    slot: str | None = None
    which: tuple[str, ...] = ()
    acts: tuple[UserAct, ...] = ()
    questions: tuple[Question, ...] = ()
    order: bool = False


@dataclass(frozen=True, slots=True)
class DialogueState:
    """All that a turn needs to know of the dialogue so far.

    `focus`: products last talked about (what "it" means), newest list first choice. `shown`: every list of cards,
    oldest first. `asked`: slots the assistant asked for; `declined`: slots the shopper does not care about.
    `undo`: what stood before each change, newest last. `turn`: number of turns so far; `minted`: ids given out so far.
    `pending`: the question that the last turn ended in, if it did. `answered`: what the last turn was asked of items
    ("and the second?" asks it again). `talk`: the latest turns, oldest first. `page`: the product whose page is open.
    `last`: the message answered last; the state that it met has none.
    """

    needs: tuple[Need, ...] = ()
    active: tuple[int, ...] = ()
    focus: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    asked: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    undo: tuple[Standing, ...] = ()
    turn: int = 0
    minted: int = 0
    impressions: int = 0
    language: Language = "en"
    pending: Pending | None = None
    answered: tuple[Question, ...] = ()
    talk: tuple[Exchange, ...] = ()
    page: str | None = None
    last: Latest | None = None

    @property
    def wishes(self) -> tuple[Wish, ...]:
        return tuple(w for n in self.needs for w in n.wishes)

    @property
    def active_needs(self) -> tuple[Need, ...]:
        return tuple(n for n in self.needs if n.id in self.active)

    @property
    def latest(self) -> tuple[str, ...]:
        """Ids of the latest list of cards, top first: what "the second one" counts in."""
        return self.shown[-1].ids if self.shown else ()

    def need(self, id: int) -> Need | None:
        return next((n for n in self.needs if n.id == id), None)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the reason to show it. `evidence`: the facts of the record that the reason rests on.
    `plain`: a reason from the record alone, for when nothing is left of the other once its claims are checked."""

    candidate: Candidate
    reason: str
    evidence: tuple[Fact, ...]
    ranked_by: AnsweredBy
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A card. `id` names its impression, `rank` counts from 1 in the turn, `title` is in the talk's language."""

    id: str
    need: int
    rank: int
    candidate: Candidate
    reason: str
    evidence: tuple[Fact, ...]
    ranked_by: AnsweredBy
    title: str = ""

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", self.candidate.product.title)


@dataclass(frozen=True, slots=True)
class ItemFact:
    """An answered fact: the product it is of, and the fact as its record states it."""

    item: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Figure:
    """An answered number of the catalogue: `measure` of `slot` (None: of the products) over those that meet `within`.

    `values`: one number for a count, the least, the most and the mean; two for a range; for counts by value and for
    values a number each, in the order of `names`.
    """

    measure: Measure
    slot: str | None
    values: tuple[float, ...]
    names: tuple[str, ...] = ()
    unit: str | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: a slot and each item's printed value ("" where its record is silent)."""

    slot: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison of items by slot."""

    items: tuple[str, ...]
    rows: tuple[Row, ...]
