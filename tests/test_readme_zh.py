"""README.zh-CN.md says what README.md says: section by section, translated from the section as it stands now."""

from __future__ import annotations

import re

import pytest

from tests.readme import CHINESE, ENGLISH, Section, behind, sections
from tests.sources import ROOT

English = sections(ENGLISH.read_text(encoding="utf-8"))
Chinese = sections(CHINESE.read_text(encoding="utf-8"))
PAIRS = [pytest.param(e, c, id=e.heading) for e, c in zip(English, Chinese, strict=False)]
EACH_OTHER = {"README.md", "README.zh-CN.md"}
NAMED_IN_ENGLISH = re.compile(r"^(`.*`|Aisle)$")
"""Headings that are a command or a name stay as they are."""


def test_the_sections_are_the_same() -> None:
    assert [section.level for section in Chinese] == [section.level for section in English]
    kept = [(e.heading, c.heading) for e, c in zip(English, Chinese, strict=True) if NAMED_IN_ENGLISH.match(e.heading)]
    assert [e for e, c in kept] == [c for e, c in kept]


def test_no_section_changed_after_its_translation() -> None:
    assert list(behind()) == [], "translate these again, then: python -m tests.readme --stamp"


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_section_was_translated_from_the_one_at_its_place(english: Section, chinese: Section) -> None:
    assert chinese.stamp == english.fingerprint


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_section_shows_the_same_code(english: Section, chinese: Section) -> None:
    assert chinese.blocks == english.blocks


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_section_names_the_same_commands_options_settings_and_links(english: Section, chinese: Section) -> None:
    assert sorted(chinese.spans ^ english.spans) == []
    assert sorted((chinese.links ^ english.links) - EACH_OTHER) == []
    assert chinese.rows == english.rows


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_section_states_the_same_numbers(english: Section, chinese: Section) -> None:
    assert sorted(english.numbers - chinese.numbers) == []


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_section_is_in_chinese(english: Section, chinese: Section) -> None:
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"`[^`]+`|\]\([^)]+\)|^\|.*$", "", english.prose, flags=re.MULTILINE))
    characters = re.findall(r"[\u4e00-\u9fff]", chinese.prose)
    assert len(characters) >= len(words) * 0.8


def test_links_of_the_translation_lead_somewhere() -> None:
    for section in Chinese:
        for target in section.links:
            path = target.partition("#")[0]
            assert path.startswith("https://") or (ROOT / path).exists() or not path, target
