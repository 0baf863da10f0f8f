"""A small shop, imported once as any other: mice, kettles and jackets, for the tests of everything said about items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.store import Catalog
from chatbot.turn import Chatbot

ROWS: tuple[dict[str, object], ...] = (
    {"id": "m1", "title": "Pebble Wireless Mouse", "title_zh": "鹅卵石无线鼠标", "brand": "Logira", "category": "Mice",
     "price": 24.9, "rating": 4.5, "colour": "black", "weight": "95 g", "bluetooth": True,
     "description": "A quiet mouse for small hands. The wheel is made of rubber and never clicks at night."},
    {"id": "m2", "title": "Tile Wired Mouse", "title_zh": "瓷砖有线鼠标", "brand": "Kensai", "category": "Mice",
     "price": 12, "rating": 3.9, "colour": "white", "weight": "80 g", "bluetooth": False},
    {"id": "m3", "title": "Boulder Wireless Mouse", "brand": "Kensai", "category": "Mice",
     "price": 59, "rating": 4.8, "colour": "black", "weight": "140 g", "bluetooth": True},
    {"id": "m4", "title": "Gravel Wireless Mouse", "brand": "HP", "category": "Mice",
     "price": 29, "rating": 4.1, "colour": "grey", "bluetooth": False},
    {"id": "k1", "title": "Harbour Steel Kettle", "brand": "Brewell", "category": "Kettles",
     "price": 35, "rating": 4.2, "colour": "silver", "weight": "1.1 kg", "capacity": "1.7 l"},
    {"id": "k2", "title": "Cottage Enamel Kettle", "brand": "Brewell", "category": "Kettles",
     "price": 49.5, "rating": 4.6, "colour": "red", "weight": "1.4 kg", "capacity": "2 l"},
    {"id": "k3", "title": "Travel Kettle", "brand": "Kensai", "category": "Kettles",
     "price": 19, "colour": "white", "weight": "600 g", "capacity": "0.8 l"},
    {"id": "j1", "title": "Fell Rain Jacket", "brand": "Uptown", "category": "Jackets", "rating": 4.4, "colour": "red",
     "variants": [{"id": "j1-s", "price": 80, "stock": 2, "options": {"size": "S"}},
                  {"id": "j1-m", "price": 85, "stock": 5, "options": {"size": "M"}}]},
    {"id": "j2", "title": "Moor Wool Jacket", "brand": "Uptown", "category": "Jackets", "rating": 4.0, "colour": "grey",
     "variants": [{"id": "j2-m", "price": 120, "stock": 1, "options": {"size": "M"}},
                  {"id": "j2-l", "price": 120, "stock": 0, "options": {"size": "L"}}]},
)  # fmt: skip


@pytest.fixture(scope="session")
def shop_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    feed, db = folder / "small.jsonl", folder / "small.db"
    feed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed", "--currency", "USD"])
    assert done.exit_code == 0, done.output
    return db


@pytest.fixture(scope="session")
def catalog(shop_db: Path) -> Catalog:
    return Catalog.open(shop_db)


@pytest.fixture(scope="session")
def chatbot(shop_db: Path) -> Chatbot:
    return Chatbot.open(shop_db)
