"""The turns of talks, timed and counted: one after the other, and many in the same moment.

Knows nothing of which model answers, or of what may be spent.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from bench.common import quantile
from bench.model.answers import Said, meaning
from bench.model.noted import Note, Noted
from chatbot.events import Finished, Suggested, Tracked, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from llm.types import Call

AT_ONCE = 50


Bots = Mapping[str, Chatbot]


@dataclass(frozen=True, slots=True)
class Talk:
    shop: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One turn. Seconds from the message: to the first card (None where none came) and to the end."""

    place: int  # in its talk, from 1
    message: str
    turn: Turn
    notes: tuple[Note, ...]
    first_card: float | None
    seconds: float
    cpu: float  # seconds of computing in the turn's own thread, the reading of the model's stream among it

    @property
    def overhead(self) -> float:
        """Milliseconds that are ours: all but the waiting for the model."""
        return 1000 * self.seconds - self.turn.ms.get("model", 0.0)


def hold(bot: Chatbot, talk: Talk, noted: Noted | None = None) -> Iterator[Measured]:
    """The turns of one talk, one after the other."""
    state = DialogueState()
    for place, message in enumerate(talk.messages, 1):
        measured, state = one(bot, state, message, place, talk.messages[0])
        yield replace(measured, notes=tuple(noted.take())) if noted else measured


def one(bot: Chatbot, state: DialogueState, message: str, place: int, session: str) -> tuple[Measured, DialogueState]:
    begun, computed, first = time.perf_counter(), time.thread_time(), None
    for event in bot.turn(state, message, Call(session=session)):
        if isinstance(event, Suggested) and first is None:
            first = time.perf_counter() - begun
    assert isinstance(event, Finished)
    seconds, cpu = time.perf_counter() - begun, time.thread_time() - computed
    return Measured(place, message, event.turn, (), first, seconds, cpu), event.state


def readings(bot: Chatbot, talk: Talk) -> Iterator[Said]:
    """What each message of a talk means to the embedded tracker, for a model that talks sense."""
    state = DialogueState()
    for message in talk.messages:
        before = state
        for event in bot.turn(state, message):
            if isinstance(event, Tracked):
                yield message, meaning(event.update, before)
            elif isinstance(event, Finished):
                state = event.state


def figures(turns: Sequence[Measured]) -> dict[str, float]:
    """The figures of one way of asking, over all its talks."""
    spent = [m.turn.tokens for m in turns]
    later = [m.turn.tokens for m in turns if m.place > 1]
    answered = [m.turn for m in turns if m.turn.llm_calls]
    shown = [m for m in turns if m.first_card is not None and m.turn.ranked_by == "llm"]
    overhead = [m.overhead for m in turns]
    return {
        "turns": len(turns),
        "asked": round(len(answered) / len(turns), 3),
        "degraded": sum(m.turn.degraded for m in turns),
        "calls_mean": round(statistics.mean(m.turn.llm_calls for m in turns), 2),
        "calls_max": max(m.turn.llm_calls for m in turns),
        "prompt_mean": round(statistics.mean(t["prompt"] for t in spent)),
        "prompt_max": max(t["prompt"] for t in spent),
        "completion_mean": round(statistics.mean(t["completion"] for t in spent)),
        "completion_max": max(t["completion"] for t in spent),
        "cached": round(sum(t["cached"] for t in later) / max(sum(t["prompt"] for t in later), 1), 3),
        "seconds_p50": round(quantile((m.seconds for m in turns), 0.5), 3),
        "seconds_p95": round(quantile((m.seconds for m in turns), 0.95), 3),
        "first_card_p50": round(quantile((m.first_card or 0.0 for m in shown), 0.5), 3),
        "end_p50": round(quantile((m.seconds for m in shown), 0.5), 3),
        "overhead_p50_ms": round(quantile(overhead, 0.5), 1),
        "overhead_p95_ms": round(quantile(overhead, 0.95), 1),
        "cpu_p50_ms": round(quantile((1000 * m.cpu for m in turns), 0.5), 1),
        "cpu_p95_ms": round(quantile((1000 * m.cpu for m in turns), 0.95), 1),
    }


def by_prompt(turns: Sequence[Measured]) -> dict[str, dict[str, float]]:
    """Tokens a call, by prompt: of all, and what was cached from each talk's second turn on."""
    found: dict[str, dict[str, float]] = {}
    for name in sorted({note.rendered.name for m in turns for note in m.notes}):
        calls = [(m.place, note.usage) for m in turns for note in m.notes if note.rendered.name == name]
        later = [usage for place, usage in calls if place > 1]
        found[name] = {
            "calls": len(calls),
            "prompt_mean": round(statistics.mean(u.prompt for _, u in calls)),
            "prompt_max": max(u.prompt for _, u in calls),
            "completion_mean": round(statistics.mean(u.completion for _, u in calls)),
            "completion_max": max(u.completion for _, u in calls),
            "cached": round(sum(u.cached for u in later) / max(sum(u.prompt for u in later), 1), 3),
        }
    return found


def at_once(bots: Bots, given: Sequence[Talk]) -> dict[str, float]:
    """Many shoppers' first messages in the same moment."""
    openings = [given[n % len(given)] for n in range(AT_ONCE)]

    def ask(n: int) -> Measured:
        state, message = DialogueState(), openings[n].messages[n // len(given) % 3]
        return one(bots[openings[n].shop], state, message, 1, f"shopper {n}")[0]

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(ask, range(AT_ONCE)))
    seconds = [m.seconds for m in done]
    return {
        "turns": len(done),
        "with_model": sum(m.turn.llm_calls > 0 and not m.turn.degraded for m in done),
        "degraded": sum(m.turn.degraded for m in done),
        "without_text": sum(not m.turn.text for m in done),
        "seconds_p50": round(quantile(seconds, 0.5), 3),
        "seconds_p95": round(quantile(seconds, 0.95), 3),
        "seconds_max": round(max(seconds), 3),
        "all_s": round(time.perf_counter() - begun, 3),
    }
