"""Comparing items: the table as a whole, and the sentence that goes with it."""

from __future__ import annotations

from catalog.store import Catalog
from chatbot.compare import compare, compare_words
from chatbot.types import Row, Table


def test_wished_slots_come_first_then_what_differs_then_what_is_alike(catalog: Catalog) -> None:
    table = compare(catalog, catalog.get(("m1", "m4")), ("weight",), "en")
    assert table == Table(
        ("m1", "m4"),
        (
            Row("price", ("24.90 USD", "29.00 USD"), True),
            Row("weight", ("95 g", ""), True),
            Row("brand", ("Logira", "HP"), True),
            Row("rating", ("4.5", "4.1"), True),
            Row("colour", ("black", "grey"), True),
            Row("category", ("Mice", "Mice"), False),
        ),
    )


def test_every_variant_s_options_stand_in_the_table(catalog: Catalog) -> None:
    table = compare(catalog, catalog.get(("j1", "j2")), ("size",), "zh")
    assert table.rows[1] == Row("size", ("S、M", "M、L"), True)


def test_sentence_names_what_differs(catalog: Catalog) -> None:
    products = catalog.get(("m1", "m2"))
    differ = "(24.90 USD / 12.00 USD), brand (Logira / Kensai), rating (4.5 / 3.9), colour (black / white), weight (95 g / 80 g)."
    assert compare_words(catalog, compare(catalog, products, (), "en"), products, "en") == (
        f"Comparing Pebble Wireless Mouse, Tile Wired Mouse. They differ in price {differ}"
    )
    assert compare_words(catalog, compare(catalog, products, (), "zh"), products, "zh").startswith(
        "对比鹅卵石无线鼠标、瓷砖有线鼠标，不同之处：价格（24.90 美元 / 12.00 美元）、"
    )


def test_alike_is_said_as_alike(catalog: Catalog) -> None:
    twice = catalog.get(("m1", "m1"))
    table = compare(catalog, twice, (), "en")
    assert not any(row.differs for row in table.rows)
    assert compare_words(catalog, table, twice, "en") == (
        "Comparing Pebble Wireless Mouse, Pebble Wireless Mouse. Their records do not differ."
    )
