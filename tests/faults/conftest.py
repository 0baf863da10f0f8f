"""The demo shop, imported once, and what it answers without a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.demo import FEED
from chatbot.turn import Chatbot
from tests.faults.unreachable import resolver

__all__ = ["resolver"]


@pytest.fixture(scope="session")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("demo") / "demo.db"
    done = CliRunner().invoke(main, ["import", str(FEED), "--db", str(db), "--no-embed"])
    assert done.exit_code == 0, done.output
    return db


@pytest.fixture(scope="session")
def embedded(demo_db: Path) -> Chatbot:
    return Chatbot.open(demo_db)
