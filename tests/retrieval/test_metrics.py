"""Metrics on rankings small enough to work out by hand, and what holds for every ranking."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.metrics import by_query, condensed, mean, ndcg, read_qrels, recall, reciprocal_rank, write_run

GRADES = {"a": 3, "b": 2, "c": 0, "d": 1}


def test_ndcg_by_hand() -> None:
    best = 7 + 3 / math.log2(3) + 1 / 2
    assert ndcg(3)(["b", "x", "a"], GRADES) == pytest.approx((3 + 7 / 2) / best)
    assert ndcg(1)(["c", "a"], GRADES) == 0.0
    assert ndcg(10)(["a", "b", "d"], GRADES) == pytest.approx(1.0)


def test_recall_counts_the_wanted_grade_only() -> None:
    assert recall(2)(["a", "d", "b"], GRADES) == 0.5
    assert recall(3)(["a", "d", "b"], GRADES) == 1.0
    assert recall(3, grade=1)(["a", "d"], GRADES) == pytest.approx(2 / 3)


def test_reciprocal_rank() -> None:
    assert reciprocal_rank()(["x", "c", "d"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(k=2)(["x", "c", "d"], GRADES) == 0.0


def test_condensed_leaves_the_unjudged_out() -> None:
    assert condensed(reciprocal_rank())(["x", "y", "c", "a"], GRADES) == 0.5


def test_a_query_missing_from_the_run_scores_nothing_and_counts() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"a": 1}, "unanswerable": {"a": 0}}
    assert by_query(reciprocal_rank(), qrels, {"q1": ["a"]}) == {"q1": 1.0, "q2": 0.0}
    assert mean(reciprocal_rank(), qrels, {"q1": ["a"]}) == 0.5
    assert mean(reciprocal_rank(), {}, {}) == 0.0


def test_files_of_judgements_and_runs() -> None:
    assert read_qrels(["q1\t0\tsku 1\t3".replace("sku 1", "sku1"), "", "q1 0 b 0"]) == {"q1": {"sku1": 3, "b": 0}}
    with pytest.raises(ValueError, match="line 2"):
        read_qrels(["q1 0 a 1", "q1 a 1"])
    assert write_run("q1", [("a", 0.5), ("b", 0.25)]) == "q1 Q0 a 1 0.500000 aisle\nq1 Q0 b 2 0.250000 aisle\n"


@given(st.permutations("abcdxyz"), st.integers(1, 10))
def test_every_measure_stays_between_nothing_and_all(ranking: list[str], k: int) -> None:
    for measure in (ndcg(k), recall(k), reciprocal_rank(k), condensed(ndcg(k))):
        assert 0.0 <= measure(ranking, GRADES) <= 1.0 + 1e-12


@given(st.permutations("abcdxyz"))
def test_the_ideal_order_is_never_beaten(ranking: list[str]) -> None:
    assert ndcg(4)(ranking, GRADES) <= ndcg(4)(["a", "b", "d", "c"], GRADES) + 1e-12
