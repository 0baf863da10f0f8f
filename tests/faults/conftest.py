"""The demo shop, imported once, and what it answers without a model; the figures of fifty turns, printed at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.demo import FEED
from chatbot.turn import Chatbot
from tests.faults.playing import Measured, Played
from tests.faults.unreachable import resolver

__all__ = ["resolver"]
FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("demo") / "demo.db"
    done = CliRunner().invoke(main, ["import", str(FEED), "--db", str(db), "--no-embed"])
    assert done.exit_code == 0, done.output
    return db


@pytest.fixture(scope="session")
def embedded(demo_db: Path) -> Chatbot:
    return Chatbot.open(demo_db)


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Measured:
    """Keeps what turns of a fault came to, for the end of the run."""

    def keep(name: str, turns: list[Played]) -> None:
        seconds = sorted(p.seconds for p in turns)
        model = sorted(p.turn.ms["model"] / 1000 for p in turns)
        degraded = sum(p.turn.degraded for p in turns)
        line = (
            f"{name:<38} {seconds[len(turns) // 2]:5.2f} {seconds[-1]:5.2f} {model[-1]:5.2f} {degraded:3d}/{len(turns)}"
        )
        request.config.stash.setdefault(FIGURES, []).append(line)

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures: median and longest turn, the longest wait for the model, degraded turns."""
    if lines := config.stash.get(FIGURES, None):
        terminalreporter.section("turns by fault, seconds")
        terminalreporter.write_line(f"{'':<38} {'p50':>5} {'max':>5} {'model':>5} degraded")
        for line in lines:
            terminalreporter.write_line(line)
