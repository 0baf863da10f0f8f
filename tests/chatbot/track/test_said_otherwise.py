"""Things said in ways that mislead: what is owned, done or asked of the world, refusals by complaint, names side by side."""

from __future__ import annotations

import pytest

from catalog.types import Constraint, Op
from chatbot.types import UserAct
from tests.chatbot.track.test_embedded import follow, ledger


@pytest.mark.parametrize(
    ("messages", "wishes"),
    [
        (["a lamp that goes with a brown sofa"], ["category = lamp", "~sofa"]),
        (["a shirt and a jacket", "drop the jacket"], ["category = shirt"]),
        (["a mouse and a lamp, the mouse from HP and the lamp under 20"],
         ["category = mouse", "brand = HP", "category = lamp", "price < 20"]),
        (["a mouse", "i hate lamps"], ["category = mouse"]),
        (["wireless mouse under 30"], ["category = mouse", "connection = Wireless", "price < 30"]),
        (["cheapest notebook with 16gb"], ["category = notebook", "internal_memory >= 16 GB", "price asc"]),
        (["a usb stick, 32 gb", "64 gigs would be better"], ["category = usb stick", "capacity >= 64 GB"]),
        (["notebook 15 inch max 600"], ["category = notebook", "display_diagonal >= 15 in",
                                        "display_diagonal < 16 in", "price <= 600"]),
        (["a notebook, anything but 15 inch"], ["category = notebook", "display_diagonal != 15 in"]),
        (["no 15 inch notebooks"], ["category = notebook", "display_diagonal != 15 in"]),
        (["不要15寸的笔记本"], ["category = notebook", "display_diagonal != 15 in"]),
        (["a notebook, not 8 gb of ram"], ["category = notebook", "internal_memory != 8 GB"]),
        (["a notebook bigger than 13 inches but smaller than 16"],
         ["category = notebook", "display_diagonal > 13 in", "display_diagonal < 16 in"]),
        (["a notebook bigger than 13 inches but under 600"],
         ["category = notebook", "display_diagonal > 13 in", "price < 600"]),
        (["gery sofa"], ["category = sofa", "colour = grey"]),
        (["a shirt", "leave out Uptown Loft"], ["category = shirt", "brand != Uptown Loft"]),
        (["a mouse from HP", "Logira instead of HP"], ["category = mouse", "brand != HP", "brand = Logira"]),
        (["a mouse", "scratch logira off the list"], ["category = mouse", "brand != Logira"]),
        (["a mouse from 20 to 40 dollars", "drop the minimum price"], ["category = mouse", "price <= 40"]),
        (["16G 的笔记本"], ["category = notebook", "internal_memory >= 16 GB"]),
        (["惠普太贵了，不考虑"], ["brand != HP"]),
        (["鼠标，不要惠普（HP）的"], ["category = mouse", "brand != HP"]),
        (["最轻的笔记本是哪款"], ["category = notebook", "weight asc"]),
    ],
)  # fmt: skip
def test_the_ledger_of_misleading_words(messages: list[str], wishes: list[str]) -> None:
    assert sorted(ledger(*messages)) == sorted(wishes)


@pytest.mark.parametrize(
    "message",
    [
        "what is photosynthesis",
        "how do vaccines work?",
        "can dogs eat cheese?",
        "who wrote don quixote",
        "什么是光合作用",
    ],
)
def test_questions_about_the_world_are_no_shop_matter(message: str) -> None:
    update, state = follow("a black mouse", message)
    assert (update.acts, update.add, update.needs) == ((UserAct.OTHER,), (), ())
    assert [w.text for w in state.wishes] == ["category = mouse", "product_colour = Black"]


@pytest.mark.parametrize(
    "message",
    [
        "who are you",
        "any ideas?",
        "where can i find lamps",
        "what about red",
        "does it fit",
        "doesnt have to be black",
        "is leather ok",
    ],
)
def test_questions_of_a_shopper_are(message: str) -> None:
    assert UserAct.OTHER not in follow(message)[0].acts


def test_comparing_before_anything_is_shown_is_a_wish() -> None:
    update, _ = follow("compare your two cheapest sofas")
    assert update.acts == (UserAct.INFORM,)
    assert ledger("compare your two cheapest sofas") == ["category = sofa", "price asc"]


def test_counting_what_a_name_means_asks_the_catalogue() -> None:
    (question,) = follow("how many HP notebooks do you have")[0].questions
    assert (question.measure, set(question.scope)) == (
        "count",
        {Constraint("category", Op.EQ, "notebook"), Constraint("brand", Op.EQ, "HP")},
    )


def test_a_place_said_anywhere_is_what_is_meant() -> None:
    update, _ = follow("a mouse", "what's its weight? the 2nd one i mean", shown=("m1", "m2", "m3"))
    assert (update.refers_to, [q.slot for q in update.questions]) == (("m2",), ["weight"])


@pytest.mark.parametrize(
    ("message", "acts", "items"),
    [
        ("is number two wireless?", (UserAct.REQUEST,), ("m2",)),
        ("第二个有蓝牙没有", (UserAct.REQUEST,), ("m2",)),
        ("跟第二个比呢", (UserAct.COMPARE,), ("m2",)),
        ("take that one", (UserAct.ACCEPT,), ("m1",)),
        ("订第三个", (UserAct.ACCEPT,), ("m3",)),
    ],
)
def test_what_is_pointed_at(message: str, acts: tuple[UserAct, ...], items: tuple[str, ...]) -> None:
    update, _ = follow("a mouse", message, shown=("m1", "m2", "m3"))
    assert (update.acts, update.refers_to[:1]) == (acts, items)
