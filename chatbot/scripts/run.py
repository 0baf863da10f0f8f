"""Runs a scripted dialogue against a chatbot, turn by turn, through the same events that every door consumes.

Each turn is run whatever happened before it. Decides nothing about the conversation: it only watches.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from catalog.types import Product
from chatbot.events import Event, Finished, Recalled, Suggested
from chatbot.scripts import ledger
from chatbot.scripts.types import Failure, Outcome, Result, Script, Seen, Step
from chatbot.types import DialogueState
from errors import AisleError, ScriptError
from llm.scripted import ScriptedLLM
from llm.types import LLM


class Bot(Protocol):
    """What a script talks to: a Chatbot, or a baseline beside it."""

    def turn(self, state: DialogueState, text: str) -> Iterator[Event]: ...

    def edit(self, state: DialogueState, remove: tuple[str, ...] = ()) -> Iterator[Event]: ...


Lookup = Callable[[tuple[str, ...]], tuple[Product, ...]]
OpenBot = Callable[[LLM | None], Bot]


@dataclass(slots=True)
class Run:
    """One dialogue under way: the state between turns and all that was shown so far."""

    bot: Bot
    lookup: Lookup
    llm: ScriptedLLM | None
    state: DialogueState
    shown_at: dict[int, tuple[str, ...]] = field(default_factory=dict)
    known: dict[str, Product] = field(default_factory=dict)

    def step(self, step: Step) -> Outcome:
        started = time.perf_counter()
        seen, failures = self._watched(step)
        return Outcome(step, seen, failures, time.perf_counter() - started)

    def _watched(self, step: Step) -> tuple[Seen | None, tuple[Failure, ...]]:
        try:
            if self.llm:
                self.llm.load(step.llm)
            if step.event:
                return None, self._react(step)
            seen = self._answer(step)
            failures = tuple(_failures(step, seen))
        except ScriptError as trouble:
            return None, (Failure("the script fits", step.line, str(trouble)),)
        # A test runner must outlive what it tests: a crash is this turn's failure, told with its place.
        except Exception as crash:  # noqa: BLE001
            return None, (Failure("an answer", step.line, _crash(crash)),)
        return seen, failures + self._unused_answers(step)

    def _answer(self, step: Step) -> Seen:
        before, matched = self.state, []
        finished: Finished | None = None
        for event in self._events(step):
            if isinstance(event, Recalled):
                matched.append(event.retrieved.matched)
            elif isinstance(event, Suggested):
                product = event.suggestion.candidate.product
                self.known[product.id] = product
            elif isinstance(event, Finished):
                finished = event
        if finished is None:
            raise AisleError("the turn ended without Finished")
        self.state = finished.state
        turn = finished.turn
        self.shown_at[step.number] = tuple(s.candidate.product.id for s in turn.suggestions)
        missing = tuple(id for id in (*turn.about, *(f.item for f in turn.facts)) if id not in self.known)
        self.known.update({product.id: product for product in self.lookup(missing)})
        return Seen(turn, before, dict(self.shown_at), dict(self.known), tuple(matched))

    def _events(self, step: Step) -> Iterator[Event]:
        if step.user is not None:
            return self.bot.turn(self.state, step.user)
        wanted = ledger.parse(step.remove or "")
        ids = tuple(wish.id for wish in self.state.wishes if wanted.meets(wish))
        if not ids:
            raise ScriptError(f"remove: no wish {step.remove!r} stands")
        return self.bot.edit(self.state, remove=ids)

    def _react(self, step: Step) -> tuple[Failure, ...]:
        """Feedback names a card that was shown; what is learned from it is no part of the dialogue."""
        latest = len(self.state.latest)
        if step.event and step.event.rank > latest:
            return (Failure(f"a card at {step.event.rank}", step.line, f"the latest list has {latest}"),)
        return ()

    def _unused_answers(self, step: Step) -> tuple[Failure, ...]:
        try:
            if self.llm:
                self.llm.finish()
        except ScriptError as trouble:
            return (Failure("llm: the script wholly used", step.line, str(trouble)),)
        return ()


def run(script: Script, open_bot: OpenBot, lookup: Lookup) -> Result:
    """What came of every step of a dialogue. A script with canned model answers gets a bot that asks them."""
    llm = ScriptedLLM() if script.uses_llm else None
    state = replace(DialogueState(), language="zh" if script.language == "zh" else "en")
    going = Run(open_bot(llm), lookup, llm, state)
    return Result(script, tuple(going.step(step) for step in script.steps))


def _failures(step: Step, seen: Seen) -> Iterator[Failure]:
    for expectation in step.expect:
        why = expectation.check(seen)
        if why is not None:
            yield Failure(str(expectation), expectation.line, why)


def _crash(crash: Exception) -> str:
    last = traceback.extract_tb(crash.__traceback__)[-1]
    return f"{type(crash).__name__}: {crash} ({last.filename}:{last.lineno} in {last.name})"


def by_name(products: Mapping[str, Product]) -> Lookup:
    """A lookup over products in memory."""
    return lambda ids: tuple(products[id] for id in ids if id in products)
