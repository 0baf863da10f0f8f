"""Kinds told in words that no list knows, by a toy encoder whose likeness is plain to see."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog.lexicon import Lexicon
from catalog.types import Constraint, Op
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.kinds import ShopKinds
from chatbot.track.meaning import FILE, Meaning, Meant, prototypes
from chatbot.types import DialogueState
from retrieval.embedder import Kind, PackagedEncoder
from tests.chatbot.track.goods import shop

TOPICS = {
    "mouse": ("mouse", "mice", "clicky", "pointing"),
    "sofa": ("sofa", "couch", "settee", "slouching"),
    "lamp": ("lamp", "glowing"),
    "piano": ("piano", "guitar", "musical", "tinkling"),
}
"""What the toy encoder knows: a direction for each topic, and the words that point there."""


class ToyEncoder:
    """A text points to its topics; to a corner of its own without any."""

    id, dim = "toy", 384

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> NDArray[np.float32]:
        made = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(made, texts, strict=True):
            known = [place for place, words in enumerate(TOPICS.values()) if any(word in text for word in words)]
            row[known or [len(TOPICS) + crc32(text.encode()) % (self.dim - len(TOPICS))]] = 1.0
        unit: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit

    def reads(self, text: str) -> bool:
        return text.isascii()


@cache
def meaning() -> Meaning:
    catalog = shop()
    return Meaning(catalog, ShopKinds(catalog, catalog.lexicon), ToyEncoder())  # type: ignore[arg-type]


def meant(text: str, besides: Sequence[str] = ()) -> Meant | None:
    return meaning().kind(ToyEncoder().encode([text])[0], besides)


def test_the_nearest_kind_sold_is_meant() -> None:
    found = meant("a clicky thing")
    assert found is not None
    assert (found.values, found.name, found.sure) == (("mouse",), "mouse", True)


def test_a_nearer_kind_that_is_not_sold_silences_those_that_are() -> None:
    assert meant("a tinkling thing") is None


def test_nothing_near_means_nothing() -> None:
    assert meant("that sounds lovely") is None


def test_two_kinds_alike_are_not_sure() -> None:
    found = meant("clicky and glowing")
    assert found is not None
    assert not found.sure


def test_what_a_thing_is_for_is_not_the_thing() -> None:
    assert meant("something clicky for my desk", besides=("mouse",)) is None


def test_no_encoder_means_nothing() -> None:
    catalog = shop()
    alone = Meaning(catalog, ShopKinds(catalog, catalog.lexicon), None)  # type: ignore[arg-type]
    assert alone.kind(np.ones(3, np.float32)) is None


@pytest.mark.parametrize(
    ("message", "wishes"),
    [
        ("i need something to do some slouching on", {Constraint("category", Op.EQ, "sofa")}),
        ("do you have a clickything", {Constraint("category", Op.EQ, "mouse")}),
        ("something glowing under 50", {Constraint("category", Op.EQ, "lamp"), Constraint("price", Op.LT, 50.0)}),
        ("a sofa for slouching", {Constraint("category", Op.EQ, "sofa")}),
        ("that was tinkling in my ears", set()),
    ],
)
def test_a_message_is_understood_by_meaning_where_no_kind_is_named(message: str, wishes: set[Constraint]) -> None:
    tracker = EmbeddedTracker(shop(), ToyEncoder())  # type: ignore[arg-type]
    update = tracker.track(DialogueState(), message)
    assert {a.what for a in update.add if a.hard} == wishes


def test_the_packaged_vectors_are_of_the_packaged_encoder_and_of_most_of_the_lexicon() -> None:
    """Words without one are encoded when a shop is first talked to; `python -m learning.meaning` makes them anew."""
    from safetensors import safe_open

    with safe_open(FILE, framework="numpy") as stored:
        about, vectors = stored.metadata(), stored.get_tensor("vectors")
    lexicon = Lexicon.default()
    texts = {word for kind in lexicon.kinds for word in prototypes(lexicon, kind)}
    missing = [word for word in texts if f'"{word}"' not in about["texts"]]
    assert about["encoder"] == PackagedEncoder().id
    assert len(missing) <= 0.05 * len(texts), "python -m learning.meaning"
    assert np.allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=0.01)
