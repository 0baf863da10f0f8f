"""The examples of a shop: made of its own kinds, prices and brands, and never one that finds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.demo import FEED
from chatbot.events import Finished
from chatbot.turn import Chatbot
from chatbot.types import DialogueState, Language
from chatbot.web.page.starters import Starters, starters
from chatbot.web.shop import Shop
from tests.chatbot.web.fakes import FakeAssistant, FakeRecords


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    db = Path(tmp_path_factory.mktemp("demo")) / "shop.db"
    done = CliRunner().invoke(main, ["import", str(FEED), "--db", str(db), "--no-embed"])
    assert done.exit_code == 0, done.output
    return Chatbot.open(db)


@pytest.mark.parametrize(
    ("language", "made"),
    [
        (
            "en",
            (
                "I'm looking for backpacks",
                "board games under 34 USD",
                "coffee makers by Perkola",
                "the best rated desk lamps",
            ),
        ),
        ("zh", ("我想找双肩包", "34 美元以内的桌游", "Perkola的咖啡机", "评分最高的台灯")),
    ],
)
def test_examples_are_of_the_shop_and_each_shows_cards(
    demo: Chatbot, language: Language, made: tuple[str, ...]
) -> None:
    assert starters(demo, language) == made
    for text in made:
        *_, end = demo.turn(DialogueState(language=language), text)
        assert isinstance(end, Finished)
        assert (bool(end.turn.suggestions), end.turn.relaxed) == (True, ())


@dataclass
class FindsNothing(FakeRecords):
    """A shop whose records answer nobody."""

    products: tuple = ()  # type: ignore[type-arg]


def test_shop_that_finds_nothing_has_no_examples() -> None:
    assert starters(FakeAssistant(FindsNothing()), "en") == ()


def test_trying_an_example_out_leaves_no_trace_with_the_assistant() -> None:
    assistant = FakeAssistant()
    assert starters(assistant, "en") == ("I'm looking for mice",)
    assert (assistant.heard, assistant.calls) == ([], [])


def test_examples_are_made_once_an_import_and_language() -> None:
    later = FakeAssistant(FakeRecords(generation="g2", products=()))
    shop = Shop(assistant := FakeAssistant())
    made = Starters(shop)
    assert (made("en"), made("zh"), made("en")) == (
        ("I'm looking for mice",),
        ("我想找鼠标",),
        ("I'm looking for mice",),
    )
    assistant.newer = lambda: later
    assert made("en") == ()
