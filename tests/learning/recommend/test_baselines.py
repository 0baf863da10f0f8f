"""Orders of candidates from counts."""

from __future__ import annotations

import pytest

from learning.recommend.baselines import Content, ItemKNN, Popularity, Recommender

HISTORIES = [("tea", "pot"), ("tea", "pot", "cup"), ("tea", "pump"), ("bike", "pump"), ("bike", "pump", "tea")]


@pytest.mark.parametrize(
    ("recommender", "history", "candidates", "order"),
    [
        (Popularity(HISTORIES), (), ("cup", "pump", "pot", "tea"), (3, 1, 2, 0)),
        (Popularity([("tea", "tea"), ("cup",)]), (), ("cup", "tea"), (0, 1)),  # a person counts once
        (ItemKNN(HISTORIES), ("pot",), ("bike", "cup", "tea"), (1, 2, 0)),  # cosines 0, 1/sqrt(2), 2/sqrt(8)
        (ItemKNN(HISTORIES), ("pot", "bike"), ("tea", "pump", "cup"), (0, 1, 2)),
        (ItemKNN(HISTORIES, decay=0.5), ("pot", "bike"), ("tea", "pump", "cup"), (1, 0, 2)),
        (ItemKNN(HISTORIES, decay=0.0), ("pot", "bike"), ("cup", "tea", "pump"), (2, 1, 0)),
        (ItemKNN(HISTORIES), ("unheard of",), ("tea", "unheard of", "cup"), (0, 1, 2)),
        (Content({"a": {"drama"}, "b": {"war"}, "c": {"drama", "war"}}), ("a", "a", "b"), ("b", "c", "a"), (1, 2, 0)),
        (Content({}), ("a",), ("b", "c"), (0, 1)),
    ],
)
def test_the_best_comes_first_and_of_equals_the_one_given_first(
    recommender: Recommender, history: tuple[str, ...], candidates: tuple[str, ...], order: tuple[int, ...]
) -> None:
    assert recommender.rank(history, candidates) == order
