"""`aisle import --faq`: questions and answers land whole, stay until others come, and are embedded once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from aisle.cli import main
from catalog.faq.passage import Passage
from catalog.ingest import FaqReport, ImportOptions, import_feeds
from catalog.store import Catalog
from errors import ImportRefused, NoCatalog, UnreadableFeed

RETURNS = "## Returns\n<!-- asked: send back -->\nWithin four weeks.\n"
PAYING = "## 怎么付款？\n刷卡。\n"


class CountingEmbed:
    """A deterministic encoder that remembers what it was asked to encode."""

    id = "counting@1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.extend(texts)
        return np.array([[1.0, 0.0] for _ in texts], np.float32)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    path.write_text('{"id": "1", "title": "Lamp"}\n{"id": "2", "title": "Table"}\n')
    return path


def faq(tmp_path: Path, text: str = RETURNS + PAYING) -> ImportOptions:
    path = tmp_path / "help.md"
    path.write_text(text, encoding="utf-8")
    return ImportOptions(faq=(path,))


def test_they_land_with_a_feed_and_the_same_again_changes_nothing(tmp_path: Path, feed: Path) -> None:
    db, embed = tmp_path / "shop.db", CountingEmbed()
    report = import_feeds([feed], db, faq(tmp_path), embed)
    assert report.faq == FaqReport(read=2, inserted=2, unchanged=0, removed=0, rejected=0, embedded=3)
    assert (report.inserted, report.embedded) == (2, 2)
    catalog = Catalog.open(db)
    assert catalog.faq.passages == (
        Passage("Returns", "Within four weeks.", "help.md#returns", also=("send back",)),
        Passage("怎么付款？", "刷卡。", "help.md#怎么付款", language="zh"),
    )
    assert catalog.faq.vectors is not None
    assert catalog.faq.vectors.tolist() == [[1, 0]] * 3 + [[0, 0]] * 2  # Chinese is not what the encoder reads
    before, asked = db.stat(), len(embed.asked)
    again = import_feeds([], db, faq(tmp_path), embed)
    assert again.faq == FaqReport(read=2, inserted=0, unchanged=2, removed=0, rejected=0, embedded=0)
    assert (db.stat(), len(embed.asked)) == (before, asked)


def test_a_feed_alone_keeps_them_and_a_change_embeds_only_what_is_new(tmp_path: Path, feed: Path) -> None:
    db, embed = tmp_path / "shop.db", CountingEmbed()
    import_feeds([feed], db, faq(tmp_path), embed)
    feed.write_text('{"id": "1", "title": "Lamp"}\n{"id": "2", "title": "Chair"}\n')
    assert import_feeds([feed], db, embed=embed).faq is None
    assert len(Catalog.open(db).faq.passages) == 2
    report = import_feeds([], db, faq(tmp_path, RETURNS + "## Costs\nNone.\n"), embed)
    assert report.faq == FaqReport(read=2, inserted=1, unchanged=1, removed=1, rejected=0, embedded=2)
    assert embed.asked[-2:] == ["Costs", "Costs. None."]
    assert [product.title for product in Catalog.open(db).products()] == ["Lamp", "Chair"]


def test_an_empty_file_drops_them(tmp_path: Path, feed: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed], db, faq(tmp_path))
    report = import_feeds([], db, ImportOptions(faq=(Path("/dev/null"),)))
    assert report.faq == FaqReport(read=0, inserted=0, unchanged=0, removed=2, rejected=0, embedded=0)
    catalog = Catalog.open(db)
    assert (catalog.faq.passages, len(catalog), bool(catalog.faq)) == ((), 2, False)


def test_nothing_lands_of_an_import_that_fails(tmp_path: Path, feed: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed], db, faq(tmp_path))
    before = db.read_bytes()
    with pytest.raises(UnreadableFeed):
        import_feeds([feed], db, faq(tmp_path, "# Only a title\n"))
    strict = ImportOptions(faq=faq(tmp_path, "## A\n\n## B\nYes.\n").faq, strict=True)
    with pytest.raises(ImportRefused, match=r"the first in help.md, line 1 \(answer: is missing"):
        import_feeds([feed], db, strict)
    with pytest.raises(NoCatalog, match="import the shop's feed as well"):
        import_feeds([], tmp_path / "none.db", faq(tmp_path))
    assert db.read_bytes() == before


def test_keywords_are_found_in_both_languages(tmp_path: Path, feed: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed], db, faq(tmp_path))
    kept = Catalog.open(db).faq
    assert [kept.passages[kept.passage_of[place]].question for place, _ in kept.keywords("returning", 1)] == ["Returns"]
    assert [kept.texts[place] for place, _ in kept.keywords("付款", 1)] == ["怎么付款？"]
    assert kept.keywords('" OR *', 3) == []


def test_the_command_says_what_came_of_them(tmp_path: Path, feed: Path) -> None:
    db, file = tmp_path / "shop.db", tmp_path / "help.md"
    file.write_text(RETURNS + "## Empty\n", encoding="utf-8")
    run = CliRunner().invoke
    first = run(main, ["import", str(feed), "--faq", str(file), "--db", str(db), "--no-embed", "--json"])
    told = json.loads(first.stdout)
    assert told["faq"] == {
        "read": 2, "inserted": 1, "unchanged": 0, "removed": 0, "rejected": 1, "embedded": 0,
    }  # fmt: skip
    assert json.loads(Path(told["rejects_file"]).read_text()) == {
        "file": "help.md", "line": 4, "id": None, "field": "answer", "value": None,
        "reason": "is missing: a question needs one",
    }  # fmt: skip
    again = run(main, ["import", "--faq", str(file), "--db", str(db), "--no-embed"])
    assert "questions and answers: inserted 0 · unchanged 1 · removed 0 · rejected 1 · embedded 0" in again.stdout
    assert "rejected help.md, line 4: answer: is missing: a question needs one" in again.stdout
    seen = json.loads(run(main, ["inspect", "--db", str(db), "--json"]).stdout)
    assert seen["faq"] == {"questions": 1, "of_items": 0, "phrasings": 1, "languages": {"en": 1}}
    wrong = run(main, ["import", "--db", str(db)])
    assert (wrong.exit_code, "name a feed, or a folder of feeds with --watch, or questions" in wrong.stderr) == (
        2,
        True,
    )
