"""Multinomial logistic regression in numpy: full batch, Adam (Kingma & Ba, 2015), L2; the same seedless result every time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

STEPS, RATE = 250, 0.1


def softmax(scores: Floats) -> Floats:
    """Rows of probabilities."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found


def fit(x: Floats, y: Ints, weight: Floats, classes: int, decay: float) -> tuple[Floats, Floats]:
    """Weights (features, classes) and biases that fit the labels; `decay`: the L2 penalty's strength."""
    wide = np.hstack([x, np.ones((len(x), 1), np.float32)])
    truth = np.eye(classes, dtype=np.float32)[y]
    share = (weight / weight.sum()).astype(np.float32)[:, None]
    theta = np.zeros((wide.shape[1], classes), np.float32)
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, STEPS + 1):
        gradient = wide.T @ (share * (softmax(wide @ theta) - truth))
        gradient[:-1] += decay * theta[:-1]
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        theta -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return theta[:-1], theta[-1]
