from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.mentions import mentions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            '2.5 kg, 15.6" screen, Cat6 cable 3m, model 16GBX, 6-ft',
            [(2.5, "kg"), (15.6, "in"), (3.0, "m"), (6.0, "ft")],
        ),
        ("Kettle 1.7 l, 2200 W", [(1.7, "l"), (2200.0, "W")]),
        ('Drill bit 1 1/2 in, ½" hose, 2-3/4 inch', [(1.5, "in"), (0.5, "in"), (2.75, "in")]),
        ("Malt, 16 year old", [(16.0, "year")]),
        ("15.6英寸笔记本 16G内存 512GB固态", [(15.6, "in"), (16.0, "GB"), (512.0, "GB")]),
        ("8.5 fl. oz. (250ml)", [(8.5, "fl oz"), (250.0, "ml")]),
        ("rug of 6 m², 60 sq ft", [(6.0, "m²"), (60.0, "ft²")]),
        ("2 x 500 ml", [(500.0, "ml")]),
        ("uses 5.5 L/100km", [(5.5, "L/100km")]),
        ("6 pc(s)", [(6.0, "")]),
        ("120 x 60 x 75 cm desk", []),
        ('90cm x 200cm, 4" × 6"', []),
        ("1440 x 900 pixels 4 GB", [(4.0, "GB")]),
        ("shoe 10 M US, 24/7, $5 m, SKU 12-34g", []),
        ("oven to 250°C or 480 °F", [(250.0, "°C"), (480.0, "°F")]),
        ("", []),
    ],
)
def test_texts_mention_quantities(text: str, found: list[tuple[float, str]]) -> None:
    assert [(mention.value, mention.unit.name) for mention in mentions(text)] == found


def test_a_mention_keeps_what_is_written_and_an_open_end() -> None:
    (mention,) = mentions("Blocks, 3+ years")
    assert (mention.text, mention.value, mention.high, mention.start) == ("3+ years", 3.0, math.inf, 8)


@given(st.text(max_size=80))
def test_any_text_is_read_and_mentions_stand_where_they_say(text: str) -> None:
    for mention in mentions(text):
        assert text[mention.start : mention.end] == mention.text
        assert math.isfinite(mention.value)
