"""The trained head for acts: what a shopper does with a message whose words no pattern of the grammar knows.

A linear map on the encoder's vector of the message (weights/acts.safetensors, made by learning/understand). It speaks
only where the grammar heard no act, only of what can be done in this place of the talk, and only when it is sure; stating
wishes needs no word from it. Knows nothing of slots and values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.track.encoded import Vector
from chatbot.track.heard import Heard
from chatbot.track.spans import ActSpan, Span
from chatbot.types import UserAct

WEIGHTS = Path(__file__).parent / "weights" / "acts.safetensors"
SURE = 0.8  # probability from which the head is believed
_OF_SHOWN = frozenset({UserAct.REQUEST, UserAct.ACCEPT, UserAct.REJECT, UserAct.EXPLAIN})
TRUSTED = _OF_SHOWN | {UserAct.FAQ, UserAct.HANDOFF}
"""Acts it hears better than they are missed; what it says of the others was wrong too often (bench/LOG.md)."""


def hear_acts(heard: Heard) -> tuple[ActSpan, ...]:
    """The acts, with the one that the head hears where the grammar heard none."""
    vector = heard.encoded.of(heard.message.text)
    if heard.acts or vector is None or _wishes(heard) or heard.encoded.encoder != _head().encoder:
        return heard.acts
    act, sure = likeliest(vector)
    if act not in TRUSTED or sure < SURE or (act in _OF_SHOWN and not heard.state.shown):
        return ()
    whole = Span(0, len(heard.lower))
    return (ActSpan(act, whole.start, whole.end, None, "value" if act is UserAct.REQUEST else None, whole),)


def _wishes(heard: Heard) -> bool:
    """Did the grammar hear a wish: a kind sold here, an amount, an order?"""
    return any(k.reading.values for k in heard.kinds) or bool(heard.bounds or heard.orders)


def likeliest(vector: Vector) -> tuple[UserAct, float]:
    """The act of a message by its vector, and how probable it is."""
    head = _head()
    scores = vector @ head.weights + head.bias
    raised = np.exp(scores - scores.max())
    best = int(scores.argmax())
    return head.acts[best], float(raised[best] / raised.sum())


@dataclass(frozen=True, slots=True)
class _Head:
    """A linear map, and the encoder whose vectors it was fitted to."""

    encoder: str
    acts: tuple[UserAct, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@cache
def _head() -> _Head:
    from safetensors import safe_open

    with safe_open(WEIGHTS, "np") as file:
        about = file.metadata()
        acts = tuple(map(UserAct, about["acts"].split()))
        return _Head(about["encoder"], acts, file.get_tensor("weights"), file.get_tensor("bias"))
