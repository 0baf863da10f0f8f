"""A shop's words from the file to the chat: kept at import, kept again, dropped, and what a shopper then finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.ingest import ImportOptions, import_feeds
from catalog.shop_words import KindWords, ShopWords
from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState

GARMENTS = [
    {"id": "k1", "title": "Ripple kaftan, red", "category": "kaftan", "price": 40, "color": "red"},
    {"id": "k2", "title": "Meadow kaftan, green", "category": "kaftan", "price": 45, "color": "green"},
    {"id": "s1", "title": "Harbour shirt, white", "category": "shirt", "price": 30, "color": "white"},
    {"id": "s2", "title": "Harbour shirt, blue", "category": "shirt", "price": 30, "color": "blue"},
    {"id": "j1", "title": "Canyon jeans, blue", "category": "jeans", "price": 60, "color": "blue"},
    {"id": "j2", "title": "Canyon jeans, black", "category": "jeans", "price": 60, "color": "black"},
]
WORDS = """
[umbrella]
overparts = ["shirt", "kaftan"]
[synonyms]
kaftan = ["djellaba"]
"""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in GARMENTS), encoding="utf-8")
    return path


def shown(db: Path, text: str) -> list[str]:
    *_, end = Chatbot.open(db).turn(DialogueState(), text)
    assert isinstance(end, Finished)
    turn: Turn = end.turn
    return sorted(suggestion.candidate.product.id for suggestion in turn.suggestions)


def test_umbrella_words_and_synonyms_find_what_the_shop_means(feed: Path, tmp_path: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed], db, ImportOptions(words=ShopWords.parse(WORDS)))
    assert shown(db, "show me overparts") == ["k1", "k2", "s1", "s2"]
    assert shown(db, "do you have djellabas?") == ["k1", "k2"]


def test_a_wide_word_that_the_lexicon_knows_means_what_the_shop_says_too(feed: Path, tmp_path: Path) -> None:
    import_feeds([feed], tmp_path / "plain.db")
    assert shown(tmp_path / "plain.db", "show me some tops") == ["s1", "s2"]
    import_feeds([feed], tmp_path / "shop.db", ImportOptions(words=ShopWords(umbrella={"tops": ("shirt", "kaftan")})))
    assert shown(tmp_path / "shop.db", "show me some tops") == ["k1", "k2", "s1", "s2"]


def test_joined_values_are_one(feed: Path, tmp_path: Path) -> None:
    """Where the shop joins by the concept's name, too: its column is "color"."""
    words = ShopWords(joins={"colour": {"red": ("green",)}})
    import_feeds([feed], tmp_path / "shop.db", ImportOptions(words=words))
    catalog = Catalog.open(tmp_path / "shop.db")
    mask = catalog.match([Constraint("color", Op.EQ, "red")])
    assert [id for id, met in zip(catalog.ids, mask, strict=True) if met] == ["k1", "k2"]
    assert shown(tmp_path / "shop.db", "a green kaftan") == ["k1", "k2"]


def test_words_stay_until_an_empty_file_drops_them(feed: Path, tmp_path: Path) -> None:
    db, words, empty = tmp_path / "shop.db", tmp_path / "words.toml", tmp_path / "empty.toml"
    words.write_text(WORDS, encoding="utf-8")
    empty.write_text("", encoding="utf-8")

    def run(*more: str) -> dict[str, int]:
        done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed", "--json", *more])
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    run("--words", str(words))
    kept = Catalog.open(db)
    assert kept.words == ShopWords.parse(WORDS)
    assert [kind.name for kind in kept.lexicon.kinds_named("djellaba")] == ["kaftan"]
    assert run()["unchanged"] == 6
    assert Catalog.open(db).words == kept.words
    assert run("--words", str(empty))["unchanged"] == 6
    assert not Catalog.open(db).words


def test_the_same_words_again_build_nothing(feed: Path, tmp_path: Path) -> None:
    db, words = tmp_path / "shop.db", ImportOptions(words=ShopWords.parse(WORDS))
    import_feeds([feed], db, words)
    generation = Catalog.open(db).generation
    import_feeds([feed], db, words)
    assert Catalog.open(db).generation == generation


def test_what_a_shop_says_of_one_product_it_is(tmp_path: Path) -> None:
    feed, db = tmp_path / "feed.jsonl", tmp_path / "shop.db"
    titles = {"a": "Arlo 4711", "b": "Walnut desk", "c": "Oak desk"}
    feed.write_text(
        "".join(json.dumps({"id": id, "title": title, "price": 9}) + "\n" for id, title in titles.items()),
        encoding="utf-8",
    )
    words = ShopWords(
        kinds={"riser": KindWords(words=("desk riser",), under=("desk",))}, kind_of={"a": "riser", "c": "riser"}
    )
    import_feeds([feed], db, ImportOptions(words=words))
    assert {p.id: p.kind for p in Catalog.open(db).products()} == {"a": "riser", "b": "desk", "c": "riser"}
    assert shown(db, "I need a desk riser") == ["a", "c"]


def test_a_bad_file_of_words_changes_nothing(feed: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text("[umbrella]\ntops = 'shirt'\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(tmp_path / "x.db"), "--words", str(words)])
    assert (done.exit_code, (tmp_path / "x.db").exists()) == (2, False)
    assert "words.toml, line 2: umbrella.tops needs a list of words" in done.stderr


def test_a_kind_of_the_shop_is_read_from_titles(tmp_path: Path) -> None:
    feed, db = tmp_path / "feed.jsonl", tmp_path / "shop.db"
    titles = {"a": "Alder zibelet with drawer", "b": "Walnut desk", "c": "Oak zibelet, tall"}
    feed.write_text(
        "".join(json.dumps({"id": id, "title": title, "price": 9}) + "\n" for id, title in titles.items()),
        encoding="utf-8",
    )
    words = ShopWords(kinds={"zibelet": KindWords(words=("zib table",), under=("furniture",))})
    import_feeds([feed], db, ImportOptions(words=words))
    assert {p.id: p.kind for p in Catalog.open(db).products()} == {"a": "zibelet", "b": "desk", "c": "zibelet"}
    assert shown(db, "do you have zib tables?") == ["a", "c"]
    assert shown(db, "show me furniture") == ["a", "b", "c"]
