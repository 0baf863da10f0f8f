"""Reading a ranking as it is written: the shapes it comes in, what is none, and that cutting the stream changes nothing."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatbot.rank.answer import MOST, REASON, Pick, picks

QUIET, LIGHT = Pick(3, "Quiet at night."), Pick(1, "light")
RANKINGS: list[tuple[str, list[Pick]]] = [
    ("[3] Quiet at night.\n[1] light\n", [QUIET, LIGHT]),
    ("[ 3 ]: Quiet at night.\n[1] - light\n", [QUIET, LIGHT]),
    ("[#3] Quiet at night.\n[1] — light\n", [QUIET, LIGHT]),
    ("1. [3] Quiet at night.\n2. [1] light\n", [QUIET, LIGHT]),
    ("1) **[3]** Quiet at night.\n2) **[1]**: light\n", [QUIET, LIGHT]),
    ("- [3] Quiet at night.\n* [1] light\n", [QUIET, LIGHT]),
    ("  •  **[3]: Quiet at night.**\n> [1] *light*\n", [QUIET, LIGHT]),
    ("(3) Quiet at night.\n(1) light\n", [QUIET, LIGHT]),
    ("【3】Quiet at night.\n［1］light\n", [QUIET, LIGHT]),
    ("（3）夜里安静。\n【1】：轻便\n", [Pick(3, "夜里安静。"), Pick(1, "轻便")]),
    ("3: Quiet at night.\n1: light\n", [QUIET, LIGHT]),
    ("3. Quiet at night.\n1. light\n", [QUIET, LIGHT]),
    ("Item [3]: Quiet at night.\nItem [1]: light\n", [QUIET, LIGHT]),
    ("**Candidate 3:** Quiet at night.\n**Candidate 1:** light\n", [QUIET, LIGHT]),
    ("#3: Quiet at night.\n#1: light\n", [QUIET, LIGHT]),
    ("| No. | Why |\n|---|---|\n| 3 | Quiet at night. |\n| [1] | light |\n", [QUIET, LIGHT]),
    ("第3款：夜里安静。\n第1款：轻便\n", [Pick(3, "夜里安静。"), Pick(1, "轻便")]),
    ('"[3] Quiet at night."\n"[1] light"\n', [QUIET, LIGHT]),
    ("Sure! Here are my picks:\n\n[3] Quiet at night.\n\n[1] light\n\nHope 2 of them help!\n", [QUIET, LIGHT]),
    ("```text\n[3] Quiet at night.\n[1] light\n```\n", [QUIET, LIGHT]),
    ("<think>[7] perhaps, or\n[8]</think>\n[3] Quiet at night.\n[1] light\n", [QUIET, LIGHT]),
    ("<thinking>[7] no</thinking>[3] Quiet at night.\n[1] light\n", [QUIET, LIGHT]),
    ("\r\n[3] Quiet at night.\r\n[1]   light  \r\n", [QUIET, LIGHT]),
    ("[3] Quiet at night.\n[3] again\n[1] light\n[1] light\n", [QUIET, LIGHT]),
    ("[0] none\n[3] Quiet at night.\n[21] beyond\n[999999] huge\n[12345678] huger\n[1] light\n", [QUIET, LIGHT]),
    ('{"number": 3, "reason": "Quiet at night."}\n{"number": 1, "reason": "light"}\n', [QUIET, LIGHT]),
    ('[{"id": "[3]", "why": "Quiet at night."}, {"id": "1", "why": "light"}]\n', [QUIET, LIGHT]),
    ('{"items": [\n {\n "index": 3,\n "reason": "Quiet at night."\n },\n {"index": 1,\n "reason": "light"}]}', [QUIET, LIGHT]),
    ('{"3": "Quiet at night.", "1": "light"}\n', [QUIET, LIGHT]),
    ('[3, "Quiet at night."],\n[1, "light"]\n', [QUIET, LIGHT]),
    ('{"number": 3, "reason": "so \\"quiet\\"\\nat night"}\n', [Pick(3, 'so "quiet" at night')]),
    ("3, 1, 5\n", [Pick(3), Pick(1), Pick(5)]),
    ("[3, 1, 5]\n", [Pick(3), Pick(1), Pick(5)]),
    ("[3] > [1] > [5]\n", [Pick(3), Pick(1), Pick(5)]),
    ("[3], [1], [5].\n", [Pick(3), Pick(1), Pick(5)]),
    ("Ranking: 3 > 1 > 5\n", [Pick(3), Pick(1), Pick(5)]),
    ('{"ranking": [3, 1, 5]}\n', [Pick(3), Pick(1), Pick(5)]),
    ("3、1、5\n", [Pick(3), Pick(1), Pick(5)]),
    ("[3]\n[1]\n", [Pick(3), Pick(1)]),
    ("3\n1\n", [Pick(3), Pick(1)]),
    # Counting its own lines: the numbers agree with any order, and the reasons may be other items'.
    ("1. The steel one, quiet\n2. The red one\n3. The tall one\n", [Pick(1), Pick(2), Pick(3)]),
    # Cut off: the number stands, of the reason what whole clauses are left.
    ("[3] Quiet at night.\n[1] light, and within your bud", [QUIET, LIGHT]),
    ("[3] Quiet at night.\n[1] within your bud", [QUIET, Pick(1)]),
    ("[3] Quiet at night.\n[1", [QUIET]),
    ("[3] Quiet at night.\n[1]", [QUIET, Pick(1)]),
    ("3, 1, 1", [Pick(3), Pick(1)]),
    ('{"number": 3, "reason": "Quiet at night."}\n{"number": 1, "reason": "light, and wi', [QUIET, LIGHT]),
    ("【3】夜里安静，而且很轻便，适", [Pick(3, "夜里安静，而且很轻便")]),
]  # fmt: skip
NONE = [
    "",
    "\n\n\n",
    "I'm sorry, I cannot rank these items.\n",
    "Sorry, [3] is all I can think of.\n",
    "[3] I'm sorry, but I cannot help with that.\n",
    "[1] 抱歉，我无法回答这个问题。\n",
    "抱歉，我不能推荐[3]。\n",
    "HTTP 503: Service Unavailable\n",
    "503 Service Unavailable\n",
    "Error code: 400 - {'error': {'message': 'max 3 requests', 'code': 3}}\n",
    '{"error": {"message": "rate limit: 3 of 5", "code": 3, "type": "limit"}}\n',
    '{"object": "error", "code": 3}\n',
    "Traceback (most recent call last):\n  File 3, line 5\n",
    "429: Too many requests, retry after 3 s\n",
    "<html><body><h1>3 items</h1></body></html>\n",
    "I would go for number 3 and then 5.\n",
    "Candidates 3 and 5 suit best [3][5].\n",
    "2 of the kettles are quiet.\n",
    "<think>[3] quiet [1] light",
    "<think>\n[3] quiet\n[1] light\n",
    "[] quiet\n[x] light\n[1.5] odd\n[-2] odder\n[３４５６７８９] far\n",
    "$3.50, 5 stars, 1 year\n",
    "NaN\nnull\n{}\n[]\n",
    " " * 250_000,
]  # fmt: skip
PIECES = [text for text, _ in RANKINGS] + NONE[:-1]


@pytest.mark.parametrize(("text", "found"), RANKINGS)
def test_a_valid_answer_is_read_in_its_shape(text: str, found: list[Pick]) -> None:
    assert list(picks([text], 20)) == found


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_ranking_is_not_read_as_one(text: str) -> None:
    assert list(picks([text], 20)) == []


def test_a_line_is_read_when_it_ends() -> None:
    read: list[str] = []

    def pieces() -> list[str]:
        return ["[3] Qui", "et at night.", "\n", "[1] li", "ght\n"]

    def told() -> object:
        for piece in pieces():
            read.append(piece)
            yield piece

    answer = picks(told(), 20)  # type: ignore[arg-type]
    assert (next(answer), "".join(read)) == (QUIET, "[3] Quiet at night.\n")
    assert (next(answer), "".join(read)) == (LIGHT, "".join(pieces()))


def test_a_long_reason_is_cut_at_a_clause() -> None:
    text = "[3] " + "quiet and light, " * 30 + "\n"
    (pick,) = picks([text], 20)
    assert len(pick.reason) <= REASON
    assert pick.reason.endswith("quiet and light")
    assert list(picks(["[3] " + "x" * 300 + "\n"], 20)) == [Pick(3)]


@pytest.mark.parametrize(
    "text", [" ", "[", "(", "3,", "3 ", "1.", '{"id": 3, ', '"reason":"', "<think>", "\n", "[3]", "> ", "-", "“", "3>"]
)
def test_time_does_not_run_away(text: str) -> None:
    started = time.perf_counter()
    list(picks([(text * 250_000)[:250_000]], 20))
    list(picks([(text * 4_000)[: MOST - 1] + "x\n"], 20))
    assert time.perf_counter() - started < 1


SHAPED = st.lists(
    st.sampled_from([*"[]()【】<>/\n\n .,:;*-\"{}", "[3]", "12", "1", "<think>", "</think>", '"reason"', '"id"', "Quiet", "安静"]),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.one_of(st.sampled_from(PIECES), SHAPED, st.text()), st.lists(st.integers(0, 400)), st.integers(1, 30))
@example("[3] a\n[1] b", [1, 2, 3, 4, 5, 6, 7], 5)
def test_a_stream_cut_anywhere_reads_the_same(text: str, cuts: list[int], offered: int) -> None:
    places = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    pieces = [text[a:b] for a, b in pairwise(places)]
    whole = list(picks([text], offered))
    assert list(picks(pieces, offered)) == whole == list(picks(text, offered))
    numbers = [pick.number for pick in whole]
    assert len(set(numbers)) == len(numbers)
    assert all(1 <= number <= offered for number in numbers)
    assert all(len(pick.reason) <= REASON + 1 and "\n" not in pick.reason for pick in whole)


@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.sampled_from(["Quiet.", "Light, small", "轻便。"])), unique_by=lambda p: p[0]
    )
)
def test_what_is_asked_for_is_read_back(wanted: list[tuple[int, str]]) -> None:
    text = "".join(f"[{number}] {reason}\n" for number, reason in wanted)
    assert list(picks([text], 20)) == [Pick(number, reason) for number, reason in wanted]
