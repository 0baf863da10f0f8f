"""What a message points at among the things shown, what is asked of them, and wishes that they measure."""

from __future__ import annotations

import pytest

from chatbot.types import StateUpdate, UserAct
from tests.chatbot.track.test_embedded import follow

MICE = ("m1", "m2", "m3", "m4", "m5")
NOTEBOOKS = ("n1", "n2", "n3", "n4", "n5")


def heard(message: str, shown: tuple[str, ...] = MICE) -> StateUpdate:
    """What the message means with these cards on the screen."""
    first = "a mouse" if shown[0].startswith("m") else "a notebook"
    return follow(first, message, shown=shown)[0]


@pytest.mark.parametrize(
    ("message", "items"),
    [
        ("what does the second one weigh?", ("m2",)),
        ("how heavy is #4", ("m4",)),
        ("how much are 1 and 3?", ("m1", "m3")),
        ("price of options 1, 2 and 5", ("m1", "m2", "m5")),
        ("how heavy is the middle one", ("m3",)),
        ("what do the last two cost", ("m4", "m5")),
        ("is the white one wireless?", ("m4",)),
        ("the silver one, how heavy is it?", ("m5",)),
        ("how much is that Kensai", ("m3",)),
        ("how many buttons has the MX300?", ("m3",)),
        ("how many buttons on the one from Trust", ("m5",)),
        ("what's the weight of the grey Logira", ("m2",)),
        ("is the wired HP mouse any lighter than 100 g?", ("m4",)),
        ("how heavy are the black ones?", ("m1", "m3")),
        ("the 48 dollar one, is it bluetooth?", ("m4",)),
        ("how much does the heaviest of those cost?", ("m5",)),
        ("倒数第二个多重", ("m4",)),
        ("白色那款多重", ("m4",)),
        ("那款Kensai的多少钱", ("m3",)),
    ],
)
def test_questions_point_at_what_was_shown(message: str, items: tuple[str, ...]) -> None:
    update = heard(message)
    assert (update.refers_to, update.unclear, update.add) == (items, (), ())
    assert update.questions


@pytest.mark.parametrize(
    ("message", "items"),
    [
        ("the second one please", ("m2",)),
        ("number 3 then", ("m3",)),
        ("i'd go for the MX400", ("m4",)),
        ("give me the white one", ("m4",)),
        ("the Trust it is", ("m5",)),
        ("i prefer the Kensai", ("m3",)),
        ("go with the most expensive one", ("m5",)),
        ("add the cheapest of these to my cart", ("m1",)),
        ("第三个吧", ("m3",)),
        ("最便宜的那个", ("m1",)),
    ],
)
def test_pointing_alone_takes(message: str, items: tuple[str, ...]) -> None:
    update = heard(message)
    assert (update.acts, update.refers_to, update.add) == ((UserAct.ACCEPT,), items, ())


@pytest.mark.parametrize(
    "message", ["i'll take the black one", "put the Logira in my basket", "how heavy is the black one?"]
)
def test_one_of_several_is_asked_for(message: str) -> None:
    update = heard(message)
    assert update.unclear == update.refers_to != ()


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("a black one", "product_colour = Black"),
        ("the pink one?", None),  # nothing shown is pink
        ("show me the black ones", "product_colour = Black"),
        ("only the cheapest one", "price asc"),
    ],
)
def test_a_wish_is_no_reference(message: str, wish: str | None) -> None:
    update = heard(message)
    assert update.refers_to == ()
    assert [str(a.what) for a in update.add] == ([wish] if wish else [str(a.what) for a in update.add])


@pytest.mark.parametrize(
    ("message", "wishes"),
    [
        ("cheaper than the third", ["price < 39"]),
        ("anything cheaper?", ["price < 21"]),
        ("the third is too expensive, something cheaper", ["price < 39"]),
        ("lighter than the MX400", ["weight < 94 g"]),
        ("something less than the Kensai", ["price < 39"]),
        ("half the price of the last one", ["price <= 28.5"]),
        ("something between the second and the fourth", ["price >= 30", "price <= 48"]),
        ("one like the second in another colour", ["product_colour != Grey"]),
        ("like the second but white", ["product_colour = White"]),
        ("比第二个便宜的", ["price < 30"]),
        ("再便宜点", ["price < 21"]),
    ],
)
def test_things_shown_measure_wishes(message: str, wishes: list[str]) -> None:
    assert [str(a.what) for a in heard(message).add] == wishes


def test_the_next_comparison_replaces_the_last() -> None:
    _, state = follow("a mouse under 50", "cheaper than the third", shown=MICE)
    assert [w.text for w in state.wishes] == ["category = mouse", "price < 39"]


@pytest.mark.parametrize(
    ("message", "items"),
    [
        ("compare the first two", ("m1", "m2")),
        ("the white one vs the silver one", ("m4", "m5")),
        ("compare the cheapest with the MX400", ("m1", "m4")),
        ("what's the difference between 2 and 5", ("m2", "m5")),
        ("Kensai和HP比，哪个好", ("m3", "m4")),
    ],
)
def test_comparing_names_each(message: str, items: tuple[str, ...]) -> None:
    update = heard(message)
    assert (update.acts, update.refers_to) == ((UserAct.COMPARE,), items)


@pytest.mark.parametrize(
    ("message", "scope"),
    [
        ("which of those are white?", ["product_colour = White"]),
        ("are any of them under 25 dollars?", ["price < 25"]),
        ("do any of these have bluetooth?", ["bluetooth = true"]),
    ],
)
def test_a_part_of_what_was_shown_is_asked_for(message: str, scope: list[str]) -> None:
    update = heard(message)
    (question,) = update.questions
    assert (question.measure, question.items, [str(c) for c in question.scope]) == ("which", MICE, scope)
    assert [str(a.what) for a in update.add] == scope  # who asks for these wants to see them


@pytest.mark.parametrize(
    ("message", "slot", "measure", "items"),
    [
        ("which has more memory, the first or the fourth?", "internal_memory", "max", ("n1", "n4")),
        ("between the 14 inch one and the 17.3 inch one, which weighs less?", "weight", "min", ("n2", "n4")),
        ("which of the Lenoros is cheaper?", "price", "min", ("n2", "n3")),
        ("out of these, which one costs the least?", "price", "min", NOTEBOOKS),
    ],
)
def test_several_are_ranked(message: str, slot: str, measure: str, items: tuple[str, ...]) -> None:
    update = heard(message, NOTEBOOKS)
    assert [(q.slot, q.measure, q.items) for q in update.questions] == [(slot, measure, items)]
