"""A running assistant takes up a catalogue that was imported anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from chatbot.asking import Model
from chatbot.turn import Chatbot
from errors import NoCatalog
from llm.scripted import ScriptedLLM


@pytest.fixture
def put(tmp_path: Path) -> Callable[[int], Path]:
    """Import a shop of so many mice."""

    def put(count: int) -> Path:
        rows = [{"id": f"m{n}", "title": f"Mouse {n}", "price": 20 + n} for n in range(count)]
        feed = tmp_path / "mice.jsonl"
        feed.write_text("\n".join(map(json.dumps, rows)))
        db = tmp_path / "shop.db"
        done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed"])
        assert done.exit_code == 0, done.output
        return db

    return put


def test_new_catalogue_is_taken_up_and_an_unchanged_one_is_not(put: Callable[[int], Path]) -> None:
    old = Chatbot.open(put(3))
    assert old.refreshed() is old
    put(3)
    assert old.refreshed() is old
    put(5)
    new = old.refreshed()
    assert (len(old.catalog), len(new.catalog)) == (3, 5)
    assert new.refreshed() is new


def test_new_catalogue_keeps_the_model(put: Callable[[int], Path]) -> None:
    model = Model(ScriptedLLM({}), "sparing")
    old = Chatbot.open(put(3), model)
    put(5)
    assert old.refreshed().model is model


def test_missing_catalogue_is_said_and_the_old_one_works_on(put: Callable[[int], Path]) -> None:
    db = put(3)
    old = Chatbot.open(db)
    db.unlink()
    with pytest.raises(NoCatalog):
        old.refreshed()
    assert [p.id for p in old.catalog.get(("m1",))] == ["m1"]
