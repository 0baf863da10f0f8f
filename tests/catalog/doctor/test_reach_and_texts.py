"""What shoppers' words do not reach, and what a card shows."""

from __future__ import annotations

import json
from pathlib import Path

from catalog.doctor import RULES, Survey, examine, glued, reach, texts
from catalog.ingest import import_feeds
from catalog.store import Catalog
from tests.catalog.doctor.shops import TODAY, Look, lamps, opened


def test_categories_that_no_word_bridges_to(look: Look) -> None:
    rows = lamps(12, category=lambda n: "zibeline" if n < 3 else "desk lamp")
    (found,) = look(reach.unreached_kinds, rows)
    assert found.says == "1 category (3 products) can be called by no other word that shoppers could say: “zibeline” 3"


def test_products_of_no_kind(look: Look) -> None:
    rows = [{"id": f"X{n}", "title": f"Arlo {n}", "price": 5} for n in range(2)]
    rows += [
        {"id": f"{kind}{n}", "title": f"Oak {kind} {n}", "price": 20 + n, f"{kind} line": "north"}
        for kind in ("desk lamp", "office chair", "teapot", "tent")
        for n in range(8)
    ]
    (found,) = look(reach.no_kind, rows)
    assert (found.count, [e.id for e in found.examples]) == (2, ["X0", "X1"])


def test_capitals_and_bare_titles(look: Look) -> None:
    def title(n: int) -> str:
        odd = {2: "CEDAR DESK LAMP WITH CLAMP", 3: "LM4711"}
        return odd.get(n, f"Dune desk lamp with clamp {n}")

    rows = lamps(16, title=title)
    (loud,) = look(texts.shouting, rows)
    assert [e.id for e in loud.examples] == ["L2"]
    (bare,) = look(texts.short_titles, rows)
    assert [e.id for e in bare.examples] == ["L3"]


def test_pictures_and_links_that_some_lack_or_all(look: Look) -> None:
    rows = lamps(
        10,
        image=lambda n: f"https://shop.example/{n}.jpg" if n else None,
        link=lambda n: f"https://shop.example/{n}",
        description=lambda n: "A lamp for a desk.",
    )
    picture, rating = look(texts.missing_fields, rows)
    assert (picture.says, [e.id for e in picture.examples]) == ("1 product has no picture; the others do", ["L0"])
    assert rating.says == "No product has a rating"


def test_stock_that_nobody_states(look: Look) -> None:
    assert [found.rule for found in look(texts.stock_unknown, lamps(5))] == ["stock unknown"]
    assert look(texts.stock_unknown, lamps(5, availability=lambda n: "in stock")) == []


def test_another_language(look: Look) -> None:
    rows = lamps(
        10,
        title=lambda n: "黑色台灯" if n == 0 else f"Desk lamp with clamp {n}",
        colour=lambda n: "黑色" if n == 1 else ("black", "red")[n % 2],
    )
    (title,) = look(texts.other_language, rows)
    assert (title.says, title.examples[0].id) == ("1 product has a title in Chinese, unlike the others", "L0")
    (value,) = look(texts.mixed_language_values, rows)
    assert (value.slot, [e.value for e in value.examples]) == ("colour", ["黑色"])


def test_dates_to_come(look: Look) -> None:
    rows = lamps(6, release_date=lambda n: "2031-05-01" if n == 2 else f"2024-0{n + 1}-15")
    (found,) = look(texts.future_dates, rows)
    assert (found.says, found.examples[0].id) == ("release_date of 1 product lies in the future", "L2")


def test_rows_that_the_last_import_refused(tmp_path: Path) -> None:
    rows = lamps(6, price=lambda n: "a lot" if n < 2 else 20)
    (found,) = texts.rejected_rows(Survey(opened(tmp_path, rows), TODAY))
    assert (found.count, [e.id for e in found.examples]) == (2, ["L0", "L1"])
    assert found.says.startswith("The last import refused 2 rows: price: ")


def test_words_that_run_together(look: Look) -> None:
    codes = ["230TSI", "280TSI", "330TSI", "280TSIDSG", "330TSIDSG", "230TSIDSG", "280TSI", "330TSI", "230TSI"]
    rows = lamps(9, title=lambda n: f"Corso {codes[n]} sedan", category=lambda n: "car")
    (found,) = look(glued.glued_titles, rows)
    assert found.says == (
        "3 products have titles whose words run together: “280TSIDSG” is 280TSI DSG, “330TSIDSG” is 330TSI DSG, "
        "“230TSIDSG” is 230TSI DSG"
    )


def test_a_clean_shop_yields_no_finding(tmp_path: Path) -> None:
    rows = lamps(
        60,
        colour=lambda n: ("red", "black", "white", "brass")[n % 4],
        material=lambda n: ("steel", "oak", "glass")[n % 3],
        height=lambda n: f"{30 + n % 25} cm",
        rating=lambda n: 3 + n % 20 / 10,
        availability=lambda n: "in stock",
        image=lambda n: f"https://shop.example/{n}.jpg",
        link=lambda n: f"https://shop.example/{n}",
        description=lambda n: f"A lamp for a desk, model {n}, with a switch on its foot.",
        title=lambda n: f"{lamps(60)[n]['title']} no. {n // 2}",
    )
    feed = tmp_path / "clean.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    import_feeds([feed], tmp_path / "clean.db")
    assert examine(Survey(Catalog.open(tmp_path / "clean.db"), TODAY)) == ()


def test_an_empty_shop_is_no_trouble(tmp_path: Path) -> None:
    assert examine(Survey(opened(tmp_path, lamps(1)), TODAY))
    assert len(RULES) == len(set(RULES))
