"""The constraint ledger: what a later message replaces, extends, takes back; nothing given is ever changed."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Constraint, Op, Order
from chatbot.state import apply, remember, standing, to_query, unanswered, undo
from chatbot.state_json import state_from_json, state_to_json
from chatbot.steps import Latest, Standing
from chatbot.types import Addition, DialogueState, Need, NeedEdit, Pending, Question, StateUpdate, Text, UserAct
from retrieval.types import Query

INFORM = (UserAct.INFORM,)


def _add(*texts: str, extends: bool = False, hard: bool = True) -> StateUpdate:
    additions = tuple(Addition(_read(t), hard=hard, extends=extends) for t in texts)
    return StateUpdate(INFORM, add=additions)


def _read(text: str) -> Constraint | Order | Text:
    if text.endswith((" asc", " desc")):
        slot, direction = text.split()
        return Order(slot, "asc" if direction == "asc" else "desc")
    return Text(text[1:]) if text.startswith("~") else Constraint.parse(text)


def _ledger(state: DialogueState) -> list[str]:
    return [w.text for w in state.wishes]


def _after(*updates: StateUpdate) -> DialogueState:
    state = DialogueState()
    for update in updates:
        state = apply(state, update)
    return state


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (["price <= 30"], ["price <= 50"], ["price <= 50"]),
        (["price <= 30"], ["price < 20"], ["price < 20"]),
        (["price >= 10", "price <= 30"], ["price <= 50"], ["price >= 10", "price <= 50"]),
        (["price >= 100", "price <= 300"], ["price <= 50"], ["price <= 50"]),
        (["price >= 10"], ["price <= 30"], ["price >= 10", "price <= 30"]),
        (["price >= 50", "price <= 100"], ["price <= 40 GBP"], ["price <= 40 GBP"]),
        (["memory >= 500 GB"], ["memory <= 0.25 TB"], ["memory <= 0.25 TB"]),
        (["memory >= 500 GB"], ["memory <= 1 TB"], ["memory >= 500 GB", "memory <= 1 TB"]),
        (["price = 20"], ["price <= 30"], ["price <= 30"]),
        (["brand = HP"], ["brand = Dell"], ["brand = Dell"]),
        (["brand = HP"], ["brand != HP"], ["brand != HP"]),
        (["brand != HP"], ["brand = HP"], ["brand = HP"]),
        (["brand != HP"], ["brand != Dell"], ["brand != HP", "brand != Dell"]),
        (["brand != HP"], ["brand = Dell"], ["brand != HP", "brand = Dell"]),
        (["colour = red"], ["size = M"], ["colour = red", "size = M"]),
        (["bluetooth = true"], ["bluetooth = false"], ["bluetooth = false"]),
        (["price asc"], ["rating desc"], ["rating desc"]),
        (["price <= 30"], ["price asc"], ["price <= 30", "price asc"]),
        (["~for gaming"], ["~quiet"], ["for gaming", "quiet"]),
        (["brand = HP"], ["brand = HP"], ["brand = HP"]),
    ],
)
def test_a_later_wish_on_the_same_slot(earlier: list[str], later: list[str], expected: list[str]) -> None:
    assert _ledger(_after(_add(*earlier), _add(*later))) == expected


def test_both_ends_of_a_range_stand_though_they_come_together() -> None:
    state = _after(_add("price >= 100", "price <= 300"), _add("price >= 400", "price <= 500"))
    assert _ledger(state) == ["price >= 400", "price <= 500"]


def test_an_extending_wish_joins_the_values() -> None:
    state = _after(_add("brand = HP"), _add("brand = Dell", extends=True))
    assert _ledger(state) == ["brand in [HP, Dell]"]


def test_what_ends_is_kept_with_who_ended_it() -> None:
    state = _after(_add("price <= 30", "brand = HP"), _add("price <= 50"), StateUpdate(INFORM, remove=("w2",)))
    assert [(d.wish.text, d.by, d.turn) for d in state.dropped] == [
        ("price <= 30", "replaced", 2),
        ("brand = HP", "shopper", 3),
    ]


def test_a_kind_clicked_off_takes_its_words_along() -> None:
    laptop = StateUpdate(
        INFORM, needs=(NeedEdit(1, "gaming laptop"),), add=_add("category = notebook", "brand = HP").add
    )
    state = _after(laptop, StateUpdate(INFORM, remove=("w1",)))
    assert ([n.query for n in state.needs], _ledger(state)) == ([""], ["brand = HP"])


def test_starting_over_clears_the_ledger_but_remembers_what_was_turned_down() -> None:
    state = remember(_after(_add("brand = HP")), (), rejected=("p7",))
    state = apply(state, StateUpdate((UserAct.RESET,), clear=True, needs=(NeedEdit(2, "printer"),)))
    assert (_ledger(state), state.active, state.rejected) == ([], (2,), ("p7",))
    assert [(d.wish.text, d.by) for d in state.dropped] == [("brand = HP", "reset")]


def test_two_needs_keep_their_wishes_apart() -> None:
    shirt_and_jacket = StateUpdate(
        INFORM,
        needs=(NeedEdit(1, "shirt"), NeedEdit(2, "jacket")),
        add=(Addition(Constraint("category", Op.EQ, "shirt"), need=1), Addition(Constraint("price", Op.LE, 150.0))),
    )
    state = _after(shirt_and_jacket)
    assert [(w.need, w.text) for w in state.wishes] == [
        (1, "category = shirt"),
        (1, "price <= 150"),
        (2, "price <= 150"),
    ]
    state = apply(state, StateUpdate(INFORM, active=(2,), add=(Addition(Constraint("colour", Op.EQ, "black")),)))
    assert state.active == (2,)
    assert [w.text for w in state.active_needs[0].wishes] == ["price <= 150", "colour = black"]


def test_undo_takes_back_the_last_change_only() -> None:
    state = undo(_after(_add("price <= 30"), _add("price <= 50")))
    assert _ledger(state) == ["price <= 30"]
    assert _ledger(undo(undo(state))) == []


def test_a_later_figure_in_words_ends_the_earlier_one_and_no_other_words() -> None:
    state = _after(_add("~1000"), _add("~for travelling"), _add("~500"))
    assert [w.text for w in state.wishes] == ["for travelling", "500"]


def test_a_query_holds_words_hard_and_soft_wishes_and_what_is_excluded() -> None:
    state = _after(
        StateUpdate(INFORM, needs=(NeedEdit(1, "wireless mouse"),)),
        _add("price <= 30", "~for travelling", "price asc"),
        _add("colour = black", hard=False),
    )
    state = remember(state, (), rejected=("p1",))
    assert to_query(state, state.needs[0], ("p2",)) == Query(
        text="wireless mouse for travelling",
        hard=(Constraint("price", Op.LE, 30.0),),
        soft=(Constraint("colour", Op.EQ, "black"),),
        orders=(Order("price", "asc"),),
        excluded=frozenset({"p1", "p2"}),
        said=("for travelling",),
    )


_values = st.sampled_from(["red", "blue", "HP", "Dell, Inc.", "3 kg", "true"])
_wishes = st.one_of(
    st.builds(Constraint, st.sampled_from(["brand", "colour"]), st.sampled_from([Op.EQ, Op.NE]), _values),
    st.builds(
        Constraint,
        st.just("price"),
        st.sampled_from([Op.LT, Op.LE, Op.GT, Op.GE]),
        st.integers(1, 99).map(float),
        st.sampled_from([None, "USD"]),
    ),
    st.builds(Order, st.sampled_from(["price", "rating"]), st.sampled_from(["asc", "desc"])),
    st.builds(Text, st.text(min_size=1, max_size=8)),
)
_updates = st.builds(
    StateUpdate,
    st.just(INFORM),
    add=st.lists(
        st.builds(Addition, _wishes, st.booleans(), st.sampled_from([None, 1, 2]), st.booleans()), max_size=3
    ).map(tuple),
    remove=st.lists(st.sampled_from(["w1", "w2", "w3"]), max_size=2).map(tuple),
    clear=st.booleans(),
    needs=st.lists(st.builds(NeedEdit, st.integers(1, 3), st.just("chair")), max_size=2).map(tuple),
    language=st.sampled_from(["en", "zh"]),
)


@given(st.lists(_updates, max_size=6))
def test_the_state_given_never_changes_and_replaying_gives_the_same(updates: list[StateUpdate]) -> None:
    state = DialogueState()
    for update in updates:
        before = copy.deepcopy(state)
        following = apply(state, update)
        assert state == before
        state = following
    assert state == _after(*updates)
    assert state.turn == len(updates)
    assert len({w.id for w in state.wishes}) == len(state.wishes)
    assert state_from_json(json.loads(json.dumps(state_to_json(state)))) == state


@given(st.lists(_updates, max_size=5), _updates)
def test_an_update_undone_leaves_the_ledger_as_it_was(earlier: list[StateUpdate], update: StateUpdate) -> None:
    before = _after(*earlier)
    after = apply(before, update)
    if (after.needs, after.active) == (before.needs, before.active):
        assert after.undo == before.undo  # what changes nothing is no step to take back
        return
    undone = undo(after)
    assert (undone.needs, undone.active, undone.undo) == (before.needs, before.active, before.undo)
    minted = {w.id for w in after.wishes} - {w.id for w in before.wishes}
    ended = {d.wish.id for d in undone.dropped if d.by == "undo"}
    assert ended == minted


def test_what_was_asked_survives_being_written_down() -> None:
    question = Question("price", slot="price", items=("p1", "p2"), scope=(Constraint("size", Op.EQ, "M"),))
    pending = Pending(which=("p1", "p2"), acts=(UserAct.REQUEST,), questions=(question,))
    state = remember(DialogueState(), (), pending=pending)
    assert state_from_json(json.loads(json.dumps(state_to_json(state)))) == state
    assert remember(state, ()).pending is None


def test_state_of_an_earlier_aisle_is_read() -> None:
    need = {"id": 1, "query": "mouse", "wishes": [], "ideal": []}
    pending = {"slot": "brand", "which": [], "acts": [], "questions": []}
    old = {
        "needs": [need],
        "active": [1],
        "focus": ["p1"],
        "shown": [],
        "dropped": [],
        "undo": [[[], []], [[need], [1]]],
    }
    state = state_from_json(old | {"pending": pending, "turn": 3})
    assert state.undo == (Standing(0), Standing(0, (Need(1, "mouse"),), (1,)))
    assert (state.pending, state.page, state.last) == (Pending("brand"), None, None)
    with pytest.raises(KeyError):
        state_from_json({"turn": 1})


@given(st.lists(_updates, max_size=5), _updates, st.sets(st.sampled_from(["p1", "p2", "p3"])))
def test_what_was_turned_down_or_taken_comes_back_with_undo(
    earlier: list[StateUpdate], update: StateUpdate, items: set[str]
) -> None:
    before = _after(*earlier)
    after = remember(apply(before, update), (), rejected=tuple(items))
    after = remember(after, (), accepted=tuple(items))
    changed = bool(items) or (after.needs, after.active) != (before.needs, before.active)
    undone = undo(after) if changed else after
    assert standing(undone) == replace(standing(before), turn=after.turn, declined=undone.declined)
    assert len(after.undo) <= len(before.undo) + 1


@given(st.lists(_updates, min_size=1, max_size=5))
def test_message_answered_again_starts_from_the_state_that_it_met(updates: list[StateUpdate]) -> None:
    before = _after(*updates[:-1])
    after = replace(apply(before, updates[-1]), last=Latest("again", before))
    again = unanswered(after)
    assert (again.needs, again.active, again.undo) == (before.needs, before.active, before.undo)
    assert (again.turn, again.minted, again.impressions) == (after.turn, after.minted, after.impressions)
    assert state_from_json(json.loads(json.dumps(state_to_json(after)))) == after
