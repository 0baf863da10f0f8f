"""Running a dialogue: what passes, what fails and how it is told."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.types import Money, Product, Variant
from chatbot.scripts.load import load
from chatbot.scripts.report import as_json, as_junit, failure_text
from chatbot.scripts.run import by_name, run
from chatbot.scripts.types import Result
from chatbot.types import AgentAct
from llm.scripted import ScriptedLLM
from llm.types import LLM, complete
from prompts import load as load_prompt
from tests.chatbot.scripts.making import MOUSE, Answer, ToldBot, product, write

M185 = product(MOUSE)
M90 = product({**MOUSE, "id": "2", "title": "Logitech M90 Mouse", "price": 9.5, "attributes": {"wireless": False}})
PRODUCTS = {p.id: p for p in (M185, M90)}


def played(folder: Path, turns: str, answers: Mapping[str, Answer]) -> Result:
    (script,) = load(write(folder, f"dialogue: d\nturns:\n{turns}"))
    return run(script, lambda llm: ToldBot(answers), by_name(PRODUCTS))


def why(folder: Path, expect: str, answer: Answer) -> list[str]:
    result = played(folder, f"  - user: hi\n    expect: {expect}", {"hi": answer})
    return [failure.why for failure in result.outcomes[0].failures]


BOTH = Answer(shown=(M185, M90), ledger=("price <= 30", "brand = Logitech"), reason="24.9 USD")


@pytest.mark.parametrize(
    ("expect", "answer", "failures"),
    [
        ("{act: recommend}", BOTH, []),
        ("{act: [elicit, recommend]}", BOTH, []),
        ("{act: elicit}", BOTH, ["the turn's acts are recommend"]),
        ("{constraints: [price < 30]}", BOTH, []),
        ("{constraints: [price < 20]}", BOTH, ["the ledger holds price <= 30, brand = Logitech"]),
        ("{absent: [price < 20 or brand = HP]}", BOTH, []),
        ("{absent: [price < 20 or price < 30]}", BOTH, ["the ledger still holds price <= 30"]),
        ("{exactly: [brand = logitech, price <= 30]}", BOTH, []),
        ("{exactly: [price <= 30, price asc]}", BOTH, ["missing: price asc; besides: brand = Logitech"]),
        ("{exactly: []}", Answer(), []),
        ("{shown: {count: '>= 2'}}", BOTH, []),
        ("{shown: {count: 3}}", BOTH, ["2 shown"]),
        ("{shown: {all: [price <= 30]}}", BOTH, []),
        ("{shown: {all: [price <= 10]}}", BOTH, ["does not hold for 1 Logitech M185 Wireless Mouse (price=24.9)"]),
        ("{shown: {any: [price <= 10]}}", BOTH, []),
        ("{shown: {any: [price <= 1]}}", BOTH, ["met by none of the shown"]),
        ("{shown: {none: [attributes.wireless = true]}}", BOTH, ["holds for 1 Logitech M185 Wireless Mouse (attributes.wireless=true)"]),
        ("{shown: {ids: ['2', '1'], top: '1'}}", BOTH, []),
        ("{shown: {ids: ['1'], top: '2'}}", BOTH, ["shown: 1, 2", "the top one is 1"]),
        # nothing shown: all passes only where several acts are allowed and no count is asked
        ("{act: [recommend, elicit], shown: {all: [price <= 1]}}", Answer(), []),
        ("{act: recommend, shown: {all: [price <= 1]}}", Answer(), ["nothing shown"]),
        ("{act: [recommend, elicit], shown: {count: '>= 0', all: [price <= 1]}}", Answer(), ["nothing shown"]),
        ("{shown: {any: [price <= 1]}}", Answer(), ["nothing shown"]),
        ("{shown: {none: [price <= 1]}}", Answer(), []),
        # what is said: whole numbers, any case; reply, reasons, titles and prices
        ("{says: {contains: [HERE, M185, '9.5'], any_of: [x, m90], not_contains: ['24', bye]}}", BOTH, []),
        ("{says: {contains: [bye], any_of: [x, '4.9'], not_contains: ['24.9']}}", BOTH, ["not said", "none of them said", "said"]),
        ("{says: {contains: ['249']}}", Answer(text="It is 249.00 USD."), []),
        ("{says: {not_contains: ['249']}}", Answer(text="It is 249.50, or 1,249 or 2490."), []),
    ],
)  # fmt: skip
def test_each_expectation(tmp_path: Path, expect: str, answer: Answer, failures: list[str]) -> None:
    assert why(tmp_path, expect, answer) == failures


def test_places_count_in_the_latest_list(tmp_path: Path) -> None:
    answers = {
        "hi": BOTH,
        "it": Answer((AgentAct.INFORM,), about=("2",)),
        "both": Answer((AgentAct.COMPARE,), about=("1", "2")),
    }
    turns = """
  - user: hi
  - user: it
    expect: {about: 2}
  - user: it
    expect: {about: 1}
  - user: both
    expect: {about: [2, 1]}
  - user: it
    expect: {about: 3}
"""
    result = played(tmp_path, turns, answers)
    assert [[f.why for f in o.failures] for o in result.outcomes] == [
        [], [], ["it is about 2, not 1"], [], ["the latest list has only 2 cards"]
    ]  # fmt: skip


def test_lists_are_compared_between_turns(tmp_path: Path) -> None:
    answers = {"one": Answer(shown=(M185,)), "two": Answer(shown=(M90,)), "both": BOTH}
    turns = """
  - user: one
  - user: both
    expect: {shown: {same_as_turn: 1, subset_of_turn: 1, new_since_turn: 1}}
  - user: two
    expect: {shown: {subset_of_turn: 2, new_since_turn: 1}}
