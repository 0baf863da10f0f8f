"""What is asked of an item: properties named in part, in other forms, side by side, or by meaning alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from catalog.types import Slot
from chatbot.track.encoded import Vector
from chatbot.track.properties import Properties
from chatbot.track.relevance import listed, slot_meant
from chatbot.track.spans import Span
from retrieval.embedder import Kind

NAMES = ("street_address", "phone_number", "pets_allowed", "has_outdoor_seating", "price_per_night", "battery_life")
SLOTS = tuple(Slot(name, "text", coverage=0.5) for name in NAMES)


@pytest.mark.parametrize(
    ("asked", "slot"),
    [
        ("the address", "street_address"),
        ("do they allow pets", "pets_allowed"),
        ("can i sit outdoors", "has_outdoor_seating"),
        ("is there any outdoor seating", "has_outdoor_seating"),
        ("price", "price_per_night"),
        ("how long is the life of its battery", "battery_life"),
        ("is it blue", None),
        ("", None),
    ],
)
def test_a_property_is_meant_by_the_telling_words_of_its_name(asked: str, slot: str | None) -> None:
    assert slot_meant(asked, SLOTS) == slot


def test_words_that_two_properties_share_mean_neither() -> None:
    slots = [Slot("front_camera", "text"), Slot("rear_camera", "text")]
    assert slot_meant("the camera", slots) is None
    assert slot_meant("the rear camera", slots) == "rear_camera"


def test_wholly_leaves_out_what_says_more_than_a_property() -> None:
    assert slot_meant("its address", SLOTS, wholly=True) == "street_address"
    assert slot_meant("i want the address printed", SLOTS, wholly=True) is None


def test_what_is_listed_side_by_side() -> None:
    text = "what's the weight, the price and its battery life?"
    parts = listed(text, Span(0, len(text)))
    assert [text[p.start : p.end] for p in parts] == ["what's the weight", "price", "battery life?"]


class _Bag:
    """An encoder whose vectors count three words."""

    id, dim = "bag", 3

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> Vector:
        rows = np.array([[w in t for w in ("address", "price", "wifi")] for t in texts], np.float32)
        unit: Vector = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return unit

    def reads(self, text: str) -> bool:
        return True


def test_a_property_is_asked_for_by_likeness_where_it_leads() -> None:
    slots = [Slot("street_address", "text"), Slot("price_per_night", "number"), Slot("has_wifi", "boolean")]
    bag = _Bag()
    properties = Properties(slots, bag)
    address, both = bag.encode(["address", "address price"])
    assert properties.asked(address, slots) == "street_address"
    assert properties.asked(both, slots) is None  # two alike
    assert properties.asked(address, slots[1:]) is None  # what is asked is not among these
    assert properties.asked(None, slots) is None
    assert Properties(slots, None).asked(address, slots) is None
