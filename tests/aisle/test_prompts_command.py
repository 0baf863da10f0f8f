"""`aisle prompts`: what each of its three commands writes."""

from __future__ import annotations

import json

from click.testing import CliRunner

import prompts
from aisle.cli import main


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
