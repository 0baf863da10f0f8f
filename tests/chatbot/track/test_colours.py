"""Colours in families: what a shade and a family's name mean in a shop's own words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from catalog.ingest import import_feeds
from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.track.ground import Grounder
from chatbot.track.normal import Message

SHIRTS = ("Navy/White", "Midnight Blue", "Cool Grey", "Black", "Navy", "Red", "Heather Gray", "Black/Grey", "Bordeaux")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder: Path = tmp_path_factory.mktemp("shirts")
    rows = (
        {"id": str(n), "title": f"Shirt {n}", "category": "shirt", "price": 9, "color": c} for n, c in enumerate(SHIRTS)
    )
    (folder / "shop.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    import_feeds([folder / "shop.jsonl"], folder / "shop.db")
    return Catalog.open(folder / "shop.db")


@pytest.mark.parametrize(
    ("said", "shirts"),
    [
        ("a navy shirt", {"Navy/White", "Navy"}),
        ("a blue shirt", {"Navy/White", "Midnight Blue", "Navy"}),
        ("a gray shirt", {"Cool Grey", "Heather Gray", "Black/Grey"}),
        ("something grey", {"Cool Grey", "Heather Gray", "Black/Grey"}),
        ("burgundy", {"Bordeaux", "Red"}),
        ("a white shirt", {"Navy/White"}),
    ],
)
def test_a_colour_finds_its_family(shop: Catalog, said: str, shirts: set[str]) -> None:
    grounded = Grounder(shop).read(Message.read(said))
    readings = [reading for mention in grounded.mentions for reading in mention.readings if reading.slot == "color"]
    wished = Constraint("color", Op.IN, tuple({str(value) for reading in readings for value in reading.values}))
    assert {SHIRTS[place] for place in np.flatnonzero(shop.match([wished]))} == shirts
