"""When a ledger line is what a script names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Constraint, Op
from chatbot.scripts.ledger import close, parse
from chatbot.types import Wish
from errors import ScriptError
from tests.chatbot.scripts.making import wish


@pytest.mark.parametrize(
    ("wanted", "stands", "met"),
    [
        ("price <= 30", "price <= 30", True),
        ("price <= 30", "price < 30", True),
        ("price > 30", "price >= 30", True),
        ("price <= 30", "price >= 30", False),
        ("price <= 1000", "price <= 1009", True),
        ("price <= 1000", "price <= 1011", False),
        ("brand = hp", "brand = HP", True),
        ("brand = HP", "brand in [Dell, hp]", True),
        ("brand = HP", "brand in [Dell, Acer]", False),
        ("brand != HP", 'brand not in [HP, "Dell"]', True),
        ("brand in [HP, Dell]", "brand in [dell, hp]", True),
        ("brand in [HP, Dell]", "brand in [HP, Dell, Acer]", False),
        ("brand in [HP, Dell]", "brand = HP", False),
        ("brand = HP", "brand != HP", False),
        ("brand = HP", "maker = HP", False),
        ("wireless = true", "wireless = true", True),
        ("wireless = true", "wireless = false", False),
        ("内存 = 16GB", "内存 = 16 GB", True),
        ("内存 = 16GB", "内存 = 8 GB", False),
        ("weight <= 1.4 kg", "weight <= 1.4 KG", True),
        ("weight <= 1.4 kg", "weight <= 1.4 lb", False),
        ("weight <= 1.4", "weight <= 1.4 kg", True),
        ("price asc", "price asc", True),
        ("price desc", "price asc", False),
        ("text ~ for my mother", "~For my mother", True),
        ("text ~ for my mother", "~for my father", False),
        ("车型 = SUV or category = SUV", "category = suv", True),
        ("price <= 30", "~30", False),
    ],
)
def test_when_a_line_is_meant(wanted: str, stands: str, met: bool) -> None:
    assert parse(wanted).meets(wish(stands)) is met


@pytest.mark.parametrize("text", ["", "price", "brand in HP", "price <="])
def test_what_is_no_ledger_line_says_so(text: str) -> None:
    with pytest.raises(ScriptError):
        parse(text)


SCALARS = st.one_of(
    st.booleans(), st.floats(-1e6, 1e6), st.text(st.characters(categories=["L"]), min_size=1, max_size=8)
)


@given(st.sampled_from([Op.EQ, Op.NE, Op.LE, Op.GT]), SCALARS)
def test_a_line_meets_its_own_spelling(op: Op, value: bool | float | str) -> None:
    stands = Wish("w1", 1, Constraint("slot", op, value), True, 1)
    assert parse(stands.text).stands_in([stands])


@given(st.floats(1, 1e6), st.floats(0.9, 1.1))
def test_close_is_symmetric_and_about_one_per_cent(a: float, factor: float) -> None:
    b = a * factor
    assert close(a, b) == close(b, a)
    assert close(a, b) or abs(factor - 1) > 0.0099
