"""The scripted model of the benches: what it counts, what it answers, and its server's speed."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from bench.model.answers import Answers, shaped
from bench.model.server import Serving, Speed, serving
from bench.model.tokens import BLOCK, Counter, PrefixCache
from llm.spec import open_llm
from llm.types import Call, Usage
from prompts.types import Message, Rendered

CANDIDATES = "Candidates:\n[1] Orla lamp · black\n[2] Pell lamp · white\n[3] Tarn lamp · brass"


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


def test_a_prompt_is_spared_the_whole_blocks_it_begins_like_another() -> None:
    cache, first = PrefixCache(), list(range(50))
    assert cache.read(first) == 0
    assert cache.read([*first[:40], *range(100, 120)]) == 32
    assert cache.read([99, *first]) == 0
    assert cache.read(first) == 48
    assert cache.read(first[:48]) == 32, "the last token is always read"


@given(st.lists(st.lists(st.integers(0, 2), max_size=70), max_size=6))
def test_the_cache_knows_what_was_read_and_nothing_else(sent: list[list[int]]) -> None:
    cache, before = PrefixCache(), list[list[int]]()
    for tokens in sent:
        longest = 0
        for end in range(BLOCK, len(tokens), BLOCK):
            longest = end if any(old[:end] == tokens[:end] for old in before) else longest
        assert cache.read(tokens) == longest
        before.append(tokens)


@given(text=st.text())
def test_pieces_are_the_whole_text(text: str, counter: Counter) -> None:
    assert "".join(counter.pieces(text)) == text


def test_a_longer_talk_begins_like_the_shorter(counter: Counter) -> None:
    short = counter.prompt([("system", "Rules."), ("user", "one")])
    assert counter.prompt([("system", "Rules."), ("user", "one two")])[: len(short) - 3] == short[:-3]


def test_what_is_known_fills_the_shape_and_the_rest_is_the_least() -> None:
    item = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 1}}}
    schema = {
        "type": "object",
        "required": ["acts", "value", "text", "yes"],
        "properties": {
            "acts": {"type": "array", "minItems": 1, "items": {"enum": ["inform", "more"]}},
            "value": {"anyOf": [{"type": "string"}, {"type": "number"}]},
            "text": {"type": "string"},
            "yes": {"type": "boolean"},
            "items": {"type": "array", "maxItems": 2, "items": item},
        },
    }
    assert shaped(schema) == {"acts": ["inform"], "value": "", "text": "", "yes": False}
    known = {"acts": ["more"], "value": 3, "items": [{"n": 4}, {}, {"n": 5}], "other": 1}
    assert shaped(schema, known) == {
        "acts": ["more"],
        "value": 3,
        "text": "",
        "yes": False,
        "items": [{"n": 4}, {"n": 1}],
    }


def test_sense_is_the_latest_message_known_and_the_candidates_own_words() -> None:
    schema = prompts.load("track").schema
    answers = Answers("sense", [("a lamp", {"acts": ["inform"]}), ("why the first?", {"acts": ["explain"]})])
    assert json.loads(answers.to("Dialogue:\na lamp\n\nMessage:\nwhy the first?\n", schema))["acts"] == ["explain"]
    assert answers.to(CANDIDATES, None).splitlines()[0] == "[1] Orla lamp · black"
    assert "[1] Orla" not in Answers("nonsense").to(CANDIDATES, None)


def test_the_server_answers_at_its_speed_and_counts(counter: Counter) -> None:
    rendered = Rendered("rank@1", (Message("system", "Choose. " * 40), Message("user", CANDIDATES)), 60)
    with serving(Serving(Speed(first=0.2, tokens=100))) as spec:
        llm, usages = open_llm(spec), list[Usage]()
        assert llm is not None
        for _ in range(2):
            call, begun = Call(), time.monotonic()
            pieces = llm.stream(rendered, call)
            answer = next(pieces)
            first = time.monotonic() - begun
            answer += "".join(pieces)
            seconds = time.monotonic() - begun
            usages.append(call.usage)
    tokens = counter.count(answer)
    assert first >= 0.2
    assert seconds >= 0.2 + (tokens - 1) / 100
    assert answer == Answers().to(CANDIDATES, None)
    prompt = len(counter.prompt([(m.role, m.content) for m in rendered.messages]))
    assert usages == [Usage(prompt, 0, tokens), Usage(prompt, (prompt - 1) // BLOCK * BLOCK, tokens)]
