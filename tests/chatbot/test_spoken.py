"""What is said and left unsaid over some turns with the demo shop: the talk's language, wishes taken off, unmet, unheard."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.demo import FEED
from chatbot.events import Finished
from chatbot.turn import Chatbot
from chatbot.types import DialogueState


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    db = Path(tmp_path_factory.mktemp("spoken")) / "shop.db"
    done = CliRunner().invoke(main, ["import", str(FEED), "--db", str(db), "--no-embed"])
    assert done.exit_code == 0, done.output
    return Chatbot.open(db)


def talk(demo: Chatbot, *messages: str) -> Finished:
    """The end of the last turn."""
    ends: list[Finished] = []
    for message in messages:
        *_, end = demo.turn(ends[-1].state if ends else DialogueState(), message)
        assert isinstance(end, Finished)
        ends.append(end)
    return ends[-1]


def test_what_was_clicked_off_is_not_asked_for_then_or_later(demo: Chatbot) -> None:
    state = talk(demo, "a backpack under 150").state
    price = next(w.id for w in state.wishes if w.slot == "price")
    *_, end = demo.edit(state, remove=(price,))
    assert isinstance(end, Finished)
    assert end.state.declined == ("price",)
    assert end.turn.text == "Here is what I found for backpacks. Do you have a preference for capacity?"
    *_, later = demo.turn(end.state, "a black one")
    assert isinstance(later, Finished)
    assert "price" not in later.state.asked


@pytest.mark.parametrize(
    ("then", "language"),
    [
        ("cheaper", "en"),
        ("show others", "en"),
        ("not black", "en"),
        ("OK", "zh"),
        ("Perkola", "zh"),
        ("iPad Air", "zh"),
        ("16GB", "zh"),
    ],
)
def test_english_word_turns_the_talk_to_english_and_a_name_does_not(demo: Chatbot, then: str, language: str) -> None:
    assert talk(demo, "想买咖啡机，300美元以内", then).turn.language == language


def test_kind_named_in_chinese_is_called_as_the_shop_does_in_english(demo: Chatbot) -> None:
    assert talk(demo, "想买咖啡机，300美元以内", "cheaper").turn.text == "I found exactly 3 for coffee makers."


def test_chinese_comparison_names_kind_stock_and_columns_in_chinese(demo: Chatbot) -> None:
    turn = talk(demo, "想买咖啡机，300美元以内", "比较前两个").turn
    assert turn.table is not None
    rows = {row.slot: row.values for row in turn.table.rows}
    assert (rows["category"], rows["availability"]) == (("咖啡机", "咖啡机"), ("有货", "有货"))
    assert rows["material"] == ("玻璃", "不锈钢")
    assert "、杯数（7 / 9）、" in turn.text


def test_fact_about_stock_is_said_in_chinese(demo: Chatbot) -> None:
    turn = talk(demo, "想买咖啡机，300美元以内", "第一个有货吗").turn
    assert turn.text == "Brewell Fika Plus 滴滤式咖啡机：库存 有货。"


@pytest.mark.parametrize(
    ("then", "owned_up", "types"),
    [
        ("不要胶囊的", False, ["type != Capsule"]),
        ("不要紫檀的", True, []),
        ("不要蓝牙的。", True, []),
        ("不要这个", False, []),
    ],
)
def test_what_is_not_wanted_is_heard_or_owned_up_to(demo: Chatbot, then: str, owned_up: bool, types: list[str]) -> None:
    end = talk(demo, "想买咖啡机，300美元以内", then)
    assert ("没看懂您不要的" in end.turn.text) == owned_up
    assert [w.text for w in end.state.wishes if w.slot == "type"] == types


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("a desk lamp under 80, ideally black", "None of these meets: colour black."),
        ("想买咖啡机，最好是紫色的", "这里没有一款满足颜色 紫色。"),
    ],
)
def test_soft_wish_that_no_card_meets_is_owned_up_to_once(demo: Chatbot, said: str, clause: str) -> None:
    assert clause in talk(demo, said).turn.text
    assert clause not in talk(demo, said, "at least 4 stars").turn.text


def test_soft_wish_that_a_card_meets_is_not_spoken_of(demo: Chatbot) -> None:
    turn = talk(demo, "a backpack, ideally black").turn
    assert "None of these" not in turn.text
