"""Messages made to keep the assistant busy: what is looked up, or gone through again, stays in proportion to their length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatbot.track import acts
from chatbot.track.acts import acts_of
from chatbot.track.lists import items_of_list
from chatbot.track.names import Gap, Names, gaps_of
from chatbot.track.normal import Message
from chatbot.track.pieces import pieces
from chatbot.track.spans import Span
from chatbot.track.titles import Titles
from chatbot.types import UserAct

TITLES = ("无线蓝牙鼠标 静音版", "红色陶瓷马克杯", "蓝牙耳机")
LONG = 2_000
WORDS = Path(acts.__file__).parent / "words" / "acts_zh.toml"


class _Counted(Titles):
    """Titles that count how often they are asked."""

    asked = 0

    def having(self, words: Sequence[str]) -> list[int]:
        self.asked += 1
        return super().having(words)


def test_endless_chinese_is_looked_up_a_few_times_a_character() -> None:
    for text in ("红", "蓝牙", "鼠标", "无线蓝牙鼠标"):
        titles = _Counted(TITLES)
        said = tuple(pieces((text * LONG)[:LONG]))
        Names(titles, len(TITLES)).products([Gap(0, LONG, said)], ["1", "2", "3"])
        assert titles.asked <= 8 * LONG


def test_longest_known_part_of_a_run_is_the_name() -> None:
    said = tuple(pieces("我家的无线蓝牙鼠标坏了"))
    (found,) = Names(Titles(TITLES), len(TITLES)).products([Gap(0, 11, said)], ["1", "2", "3"])
    assert (found.start, found.end, found.readings[0].values) == (3, 9, ("1",))


def test_endless_wishes_leave_no_gap_behind_what_is_known() -> None:
    text = "红蓝" * (LONG // 2)
    gaps = gaps_of(tuple(pieces(text)), [Span(start, start + 2) for start in range(0, LONG, 4)], text)
    assert [(gap.start, gap.end) for gap in gaps] == [(start, start + 2) for start in range(2, LONG, 4)]


def test_adverbs_before_taking_something_are_a_few() -> None:
    """Any number of them in front of what is taken would be tried anew at every character."""
    written = WORDS.read_text("utf-8")
    assert not any(endless in written for endless in ("{adv}+", "{adv}*"))
    (taken,) = acts_of(Message.read("我还是就要这个吧"))
    assert (taken.act, taken.topic) == (UserAct.ACCEPT, "take")


def test_endless_blank_lines_are_no_list() -> None:
    assert items_of_list("\n" * (LONG - 1) + "a") == ((), "")
