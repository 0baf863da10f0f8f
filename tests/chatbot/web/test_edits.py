"""What may be written into a ledger by hand, and what is said of the rest."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar

import pytest

from catalog.types import Constraint, KindStats, Op, Slot
from chatbot.web.edits import constraint
from errors import BadEdit, UnknownSlot


class Records:
    """A shop's slots, one of each kind."""

    currency = "USD"
    slots: ClassVar = {
        slot.name: slot
        for slot in (
            Slot("price", "number", unit="USD"),
            Slot("weight", "number", unit="kg", by_kind=MappingProxyType({"Tents": KindStats("g", 1.0)})),
            Slot("length", "number", unit="ft"),
            Slot("persons", "number"),
            Slot("waterproof", "boolean"),
            Slot("released", "category", dates="ymd"),
            Slot("colour", "category"),
            Slot("notes", "text", informable=False),
        )
    }

    def slot(self, name: str) -> Slot:
        if name not in self.slots:
            raise UnknownSlot(name)
        return self.slots[name]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("price <= 100", Constraint("price", Op.LE, 100)),
        ("price <= $100", Constraint("price", Op.LE, 100)),
        ('price <= "100"', Constraint("price", Op.LE, 100)),
        ("price < 900 EUR", Constraint("price", Op.LT, 900, "EUR")),
        ("price <= €1.299,50", Constraint("price", Op.LE, 1299.5, "EUR")),
        ("weight <= 1.4 kg", Constraint("weight", Op.LE, 1.4, "kg")),
        ('weight <= "1.4 lbs"', Constraint("weight", Op.LE, 1.4, "lb")),
        ("weight in [1, 2]", Constraint("weight", Op.IN, (1, 2))),
        ("length <= 6 ft", Constraint("length", Op.LE, 6, "ft")),
        ("persons >= 4", Constraint("persons", Op.GE, 4)),
        ("waterproof = yes", Constraint("waterproof", Op.EQ, True)),
        ("waterproof = false", Constraint("waterproof", Op.EQ, False)),
        ("released >= 2024", Constraint("released", Op.GE, 2024)),
        ("released < 2024-05-31", Constraint("released", Op.LT, "2024-05-31")),
        ("colour = seen nowhere", Constraint("colour", Op.EQ, "seen nowhere")),
        ("colour not in [red, 5]", Constraint("colour", Op.NOT_IN, ("red", 5))),
    ],
)
def test_values_are_read_as_the_slot_has_them(line: str, read: Constraint) -> None:
    assert constraint(line, Records()) == read
    assert constraint(str(read), Records()) == read  # a line of the ledger may be put on again


def test_a_list_is_in_the_one_unit_that_is_written() -> None:
    assert constraint('weight in ["1 kg", "2 kg"]', Records()) == Constraint("weight", Op.IN, (1, 2), "kg")


AMOUNT = "“price” is a number in USD: write it as in “price <= 100”."
WEIGHT = "“weight” is a number in kg: write it as in “weight <= 100 kg”."
COUNT = "“persons” is a number: write it as in “persons <= 100”."
TRUTH = "“waterproof” is true or false: write it as in “waterproof = true”."
DAY = "“released” is a day: write it as in “released >= 2026-11-22”, or the year alone."
WORDS = "“colour” is no number: only =, !=, in and not in go with it."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        *((f"price <= {value}", AMOUNT) for value in ("nan", "inf", "-Infinity", "abc", "true", "$", "5 secretunit")),
        ("price in [5, abc]", AMOUNT),
        ("price = 5-10", AMOUNT),
        ("weight <= 5 secretunit", WEIGHT),
        ("weight <= 5 cm", WEIGHT),
        ('weight <= "1-2 kg"', WEIGHT),
        ('weight in ["1 kg", "2 g"]', WEIGHT),
        ("persons >= many", COUNT),
        ("persons >= 4 secretunit", COUNT),
        ("waterproof = perhaps", TRUTH),
        ("waterproof >= 1", "“waterproof” is no number: only =, !=, in and not in go with it."),
        ("released >= soon", DAY),
        ("colour < red", WORDS),
        ("colour <= 5", WORDS),
        ("colour in []", "An entry of add names no value."),
        ("notes = red", "An entry of add names a slot that cannot be filtered by."),
        ("size = 5", "An entry of add is not SLOT OP VALUE with a slot of this catalogue."),
        ("size", "An entry of add is not SLOT OP VALUE with a slot of this catalogue."),
    ],
)
def test_what_the_slot_cannot_be_is_refused_and_what_is_expected_is_said(line: str, said: str) -> None:
    with pytest.raises(BadEdit) as refused:
        constraint(line, Records())
    assert str(refused.value) == said
