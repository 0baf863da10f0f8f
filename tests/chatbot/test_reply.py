"""What is said above the cards and beside them."""

from __future__ import annotations

import pytest

from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.policy import Plan
from chatbot.reply import Reply, _names_kind, headline, make_moves, own_up, with_missed
from chatbot.service import say_service
from chatbot.sought import for_what
from chatbot.types import AgentAct, DialogueState, ItemFact, Language, Need, Question, StateUpdate, UserAct, Wish
from retrieval.types import Candidate, Retrieved, Way


def need(query: str, *wishes: str, id: int = 1) -> Need:
    return Need(id, query, tuple(Wish(f"w{n}", id, Constraint.parse(w), True, 1) for n, w in enumerate(wishes, 1)))


MOUSE, SHOE = need("mouse", "category = Mice"), need("running shoe", 'category = "Running Shoes"', id=2)


@pytest.mark.parametrize(
    ("needs", "language", "said"),
    [
        ([MOUSE], "en", " for mice"),
        ([MOUSE, SHOE], "en", " for mice and running shoes"),
        ([MOUSE, SHOE, need("desk lamp")], "en", " for mice, running shoes and “desk lamp”"),
        ([need("gaming laptop", "category = Laptops")], "en", " for gaming laptops"),
        ([need("USB stick", 'category = "USB Sticks"')], "en", " for USB sticks"),
        ([need("wireless mouse", "category = mouse")], "en", " for “wireless mouse”"),
        ([need("mouse", "category != Mice")], "en", " for “mouse”"),
        ([need("a gift")], "en", " for “a gift”"),
        ([need("", "category = Mice")], "en", ""),
        ([need("鼠标", "category = Mice")], "zh", "鼠标"),
        ([need("suv", "category = SUV")], "zh", "SUV"),
        ([need("鼠标"), need("键盘")], "zh", "符合“鼠标”和“键盘”的商品"),
        ([], "zh", "商品"),
    ],
)
def test_what_is_looked_for_by_the_shop_s_plural_or_the_shopper_s_words(
    needs: list[Need], language: Language, said: str
) -> None:
    assert for_what(needs, language) == said


@pytest.mark.parametrize(
    ("found", "fresh", "said", "said_zh"),
    [
        ([], False, "", ""),
        ([(MOUSE, 1)], False, "I found exactly one for mice.", "只找到这一款符合“mouse”的商品。"),
        ([(MOUSE, 5)], False, "I found exactly 5 for mice.", "一共找到 5 款符合“mouse”的商品，都在这里。"),
        ([(MOUSE, 6)], False, "Here is what I found for mice.", "为您找到这些符合“mouse”的商品。"),
        ([(need(""), 6)], False, "Here is what I found.", "为您找到这些商品。"),
        ([(MOUSE, 1)], True, "Here are some others for mice.", "再看看这些符合“mouse”的商品。"),
        ([(MOUSE, 1), (SHOE, 1)], False, "Here is what I found for mice and running shoes.", None),
    ],
)
def test_headline(found: list[tuple[Need, int]], fresh: bool, said: str, said_zh: str | None) -> None:
    assert headline(found, fresh, "en", 5) == said
    if said_zh is not None:
        bare = [(need(n.query), count) for n, count in found]
        assert headline(bare, fresh, "zh", 5) == said_zh


def test_owning_up_names_what_was_asked_and_what_is_given_up(catalog: Catalog) -> None:
    wanted = need("mouse", "category = Mice", "price < 5")
    given_up = (Constraint.parse("price < 5"),)
    near = Candidate(catalog.get(("m2",))[0], None, 0.5, missed=given_up)
    ways = (Way(given_up[0], 3, 17.0), Way(Constraint.parse("colour = red"), 1))
    reply = Reply("en")
    own_up(catalog, wanted, Retrieved((near,), 0, given_up, ways=ways), reply)
    assert reply == Reply(
        "en",
        acts=[AgentAct.NO_MATCH],
        said=[
            "I found no exact match for mice. These come closest; they give up price under 5.",
        ],
        replies=("up to 17 USD", "colour doesn't matter"),
        relaxed=[*given_up],
    )


@pytest.mark.parametrize(("query", "said"), [("mouse", "mouse"), ("", "what you asked for")])
def test_owning_up_without_a_hard_wish_says_something(catalog: Catalog, query: str, said: str) -> None:
    reply = Reply("en")
    own_up(catalog, need(query), Retrieved((), 0), reply)
    assert reply.said == [f"Nothing here meets all of: {said}."]


def test_what_is_missed_stands_behind_the_reason(catalog: Catalog) -> None:
    mouse = catalog.get(("m2",))[0]
    missed = (Constraint.parse("price <= 20"), Constraint.parse("brand != HP"))
    assert with_missed("Mice", mouse, (), "en") == "Mice"
    assert with_missed("Mice", mouse, missed, "en") == "Mice; but it does not meet: price at most 20, not HP"
    assert with_missed("鼠标", mouse, missed[:1], "zh") == "鼠标；但不满足价格 不超过 20"


