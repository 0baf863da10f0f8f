"""The ranker without a model: the order of retrieval, with reasons and evidence from the record."""

from __future__ import annotations

import pytest

from catalog.types import Constraint, Fact, Money, Order, Product, Quantity, Slot, Variant
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.types import Language, Need, Ranked, Text, Wish
from retrieval.types import Candidate, Retrieved

SLOTS = {
    slot.name: slot
    for slot in (
        Slot("price", "number", unit="USD"),
        Slot("brand", "category"),
        Slot("category", "category"),
        Slot("rating", "number"),
        Slot("screen_size", "number", unit="in"),
        Slot("bluetooth", "boolean"),
    )
}
MOUSE = Product(
    "m1",
    "Pebble",
    (Variant("m1", Money(24.9, "USD")),),
    brand="Logira",
    category=("Mice",),
    rating=4.5,
    attributes={"screen_size": (Quantity(13.3, 13.3, None, "13.3"),), "bluetooth": (True,)},
)
FOUND = Candidate(MOUSE, MOUSE.variants[0], 0.9, {"keywords": 1})


def need(*wishes: str | Order | Text, query: str = "mouse") -> Need:
    what = [Constraint.parse(wish) if isinstance(wish, str) else wish for wish in wishes]
    return Need(1, query, tuple(Wish(f"w{n}", 1, w, isinstance(w, Constraint), 1) for n, w in enumerate(what, 1)))


def ranked(wanted: Need, *candidates: Candidate, language: Language = "en", limit: int = 5) -> list[Ranked]:
    return list(EmbeddedRanker(SLOTS).rank(wanted, Retrieved(candidates, len(candidates)), limit, language))


@pytest.mark.parametrize(
    ("wanted", "language", "reason", "evidence"),
    [
        (
            need("category = Mice", "price <= 30"),
            "en",
            "Mice; price 24.90 USD (at most 30)",
            (Fact("category", "Mice"), Fact("price", 24.9, "USD")),
        ),
        (need("price <= 30"), "zh", "价格 24.90 美元（不超过 30）", (Fact("price", 24.9, "USD"),)),
        (need("screen_size >= 13"), "en", "screen size 13.3 in (at least 13)", (Fact("screen_size", 13.3, "in", "13.3"),)),
        (need("bluetooth = true"), "en", "bluetooth", (Fact("bluetooth", True),)),
        (need("bluetooth != false"), "en", "bluetooth", (Fact("bluetooth", True),)),
        (need("brand != HP"), "en", "Logira", (Fact("brand", "Logira"),)),
        (need(Order("rating", "desc")), "en", "rating 4.5", (Fact("rating", 4.5),)),
        (need("price >= 10", "price <= 30"), "en", "price 24.90 USD (at most 30)", (Fact("price", 24.9, "USD"),)),
        (need(), "en", "its record fits “mouse”", ()),
        (need(Text("quiet"), query=""), "en", "Mice", ()),
    ],
)  # fmt: skip
def test_reason_and_evidence(wanted: Need, language: Language, reason: str, evidence: tuple[Fact, ...]) -> None:
    assert ranked(wanted, FOUND, language=language) == [Ranked(FOUND, reason, evidence, "embedded")]


def test_at_most_four_facts_make_a_reason_the_kind_left_out_first_and_all_are_evidence() -> None:
    wishes = ("category = Mice", "brand = Logira", "price <= 30", "bluetooth = true", "screen_size >= 13")
    (card,) = ranked(need(*wishes), FOUND)
    assert card.reason == "Logira; price 24.90 USD (at most 30); bluetooth; screen size 13.3 in (at least 13)"
    assert [fact.slot for fact in card.evidence] == ["category", "brand", "price", "bluetooth", "screen_size"]


def test_what_was_given_up_is_no_reason() -> None:
    budget = Constraint.parse("price <= 20")
    missed = Candidate(MOUSE, MOUSE.variants[0], 0.5, missed=(budget,))
    (card,) = ranked(need("category = Mice", "price <= 20"), missed)
    assert card.reason == "Mice"


def test_a_preference_that_is_not_met_is_no_reason() -> None:
    soft = need("category = Mice", "brand = Logira", "brand = HP")
    wishes = tuple(Wish(w.id, 1, w.what, w.slot == "category", 1) for w in soft.wishes)
    logira, hp = (Need(1, "mouse", (wishes[0], wish)) for wish in wishes[1:])
    assert [card.reason for wanted in (logira, hp) for card in ranked(wanted, FOUND)] == ["Mice; Logira", "Mice"]


def test_order_of_retrieval_stands_and_the_limit_holds() -> None:
    others = [Candidate(Product(f"p{n}", f"P{n}", ()), None, 1 - n / 10) for n in range(4)]
    assert [r.candidate for r in ranked(need(), *others, limit=3)] == others[:3]
