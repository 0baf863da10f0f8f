from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.categories import is_kind, kind_path, kinds_of_category, read_path
from catalog.lexicon import Lexicon


@pytest.mark.parametrize(
    ("cell", "path"),
    [
        ("Apparel & Accessories > Clothing > Dresses", ("Apparel & Accessories", "Clothing", "Dresses")),
        ("Clothing > Tshirts, Clothing > Sale", ("Clothing", "Tshirts")),
        ("Clothing > Coats & Jackets, Sale", ("Clothing", "Coats & Jackets")),
        ("Clothing > Accessories, Clothing", ("Clothing", "Accessories")),
        ("Home > Furniture > Sofas", ("Furniture", "Sofas")),
        ("Electronics/Computers/Laptops", ("Electronics", "Computers", "Laptops")),
        ("TV/Video", ("TV/Video",)),
        ("Handbags, Wallets & Cases", ("Handbags, Wallets & Cases",)),
        ("Bags > Handbags, Wallets & Cases > Totes", ("Bags", "Handbags, Wallets & Cases", "Totes")),
        ("Hoodies, Sale", ("Hoodies",)),
        (["Sale", "Shirts"], ("Shirts",)),
        ("服装 > 女装", ("服装", "女装")),
        (267, ("Electronics", "Communications", "Telephony", "Mobile Phones")),
        ("201", ("Apparel & Accessories", "Jewelry", "Watches")),
        (12.5, ()),
        (True, ()),
        (None, ()),
        ("", ()),
    ],
)
def test_a_category_cell_is_read_as_one_path(cell: object, path: tuple[str, ...]) -> None:
    assert read_path(cell) == path


@pytest.mark.parametrize(
    ("step", "brand", "kind"),
    [
        ("Dresses", "", True),
        ("Sale", "", False),
        ("New In", "", False),
        ("Men", "", False),
        ("Zork", "Zork", False),
        ("Zork", "", True),
        ("2024", "", False),
        ("Under $50", "", False),
        ("", "", False),
        ("男装", "", False),
    ],
)
def test_some_categories_say_nothing_of_what_a_thing_is(step: str, brand: str, kind: bool) -> None:
    assert is_kind(step, brand) is kind


def test_a_path_is_cut_behind_its_last_kind() -> None:
    assert kind_path(("Shirts", "Men", "Sale")) == ("Shirts",)
    assert kind_path(("Sale",)) == ()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Coats & Jackets", ["coat", "jacket"]),
        ("Men's Running Shoes", ["sneakers"]),
        ("Mobile Phone Accessories", ["phone accessory"]),
        ("Laptops", ["notebook"]),
        ("Televisions", ["tv"]),
        ("笔记本电脑", ["notebook"]),
        ("Apparel & Accessories", []),
        ("Women's Clothing", ["clothing"]),
        ("Gizmos", []),
    ],
)
def test_a_categorys_words_name_kinds(name: str, kinds: list[str]) -> None:
    assert [kind.name for kind in kinds_of_category(name, Lexicon.default())] == kinds


@given(st.text(max_size=80) | st.lists(st.text(max_size=20), max_size=4))
def test_any_cell_can_be_read(cell: object) -> None:
    path = read_path(cell)
    assert all(step.strip() for step in path)
    assert kind_path(path) == path[: len(kind_path(path))]
