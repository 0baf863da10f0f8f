"""Taps as turns: what each does, what undo and retry bring back, and that a talk with taps replays the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.events import Finished
from chatbot.gestures import Gesture
from chatbot.state_json import state_from_json, state_to_json
from chatbot.tapped import read
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState, UserAct
from errors import BadEdit

SAID = ["a mouse", "wireless mouse under 30", "not HP", "a kettle too", "black", "cheapest first", "not the first one",
        "I take the first one", "forget the price", "start over", "我想买水壶", "more"]  # fmt: skip
TAPPED = ["similar", "compare", "details", "reject", "undo", "retry", "soften", "harden", "handoff"]
STEPS = st.lists(
    st.one_of(st.sampled_from(SAID), st.tuples(st.sampled_from(TAPPED), st.integers(0, 4))), min_size=1, max_size=6
)
Step = str | tuple[str, int]


def take(chatbot: Chatbot, state: DialogueState, what: str | Gesture) -> Finished:
    events = chatbot.turn(state, what) if isinstance(what, str) else chatbot.gesture(state, what)
    *_, end = events
    assert isinstance(end, Finished)
    return end


def tap(state: DialogueState, type: str, place: int) -> Gesture:
    """A tap on something that stands there: a card of the latest list, else a mouse; a wish of the ledger."""
    items = state.latest or ("m1",)
    item = items[place % len(items)]
    wishes = state.wishes
    if type in ("soften", "harden"):
        return Gesture(type, wish=wishes[place % len(wishes)].id if wishes else "w0")  # type: ignore[arg-type]
    return Gesture(type, (item,) if type in ("similar", "compare", "details", "reject") else ())  # type: ignore[arg-type]


def played(chatbot: Chatbot, steps: list[Step]) -> list[tuple[str | Gesture, Finished]]:
    """The turns of a talk; taps that are refused are left out."""
    state, turns = DialogueState(), []
    for step in steps:
        what = step if isinstance(step, str) else tap(state, *step)
        try:
            end = take(chatbot, state, what)
        except BadEdit:
            continue
        turns.append((what, end))
        state = end.state
    return turns


def ledger(state: DialogueState) -> tuple[object, ...]:
    return state.needs, state.active, state.accepted, state.rejected


def ids(end: Finished) -> list[str]:
    return [card.candidate.product.id for card in end.turn.suggestions]


@given(steps=STEPS)
def test_undo_restores_what_stood_before_the_last_change(chatbot: Chatbot, steps: list[Step]) -> None:
    state = DialogueState()
    for _, end in played(chatbot, steps):
        if ledger(end.state) != ledger(state) and end.turn.user_acts != (UserAct.UNDO,) and end.turn.took_back is None:
            undone = take(chatbot, end.state, Gesture("undo"))
            assert ledger(undone.state) == ledger(state)
            assert undone.turn.took_back == end.turn.number
            assert AgentAct.CONFIRM in undone.turn.acts
        state = end.state


@given(steps=STEPS)
def test_retry_answers_the_last_message_as_it_was_met(chatbot: Chatbot, steps: list[Step]) -> None:
    state = DialogueState()
    for _, end in played(chatbot, steps):
        again = take(chatbot, end.state, Gesture("retry"))
        assert [(w.text, w.hard) for w in again.state.wishes] == [(w.text, w.hard) for w in end.state.wishes]
        assert (again.state.rejected, again.state.accepted) == (end.state.rejected, end.state.accepted)
        assert (ids(again), again.turn.text, again.turn.user) == (ids(end), end.turn.text, end.turn.user)
        assert (again.turn.gesture, again.turn.took_back) == (Gesture("retry"), end.turn.number)
        assert again.turn.number == end.turn.number + 1
        assert not {c.id for c in again.turn.suggestions} & {c.id for c in end.turn.suggestions}
        state = end.state
    assert state.last is None or state.last.met.last is None  # only the latest message is answered again


@given(steps=STEPS)
def test_talk_with_taps_replays_the_same_from_what_was_kept(chatbot: Chatbot, steps: list[Step]) -> None:
    state = DialogueState()
    for what, end in played(chatbot, steps):
        kept = state_from_json(json.loads(json.dumps(state_to_json(state))))
        assert kept == state
        assert take(chatbot, kept, what).state == end.state
        state = end.state


def test_similar_shows_others_of_the_kind(chatbot: Chatbot) -> None:
    end = take(chatbot, DialogueState(), Gesture("similar", ("k1",)))
    assert sorted(ids(end)) == ["k2", "k3"]
    assert [w.text for w in end.turn.ledger] == ["category = Kettles"]
    mice = take(chatbot, take(chatbot, end.state, "a mouse").state, Gesture("similar", ("m1",)))
    assert sorted(ids(mice)) == ["m2", "m3", "m4"]
    back = take(chatbot, mice.state, Gesture("similar", ("k2",)))
    assert (back.state.active, ids(back)) == ((1,), ["k1"])  # the other one was shown for the first


def test_reject_fills_the_list_up_and_undo_brings_the_item_back(chatbot: Chatbot) -> None:
    shown = take(chatbot, DialogueState(), "a mouse")
    refused = take(chatbot, shown.state, Gesture("reject", ("m3",)))
    assert ids(refused) == [id for id in ids(shown) if id != "m3"]
    assert refused.state.rejected == ("m3",)
    undone = take(chatbot, refused.state, Gesture("undo"))
    assert (ids(undone), undone.state.rejected) == (ids(shown), ())


def test_details_prints_every_fact_of_the_record(chatbot: Chatbot) -> None:
    turn = take(chatbot, DialogueState(), Gesture("details", ("j1",))).turn
    assert turn.acts == (AgentAct.INFORM,)
    assert (turn.about, turn.gesture) == (("j1",), Gesture("details", ("j1",)))
    assert [(f.fact.slot, f.fact.value) for f in turn.facts] == [
        ("price", 80.0), ("price", 85.0), ("brand", "Uptown"), ("category", "Jackets"), ("rating", 4.4),
        ("colour", "red"), ("size", "S"), ("size", "M"), ("availability", "in stock"),
    ]  # fmt: skip
    assert "colour red" in turn.text


def test_compare_takes_the_items_or_one_with_the_top(chatbot: Chatbot) -> None:
    shown = take(chatbot, DialogueState(), "a mouse")
    three = take(chatbot, shown.state, Gesture("compare", ("m1", "m3", "m2"))).turn
    assert three.table is not None
    assert three.table.items == ("m1", "m3", "m2")
    top, second = ids(shown)[:2]
    for one, other in ((second, top), (top, second)):
        table = take(chatbot, shown.state, Gesture("compare", (one,))).turn.table
        assert table is not None
        assert table.items == (one, other)


def test_wish_is_softened_and_hardened_where_it_stands(chatbot: Chatbot) -> None:
    asked = take(chatbot, DialogueState(), "a mouse under 30")
    budget = next(w for w in asked.state.wishes if w.slot == "price")
    soft = take(chatbot, asked.state, Gesture("soften", wish="price < 30"))
    lifted = next(w for w in soft.state.wishes if w.slot == "price")
    assert (lifted.id, lifted.turn, lifted.hard) == (budget.id, budget.turn, False)
    assert set(ids(soft)) - set(ids(asked)) == {"m3"}
    hard = take(chatbot, soft.state, Gesture("harden", wish=budget.id))
    assert (hard.state.wishes, ids(hard)) == (asked.state.wishes, ids(asked))


@pytest.mark.parametrize(
    ("gesture", "problem"),
    [
        (Gesture("similar", ("nope",)), "no product of this shop"),
        (Gesture("similar", ("m1", "m2")), "exactly one"),
        (Gesture("details"), "exactly one"),
        (Gesture("reject"), "at least one"),
        (Gesture("compare"), "1 to 5"),
        (Gesture("compare", ("m1", "m2", "m3", "m4", "k1", "k2")), "1 to 5"),
        (Gesture("compare", ("m1",)), "nothing to compare"),
        (Gesture("soften", wish="w9"), "no wish that stands"),
        (Gesture("harden"), "no wish that stands"),
        (Gesture("retry"), "no message"),
    ],
)
def test_tap_on_what_is_not_there_is_refused(chatbot: Chatbot, gesture: Gesture, problem: str) -> None:
    with pytest.raises(BadEdit, match=problem):
        read(gesture, DialogueState(), chatbot.catalog)
    with pytest.raises(BadEdit, match=problem):
        next(iter(chatbot.gesture(DialogueState(), gesture)))


def test_nothing_to_undo_is_said(chatbot: Chatbot) -> None:
    turn = take(chatbot, DialogueState(), Gesture("undo")).turn
    assert (turn.text.split(".")[0], turn.took_back) == ("There is nothing to take back", None)