"""
    result = played(tmp_path, turns, answers)
    assert [[f.why for f in o.failures] for o in result.outcomes] == [
        [],
        ["shown: 1, 2; then: 1", "not shown then: 2", "shown before: 1"],
        [],
    ]


def test_a_wish_is_clicked_off_and_a_card_clicked(tmp_path: Path) -> None:
    turns = """
  - user: hi
  - remove: "price < 30"
    expect: {exactly: [brand = Logitech]}
  - event: {type: click, rank: 2}
  - remove: "price < 30"
  - event: {type: like, rank: 3}
"""
    result = played(tmp_path, turns, {"hi": BOTH})
    assert [[f.why for f in o.failures] for o in result.outcomes] == [
        [], [], [], ["remove: no wish 'price < 30' stands"], ["the latest list has 2"]
    ]  # fmt: skip


def test_a_crash_fails_its_turn_alone(tmp_path: Path) -> None:
    result = played(tmp_path, "  - user: hi\n  - user: oops\n  - user: hi", {"hi": BOTH})
    assert [o.passed for o in result.outcomes] == [True, False, True]
    assert result.outcomes[1].failures[0].why.startswith("KeyError: 'oops' (")


class AskingBot(ToldBot):
    """Asks its model to rank, as often as the message says."""

    def __init__(self, llm: LLM | None) -> None:
        super().__init__({str(n): Answer() for n in range(4)})
        self.llm = llm

    def turn(self, state, text):  # type: ignore[no-untyped-def]
        rank = load_prompt("rank").render(limit=1, language="", wishes="", profile="", message="", candidates="")
        for _ in range(int(text)):
            assert self.llm is not None
            complete(self.llm, rank)
        return super().turn(state, text)


def test_canned_answers_must_be_wholly_used_and_suffice(tmp_path: Path) -> None:
    turns = "\n".join(f"  - user: {n}\n    llm: {{rank: ['[1] a', '[1] b']}}" for n in (1, 2, 3))
    (script,) = load(write(tmp_path, f"dialogue: d\nturns:\n{turns}\n  - user: 1"))
    result = run(script, AskingBot, by_name({}))
    assert [[f.why for f in o.failures] for o in result.outcomes] == [
        ["answers never asked for: rank (1)"],
        [],
        ["the script has no answer for a call of 'rank@2'"],
        ["the script has no answer for a call of 'rank@2'"],
    ]


def test_without_canned_answers_the_bot_gets_no_model(tmp_path: Path) -> None:
    given: list[LLM | None] = []

    def opened(llm: LLM | None) -> AskingBot:
        given.append(llm)
        return AskingBot(llm)

    text = "dialogue: a\nturns: [{user: 0}]\n---\ndialogue: b\nturns: [{user: 1, llm: {rank: x}}]"
    assert all(run(script, opened, by_name({})).passed for script in load(write(tmp_path, text)))
    assert given[0] is None
    assert isinstance(given[1], ScriptedLLM)


def test_grounded_wants_every_number_and_name_in_the_records(tmp_path: Path) -> None:
    good = replace(BOTH, text="2 mice, from 9.5 to 24.9 USD, at most 30 USD.", reason="at most 30")
    assert why(tmp_path, "{grounded: true}", good) == []
    bad = replace(BOTH, text="Now 5 USD, with the MX500 of Microsoft.", reason="only 12 USD")
    (told,) = why(tmp_path, "{grounded: true}", bad)
    assert told.split("; ") == [
        f"the reply: nothing supports 5, microsoft, mx500, MX500, Microsoft in {bad.text!r}",
        "reason 1: nothing supports 12 in 'only 12 USD'",
        "reason 2: nothing supports 12 in 'only 12 USD'",
    ]


def test_a_failure_names_file_line_turn_and_expectation_and_prints_the_transcript(tmp_path: Path) -> None:
    priced = Product("7", "Mouse", (Variant("7", Money(5.0, "USD")),), record={"price": 5.0})
    answers = {"hi": Answer(shown=(priced,), ledger=("price <= 30",), reason="cheap")}
    result = played(tmp_path, "  - user: hi\n    expect:\n      act: elicit\n      shown: {count: 2}", answers)
    file = tmp_path / "test.dialogue.yaml"
    assert (
        failure_text(result)
        == f"""\
{file}:1  d
{file}:5: turn 1: act: elicit: the turn's acts are recommend
{file}:6: turn 1: shown.count: 2: 1 shown

  1  shopper    hi
     assistant  [recommend] Here you are.
     ledger     price <= 30
      1. 7  Mouse  5 USD  | cheap
     FAILED     {file}:5  act: elicit
                the turn's acts are recommend
     FAILED     {file}:6  shown.count: 2
                1 shown"""
    )


def test_results_as_json_and_junit(tmp_path: Path) -> None:
    results = [
        played(tmp_path, "  - user: hi\n  - event: {type: click, rank: 1}", {"hi": BOTH}),
        played(
            tmp_path, '  - user: hi\n    expect: {says: {contains: ["\\u0007"]}}', {"hi": Answer(text="\x00 \ud800")}
        ),
    ]
    found = as_json(results)
    counts = {key: value for key, value in found.items() if key not in ("results", "seconds", "model")}
    assert counts == {"dialogues": 2, "dialogues_passed": 1, "turns": 2, "turns_passed": 1}
    nothing = ("asked", "degraded", "calls", "prompt_tokens", "cached_tokens", "completion_tokens")
    assert found["model"] == dict.fromkeys(nothing, 0)
    assert json.loads(json.dumps(found)) == found
    suite = ElementTree.fromstring(as_junit(results))
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")
    assert [case.find("failure") is None for case in suite] == [True, False]
