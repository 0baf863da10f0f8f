"""`aisle inspect`: the document, the table, and what it says of a missing catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from catalog.ingest import import_feeds

FEED = [
    {"id": str(n), "title": f"Lamp {n}", "category": "lamp", "price": 10 + n, "color": ("red", "blue, red")[n % 2]}
    | ({"wattage": f"{n} W"} if n < 6 else {})
    for n in range(8)
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspect")
    (folder / "feed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in FEED), encoding="utf-8")
    import_feeds([folder / "feed.jsonl"], folder / "shop.db")
    return folder / "shop.db"


def run(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["inspect", "--db", str(db), *arguments])


def test_one_document_of_slots(db: Path) -> None:
    found = json.loads(run(db, "--json").stdout)
    slots = {slot["slot"]: slot for slot in found["slots"]}
    assert found["products"] == 8
    assert slots["color"] == {
        "slot": "color",
        "label": "color",
        "kind": "category",
        "concept": "colour",
        "many": True,
        "unit": None,
        "units_by_kind": {},
        "coverage": 1.0,
        "informable": True,
        "requestable": True,
        "inferred": False,
        "vocabulary": [{"value": "red", "count": 8}, {"value": "blue", "count": 4}],
    }
    assert (slots["wattage"]["unit"], slots["wattage"]["coverage"]) == ("W", 0.75)
    assert found["would_help"] == [{"slot": "wattage", "kind": "lamp", "coverage": 0.75, "lacking": 2}]


def test_a_person_reads_what_can_be_asked(db: Path) -> None:
    printed = run(db).stdout
    assert "8 products" in printed
    assert "red 8, blue 4" in printed
    assert "10 to 17 USD" in printed
    assert "would help: wattage of lamp (2 lack it, 75% state it)" in printed


def test_no_catalogue_is_said(tmp_path: Path) -> None:
    result = run(tmp_path / "none.db")
    assert (result.exit_code, result.stdout) == (2, "")
