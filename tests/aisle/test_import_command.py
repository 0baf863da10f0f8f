"""`aisle import`: its report, its exit codes, and that stdout holds nothing but the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from catalog.store import Catalog
from catalog.types import Money

FEED = 'id,title,price\n1,Desk lamp,"1.299,00 EUR"\n2,Oak desk,free\n3,Stool,15\n'


def run(folder: Path, *arguments: str) -> Result:
    command = ["import", str(folder / "feed.csv"), "--db", str(folder / "shop.db"), "--no-embed", *arguments]
    return CliRunner().invoke(main, command)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "feed.csv").write_text(FEED, encoding="utf-8")
    return tmp_path


def test_one_json_document_says_what_came_of_it(folder: Path) -> None:
    result = run(folder, "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report.pop("seconds") >= 0
    rejects_file = report.pop("rejects_file")
    assert report == {
        "read": 3, "inserted": 2, "updated": 0, "unchanged": 0, "removed": 0, "rejected": 1, "embedded": 0,
        "written": 2,
    }  # fmt: skip
    (reject,) = map(json.loads, Path(rejects_file).read_text(encoding="utf-8").splitlines())
    assert reject == {
        "file": "feed.csv",
        "line": 3,
        "id": "2",
        "field": "price",
        "value": "free",
        "reason": "not an amount of money of zero or more, such as 24.90 or 24.90 USD",
    }
    assert json.loads(run(folder, "--json").stdout)["unchanged"] == 2


def test_a_person_reads_the_counts_and_the_first_rejects(folder: Path) -> None:
    lines = run(folder).stdout.splitlines()
    assert lines[0].startswith(f"{folder / 'shop.db'}: read 3 rows in ")
    assert lines[1:] == [
        "  inserted 2 · updated 0 · unchanged 0 · removed 0 · rejected 1 · embedded 0",
        "  rejected feed.csv, line 3: price: not an amount of money of zero or more, such as 24.90 or 24.90 USD",
    ]


def test_a_product_whose_link_is_a_path_lands_without_one_and_is_told_of(folder: Path) -> None:
    feed = "id,title,link\n1,Desk lamp,/lamp\n2,Oak desk,https://shop.example/desk\n3,Stool,/stool\n"
    (folder / "feed.csv").write_text(feed, encoding="utf-8")
    lines = run(folder, "--strict").stdout.splitlines()
    assert lines[1:] == [
        "  inserted 3 · updated 0 · unchanged 0 · removed 0 · rejected 0 · embedded 0",
        "  2 products without a link, the first in feed.csv, line 2: url: a path of the shop; write it whole, https://...",
    ]
    again = json.loads(run(folder, "--json").stdout)
    assert (again["unchanged"], again["unlinked"]) == (3, 2)
    products = Catalog.open(folder / "shop.db").get(("1", "2", "3"))
    assert [product.url for product in products] == [None, "https://shop.example/desk", None]


def test_currency_and_columns_can_be_said(folder: Path) -> None:
    (folder / "feed.csv").write_text("ref;what;Netto\n1;Lamp;12,50\n", encoding="utf-8")
    mapped = [part for pair in ("id=ref", "title=what", "price=Netto") for part in ("--map", pair)]
    assert run(folder, *mapped, "--currency", "chf").exit_code == 0
    assert [p.price for p in Catalog.open(folder / "shop.db").products()] == [Money(12.5, "CHF")]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--strict"], 1, "--strict: 1 rows were rejected"),
        (["--map", "price"], 2, "--map price: write FIELD=COLUMN"),
        (["--map", "price=Preis"], 2, "has no column 'Preis'"),
        (["--currency", "dollars"], 2, "'dollars' is no ISO 4217 code"),
        (["--language", "xx"], 2, "'xx' is not one of 'en', 'zh'"),
    ],
)
def test_trouble_is_told_on_stderr_and_changes_nothing(
    folder: Path, arguments: list[str], code: int, message: str
) -> None:
    result = run(folder, *arguments, "--json")
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert not (folder / "shop.db").exists()


def test_a_feed_that_would_empty_the_shop_is_refused_with_code_1(folder: Path) -> None:
    (folder / "feed.csv").write_text("id,title\n1,a\n2,b\n3,c\n", encoding="utf-8")
    run(folder)
    (folder / "feed.csv").write_text("id,title\n1,a\n", encoding="utf-8")
    refused = run(folder, "--json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "would remove 2 of 3 products" in refused.stderr
    assert json.loads(run(folder, "--allow-shrink", "--dry-run", "--json").stdout)["removed"] == 2
    assert len(Catalog.open(folder / "shop.db")) == 3
    assert json.loads(run(folder, "--allow-shrink", "--json").stdout)["removed"] == 2
    assert Catalog.open(folder / "shop.db").ids == ("1",)


@pytest.mark.parametrize("content", ["", "\n \n", "id,title\n", "<html></html>"])
def test_what_cannot_be_read_ends_with_code_2(folder: Path, content: str) -> None:
    (folder / "feed.csv").write_text(content, encoding="utf-8")
    result = run(folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"aisle: {folder / 'feed.csv'}: ")
    assert [path.name for path in folder.iterdir()] == ["feed.csv"]
