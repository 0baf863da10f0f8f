"""A model's text read as an answer: what stands around it, what is missing, what is wrong, and where it was cut."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.track.model_answer import Answer, SaidNeed, SaidQuestion, SaidWish, read_answer
from chatbot.types import UserAct
from errors import LLMBadOutput

WHOLE = (
    '{"acts":["reject","inform"],"needs":[{"need":1,"query":"quiet mouse","must":["price <= 80","brand not in [HP, Dell]"],'
    '"like":["colour = black"],"ideal":["A silent mouse"]},{"need":2,"must":["waterproof = true"]}],'
    '"drop":["w2"],"items":[2,13],"ask":["weight","min price"]}'
)
READ = Answer(
    acts=(UserAct.REJECT, UserAct.INFORM),
    needs=(
        SaidNeed(
            1,
            "quiet mouse",
            (
                SaidWish("price", "<=", 80.0),
                SaidWish("brand", "not in", ("HP", "Dell")),
                SaidWish("colour", "=", "black", hard=False),
            ),
            ("A silent mouse",),
        ),
        SaidNeed(2, "", (SaidWish("waterproof", "=", True),)),
    ),
    drop=("w2",),
    items=(2, 13),
    ask=(SaidQuestion("weight"), SaidQuestion("price", "min")),
)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "Here you are: {}\nAnything else?",
        "```json\n{}\n```",
        '<think>A {{mouse}} then, maybe {{"acts":["undo"]}}</think>\n{}',
        "The {{object}}: {}",
        "\ufeff  {}  {{}}",
    ],
)
def test_what_stands_around_it_does_not_matter(around: str) -> None:
    assert read_answer(around.format(WHOLE)) == READ


@pytest.mark.parametrize(
    ("wish", "read"),
    [
        ("price <= 30", SaidWish("price", "<=", 30.0)),
        ("price≤30", SaidWish("price", "<=", 30.0)),
        ("price: 30", SaidWish("price", "=", 30.0)),
        ("weight < 1.5 kg", SaidWish("weight", "<", "1.5 kg")),
        ("screen size >= 15", SaidWish("screen size", ">=", 15.0)),
        ("price sort asc", SaidWish("price", "sort", "asc")),
        ("brand in [HP, 'Dell']", SaidWish("brand", "in", ("HP", "Dell"))),
        ("brand = [HP, Dell]", SaidWish("brand", "=", ("HP", "Dell"))),
        ("colour is not black", SaidWish("colour", "!=", "black")),
        ("waterproof = True", SaidWish("waterproof", "=", True)),
        ("text ~ for my mother", SaidWish("text", "~", "for my mother")),
        ("品牌 != 联想", SaidWish("品牌", "!=", "联想")),
        ({"slot": "price", "op": "<=", "value": 30}, SaidWish("price", "<=", 30.0)),
        ({"slot": "brand", "op": "in", "value": ["HP", "Dell"]}, SaidWish("brand", "in", ("HP", "Dell"))),
        ({"slot": "weight", "op": "<=", "value": 2, "unit": "kg"}, SaidWish("weight", "<=", "2 kg")),
        ("made in Italy", SaidWish("made", "in", ("Italy",))),
        ("cheap", None),
        ("price <=", None),
        (30, None),
        (None, None),
        ({"value": 3}, None),
    ],
)
def test_a_wish_however_it_is_written(wish: object, read: SaidWish | None) -> None:
    answer = read_answer(json.dumps({"acts": ["inform"], "needs": [{"need": 1, "must": [wish]}]}))
    assert answer == Answer((UserAct.INFORM,), (SaidNeed(1, "", (read,)),) if read else ())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"acts":["inform","dance",3],"items":[NaN,-1,0,1.5,"2",true,9999]}', Answer((UserAct.INFORM,), items=(2,))),
        ('{"acts":"inform","items":[3]}', Answer(items=(3,))),
        ('{"acts":["inform"],"needs":{"need":1},"drop":"w1","ask":[7,null,"value"]}', Answer((UserAct.INFORM,))),
        ('{"acts":["undo"],"edits":[{"do":"add"}],"note":{"a":[1]}}', Answer((UserAct.UNDO,))),
        ('{"acts":["inform"],"needs":[{"need":1,"query":"a\\ud800b\\u0007c"}]}',
         Answer((UserAct.INFORM,), (SaidNeed(1, "a b c"),))),
        ('{"acts":["inform"],"needs":[1,{"need":1},{"need":"2","query":"mouse"}]}',
         Answer((UserAct.INFORM,), (SaidNeed(2, "mouse"),))),
    ],
)  # fmt: skip
def test_what_is_wrong_is_left_out(text: str, read: Answer) -> None:
    assert read_answer(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "", "I think they want a mouse.", "{}", "[]", "null", "{" * 5000, '{"acts":' + "[" * 5000, '{"products":[1]}',
        '{"acts":["dance"]}', '<think>{"acts":["inform"]}', " " * 250_000, '{"acts":[' + "1" * 6000 + "]}", '"acts"',
        '{"acts":["inf',
    ],
)  # fmt: skip
def test_no_answer_is_bad_output(text: str) -> None:
    with pytest.raises(LLMBadOutput):
        read_answer(text)


@pytest.mark.parametrize("end", range(1, len(WHOLE)))
def test_cut_anywhere_it_says_nothing_that_the_whole_does_not(end: int) -> None:
    try:
        read = read_answer(WHOLE[:end])
    except LLMBadOutput:
        assert end <= WHOLE.index(",")
        return
    assert read.acts == READ.acts[: len(read.acts)]
    assert read.drop == READ.drop[: len(read.drop)]
    assert read.items == READ.items[: len(read.items)]
    assert read.ask == READ.ask[: len(read.ask)]
    for said, whole in zip(read.needs, READ.needs, strict=False):
        assert (said.need, said.query) in ((whole.need, whole.query), (whole.need, ""))
        assert said.wishes == whole.wishes[: len(said.wishes)]


@given(st.text() | st.text('{}[]",:\\ acetsndi<=10'))
def test_any_text_is_an_answer_or_bad_output(text: str) -> None:
    with contextlib.suppress(LLMBadOutput):
        assert read_answer(text) != Answer()


_words = st.from_regex(r"[a-z]{2,8}( [a-z]{2,8})?", fullmatch=True).filter(
    lambda w: w not in ("true", "false", "nan", "inf")
)
_wishes = st.builds(
    SaidWish,
    _words.filter(lambda w: not {"in", "not", "is", "sort"} & set(w.split())),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "~"]),
    st.floats(0, 1e6).map(lambda x: round(x, 2)) | st.booleans() | _words,
    st.booleans(),
)
_needs = st.builds(
    SaidNeed, st.integers(1, 20), _words, st.lists(_wishes, max_size=3, unique=True).map(tuple), st.just(())
)
_answers = st.builds(
    Answer,
    st.lists(st.sampled_from(UserAct), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(_needs, max_size=3).map(tuple),
    st.lists(st.integers(1, 99).map(lambda n: f"w{n}"), max_size=3, unique=True).map(tuple),
    st.lists(st.integers(1, 20), max_size=5, unique=True).map(tuple),
    st.lists(st.builds(SaidQuestion, _words.filter(lambda w: w.split()[0] not in ("count", "values", "min", "max", "range", "value"))), max_size=3, unique=True).map(tuple),
)  # fmt: skip


def written(answer: Answer) -> str:
    """An answer as a model would write it."""

    def wish(w: SaidWish) -> str:
        return f"{w.slot} {w.op} {str(w.value).lower() if isinstance(w.value, bool) else w.value}"

    needs = [
        {
            "need": n.need,
            "query": n.query,
            "must": [wish(w) for w in n.wishes if w.hard],
            "like": [wish(w) for w in n.wishes if not w.hard],
        }
        for n in answer.needs
    ]
    said = {"acts": answer.acts, "needs": needs, "drop": answer.drop, "items": answer.items}
    return json.dumps(said | {"ask": [q.slot for q in answer.ask]})


@given(_answers)
def test_what_was_written_is_read(answer: Answer) -> None:
    in_order = tuple(SaidNeed(n.need, n.query, tuple(sorted(n.wishes, key=lambda w: not w.hard))) for n in answer.needs)
    read = read_answer(written(answer))
    assert read == Answer(answer.acts, in_order, answer.drop, answer.items, answer.ask)


def test_numbers_that_are_none_are_words() -> None:
    answer = read_answer('{"acts":["inform"],"needs":[{"need":1,"must":["price <= 1e999","rating >= nan"]}]}')
    assert all(not isinstance(w.value, float) or math.isfinite(w.value) for w in answer.needs[0].wishes)
