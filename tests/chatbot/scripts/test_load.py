"""Reading dialogue files: whole values, and errors that name file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.scripts.load import load, load_all
from chatbot.scripts.types import Feedback
from errors import ScriptError
from tests.chatbot.scripts.making import write

WHOLE = """\
dialogue: first
shop: demo
language: zh
tags: [a, b]
turns:
  - user: "hi"
    llm: {track: '{}', rank: ['[1] x', '[2] y']}
    expect:
      act: [recommend, elicit]
      constraints: ["price <= 30 or price < 31"]
      exactly: []
      absent: brand = HP
      shown:
        count: 3
        all: ["price <= 30"]
        any: [title ~ a]
        none: [title ~ b]
        ids: [1, "02"]
        top: 1
      about: [1, 2]
      says: {contains: [x], any_of: [1, 2], not_contains: [y]}
      grounded: yes
      facts: [weight = 95]
  - remove: "price <= 30"
  - event: {type: click, rank: 1}
  - user: more
    expect: {shown: {same_as_turn: 1, subset_of_turn: 1, new_since_turn: 2}, facts: [], about: 2, grounded: false}
---
dialogue: second
turns: [{user: bye}]
"""


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    first, second = load(write(tmp_path, WHOLE))
    assert (first.name, first.shop, first.language, first.tags, first.line) == ("first", "demo", "zh", ("a", "b"), 1)
    assert (second.name, second.shop, second.language, second.tags) == ("second", None, "en", ())
    assert [(s.number, s.line, s.user, s.remove, s.event) for s in first.steps] == [
        (1, 6, "hi", None, None),
        (2, 24, None, "price <= 30", None),
        (3, 25, None, None, Feedback("click", 1)),
        (4, 26, "more", None, None),
    ]
    assert dict(first.steps[0].llm) == {"track": ("{}",), "rank": ("[1] x", "[2] y")}
    assert [(str(e), e.line) for e in first.steps[0].expect] == [
        ("act: recommend, elicit", 9),
        ("constraints: price <= 30 or price < 31", 10),
        ("absent: brand = HP", 12),
        ("exactly: nothing", 11),
        ("shown.count: 3", 14),
        ("shown.all: price <= 30", 15),
        ("shown.any: title ~ a", 16),
        ("shown.none: title ~ b", 17),
        ("shown.ids: 1, 02", 18),
        ("shown.top: 1", 19),
        ("about: 1, 2", 20),
        ("says.contains: x", 21),
        ("says.any_of: 1, 2", 21),
        ("says.not_contains: y", 21),
        ("grounded: true", 22),
        ("facts: weight = 95", 23),
    ]
    assert [str(e) for e in first.steps[3].expect] == [
        "shown.same_as_turn: 1",
        "shown.subset_of_turn: 1",
        "shown.new_since_turn: 2",
        "about: 2",
        "facts: none",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("turns: []", "1: 'dialogue' is missing"),
        ("dialogue: x", "1: 'turns' is missing"),
        ("dialogue: x\nturn: []", "2: turn: unknown key"),
        ("dialogue: x\ndialogue: y\nturns: []", "2: dialogue: given twice"),
        ("dialogue: x\nturns: hello", "2: turns: a list is expected"),
        ("dialogue: x\nlanguage: fr\nturns: []", "2: language: one of en, zh is expected, not 'fr'"),
        ("dialogue: x\npersona: y\nturns: []", "1: simulated shoppers"),
        ("dialogue:\nturns: []", "1: dialogue: a value is missing"),
        ("- 1", "1: a mapping"),
        ("dialogue: x\nturns:\n- expect: {}", "3: turns.1: exactly one of user, remove and event"),
        ("dialogue: x\nturns:\n- user: a\n  remove: price <= 3", "3: turns.1: exactly one of"),
        ("dialogue: x\nturns:\n- remove: cheap", "3: turns.1.remove: not a constraint"),
        ("dialogue: x\nturns:\n- event: {type: wink, rank: 1}", "3: turns.1.event.type: one of"),
        ("dialogue: x\nturns:\n- event: {type: click}", "3: turns.1.event: 'rank' is missing"),
        ("dialogue: x\nturns:\n- event: {type: click, rank: 1}\n  expect: {}", "3: turns.1.event: an event is no turn"),
        ("dialogue: x\nturns:\n- user: a\n  expect:\n    act: sell", "5: turns.1.expect.act: one of"),
        ("dialogue: x\nturns:\n- user: a\n  expect:\n    shwon: {}", "5: turns.1.expect.shwon: unknown key"),
        (
            "dialogue: x\nturns:\n- user: a\n  expect:\n    constraints: [price]",
            "5: turns.1.expect.constraints.1: not a",
        ),
        (
            "dialogue: x\nturns:\n- user: a\n  expect:\n    shown:\n      all:\n      - price <= 1\n      - title ~ (",
            "8: ",
        ),
        (
            "dialogue: x\nturns:\n- user: a\n  expect: {shown: {count: many}}",
            "4: turns.1.expect.shown.count: not a count",
        ),
        ("dialogue: x\nturns:\n- user: a\n  expect: {shown: {new_since_turn: 1}}", "turn 1 is not before this one"),
        ("dialogue: x\nturns:\n- user: a\n  expect: {about: first}", "4: turns.1.expect.about: a whole number"),
        ("dialogue: x\nturns:\n- user: a\n  expect: {grounded: maybe}", "4: turns.1.expect.grounded: true or false"),
        ("dialogue: x\nturns:\n- user: [a\n", ": not YAML"),
        ("dialogue: !!python/object:os.system x\nturns: {a: b}", "2: turns: a list is expected"),
    ],
)
def test_an_error_names_file_line_and_field(tmp_path: Path, text: str, says: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ScriptError) as error:
        list(load(file))
    assert str(error.value).startswith(f"{file}:")
    assert says in str(error.value)


def test_names_are_unique_among_all_files(tmp_path: Path) -> None:
    write(tmp_path, "dialogue: x\nturns: []", "a.dialogue.yaml")
    write(tmp_path, "---\ndialogue: y\nturns: []\n---\ndialogue: x\nturns: []", "b.dialogue.yaml")
    with pytest.raises(ScriptError, match=r"b.dialogue.yaml:5: dialogue: 'x' is taken by .*a.dialogue.yaml:1"):
        load_all([tmp_path])


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="no such file or folder"):
        load_all([tmp_path / "none"])


def test_the_given_dialogues_are_all_read(shared: Path) -> None:
    scripts = load_all([shared / "data" / "dialogues"])
    assert (len(scripts), sum(len(script.steps) for script in scripts)) == (51, 197)


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "dialogues.md").read_text(encoding="utf-8")
    (script,) = load(write(tmp_path, page.partition("```yaml\n")[2].partition("```")[0]))
    assert [str(step) for step in script.steps] == [
        "headphones with noise cancelling, under 100 dollars",
        "[removes price <= 100]",
        "[click on 2]",
        "how heavy is the first one?",
    ]
