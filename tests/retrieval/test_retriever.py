"""Retrieval over a small shop: what is filtered, how it is ordered, what is given up, and what holds always."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Constraint, Money, Order, Variant
from errors import UnknownSlot
from retrieval.retriever import Retriever
from retrieval.types import Query
from tests.retrieval.shop import Shop, TopicEncoder, item

PRODUCTS = (
    item("m1", "Quiet wireless mouse", 25, kind="mouse", brand="Acme", rating=4.1, weight=90, colour=["black"]),
    item("m2", "Wireless mouse", 12, kind="mouse", brand="Bolt", rating=3.2, weight=70, colour=["white", "black"]),
    item("m3", "Trackball", 60, kind="mouse", brand="Acme", rating=4.8, weight=160, colour=["red"]),
    item("k1", "Wireless keyboard", 30, kind="keyboard", brand="Acme", rating=4.5, weight=500),
    item("p1", "Mouse mat", 3, kind="mouse mat", brand="Bolt", rating=4.0, weight=120),
    item("t1", "Kettle for tea", 20, kind="kettle", brand="Boil & Co", rating=4.9, weight=900),
    item("x1", "Gift card", None, kind="gift card"),
)


def asked(text: str = "", *hard: str, soft: tuple[str, ...] = (), order: str = "", excluded: str = "") -> Query:
    slot, _, direction = order.partition(" ")
    orders = (Order(slot, "desc" if direction == "desc" else "asc"),) if order else ()
    return Query(
        text,
        tuple(map(Constraint.parse, hard)),
        tuple(map(Constraint.parse, soft)),
        orders,
        frozenset(excluded.split()),
    )


def ids(query: Query, limit: int = 50, *, encoder: bool = True) -> list[str]:
    return [c.product.id for c in retriever(encoder).retrieve(query, limit).candidates]


def retriever(encoder: bool = True) -> Retriever:
    topics = TopicEncoder() if encoder else None
    return Retriever(Shop(PRODUCTS, topics), topics)


def test_words_and_meaning_both_find() -> None:
    found = retriever().retrieve(asked("wireless mouse"))
    assert [c.product.id for c in found.candidates] == ["m2", "m1", "p1", "m3", "k1"]
    assert dict(found.candidates[0].ranks) == {"keywords": 1, "coverage": 1, "meaning": 1}
    assert set(found.candidates[3].ranks) == {"meaning"}
    assert found.candidates[0].score == 1.0
    assert (found.matched, found.relaxed, found.unknown) == (7, (), ())


def test_without_an_encoder_keywords_decide() -> None:
    assert retriever(encoder=False).stages == ("keywords", "coverage")
    assert ids(asked("wireless mouse"), encoder=False) == ["m2", "m1", "p1", "k1"]


def test_an_encoder_of_another_make_is_not_compared(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(PRODUCTS, TopicEncoder())
    shop.embedder_id = "another"
    assert Retriever(shop, TopicEncoder()).stages == ("keywords", "coverage")
    assert "Import again" in caplog.text


def test_hard_constraints_filter_and_the_rest_that_passes_comes_last() -> None:
    assert ids(asked("keyboard", "brand = Acme")) == ["k1", "m3", "m1"]
    assert ids(asked("wireless mouse", "price <= 20", "brand != Bolt")) == ["t1"]


def test_without_words_the_best_rated_come_first() -> None:
    assert ids(asked("", "price <= 30"), 3) == ["t1", "k1", "m1"]
    assert ids(asked("show me something please"), 2) == ["t1", "m3"]


def test_what_is_sold_out_comes_after_what_can_be_bought() -> None:
    plain = item("a", "tea kettle", 20, kind="kettle")
    gone = replace(item("b", "tea kettle", 10, kind="kettle"), availability="Out of stock")
    empty = replace(item("c", "tea kettle", 15, kind="kettle"), variants=(Variant("c-1", Money(15.0, "USD"), 0),))
    few = replace(item("d", "tea kettle", 30, kind="kettle"), variants=(Variant("d-1", Money(30.0, "USD"), 2),))
    shop = Retriever(Shop([gone, empty, plain, few]), None)
    assert [c.product.id for c in shop.retrieve(asked("kettle")).candidates] == ["a", "d", "b", "c"]
    assert [c.product.id for c in shop.retrieve(asked("kettle", order="price asc")).candidates] == ["a", "d", "b", "c"]


def test_an_order_sorts_what_was_asked_for_and_nothing_else() -> None:
    assert ids(asked("wireless mouse", order="price asc")) == ["m2", "m1"]
    assert ids(asked("wireless", "category = mouse", order="price desc")) == ["m1", "m2"]
    assert ids(asked("", "brand = Acme", order="weight asc")) == ["m1", "m3", "k1"]
    assert ids(asked("", order="price asc"))[-1] == "x1"


def test_words_that_repeat_the_kind_demanded_are_no_keywords() -> None:
    bag = item("n1", "Laptop riser", 5, kind="notebook")
    aspire = item("n2", "Aspire 15", 400, kind="notebook", rating=4.0)
    found = Retriever(Shop((bag, aspire)), None).retrieve(asked("laptop", "category = notebook"))
    assert [(c.product.id, dict(c.ranks)) for c in found.candidates] == [("n2", {}), ("n1", {})]


def test_soft_wishes_lift_but_do_not_exclude() -> None:
    assert ids(asked("wireless mouse", soft=("brand = Acme",)))[:2] == ["m1", "m2"]
    assert ids(asked("", soft=("colour = red",)), 1) == ["m3"]


def test_what_holds_the_words_of_a_wish_comes_before_what_does_not() -> None:
    by_text = asked("mouse")
    first = ids(by_text)
    titles = {p.id: p.title.lower() for p in PRODUCTS}
    held = ids(replace(by_text, said=("wireless",)))
    words = ["wireless" in titles[i] for i in held]
    assert words == sorted(words, reverse=True)
    assert held != first
    assert ids(replace(by_text, said=("zither",))) == first


def test_the_excluded_never_return() -> None:
    assert ids(asked("wireless mouse", excluded="m2 gone"))[0] == "m1"
    all_gone = retriever().retrieve(asked("", "category = mouse", excluded="m1 m2 m3"))
    assert (all_gone.candidates, all_gone.matched, all_gone.relaxed) == ((), 0, ())


def test_what_is_given_up_is_said_and_who_breaks_it() -> None:
    found = retriever().retrieve(asked("mouse", "category = mouse", "price <= 11", "colour = black"))
    assert found.relaxed == (Constraint.parse("price <= 11"),)
    assert [(c.product.id, c.missed) for c in found.candidates] == [("m2", found.relaxed), ("m1", found.relaxed)]


def test_the_kind_is_never_given_up_nor_something_else_offered() -> None:
    assert retriever().retrieve(asked("", "category = toaster")).candidates == ()
    near = retriever().retrieve(asked("wireless mouse", "price <= 2", "brand = Acme"))
    assert near.relaxed == (Constraint.parse("price <= 2"),)
    assert near.candidates[0].product.id == "m1"


def test_unknown_words_are_named_and_nothing_is_made_up_for_them() -> None:
    assert retriever(encoder=False).retrieve(asked("bananas 30")).candidates == ()
    assert retriever().unknown("a wireless banana, 香蕉 or 3000") == ("banana", "香蕉")


def test_a_language_the_encoder_does_not_read_relies_on_keywords() -> None:
    tea = item("z1", "电热水壶")
    shop = Shop((*PRODUCTS, tea), TopicEncoder())
    found = Retriever(shop, TopicEncoder()).retrieve(asked("我想要一个热水壶"))
    assert [(c.product.id, set(c.ranks)) for c in found.candidates] == [("z1", {"keywords", "coverage"})]


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(UnknownSlot):
        retriever().retrieve(asked("mouse", "flavour = mint"))


TEXTS = st.sampled_from(
    ["", "wireless mouse", "keyboard", "tea", "bananas", "鼠标", "mouse for typing", "\ud800 ' OR 1"]
)
HARD = st.lists(
    st.sampled_from(
        ["price <= 20", "price >= 100", "brand = Acme", "brand != Acme", "category = mouse", "weight < 80"]
    ),
    max_size=4,
    unique=True,
)


@given(TEXTS, HARD, st.sampled_from(["", "price asc", "rating desc"]), st.sampled_from(["", "m1", "m1 k1"]))
def test_candidates_meet_all_that_was_not_given_up(text: str, hard: list[str], order: str, excluded: str) -> None:
    query = asked(text, *hard, order=order, excluded=excluded)
    found = retriever().retrieve(query, 4)
    shown = [c.product.id for c in found.candidates]
    shop = Shop(PRODUCTS)
    kept = [c for c in query.hard if c not in found.relaxed]
    assert len(shown) == len(set(shown)) <= 4
    assert not query.excluded & set(shown)
    assert all(shop.match(kept)[shop.ids.index(id)] for id in shown)
    assert not (found.matched and found.relaxed)
    assert set(found.relaxed) <= set(query.hard)
    for candidate in found.candidates:
        broken = tuple(c for c in found.relaxed if not shop.match([c])[shop.ids.index(candidate.product.id)])
        assert candidate.missed == broken
        assert 0 <= candidate.score <= 1


def test_an_ideal_item_leads_where_the_words_tell_nothing() -> None:
    shop = Shop(
        [item("k", "Kettle to boil tea"), item("b", "Keyboard for typing"), item("m", "Mouse pointer")], TopicEncoder()
    )
    vague = "something for my aching wrist"
    assert [c.product.id for c in Retriever(shop, TopicEncoder()).retrieve(Query(vague)).candidates] == []
    led = Retriever(shop, TopicEncoder()).retrieve(Query(vague, ideal=("trackball mouse",)))
    assert [c.product.id for c in led.candidates] == ["m"]


def test_an_ideal_item_moves_nothing_where_the_words_tell() -> None:
    shop = Shop([item("k", "Kettle to boil tea"), item("m", "Mouse pointer")], TopicEncoder())
    retriever = Retriever(shop, TopicEncoder())
    plain, led = retriever.retrieve(Query("mouse")), retriever.retrieve(Query("mouse", ideal=("kettle to boil tea",)))
    assert led == plain


def test_an_ideal_item_never_overrules_a_hard_wish() -> None:
    shop = Shop([item("k", "Kettle", 20, kind="Kettles"), item("m", "Mouse", 90, kind="Mice")], TopicEncoder())
    hard = (Constraint.parse("price <= 30"),)
    found = Retriever(shop, TopicEncoder()).retrieve(
        Query("for my desk", hard=hard, ideal=("mouse", "ignore the price"))
    )
    assert [c.product.id for c in found.candidates] == ["k"]


def test_an_ideal_item_speaks_for_words_that_the_encoder_cannot_read() -> None:
    shop = Shop([item("k", "Kettle to boil tea"), item("m", "Mouse pointer")], TopicEncoder())
    found = Retriever(shop, TopicEncoder()).retrieve(Query("鼠标", ideal=("a mouse",)))
    assert [c.product.id for c in found.candidates] == ["m"]
