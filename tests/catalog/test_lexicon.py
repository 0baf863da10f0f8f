from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.lexicon import Lexicon, fold, header_words, plain
from catalog.units import units

LEXICON = Lexicon.default()


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("laptops", "notebook"),
        ("Notebook", "notebook"),
        ("笔记本电脑", "notebook"),
        ("mice", "mouse"),
        ("couch", "sofa"),
        ("fridge", "refrigerator"),
        ("end tables", "end table"),
        ("T-Shirts", "t-shirt"),
        ("shoes", "footwear"),
        ("外设", "peripheral"),
        ("越野车", "suv"),
        ("bananas", "fruit"),
    ],
)
def test_kinds_by_the_words_people_use(phrase: str, kind: str) -> None:
    assert [found.name for found in LEXICON.kinds_named(phrase)] == [kind]


def test_nobody_sells_wibbles() -> None:
    assert LEXICON.kinds_named("wibbles") == ()


def test_umbrellas_hold_their_kinds() -> None:
    assert {"headset", "earphones"} <= set(LEXICON.narrower("headphones"))
    assert {"mouse", "keyboard", "webcam"} <= set(LEXICON.narrower("peripheral"))
    assert LEXICON.wider("mouse") == ("input device", "peripheral")


@pytest.mark.parametrize(
    ("header", "concept"),
    [
        ("product_colour", "colour"),
        ("Color", "colour"),
        ("颜色", "colour"),
        ("internal_memory", "memory"),
        ("内存", "memory"),
        ("total_storage_capacity", "storage"),
        ("硬盘", "storage"),
        ("display_diagonal", "screen size"),
        ("屏幕尺寸", "screen size"),
        ("average_rating", "rating"),
        ("座位数", "seats"),
        ("油耗(L/100km)", "fuel consumption"),
        ("cableLength", "length"),
        ("maximum_internal_memory", "maximum memory"),
        ("package_weight", None),
    ],
)
def test_headers_mean_concepts(header: str, concept: str | None) -> None:
    found = LEXICON.concept_of_header(header)
    assert (found.name if found else None) == concept


def test_shoppers_words_mean_concepts() -> None:
    assert "memory" in [concept.name for concept in LEXICON.concepts_named("RAM")]
    assert "weight" in [concept.name for concept in LEXICON.concepts_named("多重")]


@pytest.mark.parametrize(
    ("word", "family"),
    [
        ("navy", "blue"),
        ("Dark Brown", "brown"),
        ("银色系", "silver"),
        ("burgundy", "red"),
        ("light sea green", "green"),
    ],
)
def test_colours_have_families(word: str, family: str) -> None:
    assert LEXICON.colour_family(word) == family


def test_words_are_folded_to_the_singular() -> None:
    folded = [fold(text) for text in ("Men's Dresses", "boxes", "bus", "Wireless MICE", "batteries", "gas cookers")]
    assert folded == ["man dress", "box", "bus", "wireless mouse", "battery", "gas cooker"]
    assert header_words("Cable__Length (cm)") == "cable length"


def test_every_name_the_lexicon_refers_to_exists() -> None:
    for kind in LEXICON.kinds.values():
        assert {*kind.under, *kind.part_of} <= set(LEXICON.kinds), kind.name
    dimensions = {unit.dimension for meant in units().values() for unit in meant}
    for concept in LEXICON.concepts.values():
        assert concept.dimension in (None, *dimensions), concept.name


def test_no_header_means_two_concepts() -> None:
    seen: dict[str, str] = {}
    for concept in LEXICON.concepts.values():
        for header in (concept.name, *concept.headers):
            assert seen.setdefault(header_words(header), concept.name) == concept.name, header


def test_the_lexicon_is_broad() -> None:
    assert len(LEXICON.kinds) >= 400
    assert len(LEXICON.concepts) >= 150
    assert len(LEXICON.colours) >= 400


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_is_folded_alike_on_both_ways(text: str) -> None:
    assert plain(text) == plain(f"{text}\u3000")
