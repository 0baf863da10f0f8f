"""Shops imported once and kept: what makes a new database, and what is embedded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog.store import Catalog
from chatbot.scripts import shops as shops_module
from chatbot.scripts.shops import Shops
from chatbot.scripts.vectors import RememberedEmbed
from errors import ScriptError
from retrieval.embedder import Kind

FEED = '{"id": "%s", "title": "Red mouse %s", "price": 5, "category": "Mice"}\n'


class CountingEncoder:
    """A tiny encoder that keeps what it was asked."""

    id = "counting/1"
    dim = 4

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        self.asked += texts
        return np.eye(4, dtype=np.float32)[[len(text) % 4 for text in texts]]

    def reads(self, text: str) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "mice.jsonl").write_text("".join(FEED % (n, n) for n in range(3)), encoding="utf-8")
    return feeds


def test_a_shop_is_imported_once(folder: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    path = Shops(folder, tmp_path / "cache", encoder).database("mice")
    catalog = Catalog.open(path)
    assert (catalog.ids, catalog.embedder_id) == (("0", "1", "2"), "counting/1")
    before = path.stat()
    assert Shops(folder, tmp_path / "cache", encoder).database("mice") == path
    assert path.stat() == before
    assert len(encoder.asked) == 3


def test_a_changed_feed_is_another_database_and_embeds_only_what_is_new(folder: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    first = Shops(folder, tmp_path / "cache", encoder).database("mice")
    with (folder / "mice.jsonl").open("a", encoding="utf-8") as feed:
        feed.write(FEED % (3, 3))
    second = Shops(folder, tmp_path / "cache", encoder).database("mice")
    assert (len(Catalog.open(first)), len(Catalog.open(second))) == (3, 4)
    assert len(encoder.asked) == 4


def test_a_changed_importer_is_another_database(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Shops(folder, tmp_path / "cache").database("mice")
    monkeypatch.setattr(shops_module, "importer_fingerprint", lambda: "another")
    assert Shops(folder, tmp_path / "cache", stale=True).database("mice") == first
    assert Shops(folder, tmp_path / "cache").database("mice") != first


def test_only_the_newest_databases_of_a_shop_are_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for made in ("a", "b", "c", "d", "e"):
        monkeypatch.setattr(shops_module, "importer_fingerprint", lambda made=made: made)
        newest = Shops(folder, tmp_path / "cache").database("mice")
    kept = list((tmp_path / "cache" / "shops").glob("mice-*"))
    assert len(kept) == shops_module.KEPT
    assert newest.parent in kept


@pytest.mark.parametrize("name", ["rats", "../feeds/mice", ""])
def test_a_shop_without_a_feed(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ScriptError, match="0 feeds are called"):
        Shops(folder, tmp_path / "cache").database(name)


def test_two_feeds_of_one_name(folder: Path, tmp_path: Path) -> None:
    (folder / "mice.csv").write_text("id,title\n1,x\n", encoding="utf-8")
    with pytest.raises(ScriptError, match="2 feeds are called 'mice'"):
        Shops(folder, tmp_path / "cache").database("mice")


def test_vectors_are_kept_between_runs_in_order(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    first = RememberedEmbed(encoder, tmp_path)
    vectors = first(["a", "bb", "a"])
    first.save()
    second = RememberedEmbed(encoder, tmp_path)
    assert np.array_equal(
        second(["bb", "a", "ccc"]), np.stack([vectors[1], vectors[0], np.eye(4, dtype=np.float32)[3]])
    )
    assert second([]).shape == (0, 4)
    assert encoder.asked == ["a", "bb", "ccc"]
