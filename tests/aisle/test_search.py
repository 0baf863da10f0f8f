"""`aisle search` over a small catalogue: the table, the document, the run, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli.search import search
from catalog.ingest import import_feeds

FEED = [
    {"id": "m1", "title": "Quiet wireless mouse", "category": "mouse", "price": 25, "brand": "Acme"},
    {"id": "m2", "title": "Wireless mouse [red]", "category": "mouse", "price": 12, "brand": "Bolt"},
    {"id": "k1", "title": "Wireless keyboard", "category": "keyboard", "price": 30, "brand": "Acme"},
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    (folder / "feed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in FEED), encoding="utf-8")
    import_feeds([folder / "feed.jsonl"], folder / "shop.db")
    return folder / "shop.db"


def run(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(search, ["--db", str(db), "--no-embed", *arguments])


def test_one_document_of_what_was_found(db: Path) -> None:
    done = run(db, "wireless mouse", "--where", "price <= 20", "--json", "--stages")
    found = json.loads(done.stdout)
    assert (found["matched"], found["relaxed"], found["unknown"]) == (1, [], [])
    (candidate,) = found["candidates"]
    assert candidate.pop("stages")["coverage"] == 1.0
    assert candidate == {
        "id": "m2",
        "title": "Wireless mouse [red]",
        "price": 12.0,
        "currency": "USD",
        "variant": "m2",
        "score": 1.0,
        "missed": [],
        "ranks": {"keywords": 1, "coverage": 1},
    }


def test_a_table_says_what_was_given_up(db: Path) -> None:
    done = run(db, "mouse", "--where", "brand = Acme", "--where", "price <= 10")
    assert done.exit_code == 0
    assert "Given up: price <= 10." in done.stdout
    assert "Quiet wireless mouse" in done.stdout


def test_titles_are_no_markup(db: Path) -> None:
    assert "Wireless mouse [red]" in run(db, "wireless mouse").stdout


def test_queries_print_a_run(db: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"query_id": "q1", "query": "keyboard"}\n\n{"query_id": 2, "query": "banana"}\n', "utf-8")
    done = run(db, "--queries", str(queries))
    assert done.stdout == "q1 Q0 k1 1 1.000000 aisle\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mouse", "--where", "price"), "not a constraint"),
        (("mouse", "--where", "price <="), "no value"),
        (("mouse", "--where", "price << 3"), "< needs a number"),
        (("mouse", "--where", "pricee <= 3"), "no slot 'pricee'; did you mean 'price'?"),
        (("mouse", "--where", "zzz = 3"), "no slot 'zzz'; aisle inspect --db"),
        ((), "say what to look for"),
        (("  ",), "say what to look for"),
        (("mouse", "--queries", "feed.jsonl"), "No such file"),
    ],
)
def test_wrong_usage(db: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(db, *arguments)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize("line", ["{", "[]", '{"query": "mouse"}', '{"query_id": "a b", "query": "mouse"}'])
def test_a_bad_line_of_queries_is_named(db: Path, tmp_path: Path, line: str) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text(line + "\n", "utf-8")
    done = run(db, "--queries", str(queries))
    assert done.exit_code == 2
    assert "--queries, line 1" in done.output
