"""What a thing must go with, what can be bought now and what is on sale: heard, filtered by, and asked of an item."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState

ROWS = (
    {"id": "t1", "title": "Q2612 toner cartridge", "category": "Toner Cartridges", "brand": "HP", "price": 60,
     "availability": "in stock", "attributes": {"compatibility": "LaserJet 1020, 1022"}},
    {"id": "t2", "title": "Rebuilt toner for 1020 printers", "category": "Toner Cartridges", "brand": "Prime",
     "price": 25, "list_price": 40, "availability": "in stock", "attributes": {"compatibility": "HP LaserJet 1020"}},
    {"id": "t3", "title": "Jet toner, black", "category": "Toner Cartridges", "brand": "Brother", "price": 45,
     "availability": "out of stock", "attributes": {"compatibility": "Brother HL-2030, HL-2040"}},
    {"id": "p1", "title": "Harbour laser printer", "category": "Laser Printers", "brand": "HP", "price": 150,
     "availability": "in stock"},
    {"id": "c1", "title": "Leather phone case", "category": "Phone Cases", "brand": "Prime", "price": 20,
     "attributes": {"compatibility": "iPhone 12, iPhone 12 Pro"}, "stock": 4},
    {"id": "c2", "title": "Clear phone case", "category": "Phone Cases", "brand": "Lucid", "price": 9,
     "attributes": {"compatibility": "Galaxy S21"}, "stock": 0},
)  # fmt: skip


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    folder: Path = tmp_path_factory.mktemp("devices")
    feed, db = folder / "office.jsonl", folder / "office.db"
    feed.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed", "--currency", "USD"])
    assert done.exit_code == 0, done.output
    return Chatbot.open(db)


def last(bot: Chatbot, *messages: str) -> Turn:
    state, turn = DialogueState(), None
    for message in messages:
        *_, end = bot.turn(state, message)
        assert isinstance(end, Finished)
        state, turn = end.state, end.turn
    assert turn is not None
    return turn


@pytest.mark.parametrize(
    ("said", "wish", "shown"),
    [
        ("toner for my HP LaserJet 1020", "compatible_with = HP LaserJet 1020", {"t1", "t2"}),
        ("toner that fits a laserjet 1022", "compatible_with = laserjet 1022", {"t1"}),
        ("LaserJet 1020 toner", "compatible_with = LaserJet 1020", {"t1", "t2"}),
        ("carbon fiber iphone 12 case", "compatible_with = iphone 12", {"c1"}),
        ("a case for an iPhone 12", "compatible_with = iPhone 12", {"c1"}),
        ("适用于 iPhone 12 的手机壳", "compatible_with = iPhone 12", {"c1"}),
        ("toner on sale", "on_sale = true", {"t2"}),
        ("打折的硒鼓", "on_sale = true", {"t2"}),
        ("toner, only what's in stock", "availability = in stock", {"t1", "t2"}),
        ("phone cases that are available now", "availability = in stock", {"c1"}),
        ("phone cases but nothing sold out", "availability = in stock", {"c1"}),
        ("有货的手机壳", "availability = in stock", {"c1"}),
    ],
)
def test_it_is_a_wish_that_is_filtered_by(bot: Chatbot, said: str, wish: str, shown: set[str]) -> None:
    turn = last(bot, said)
    assert wish in {w.text for w in turn.ledger if w.hard}
    assert {s.candidate.product.id for s in turn.suggestions} == shown


@pytest.mark.parametrize(
    "said",
    [
        "a printer for work",
        "toner for the office",
        "a case for my brother",
        "toner for 20",
        "I am looking for a LaserJet 1020",
    ],
)
def test_what_is_no_device_that_the_shop_knows_is_no_such_wish(bot: Chatbot, said: str) -> None:
    assert not [w for w in last(bot, said).ledger if w.slot == "compatible_with"]


def test_no_run_of_letters_takes_long(bot: Chatbot) -> None:
    begun = time.perf_counter()
    for message in ("x" * 2_000, "hp-" * 600, "laser jet " * 200):
        last(bot, message)
    assert time.perf_counter() - begun < 6  # a second on a quiet machine; read in every way it took minutes


def test_the_device_is_told_later_and_struck_off(bot: Chatbot) -> None:
    turn = last(bot, "toner", "it's for a LaserJet 1022")
    assert {s.candidate.product.id for s in turn.suggestions} == {"t1"}
    turn = last(bot, "toner", "it's for a LaserJet 1022", "how many do you have for a LaserJet 1020?")
    assert turn.text == (
        "There are 2 products in this shop that match Toner Cartridges, compatible with LaserJet 1020."
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "does it fit a LaserJet 1022?",
            "Q2612 toner cartridge goes with LaserJet 1022: its record names LaserJet 1022.",
        ),
        (
            "does it work with an Epson R1900?",
            "The record of Q2612 toner cartridge does not name Epson R1900; it names LaserJet 1020, LaserJet 1022.",
        ),
        (
            "what's the first one for",
            "Q2612 toner cartridge: compatible with LaserJet 1020, LaserJet 1022.",
        ),
        (
            "这个能用在 LaserJet 1022 上吗？",
            "Q2612 toner cartridge可以配LaserJet 1022：记录里写着LaserJet 1022。",
        ),
        ("这款适用于什么打印机？", "Q2612 toner cartridge：适用于 LaserJet 1020、LaserJet 1022。"),
        (
            "what is it for?",
            "Q2612 toner cartridge: compatible with LaserJet 1020, LaserJet 1022.",
        ),
        (
            "which printers does it work with?",
            "Q2612 toner cartridge: compatible with LaserJet 1020, LaserJet 1022.",
        ),
    ],
)
def test_what_an_item_goes_with_is_read_from_its_record(bot: Chatbot, question: str, said: str) -> None:
    assert last(bot, "toner from HP", question).text == said


def test_a_silent_record_is_said_to_be_silent(bot: Chatbot) -> None:
    turn = last(bot, "a laser printer", "does it fit a LaserJet 1020?")
    assert turn.text == "The shop's record of Harbour laser printer does not say: compatible with LaserJet 1020."
    assert turn.facts == ()


SHIRTS = (
    {"id": "s1", "title": "Alder shirt", "category": "Shirts", "brand": "Kestrel", "tax": "incl. VAT",
     "variants": [
         {"id": "s1-m", "price": 30, "list_price": 40, "stock": 2, "options": {"size": "M", "colour": "red"}},
         {"id": "s1-l", "price": 40, "stock": 0, "options": {"size": "L", "colour": "blue"}},
     ]},
    {"id": "s2", "title": "Birch shirt", "category": "Shirts", "brand": "Kestrel",
     "variants": [{"id": "s2-m", "price": 25, "stock": 1, "options": {"size": "M", "colour": "blue"}},
                  {"id": "s2-l", "price": 25, "stock": 1, "options": {"size": "L", "colour": "red"}}]},
    {"id": "s3", "title": "Cedar shirt", "category": "Shirts", "brand": "Osprey",
     "variants": [{"id": "s3-m", "price": 55, "stock": 9, "options": {"size": "M", "colour": "red"}},
                  {"id": "s3-l", "price": 55, "stock": 9, "options": {"size": "L", "colour": "blue"}}]},
)  # fmt: skip


@pytest.fixture(scope="module")
def shirts(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    folder: Path = tmp_path_factory.mktemp("shirts")
    feed, db = folder / "shirts.jsonl", folder / "shirts.db"
    feed.write_text("\n".join(map(json.dumps, SHIRTS)), "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed", "--currency", "EUR"])
    assert done.exit_code == 0, done.output
    return Chatbot.open(db)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("is the Alder shirt in stock?", "Alder shirt: availability in stock."),
        ("is the Alder shirt in stock in L?", "Alder shirt (size L): availability out of stock."),
        ("does the Alder shirt come in L?", "Alder shirt (size L): availability out of stock."),
        ("does the Birch shirt come in L?", "Yes. Birch shirt: size M, L."),
        ("how much is the Alder shirt in blue?", "Alder shirt (colour blue): price 40.00 EUR."),
        ("what was the original price of the Alder shirt?", "Alder shirt: price before the sale 40.00 EUR."),
        ("is the tax included for the Alder shirt?", "Alder shirt: tax incl. VAT."),
        ("is the Alder shirt on sale?", "Alder shirt: on sale, yes."),
        ("what does the Alder shirt cost per kg?", "The shop's record of Alder shirt does not say: unit price."),
    ],
)
def test_an_option_and_its_offer_are_answered_from_the_record(shirts: Chatbot, question: str, said: str) -> None:
    assert last(shirts, "shirts", question).text == said
