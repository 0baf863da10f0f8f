"""Training of the act head: what it reads, that it learns, and that it is the same every time."""

from __future__ import annotations

import numpy as np

from chatbot.types import UserAct
from learning.understand.corpora import _said
from learning.understand.fit import fit, softmax


def test_own_utterances_cover_every_act_and_leave_no_filler_open() -> None:
    said = list(_said(0))
    assert {e.act for e in said} == set(UserAct)
    assert [e.text for e in said if "{" in e.text or "}" in e.text] == []
    assert said == list(_said(0))


def test_fitting_finds_the_line_between_classes_and_is_repeatable() -> None:
    x = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.8], [-1, -1], [-0.8, -0.9]], np.float32)
    y = np.array([0, 0, 1, 1, 2, 2], np.int64)
    weights, bias = fit(x, y, np.ones(6, np.float32), 3, 1e-4)
    again, _ = fit(x, y, np.ones(6, np.float32), 3, 1e-4)
    assert softmax(x @ weights + bias).argmax(axis=1).tolist() == y.tolist()
    assert (weights == again).all()


def test_an_example_without_weight_teaches_nothing() -> None:
    x = np.array([[1.0], [-1.0], [1.0]], np.float32)
    weights, bias = fit(x, np.array([0, 1, 1], np.int64), np.array([1, 1, 0], np.float32), 2, 1e-4)
    assert softmax(x @ weights + bias).argmax(axis=1).tolist() == [0, 1, 0]
