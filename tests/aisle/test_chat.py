"""`aisle chat` with standard input as a pipe: a turn a line, kept only where asked to."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from chatbot.memory.store import People

ROWS = (
    {"id": "m1", "title": "Pebble wireless mouse", "brand": "Logira", "price": 24.9, "weight": "95 g"},
    {"id": "m2", "title": "Tile wired mouse", "brand": "Kensai", "price": 12, "weight": "80 g"},
    {"id": "m3", "title": "Boulder wireless mouse", "brand": "Kensai", "price": 59, "weight": "140 g"},
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    feed, db = folder / "mice.jsonl", folder / "shop.db"
    feed.write_text("\n".join(map(json.dumps, ROWS)))
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed", "--currency", "USD"])
    assert done.exit_code == 0, done.output
    return db


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def chat(shop: Path, said: str | bytes, *more: str) -> Result:
    return CliRunner().invoke(main, ["chat", "--db", str(shop), *more], input=said)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("bogus:x", "aisle: no such model: 'bogus:x' (write none, vllm:http://HOST:PORT/v1#MODEL or local:PATH)"),
        ("vllm:nowhere", "aisle: 'nowhere' is no endpoint"),
        ("local:/no/such/folder", "aisle: there is no folder /no/such/folder with a model"),
    ],
)
def test_a_spec_that_names_no_model_is_wrong_usage(shop: Path, spec: str, says: str) -> None:
    result = chat(shop, "a mouse\n", "--llm", spec)
    assert (result.exit_code, result.stdout, result.stderr.startswith(says)) == (2, "", True)


def turns(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def kept(path: Path, user: str) -> list[dict[str, Any]]:
    with People.open(path) as people:
        return people.export(user=user)


def test_a_line_is_a_turn_and_an_empty_line_a_new_dialogue(shop: Path, tmp_path: Path) -> None:
    first, second, third = turns(chat(shop, "a mouse\nunder 30\n\na wired mouse\n", "--json"))
    assert [(t["turn"], t["user"]) for t in (first, second, third)] == [
        (1, "a mouse"),
        (2, "under 30"),
        (1, "a wired mouse"),
    ]
    assert first["dialogue"] == second["dialogue"] != third["dialogue"]
    assert [line["text"] for line in second["ledger"] if line["slot"] == "price"] == ["price < 30"]
    assert sorted(card["id"] for card in second["suggestions"]) == ["m1", "m2"]
    assert list(tmp_path.iterdir()) == []


def test_conversation_is_kept_with_its_turns_and_cards(shop: Path, tmp_path: Path) -> None:
    answered = turns(chat(shop, "a pebble mouse\nunder 30\n", "--user", "ann", "--people", "p.db", "--json"))
    (session,) = kept(tmp_path / "p.db", "ann")
    assert session["id"] == answered[0]["dialogue"]
    assert [message["text"] for message in session["message"]] == ["a pebble mouse", "under 30"]
    assert [turn["document"] for turn in session["turn"]] == answered
    cards = [card["impression"] for turn in answered for card in turn["suggestions"]]
    assert sorted(shown["id"] for shown in session["impression"]) == sorted(cards)
    stages = {shown["item"]: shown["stages"] for shown in session["impression"]}
    assert stages["m1"]["keywords"]["rank"] == 1


def test_it_says_whether_the_conversation_is_kept(shop: Path) -> None:
    (stranger,) = turns(chat(shop, "do you save my chat?\n", "--json"))
    (kept,) = turns(chat(shop, "do you save my chat?\n", "--people", "p.db", "--json"))
    assert stranger["text"].endswith("I myself keep nothing of this conversation once it is over.")
    assert kept["text"].endswith(
        "This conversation is kept so that you can come back to it; you can delete it at any time."
    )


def test_named_shopper_is_kept_in_the_default_file_and_a_stranger_where_told(shop: Path, tmp_path: Path) -> None:
    turns(chat(shop, "a mouse\n\na wired mouse\n", "--user", "ann", "--json"))
    assert len(kept(tmp_path / "people.db", "ann")) == 2
    (stranger,) = turns(chat(shop, "a mouse\n", "--people", "p.db", "--json"))
    with People.open(tmp_path / "p.db") as people:
        (session,) = people.export(session=stranger["dialogue"])
    assert (session["user"], len(session["turn"])) == (None, 1)


def test_nothing_said_is_nothing_kept(shop: Path, tmp_path: Path) -> None:
    assert turns(chat(shop, "\n\n", "--user", "ann", "--json")) == []
    assert kept(tmp_path / "people.db", "ann") == []


def test_file_that_cannot_keep_is_said(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "p.db").write_text("something else")
    result = chat(shop, "a mouse\n", "--people", "p.db", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "p.db" in result.stderr


def test_bytes_that_are_no_text_are_an_ordinary_turn(shop: Path, tmp_path: Path) -> None:
    (turn,) = turns(chat(shop, b"a mouse \xff\xfe\x00 please\n", "--user", "ann", "--json"))
    assert turn["turn"] == 1
    (session,) = kept(tmp_path / "people.db", "ann")
    assert [t["document"] for t in session["turn"]] == [turn]


def test_terminal_shows_wishes_words_cards_and_comparisons(shop: Path) -> None:
    shown = chat(shop, "a mouse under 30\ncompare the first two\n").stdout
    assert "price < 30" in shown
    assert "Pebble wireless mouse  24.90 USD" in shown
    table = shown[shown.index("Comparing") :]
    assert "weight" in table
    assert "95 g" in table


@pytest.mark.parametrize(
    ("said", "small_print"),
    [
        ("a mouse under 30", "Answered without the full help of the language model."),
        ("我想买一个鼠标", "这次回答未能完全借助语言模型。"),
    ],
)
def test_terminal_says_when_the_model_was_of_no_help(shop: Path, said: str, small_print: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"vllm:http://127.0.0.1:{listener.getsockname()[1]}/v1#tiny"
    assert chat(shop, f"{said}\n").stdout.count(small_print) == 0
    result = chat(shop, f"{said}\n", "--llm", nobody, "--llm-use", "always")
    assert (result.exit_code, result.stdout.count(small_print)) == (0, 1)
    assert "127.0.0.1" not in result.stdout
