"""Grounding: what a small shop's words mean, spelling mended, nothing invented."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.track.amounts import spans_of
from chatbot.track.bounds import find_bounds
from chatbot.track.ground import Grounded, Grounder
from chatbot.track.normal import Message
from chatbot.track.quantities import bounds_of
from tests.chatbot.track.goods import shop


@cache
def grounder() -> Grounder:
    return Grounder(shop())  # type: ignore[arg-type]


def read(text: str) -> Grounded:
    message = Message.read(text)
    return grounder().read(message, spans_of(find_bounds(message)))


@pytest.mark.parametrize(
    ("text", "words", "categories"),
    [
        ("a moose? no, a mosue", "mouse", ("mouse",)),
        ("some mice please", "mouse", ("mouse",)),
        ("looking for a latpop", "laptop", ("notebook",)),
        ("想买笔记本电脑", "笔记本电脑", ("notebook",)),
        ("a thumb drive", "thumb drive", ("usb stick",)),
        ("white shrits", "shirt", ("shirt",)),
        ("a couch", "couch", ("sofa",)),
    ],
)
def test_kinds_are_found_by_any_name(text: str, words: str, categories: tuple[str, ...]) -> None:
    found = [(m.words, r.values) for m in read(text).mentions if (r := m.reading("kind"))]
    assert (words, categories) in found


@pytest.mark.parametrize(
    ("text", "kinds", "slot", "values"),
    [
        ("a logira one", ("mouse",), "brand", ("Logira",)),
        ("logria maybe", ("mouse",), "brand", ("Logira",)),
        ("惠普的", ("notebook",), "brand", ("HP",)),
        ("something by Uptown Loft", (), "brand", ("Uptown Loft",)),
        ("in gray", ("mouse",), "product_colour", ("Grey",)),
        ("grey", ("sofa",), "colour", ("grey",)),
        ("blue", ("shirt",), "colour", ("dark blue",)),
        ("striped", ("shirt",), "pattern", ("stripes", "vertical stripes")),
        ("wooden", ("shelf",), "material", ("wood",)),
        ("size M", ("shirt",), "sizes", ("M",)),
        ("cordless", ("mouse",), "connection", ("Wireless",)),
        ("有线的", ("mouse",), "connection", ("Wired",)),
    ],
)
def test_values_are_read_as_the_shop_writes_them(
    text: str, kinds: tuple[str, ...], slot: str, values: tuple[str, ...]
) -> None:
    meant = [r for m in read(text).mentions if (r := grounder().meant(m, kinds))]
    assert [(r.slot, r.values) for r in meant] == [(slot, values)]


@pytest.mark.parametrize(
    "text", ["trust me on this", "i am in a hurry", "so what is it", "it is for my sister", "买给我妈"]
)
def test_ordinary_words_are_not_read_as_brands_or_sizes(text: str) -> None:
    assert [m.words for m in read(text).mentions if m.reading("value")] == []


def test_a_brand_spelt_like_a_word_is_read_with_a_cue_or_a_capital() -> None:
    for text in ("a mouse from trust", "a Trust mouse"):
        assert [r.values for m in read(text).mentions if (r := grounder().meant(m, ("mouse",)))] == [("Trust",)]


def test_products_are_named_by_model() -> None:
    (named,) = [r for m in read("do you have the MX300?").mentions if (r := m.reading("product"))]
    assert named.values == ("m3",)


@pytest.mark.parametrize(
    ("text", "kinds", "wishes"),
    [
        ("16 gigs", ("notebook",), ["internal_memory >= 16 GB"]),
        ("64 gig", ("usb stick",), ["capacity >= 64 GB"]),
        ("at most 1.5 kilos", ("notebook",), ["weight <= 1.5 kg"]),
        ("under 90 bucks", ("notebook",), ["price < 90"]),
        ("around 100 dollars", (), ["price >= 75", "price <= 125"]),
        ("4 stars or better", (), ["rating >= 4"]),
        ("between 13 and 15 inches", ("notebook",), ["display_diagonal >= 13 in", "display_diagonal <= 15 in"]),
        ("15 inch", ("notebook",), ["display_diagonal >= 14.69 in", "display_diagonal <= 15.31 in"]),
        ("5 metres", ("mouse",), []),
    ],
)
def test_numbers_find_their_slot_by_unit_and_kind(text: str, kinds: tuple[str, ...], wishes: list[str]) -> None:
    (bound,) = find_bounds(Message.read(text))
    measured = grounder().quantities.slot_for(bound, {}, kinds)
    assert [str(c) for c in (bounds_of(measured, bound) if measured else ())] == wishes


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    message = Message.read(text)
    found = grounder().read(message, spans_of(find_bounds(message)))
    assert all(0 <= m.start < m.end <= len(message.text) for m in found.mentions)
    assert all(a.end <= b.start for a, b in zip(found.mentions, found.mentions[1:], strict=False))
