"""What a turn does, given what the message meant."""

from __future__ import annotations

import pytest

from catalog.types import Constraint, Op
from chatbot.policy import Plan, decide
from chatbot.state import apply
from chatbot.types import Addition, DialogueState, Need, NeedEdit, Question, Shown, StateUpdate, UserAct

FRESH = DialogueState()
SHOWN = DialogueState(
    needs=(Need(1, "mouse"),), active=(1,), shown=(Shown(1, ((1, "a"), (1, "b"), (1, "c"))),), focus=("a", "b", "c")
)
ONE = DialogueState(shown=(Shown(1, ((1, "a"),)),), focus=("a",))
TOLD = DialogueState(focus=("a",))
NEED = (NeedEdit(1, "mouse"),)
QUESTION = Question("how heavy", "weight", ("b",))


def _acts(*acts: UserAct, **rest: object) -> StateUpdate:
    return StateUpdate(acts, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "update", "expected"),
    [
        (FRESH, _acts(UserAct.CHITCHAT), Plan(chitchat=True)),
        (FRESH, _acts(UserAct.OTHER), Plan(refuse=True)),
        (FRESH, _acts(UserAct.HANDOFF), Plan(handoff=True)),
        (FRESH, _acts(UserAct.FAQ), Plan(faq=True)),
        (FRESH, _acts(UserAct.INFORM, needs=NEED), Plan(recommend=True)),
        (FRESH, _acts(UserAct.INFORM, absent=("bananas",)), Plan(absent=("bananas",))),
        (FRESH, _acts(UserAct.INFORM), Plan(elicit=True)),
        (FRESH, _acts(UserAct.EXPLAIN), Plan(pointless=True)),
        (SHOWN, _acts(UserAct.RESET, clear=True), Plan(cleared=True, elicit=True)),
        (SHOWN, _acts(UserAct.RESET, UserAct.INFORM, clear=True, needs=NEED), Plan(recommend=True)),
        (SHOWN, _acts(UserAct.MORE), Plan(recommend=True, fresh=True)),
        (SHOWN, _acts(UserAct.REJECT), Plan(turned_down=("a", "b", "c"), recommend=True, fresh=True)),
        (
            SHOWN,
            _acts(UserAct.REJECT, refers_to=("b",)),
            Plan(turned_down=("b",), recommend=True, fresh=True, again=True),
        ),
        (
            SHOWN,
            _acts(UserAct.REJECT, UserAct.INFORM, add=(Addition(Constraint("pattern", Op.EQ, "plain")),)),
            Plan(recommend=True),
        ),
        (SHOWN, _acts(UserAct.ACCEPT, refers_to=("b",)), Plan(taken=("b",))),
        (SHOWN, _acts(UserAct.EXPLAIN), Plan(explain=("a",))),
        (SHOWN, _acts(UserAct.COMPARE), Plan(compare=("a", "b"))),
        (FRESH, _acts(UserAct.COMPARE), Plan(alone=True)),
        (ONE, _acts(UserAct.COMPARE), Plan(alone=True)),
        (TOLD, _acts(UserAct.EXPLAIN), Plan(explain=("a",))),
        (SHOWN, _acts(UserAct.COMPARE, refers_to=("c",)), Plan(compare=("c", "a"))),
        (SHOWN, _acts(UserAct.REQUEST, questions=(QUESTION,)), Plan(questions=(QUESTION,))),
        (SHOWN, _acts(UserAct.ACCEPT, unclear=("a", "b")), Plan(which=("a", "b"))),
        (
            SHOWN,
            _acts(UserAct.FAQ, UserAct.INFORM, add=(Addition(Constraint("price", Op.LE, 40.0)),)),
            Plan(faq=True, recommend=True),
        ),
        (SHOWN, _acts(UserAct.UNDO), Plan(undone=True, recommend=True)),
    ],
)
def test_the_plan_of_a_turn(before: DialogueState, update: StateUpdate, expected: Plan) -> None:
    assert decide(before, apply(before, update), update) == expected
