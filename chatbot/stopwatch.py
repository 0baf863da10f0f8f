"""Times the stages of a turn. Knows nothing of what they do."""

from __future__ import annotations

import time


class Stopwatch:
    """Milliseconds by stage. Time between a stage's end and the next lap counts to the next."""

    def __init__(self, started: float) -> None:
        self._started = self._last = started
        self._ms: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._ms[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def total(self) -> dict[str, float]:
        """Every stage, and the whole."""
        return self._ms | {"total": round((time.perf_counter() - self._started) * 1000, 2)}
