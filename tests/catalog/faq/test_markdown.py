"""Questions and policies in Markdown: what becomes a question, what its answer holds, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.faq.markdown import read_markdown
from catalog.faq.passage import Passage
from catalog.faq.read import read_faq
from errors import UnreadableFeed

HELP = """# Help

## Returns & refunds
<!-- asked: send it back | Is it returnable? -->
You may send *anything* back within **30 days**, see [the form](https://shop.example/form).
Second line.

- unused
- with its label

### Which costs
<!-- url: /help/costs -->
<!-- language: en-GB -->
None.

**Can I swap a size?**
Yes, once.

**And colours?** No.

| to | days |
|----|------|
| US | 2    |
"""


def passages(tmp_path: Path, text: str, name: str = "help.md") -> tuple[Passage, ...]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_faq([path]).passages


def test_headings_and_lines_in_bold_are_questions(tmp_path: Path) -> None:
    above = ("Help", "Returns & refunds")
    assert passages(tmp_path, HELP) == (
        Passage(
            "Returns & refunds",
            "You may send anything back within 30 days, see the form. Second line.\n\n- unused\n- with its label",
            "help.md#returns--refunds",
            "https://shop.example/form",
            also=("send it back", "Is it returnable?"),
            path=("Help",),
        ),
        Passage("Which costs", "None.", "help.md#which-costs", "/help/costs", path=above),
        Passage("Can I swap a size?", "Yes, once.", "help.md#which-costs", path=(*above, "Which costs")),
        Passage(
            "And colours?", "No.\n\nto: US, days: 2", "help.md#which-costs", path=(*above, "Which costs")
        ),
    )  # fmt: skip


def test_chinese_is_told_by_its_characters_and_the_second_heading_of_a_name_has_its_own_anchor(tmp_path: Path) -> None:
    found = passages(tmp_path, "## 可以退货吗？\n可以。\n\n## Costs\nNone.\n\n# Other\n## Costs\nSome.\n")
    assert [(p.language, p.source) for p in found] == [
        ("zh", "help.md#可以退货吗"), ("en", "help.md#costs"), ("en", "help.md#costs-1"),
    ]  # fmt: skip


def test_what_answers_nothing_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text("Hello.\n\n# Help\n\n## Empty\n\n## Full\nYes.\n\n## full\nNo.\n", encoding="utf-8")
    read = read_faq([path])
    assert [p.question for p in read.passages] == ["Full"]
    assert [(r.file, r.line, r.problem.field, r.problem.reason, r.problem.fault) for r in read.rejects] == [
        ("help.md", 1, "question", "stands above the first heading, so it answers nothing", False),
        ("help.md", 5, "answer", "is missing: a question needs one", True),
        ("help.md", 10, "question", "stands already in help.md, line 7", True),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Only prose, without a heading.",
            "no question in it: write each as a heading or in bold, with its answer below",
        ),
        ("# One\n", "nothing of it can be kept; the first of 1 in line 1: answer: is missing: a question needs one"),
        (
            "# One\n<!-- url: javascript:alert(1) -->\nText.\n",
            "nothing of it can be kept; the first of 1 in line 1: url: not an address",
        ),
    ],
)
def test_a_file_of_which_nothing_can_be_kept_is_no_file_of_questions(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        passages(tmp_path, text)
    assert reason in str(refused.value)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    for row in read_markdown("help.md", text):
        assert row.problem or isinstance(row.values["answer"], str)


@given(st.lists(st.sampled_from(HELP.split("\n")), max_size=30))
def test_lines_in_any_order_lose_no_answer_below_a_heading(lines: list[str]) -> None:
    rows = list(read_markdown("help.md", "\n".join(["# First", *lines])))
    assert all(row.line <= len(lines) + 1 for row in rows)
    assert sum("Second line." in str(row.values.get("answer")) for row in rows) <= sum(
        line == "Second line." for line in lines
    )
