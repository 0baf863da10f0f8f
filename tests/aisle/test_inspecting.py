"""`aisle inspect`: the document, the table, and what it says of a missing catalogue."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from catalog.ingest import ImportOptions, import_feeds
from catalog.shop_words import ShopWords

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
    assert found["coverage_by_kind"] == {"lamp": {"color": 1.0, "price": 1.0, "wattage": 0.75}}
    assert [finding["rule"] for finding in found["findings"]] == [
        "no link", "no picture", "stock unknown", "no description", "no rating", "missing"
    ]  # fmt: skip
    assert found["findings"][5] == {
        "rule": "missing",
        "slot": "wattage",
        "kind": "lamp",
        "count": 2,
        "share": 0.25,
        "examples": [{"id": "6", "value": "Lamp 6"}, {"id": "7", "value": "Lamp 7"}],
        "says": "2 products of 8 lack wattage where most of their kind state it (lamp 2)",
        "todo": "fill wattage for these kinds: who wishes for it cannot find them",
        "weight": found["findings"][5]["weight"],
    }


def test_a_person_reads_what_can_be_asked(db: Path) -> None:
    printed = run(db).stdout
    assert "8 products" in printed
    assert "red 8, blue 4" in printed
    assert "10 to 17 USD" in printed
    assert "6. 2 products of 8 lack wattage where most of their kind state it (lamp 2)" in printed
    assert "-> fill wattage for these kinds" in printed


def test_no_catalogue_is_said(tmp_path: Path) -> None:
    result = run(tmp_path / "none.db")
    assert (result.exit_code, result.stdout) == (2, "")


class Parts(HTMLParser):
    """What a page is made of: its tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def count(self, tag: str, of: str = "") -> int:
        return sum(name == tag and of in (attributes.get("class") or "") for name, attributes in self.tags)


def test_a_page_that_asks_the_network_for_nothing(tmp_path: Path) -> None:
    feed, db, file = tmp_path / "feed.jsonl", tmp_path / "shop.db", tmp_path / "page.html"
    hostile = {"id": "<x>", "title": "</title><script>alert(1)</script>&", "category": 'lamp"onload="', "price": 5}
    rows = [*FEED, *({**hostile, "id": f"<x>{n}", "title": f"{hostile['title']}{n} < lamp"} for n in range(6))]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    import_feeds([feed], db)
    result = run(db, "--page", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    parts = Parts(file.read_text(encoding="utf-8"))
    names = {tag for tag, _ in parts.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "a", "use", "image", "object", "b"})
    wild = {name for _, attributes in parts.tags for name in attributes if name.startswith("on")}
    assert wild | ({"style", "href", "src"} & {name for _, attributes in parts.tags for name in attributes}) == set()
    policy = next(a["content"] for tag, a in parts.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert (parts.count("rect", "heat") > 0, parts.count("rect", "box"), parts.count("rect", "bar") > 0) == (
        True,
        2,
        True,
    )


def test_the_page_styles_what_its_policy_allows(db: Path, tmp_path: Path) -> None:
    assert run(db, "--page", str(tmp_path / "page.html")).exit_code == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert html.escape(f"style-src 'sha256-{digest}'", quote=False) in html.unescape(text)


def test_proposals_are_written_once_and_accepted_by_import(tmp_path: Path) -> None:
    feed, db, words = tmp_path / "feed.jsonl", tmp_path / "shop.db", tmp_path / "words.toml"
    rows = [
        {"id": f"{kind}{n}", "title": f"Meadow {kind} {n}", "category": kind, "price": 10 + n, "brand": brand}
        for kind in ("zibeline cowlet", "linen cowlet", "lamp")
        for n, brand in enumerate(("HP", "HP", "Hewlett-Packard", "Acme"))
    ]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    import_feeds([feed], db)
    assert run(db, "--propose", str(words)).exit_code == 0
    said = ShopWords.read(words)
    assert said.umbrella == {"cowlet": ("zibeline cowlet", "linen cowlet")}
    assert said.joins == {"brand": {"HP": ("Hewlett-Packard",)}}
    again = run(db, "--propose", str(words))
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    import_feeds([feed], db, ImportOptions(words=said))
    assert run(db, "--propose", str(tmp_path / "more.toml")).stderr.startswith(f"{tmp_path / 'more.toml'}: 0 proposals")
    assert ShopWords.read(tmp_path / "more.toml") == said
