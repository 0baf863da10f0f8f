"""Every prompt as it is sent, compared as a whole with tests/prompts/golden/."""

from __future__ import annotations

import pytest

import prompts
from tests.prompts.golden import FOLDER, goldens

AGAIN = "python -m tests.prompts.golden writes them anew"


@pytest.fixture(scope="module")
def sent() -> dict[str, str]:
    return dict(goldens())


def test_every_prompt_is_shown() -> None:
    shown = {file.name.partition(".")[0] for file in FOLDER.glob("*.txt")}
    assert shown == set(prompts.names()), f"give each prompt a case in tests/prompts/golden.py; {AGAIN}"


def test_what_a_turn_asks_is_shown_in_both_languages() -> None:
    turns = {file.name for file in FOLDER.glob("*.??.txt")}
    assert turns >= {"track.en.txt", "track.zh.txt", "rank.en.txt", "rank.zh.txt"}


@pytest.mark.parametrize("name", sorted(file.name for file in FOLDER.glob("*.txt")))
def test_the_words_are_those_that_were_read_last(name: str, sent: dict[str, str]) -> None:
    assert sent[name.removesuffix(".txt")] + "\n" == (FOLDER / name).read_text(encoding="utf-8"), AGAIN


def test_no_case_is_without_its_file(sent: dict[str, str]) -> None:
    assert {f"{name}.txt" for name in sent} == {file.name for file in FOLDER.glob("*.txt")}, AGAIN
