"""Every setting by environment, and what happens to a bad or a misspelt one."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aisle.cli import COMMANDS, main, options
from aisle.settings import Settings, unknown, variable
from catalog.ingest import import_feeds
from errors import AisleError
from tests.llm.fake_server import HEAD, Handler, event, server, stays_silent_after


def test_every_setting_reads_its_variable() -> None:
    given = Settings.read(
        {
            "AISLE_DB": "~/a.db",
            "AISLE_PEOPLE": "b.db",
            "AISLE_LLM": " vllm:http://127.0.0.1:9/v1#m ",
            "AISLE_LLM_USE": "sparing",
            "AISLE_LLM_KEY": " sesame ",
            "AISLE_LLM_CONNECT": "0.5",
            "AISLE_LLM_FIRST": "2",
            "AISLE_LLM_GAP": "1.5",
            "AISLE_LLM_TURN": "4",
            "AISLE_LLM_TOKENS": "3000",
            "AISLE_LLM_RUNNING": "4",
            "AISLE_LLM_WAITING": "8",
            "AISLE_STAFF_PASSWORD": "open, sesame",
            "AISLE_KEEP_DAYS": "90",
            "AISLE_HOST": "0.0.0.0",
            "AISLE_PORT": "81",
            "AISLE_CARDS": "3",
            "AISLE_CACHE": "/c",
            "AISLE_SHARED": "/s",
        }
    )
    assert given == Settings(
        db=Path.home() / "a.db",
        people=Path("b.db"),
        llm="vllm:http://127.0.0.1:9/v1#m",
        llm_use="sparing",
        llm_key="sesame",
        llm_connect=0.5,
        llm_first=2.0,
        llm_gap=1.5,
        llm_turn=4.0,
        llm_tokens=3000,
        llm_running=4,
        llm_waiting=8,
        staff_password="open, sesame",
        keep_days=90,
        host="0.0.0.0",
        port=81,
        cards=3,
        cache=Path("/c"),
        shared=Path("/s"),
    )


def test_nothing_set_and_empty_are_the_defaults() -> None:
    assert Settings.read({}) == Settings.read({"AISLE_PORT": ""}) == Settings()


@pytest.mark.parametrize("text", ["abc", "0", "-1", "99999", "1.5"])
def test_a_bad_port_names_its_variable(text: str) -> None:
    with pytest.raises(AisleError, match="AISLE_PORT"):
        Settings.read({"AISLE_PORT": text})


@pytest.mark.parametrize("name", ["LLM_CONNECT", "LLM_FIRST", "LLM_GAP", "LLM_TURN"])
@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "9999", "1,5"])
def test_seconds_that_make_no_sense_name_their_variable(name: str, text: str) -> None:
    with pytest.raises(AisleError) as refused:
        Settings.read({f"AISLE_{name}": text})
    assert str(refused.value) == f"AISLE_{name} must be a number of seconds, not {text!r}."


@pytest.mark.parametrize("name", ["LLM_TOKENS", "LLM_RUNNING", "LLM_WAITING"])
@pytest.mark.parametrize("text", ["many", "0", "-1", "1.5"])
def test_numbers_that_make_no_sense_name_their_variable(name: str, text: str) -> None:
    with pytest.raises(AisleError, match=rf"^AISLE_{name} must be a whole number .*, not '{text}'\.$"):
        Settings.read({f"AISLE_{name}": text})


@pytest.mark.parametrize(("text", "days"), [("0", 0), ("1", 1), ("36500", 36_500)])
def test_conversations_are_kept_for_whole_days(text: str, days: int) -> None:
    assert Settings.read({"AISLE_KEEP_DAYS": text}).keep_days == days


@pytest.mark.parametrize("text", ["-1", "1.5", "a month", "36501", "9" * 30])
def test_days_that_make_no_sense_name_their_variable(text: str) -> None:
    with pytest.raises(AisleError, match=rf"^AISLE_KEEP_DAYS must be .*, not '{text}'\.$"):
        Settings.read({"AISLE_KEEP_DAYS": text})


def test_a_way_of_asking_that_is_none_names_those_there_are() -> None:
    with pytest.raises(AisleError) as refused:
        Settings.read({"AISLE_LLM_USE": "often"})
    assert str(refused.value) == "AISLE_LLM_USE must be one of always, auto, sparing, not 'often'."


@pytest.mark.parametrize("name", ["chat", "serve", "test", "demo"])
def test_a_command_that_talks_takes_a_model_and_how_readily_it_is_asked(name: str) -> None:
    command = COMMANDS[name].load()
    by_name = {parameter.name: parameter for parameter in command.params}
    assert (by_name["llm"].envvar, by_name["llm_use"].envvar) == ("AISLE_LLM", "AISLE_LLM_USE")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    feed = tmp_path_factory.mktemp("mugs") / "mugs.jsonl"
    mugs = ({"id": str(n), "title": f"Mug {n}", "category": "mug", "price": f"{n} EUR"} for n in range(1, 4))
    feed.write_text("".join(json.dumps(mug) + "\n" for mug in mugs), encoding="utf-8")
    import_feeds([feed], feed.with_suffix(".db"))
    return feed.with_suffix(".db")


@pytest.mark.parametrize(
    ("name", "handler", "seconds"),
    [
        ("LLM_TURN", stays_silent_after(HEAD), 0.8),
        ("LLM_FIRST", stays_silent_after(HEAD), 0.3),
        ("LLM_GAP", stays_silent_after(HEAD, event("{")), 0.3),
        ("LLM_TOKENS", stays_silent_after(HEAD), 0.0),
    ],
)
def test_a_limit_of_the_environment_holds(
    name: str, handler: Handler, seconds: float, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"AISLE_{name}", str(seconds or 100))
    with server(handler) as (url, served):
        monkeypatch.setenv("AISLE_LLM", f"vllm:{url}#m")
        monkeypatch.setenv("AISLE_LLM_USE", "always")
        done = CliRunner().invoke(main, ["chat", "--db", str(db), "--json"], input="a mug, please\n")
        turn = json.loads(done.stdout)
    assert (len(turn["suggestions"]), turn["tracked_by"], turn["degraded"]) == (3, "embedded", seconds > 0)
    assert turn["ms"]["model"] <= seconds * 1000 + 600, (
        "the turn's seconds count from its beginning, the others from asking"
    )
    assert turn["ms"]["model"] >= (seconds * 1000 if name in ("LLM_FIRST", "LLM_GAP") else 0)
    assert len(served.requests) == (seconds > 0), "more tokens than allowed are not even asked for"


def test_a_bad_setting_is_one_clear_message(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM", "vllm:http://127.0.0.1:9/v1#m")
    monkeypatch.setenv("AISLE_LLM_GAP", "soon")
    done = CliRunner().invoke(main, ["chat", "--db", str(db)], input="hello\n")
    assert (done.exit_code, done.output) == (2, "aisle: AISLE_LLM_GAP must be a number of seconds, not 'soon'.\n")


def test_unknown_variables_are_misspellings_of_ours_only() -> None:
    assert unknown({"AISLE_PROT": "1", "AISLE_DB": "x", "PATH": "y"}) == ("AISLE_PROT",)


def test_every_setting_has_help_and_stays_as_it_is() -> None:
    assert all(f.metadata["help"].endswith(".") for f in fields(Settings))
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_shared_options_prefer_the_command_line_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    @options.db
    @options.port
    def command(db: Path, port: int) -> None:
        click.echo(f"{db} {port}")

    monkeypatch.setenv(variable("db"), "env.db")
    monkeypatch.setenv(variable("port"), "9")
    assert CliRunner().invoke(command, ["--db", "given.db"]).stdout == "given.db 9\n"