def test_a_silent_record_is_not_said_to_lack_a_thing(catalog: Catalog) -> None:
    mouse = catalog.get(("m2",))[0]
    missed = (Constraint.parse("price <= 20"), Constraint.parse("warranty = 2 years"))
    assert with_missed("Mice", mouse, missed, "en") == (
        "Mice; but it does not meet: price at most 20; its record does not say: warranty 2 years"
    )


def moves(catalog: Catalog, plan: Plan, *, topics: tuple[str, ...] = (), can_undo: bool = True) -> Reply:
    reply, update = Reply("en"), StateUpdate((UserAct.INFORM,), topics=topics)
    say_service(plan, DialogueState(), update, None, reply)
    make_moves(catalog, plan, DialogueState(), update, reply, can_undo)
    return reply


@pytest.mark.parametrize(
    ("plan", "topics", "acts", "said", "about"),
    [
        (Plan(refuse=True), ("injection",), [AgentAct.REFUSE], "I cannot do that:", []),
        (Plan(refuse=True), (), [AgentAct.REFUSE], "That is not something I can do.", []),
        (Plan(handoff=True), (), [AgentAct.HANDOFF], "I understand you want to talk to a person.", []),
        (Plan(faq=True), ("returns",), [AgentAct.FAQ], "I have no information here on the shop's policies (returns)", []),
        (Plan(undone=True), (), [AgentAct.CONFIRM], "All right, I have taken back", []),
        (Plan(cleared=True), (), [AgentAct.CONFIRM], "All right, I have cleared", []),
        (Plan(turned_down=("m1", "m2")), (), [AgentAct.CONFIRM], "All right, I will not show those again.", ["m1", "m2"]),
        (Plan(turned_down=("m1",), recommend=True), (), [], "All right, I will not show those again.", []),
        (Plan(taken=("m1",)), (), [AgentAct.CONFIRM], "Good choice: Pebble Wireless Mouse (24.90 USD).", ["m1"]),
        (Plan(explain=("m1",)), (), [AgentAct.EXPLAIN], "I put Pebble Wireless Mouse there because", ["m1"]),
        (Plan(compare=("m1", "m2")), (), [AgentAct.COMPARE], "Comparing Pebble Wireless Mouse, Tile", ["m1", "m2"]),
        (Plan(pointless=True), (), [AgentAct.ELICIT], "I am not sure which product you mean.", []),
        (Plan(alone=True), (), [AgentAct.ELICIT], "Tell me which products to compare; I need at least two.", []),
        (Plan(absent=("bananas",)), (), [AgentAct.NO_MATCH], "I could not find bananas in this shop.", []),
    ],
)  # fmt: skip
def test_moves_that_need_no_search(
    catalog: Catalog, plan: Plan, topics: tuple[str, ...], acts: list[AgentAct], said: str, about: list[str]
) -> None:
    reply = moves(catalog, plan, topics=topics)
    assert (reply.acts, reply.about, reply.cards) == (acts, about, [])
    assert len(reply.said) == 1
    assert reply.said[0].startswith(said)


def test_nothing_is_undone_twice(catalog: Catalog) -> None:
    assert moves(catalog, Plan(undone=True), can_undo=False).said == ["There is nothing to take back."]


def test_unclear_reference_is_asked_about_with_the_titles_to_tap(catalog: Catalog) -> None:
    reply = moves(catalog, Plan(which=("m1", "m2")))
    assert (reply.acts, reply.said) == ([AgentAct.ELICIT], ["Which one do you mean?"])
    assert reply.replies == ("Pebble Wireless Mouse", "Tile Wired Mouse")


def test_question_brings_its_facts(catalog: Catalog) -> None:
    reply = moves(catalog, Plan(questions=(Question("price", "price", ("m2",)), Question("rating", "rating", ("m2",)))))
    assert reply.acts == [AgentAct.INFORM]
    assert [(fact.item, fact.fact.slot, fact.fact.value) for fact in reply.facts] == [
        ("m2", "price", 12.0),
        ("m2", "rating", 3.9),
    ]
    assert all(isinstance(fact, ItemFact) for fact in reply.facts)


@pytest.mark.parametrize(("word", "named"), [("stick", True), ("wireless", False)])
def test_a_word_of_the_shop_s_own_kind_is_no_wish_to_check(catalog: Catalog, word: str, named: bool) -> None:
    need = Need(1, "usb stick", (Wish("w1", 1, Constraint("category", Op.EQ, "usb stick"), True, 1),))
    assert _names_kind(word, need, catalog.lexicon) is named
