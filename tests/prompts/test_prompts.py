"""The prompts as values: loading, filling in, pins."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from errors import PromptError
from prompts import Message, Rendered
from prompts.prompt import read

PINS = Path(__file__).with_name("pins.toml")
RANK = {
    "limit": 5,
    "language": "English",
    "wishes": "price <= 30",
    "profile": "-",
    "message": "hi",
    "candidates": "[1] x",
}

GOOD = """
version = 3
purpose = "A test."
variables = ["name"]
max_tokens = 10
system = "Be kind."
user = "Hello $name, it costs $$5."
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "greet.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_words_change_only_with_their_version() -> None:
    pins = tomllib.loads(PINS.read_text(encoding="utf-8"))
    for name in prompts.names():
        prompt = prompts.load(name)
        assert prompt.id in pins, f"{prompt.id} is new: pin it in tests/prompts/pins.toml as {prompt.fingerprint!r}"
        assert pins[prompt.id] == prompt.fingerprint, (
            f"the words of {prompt.id} changed: raise its version, then pin it"
        )


def test_no_pinned_prompt_has_gone() -> None:
    pinned = {name.partition("@")[0] for name in tomllib.loads(PINS.read_text(encoding="utf-8"))}
    assert pinned == set(prompts.names())


def test_render_fills_in_whole(tmp_path: Path) -> None:
    rendered = read(write(tmp_path, GOOD)).render(name="$you")
    messages = (Message("system", "Be kind."), Message("user", "Hello $you, it costs $5."))
    assert rendered == Rendered("greet@3", messages, 10, 0.0, None)
    assert rendered.name == "greet"


def test_one_error_names_all_that_is_missing_and_unknown() -> None:
    with pytest.raises(
        PromptError, match=r"^prompt rank@\d+: missing: limit, wishes, profile, candidates; unknown: a, b$"
    ):
        prompts.load("rank").render(language="English", message="hi", b=1, a=2)


def test_no_such_prompt() -> None:
    with pytest.raises(PromptError, match="no prompt is called 'rhyme'"):
        prompts.load("rhyme")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("version = 3", "", "missing: version"),
        ("version = 3", 'version = "3"', "version: int is expected"),
        ("max_tokens = 10", "max_tokens = 10\nmax_token = 9", "unknown: max_token"),
        ('["name"]', '["name", "age"]', "variables says name, age, the words use name"),
        ("$$5", "$5", "must be written"),
        ("max_tokens = 10", "max_tokens = 10\nschema = '{'", "schema: not JSON"),
        ("max_tokens = 10", "max_tokens = 10\nschema = '[]'", "schema: a JSON object is expected"),
        ("version = 3", "version = ", "cannot be read"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(PromptError, match=says.replace("$", r"\$")):
        read(write(tmp_path, GOOD.replace(old, new)))


def test_the_fingerprint_follows_words_and_options_only(tmp_path: Path) -> None:
    first = read(write(tmp_path, GOOD)).fingerprint
    assert read(write(tmp_path, GOOD.replace("A test.", "Another.").replace("= 3", "= 4"))).fingerprint == first
    assert read(write(tmp_path, GOOD.replace("kind", "brief"))).fingerprint != first
    assert read(write(tmp_path, GOOD.replace("= 10", "= 11"))).fingerprint != first


@given(st.text())
def test_values_are_put_in_as_they_are(text: str) -> None:
    rendered = prompts.load("rank").render(**(RANK | {"candidates": text}))
    assert f"Candidates:\n{text}\n" in rendered.messages[1].content


def test_what_never_changes_comes_first() -> None:
    for name, values in {"rank": RANK}.items():
        prompt = prompts.load(name)
        assert "$" not in prompt.system, "the system words are the cached prefix"
        assert prompt.render(**values).messages[0].content == prompt.system
