"""Topics of service: what a message asks any shop, what of it is about goods, and which of a shop's pages answer it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from catalog.faq.passage import Passage
from retrieval.answered import answering
from retrieval.embedder import PackagedEncoder
from retrieval.faq import KNOWN
from retrieval.topics import FILE, Topics, plain, topics, topics_by, within, wordings


@pytest.fixture(scope="module")
def known() -> Topics:
    return topics_by(PackagedEncoder())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("would you take mastercard from me", "payment"),
        ("afterpay, is that possible with you?", "instalments"),
        ("do parcels of yours go to Portugal", "delivery_area"),
        ("costco has the very same kettle for less, would you go along", "price_match"),
        ("is there work for a student at your place", "jobs"),
        ("the money for what I brought back has not turned up", "refund"),
        ("云闪付可以用吗", "payment"),
        ("能寄到多伦多吗", "delivery_area"),
        ("退回去的东西，钱到现在还没看到", "refund"),
        ("招不招周末兼职", "jobs"),
    ],
)
def test_a_question_to_any_shop_is_known_by_its_topic(known: Topics, text: str, topic: str) -> None:
    told = known.find(text)
    assert (told.topic, told.score >= KNOWN, told.of_goods) == (topic, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "a rain jacket for parcel couriers",
        "headphones that let me speak with clients on the phone",
        "a notebook on which I can write my bills",
        "a present for my uncle who fishes",
        "给送货司机买的手套",
        "跑外卖骑的电动车头盔",
    ],
)
def test_a_wish_stays_one_whatever_words_of_service_are_in_it(known: Topics, text: str) -> None:
    told = known.find(text)
    assert (told.goods > told.value, told.score < KNOWN) == (True, True)


@pytest.mark.parametrize("text", ["how tall is the eiffel tower", "pay my phone bill", "明天会下雪吗"])
def test_what_no_shop_is_asked_asks_none(known: Topics, text: str) -> None:
    assert known.find(text).score < KNOWN


def test_without_an_encoder_letters_tell_it() -> None:
    told = topics_by(None).find("can I pay with mastercard")
    assert (told.topic, told.score >= KNOWN) == ("payment", True)


def test_a_name_that_all_topics_treat_alike_is_read_as_one_word() -> None:
    assert plain("do you take VISA or Klarna?") == "do you take credit card or instalments?"
    assert plain("能用支付宝吗") == "能用信用卡吗"
    assert plain("a suitcase, no visas") == "a suitcase, no visas"


def test_pages_answer_the_topics_that_they_are_asked_for_or_speak_of(known: Topics) -> None:
    pay = Passage("Ways to pay", "By card. From 100 euros you can pay in monthly instalments.", "help")
    back = Passage("Returns", "Send it back within a month.", "help", also=("can I send something back",))
    sales = Passage("Are there discounts?", "Two sales a year. We do not match the prices of other shops.", "help")
    found = answering((pay, back, sales), known)
    assert {topic: found.get(topic) for topic in ("payment", "instalments", "returns", "price_match", "jobs")} == {
        "payment": (pay,), "instalments": (pay,), "returns": (back,), "price_match": (sales,), "jobs": None,
    }  # fmt: skip
    assert found["exchange"] == (back,)  # a wider topic's page, as it has none of its own


def test_the_topics_hold_together() -> None:
    names = [topic.name for topic in topics()]
    assert len(set(names)) == len(names)
    assert {wider for topic in topics() for wider in topic.within} <= set(names)
    assert within("exchange") == ("returns",)
    texts = [text.casefold() for script in ("en", "zh") for topic in topics() for text in topic.wordings[script]]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []
    assert {topic.about for topic in topics()} == {"service", "goods", "else"}


def test_the_packaged_vectors_are_of_the_wordings() -> None:
    """`python -m learning.topics` makes them anew."""
    with safe_open(Path(FILE), framework="numpy") as stored:
        about, vectors = stored.metadata(), stored.get_tensor("vectors")
    assert (about["encoder"], tuple(json.loads(about["texts"]))) == (PackagedEncoder().id, wordings("en"))
    assert np.allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=0.01)
