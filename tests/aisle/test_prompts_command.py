"""`aisle prompts`: what each of its three commands writes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

import prompts
from aisle.cli import main
from catalog.ingest import import_feeds
from chatbot.asking import Model
from chatbot.events import Finished
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from errors import LLMUnavailable
from llm.scripted import ScriptedLLM

TALK = ("a mouse", "under 30 please, ideally black")
MICE = (
    {"id": "m1", "title": "Orla mouse", "brand": "Orla", "price": "24 USD", "category": "mouse", "colour": "black"},
    {"id": "m2", "title": "Pell mouse", "brand": "Pell", "price": "12 USD", "category": "mouse", "colour": "white"},
    {"id": "m3", "title": "Tarn mouse", "brand": "Tarn", "price": "42 USD", "category": "mouse", "colour": "black"},
    {"id": "m4", "title": "Orla keyboard", "brand": "Orla", "price": "30 USD", "category": "keyboard"},
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mice")
    (folder / "mice.jsonl").write_text("".join(json.dumps(row) + "\n" for row in MICE), encoding="utf-8")
    import_feeds([folder / "mice.jsonl"], folder / "mice.db")
    return folder / "mice.db"


def sent(db: Path, llm: ScriptedLLM, use: str = "always") -> list[object]:
    """What the model was really sent at the last message of the talk, as the command writes it."""
    plain, state = Chatbot.open(db), DialogueState()
    for message in TALK[:-1]:
        *_, end = plain.turn(state, message)
        assert isinstance(end, Finished)
        state = end.state
    *_, end = plain.with_model(Model(llm, use)).turn(state, TALK[-1])  # type: ignore[arg-type]
    assert isinstance(end, Finished)
    return [json.loads(json.dumps(asdict(rendered))) for rendered in llm.calls]


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["prompts", *args])
    return result.exit_code, result.output


def test_list_names_every_prompt_with_its_fingerprint() -> None:
    code, out = run("list", "--json")
    assert code == 0
    assert [(row["prompt"], row["fingerprint"]) for row in json.loads(out)] == [
        (prompts.load(name).id, prompts.load(name).fingerprint) for name in prompts.names()
    ]


def test_show_prints_the_words() -> None:
    code, out = run("show", "rank")
    assert code == 0
    assert prompts.load("rank").system.strip() in out
    assert prompts.load("rank").user.strip() in out


def test_render_prints_what_would_be_sent() -> None:
    values = {name: f"<{name}>" for name in prompts.load("rank").variables}
    code, out = run("render", "rank", "--json", *(f"--set={name}={value}" for name, value in values.items()))
    sent = json.loads(out)
    assert code == 0
    assert sent["messages"][1]["content"] == prompts.load("rank").render(**values).messages[1].content


def test_render_without_values_names_them_all() -> None:
    code, out = run("render", "rank", "--set", "limit=5")
    assert (code, "missing: language, wishes, profile, message, candidates" in out) == (2, True)


def test_a_value_without_a_name_is_wrong_usage() -> None:
    assert run("render", "rank", "--set", "limit")[0] == 2


def test_render_prints_what_the_tracker_sends_for_the_last_message(db: Path) -> None:
    code, out = run("render", "track", "--db", str(db), "--json", *TALK)
    assert code == 0, out
    assert [json.loads(out)] == sent(db, ScriptedLLM({"track": [LLMUnavailable("away")]}))


def test_render_prints_what_the_ranker_sends_after_the_embedded_reading(db: Path) -> None:
    code, out = run("render", "rank", "--db", str(db), "--json", *TALK)
    assert code == 0, out
    the_same = json.dumps(
        {"acts": ["inform"], "needs": [{"need": 1, "must": ["price <= 30"], "like": ["colour = black"]}]}
    )
    asked = sent(db, ScriptedLLM({"track": the_same, "rank": "[1] It is black."}))
    assert [json.loads(out)] == asked[1:]


def test_render_of_a_talk_reads_like_the_prompt(db: Path) -> None:
    code, out = run("render", "rank", "--db", str(db), *TALK)
    assert (code, out.startswith("--- system\n"), "\n--- user\n" in out, "Orla mouse" in out) == (0, True, True, True)


def test_render_says_when_nothing_is_sent(db: Path) -> None:
    code, out = run("render", "rank", "--db", str(db), "--llm-use", "sparing", "hello")
    assert (code, out) == (
        1,
        f"Error: With --llm-use sparing the model is not asked {prompts.load('rank').id} for this message.\n",
    )


def test_render_takes_messages_or_values(db: Path) -> None:
    assert run("render", "rank", "--db", str(db), "--set", "limit=5", "hello")[0] == 2


def test_render_without_a_shop_says_so(tmp_path: Path) -> None:
    code, out = run("render", "rank", "--db", str(tmp_path / "none.db"), "hello")
    assert (code, "none.db" in out) == (2, True)
