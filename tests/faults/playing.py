"""Plays shoppers' messages against a chatbot and judges each turn: useful, in time, honest, nothing of a fault shown."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from chatbot import state as states
from chatbot.asking import Budget, Model
from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState
from chatbot.wire import turn_to_json
from llm.types import LLM
from llm.watch import Deadlines
from tests.faults.faults import LEAK
from tests.faults.shopper import DIALOGUES, REASON

TENTH = Deadlines(connect=0.1, first=0.3, gap=0.2, total=0.55, wake=0.025)
GRACE = 0.5  # seconds a turn may take beyond the model's
NEVER_SHOWN = re.compile(
    rf"{LEAK}|Traceback|Exception|LLM(Unavailable|BadOutput)|https?://(127|localhost)|model server|status [45]\d\d"
    r"|timed? ?out|<think|```|\bNaN\b|Infinity|CUDA|out of memory",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Played:
    """A turn as it came, and how long it took."""

    turn: Turn
    state: DialogueState
    seconds: float


Measured = Callable[[str, list[Played]], None]
"""Takes a fault's name and its turns, for the figures at the end of the run."""


def with_model(chatbot: Chatbot, llm: LLM, seconds: float = TENTH.total, calls: int = 2) -> Chatbot:
    """The chatbot with a model that is asked at every turn."""
    return chatbot.with_model(Model(llm, "always", Budget(seconds=seconds, calls=calls)))


def play(chatbot: Chatbot, messages: Iterable[str]) -> Iterator[Played]:
    """One dialogue."""
    state = DialogueState()
    for message in messages:
        started = time.monotonic()
        *_, end = chatbot.turn(state, message)
        took = time.monotonic() - started
        assert isinstance(end, Finished)
        state = end.state
        yield Played(end.turn, state, took)


def fifty(chatbot: Chatbot) -> list[Played]:
    """All dialogues, fifty turns."""
    return [played for dialogue in DIALOGUES for played in play(chatbot, [text for text, _ in dialogue])]


def answer(turn: Turn) -> Turn:
    """The turn without what it cost and who made it."""
    return replace(turn, degraded=False, llm_calls=0, tokens={}, ms={}, tracked_by="embedded", ranked_by="embedded")


def judge(chatbot: Chatbot, played: Played, budget: float = TENTH.total) -> None:
    """Useful, in time, and nothing of the fault in sight. AssertionError says what is wrong."""
    turn = played.turn
    ours = (turn.ms["total"] - turn.ms["model"]) / 1000  # on a busy machine even a turn without a model takes long
    spared = turn.ms["model"] < 20  # the breaker is open, or the model was not asked
    assert played.seconds <= (0 if spared else budget) + max(GRACE, ours + 0.1), (turn.user, played.seconds, turn.ms)
    assert turn.text.strip(), turn.user
    shown = json.dumps(turn_to_json(turn, "d1", chatbot.catalog.currency), ensure_ascii=False)
    found = NEVER_SHOWN.search(shown)
    assert found is None, (turn.user, shown[max(0, found.start() - 80) : found.end() + 80])
    _cards_are_real(chatbot, played)


def _cards_are_real(chatbot: Chatbot, played: Played) -> None:
    """Every card is of the catalogue and, where anything meets the wishes, meets them."""
    turn, catalog = played.turn, chatbot.catalog
    for card in turn.suggestions:
        product = card.candidate.product
        assert catalog.get((product.id,)) == (product,)
        assert card.reason.strip()
        assert card.reason.startswith(REASON) or not card.reason.startswith(REASON[:5]), card.reason  # no half sentence
    if AgentAct.RECOMMEND not in turn.acts or AgentAct.NO_MATCH in turn.acts or AgentAct.INFORM in turn.acts:
        return
    assert turn.suggestions, turn.user
    for card in turn.suggestions:
        need = played.state.need(card.need)
        position = catalog.position(card.candidate.product.id)
        assert position is not None
        assert need is None or catalog.match(states.to_query(played.state, need).hard)[position], (
            turn.user,
            card.title,
        )
