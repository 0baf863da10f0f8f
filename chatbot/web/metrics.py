"""What `/metrics` counts, in Prometheus' text format: turns, their time, the model's part in them.

Only numbers and names of ours are kept: no word of a shopper, no id. A registry for each application. Knows nothing of
HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import get_args

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chatbot.events import Turn
from chatbot.types import AgentAct
from errors import TurnLeft
from llm.breaker import State
from llm.guarded import Health
from llm.ration import Ration

MEDIA_TYPE = prometheus_client.CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.5, 8.0)


class Metrics:
    """Safe to share between threads. `model`: how the model is now, None where there is none. `ration`: the tokens that it
    may cost today, None where they are not measured out."""

    def __init__(self, model: Callable[[], Health | None], ration: Callable[[], Ration | None] = lambda: None) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = own = CollectorRegistry()
        by = ["tracked_by", "ranked_by", "degraded"]
        self._turns = Counter("aisle_turns", "Turns answered, by who understood and who ranked.", by, registry=own)
        self._acts = Counter("aisle_turn_acts", "What the assistant did in turns.", ["act"], registry=own)
        self._seconds = Histogram(
            "aisle_turn_seconds", "Seconds of a turn, by stage.", ["stage"], buckets=SECONDS, registry=own
        )
        self._left = Counter("aisle_turns_left", "Turns that the shopper did not wait for.", registry=own)
        self._broken = Counter("aisle_turns_broken", "Turns that ended in an error.", registry=own)
        self._calls = Counter("aisle_model_calls", "Times that a model was asked.", registry=own)
        self._tokens = Counter("aisle_model_tokens", "As the model's server counts them.", ["kind"], registry=own)
        self._responses = Counter("aisle_http_responses", "Requests answered, by status.", ["status"], registry=own)
        self._feedback = Counter("aisle_events", "What shoppers did with cards.", ["type"], registry=own)
        self._persons = Counter("aisle_handoffs", "Wishes for a person, by what came of them.", ["told"], registry=own)
        self._faq = Counter("aisle_faq", "Questions about the shop: quoted, or not known.", ["found"], registry=own)
        own.register(_ModelNow(model, ration))

    def answered(self, turn: Turn) -> None:
        """A turn was answered."""
        self._turns.labels(turn.tracked_by, turn.ranked_by, str(turn.degraded).lower()).inc()
        for act in turn.acts:
            self._acts.labels(act.value).inc()
        if turn.handoff:
            self._persons.labels(turn.handoff).inc()
        if AgentAct.FAQ in turn.acts:
            self._faq.labels("quoted" if turn.quoted else "unknown").inc()
        for stage, milliseconds in turn.ms.items():
            if stage == "model" and not turn.llm_calls:
                continue  # no wait is not a short one
            self._seconds.labels(stage).observe(milliseconds / 1000)
        self._calls.inc(turn.llm_calls)
        for kind, count in turn.tokens.items():
            self._tokens.labels(kind).inc(count)

    def responded(self, status: int) -> None:
        """A request was answered with this status; refusals are those of 400 and above."""
        self._responses.labels(status).inc()

    def happened(self, type: str) -> None:
        """A shopper did this with a card."""
        self._feedback.labels(type).inc()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Around the making of an answer: counts that none came of it."""
        try:
            yield
        except (GeneratorExit, TurnLeft):
            self._left.inc()
            raise
        except BaseException:
            self._broken.inc()
            raise

    def text(self) -> bytes:
        """Everything as it is now."""
        return prometheus_client.generate_latest(self._registry)


class _ModelNow(Collector):
    """The state of the model's door, looked at when it is asked for."""

    def __init__(self, model: Callable[[], Health | None], ration: Callable[[], Ration | None]) -> None:
        self._model = model
        self._ration = ration

    def collect(self) -> Iterator[Metric]:
        health, ration = self._model(), self._ration()
        if ration is not None:
            yield GaugeMetricFamily(
                "aisle_model_tokens_today", "Spent since midnight UTC, all processes.", ration.spent
            )
            yield GaugeMetricFamily("aisle_model_tokens_a_day", "As many as may be spent.", ration.of)
            yield GaugeMetricFamily(
                "aisle_model_budget_spent", "1 while the model is not asked for its tokens are spent.", not ration.left
            )
        if health is None:
            return
        breaker = GaugeMetricFamily("aisle_model_breaker", "1 for the state it is in.", labels=["state"])
        for state in get_args(State):
            breaker.add_metric([state], float(health.state == state))
        yield breaker
        yield GaugeMetricFamily("aisle_model_running", "Calls that the model works on.", health.running)
        yield GaugeMetricFamily("aisle_model_waiting", "Calls that wait for a place.", health.waiting)
        yield GaugeMetricFamily("aisle_model_failures", "Failures in a row.", health.failures)
