"""What tells who a shopper is never reaches a model; what tells what they look for does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.prompting import masked


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("write to jo.doe+shop@mail.example.org please", "write to (e-mail) please"),
        ("call +49 170 1234567 after six", "call (phone number) after six"),
        ("call (555) 123-4567", "call (phone number)"),
        ("0151/23456789 or 13812345678", "0151/23456789 or (phone number)"),
        ("my card is 4111 1111 1111 1111", "my card is (card number)"),
        ("charge 5500005555555559 now", "charge (card number) now"),
        ("toner for a LaserJet 1020, 40 to 60 dollars", "toner for a LaserJet 1020, 40 to 60 dollars"),
        ("a 1920x1080 screen, 27 inch, 2.5 kg", "a 1920x1080 screen, 27 inch, 2.5 kg"),
        ("the one with code 4006381333931", "the one with code 4006381333931"),
        ("预算2000到3000元", "预算2000到3000元"),
        ("two\nlines\u202e", "two lines"),
    ],
)
def test_addresses_and_numbers_of_people_are_masked(said: str, told: str) -> None:
    assert masked(said, 200) == told


@given(st.text(max_size=80), st.integers(10**15, 10**16 - 1))
def test_no_card_number_is_told(before: str, digits: int) -> None:
    body = str(digits)[:15]
    total = sum(n - 9 if (n := int(d) * (2 if i % 2 == 0 else 1)) > 9 else n for i, d in enumerate(reversed(body)))
    card = body + str(-total % 10)
    assert card not in masked(f"{before} {card} ok", 400)
