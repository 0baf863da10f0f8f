from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import parse_cell
from catalog.readout.phrases import Phrases, words_of
from catalog.readout.read import learn
from catalog.readout.standard import CONCEPTS, measured
from catalog.readout.trial import wilson
from catalog.schema import cell_text
from catalog.types import FILTER_FROM, Inferred, Product, Quantity, Variant

COLOURS = ("black", "white", "red", "green")
SIZES = (256, 512, 1024)


def product(number: int, title: str, kind: str, description: str = "", **stated: str) -> Product:
    cells = {name: parse_cell(value) for name, value in stated.items()}
    return Product(str(number), title, (Variant(str(number)),), description, category=(kind,), attributes=cells)


def read_out(products: Sequence[Product]) -> list[Mapping[str, Inferred]]:
    """What is learnt from products, for each of them."""
    readout = learn(products)
    return [readout.of(product) for product in products]


def lamps(count: int = 48) -> list[Product]:
    """Desk lamps whose titles say their colour as their records do."""
    return [
        product(
            n, f"Acme lamp {n}, {COLOURS[n % 4]}, {5 + n % 3} W", "lamp", color=COLOURS[n % 4], power=f"{5 + n % 3} W"
        )
        for n in range(count)
    ]


def notebooks(count: int = 48) -> list[Product]:
    """Half of them with a disk too: its size is not the SSD's."""
    return [
        product(
            100 + n,
            f"Book {n}, {SIZES[n % 3]} GB SSD" + (f", {SIZES[(n + 1) % 3]} GB HDD" if n % 2 else ""),
            "notebook",
            ssd_capacity=f"{SIZES[n % 3]} GB",
        )
        for n in range(count)
    ]


def values(found: Mapping[str, Inferred]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(map(cell_text, one.cells)) for name, one in found.items()}


def test_what_the_record_leaves_out_is_read_from_the_title() -> None:
    silent = product(900, "Acme lamp of birch, Red, 6 W", "lamp")
    found = read_out([*lamps(), silent])[-1]
    assert values(found) == {"color": ("red",), "power": ("6 W",)}
    assert found["power"].cells == (Quantity(6, 6, "W", "6 W"),)
    assert all(one.source == "title" and FILTER_FROM <= one.confidence < 1 for one in found.values())


def test_what_the_record_states_is_never_read() -> None:
    assert all(not found for found in read_out(lamps()))


def test_a_colour_that_no_record_states_is_the_lexicons() -> None:
    assert values(read_out([*lamps(), product(900, "Acme lamp, navy", "lamp")])[-1]) == {"color": ("Navy",)}


def test_titles_that_say_something_else_are_not_believed() -> None:
    odd = [product(n, f"Lamp {COLOURS[(n + 1) % 4]} {n}", "lamp", color=COLOURS[n % 4]) for n in range(48)]
    assert values(read_out([*odd, product(900, "Lamp red", "lamp")])[-1]) == {}


def test_few_records_prove_little() -> None:
    found = read_out([*lamps(12), product(900, "Acme lamp red", "lamp")])[-1]
    assert values(found) == {"color": ("red",)}
    assert found["color"].confidence < FILTER_FROM


def test_the_word_behind_a_number_tells_whose_it_is() -> None:
    disk, drive = product(900, "Book, 512 GB HDD", "notebook"), product(901, "Book, 512 GB SSD, 256 GB HDD", "notebook")
    found = read_out([*notebooks(), disk, drive])
    assert values(found[-2]) == {}
    assert values(found[-1]) == {"ssd_capacity": ("512 GB",)}


def test_figures_are_read_as_stated_values_write_them() -> None:
    packs = [product(n, f"Tea {n}, Pack of {2 + n}", "tea", size=f"Pack of {2 + n}") for n in range(40)]
    found = read_out([*packs, product(900, "Earl tea, Pack of 144", "tea")])[-1]
    assert values(found) == {"size": ("Pack of 144",)}


def test_descriptions_speak_where_titles_are_silent() -> None:
    told = [
        product(n, f"Lamp {n}", "lamp", f"A desk lamp in {COLOURS[n % 4]}.", color=COLOURS[n % 4]) for n in range(48)
    ]
    found = read_out([*told, product(900, "Lamp", "lamp", "A lamp in green.")])[-1]
    assert (values(found), found["color"].source) == ({"color": ("green",)}, "description")


def test_a_kind_that_states_nothing_and_a_shop_without_products() -> None:
    readout = learn([*lamps(), product(900, "Red rug", "rug")])
    assert readout.of(product(901, "Blue rug", "rug")) == {}
    assert read_out([]) == []


def test_learning_depends_on_the_products_alone() -> None:
    shop = [*lamps(), *notebooks(), product(900, "Acme lamp red 6 W, 512 GB SSD", "lamp")]
    assert read_out(shop) == read_out(shop)


@given(
    st.lists(st.sampled_from("ab bc ca a1 b2".split()), max_size=8), st.sets(st.text("abc12 ", max_size=6), max_size=5)
)
def test_phrases_are_found_where_the_words_stand(words: list[str], looked_for: set[str]) -> None:
    phrases = Phrases((tuple(words_of(text)), text) for text in looked_for)
    for start, end, text in phrases.find(words):
        assert words[start:end] == words_of(text)


@pytest.mark.parametrize(("right", "n", "least", "most"), [(25, 25, 0.9, 0.91), (0, 5, 0, 0.001), (9, 10, 0.6, 0.75)])
def test_the_lower_end_of_an_interval(right: int, n: int, least: float, most: float) -> None:
    assert least <= wilson(right, n) <= most
    assert math.isclose(wilson(0, 0), 0)


def test_a_shop_of_titles_alone_is_read_by_what_other_shops_showed() -> None:
    titles = {
        "Acme notebook, navy, 15.6 inch, 16 GB RAM, 512 GB SSD": "Laptops",
        "Sleeve for 15.6 inch notebooks, red": "laptop bag",
        "Blossom backpack of linen": "backpack",
        "Rug 2 x 3 m": "rug",
    }
    found = read_out([product(n, title, kind) for n, (title, kind) in enumerate(titles.items())])
    assert [values(one) for one in found] == [
        {"colour": ("Navy",), "screen_size": ("15.6 inch",), "memory": ("16 GB",), "storage": ("512 GB",)},
        {"colour": ("Red",)},
        {"material": ("Linen",)},
        {},
    ]
    assert all(one.confidence >= FILTER_FROM for one in found[0].values())
    assert found[2]["material"].confidence < FILTER_FROM


def test_what_was_measured_is_of_standard_slots_and_shares() -> None:
    assert set(measured()) == set(CONCEPTS)
    assert all(0 <= sure <= 1 for kinds in measured().values() for sure in kinds.values())


@given(st.lists(st.tuples(st.text(max_size=30), st.text("ab1/ -.", max_size=8)), min_size=1, max_size=12))
def test_any_titles_and_values_can_be_learnt_from(rows: list[tuple[str, str]]) -> None:
    stated = [product(n, title, "thing", size=value) for n, (title, value) in enumerate(rows)]
    silent = [product(100 + n, f"{title} {value}", "thing") for n, (title, value) in enumerate(rows)]
    for found in read_out([*stated, *silent])[len(stated) :]:
        assert all(0 <= one.confidence < 1 and one.cells for one in found.values())
