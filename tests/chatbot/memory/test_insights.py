"""What the shop's people are shown of conversations, over a small file of known ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot.memory.clock import now
from chatbot.memory.insights import Wanted
from chatbot.memory.records import Document, Edit, Impression
from chatbot.memory.store import People


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


def _say(people: People, session: str, key: str, turn: Document, *items: str) -> None:
    received = people.receive(session, key, str(turn["user"]))
    shown = [Impression(f"{key}-{rank}", 1, rank, item, 0.5, {}, "embedded") for rank, item in enumerate(items, 1)]
    people.finish(received, turn, {}, shown)


def _turn(number: int, user: str, *acts: str, language: str = "en", **more: Any) -> Document:
    empty: Document = {"ledger": [], "dropped": [], "needs": [], "user_acts": ["inform"]}
    return empty | {"turn": number, "user": user, "language": language, "acts": list(acts)} | more


def _nothing(number: int, query: str) -> Document:
    return _turn(number, query, "no_match", needs=[{"need": 1, "query": query, "active": True}])


@pytest.fixture
def talks(people: People) -> list[str]:
    """Four conversations: a mouse sought in vain, in vain again, in Chinese, and one opened without a word."""
    (one, _), (two, _), (three, _), _ = (
        people.start("en", "ann"),
        people.start("en"),
        people.start("zh"),
        people.start("en"),
    )
    _say(people, one.id, "a", _nothing(1, "Mouse"))
    _say(people, one.id, "b", _nothing(2, "mouse"))
    unknown = [{"slot": "weight", "words": "weight", "items": ["m1", "m2"]}]
    _say(people, one.id, "c", _turn(3, "how heavy?", "inform", unknown=unknown, degraded=True))
    _say(people, two.id, "a", _nothing(1, "mouse"))
    unknown = [{"slot": "weight", "words": "weight", "items": ["m2"]}]
    _say(people, two.id, "b", _turn(2, "its weight?", "inform", unknown=unknown))
    _say(people, two.id, "c", _turn(3, "do you ship?", "faq"))
    _say(people, three.id, "a", _turn(1, "有鼠标吗", "recommend", language="zh"), "m1", "m2")
    _say(
        people, three.id, "b", _turn(2, "第二个不要", "confirm", language="zh", user_acts=["reject"], refers_to=["m2"])
    )
    people.feedback(three.id, "a-1", "dislike")
    people.feedback(three.id, "a-2", "dislike")
    return [one.id, two.id, three.id]


def test_conversations_are_listed_newest_first_with_what_happened(people: People, talks: list[str]) -> None:
    listed = people.insights.conversations(Wanted())
    assert sorted((row["id"] for row in listed), key=talks.index) == talks
    assert [row["created"] for row in listed] == sorted((row["created"] for row in listed), reverse=True)
    told = {row["id"]: row for row in listed}
    assert {id: (row["began"], row["turns"], row["user"]) for id, row in told.items()} == dict(
        zip(talks, [("Mouse", 3, "ann"), ("mouse", 3, None), ("有鼠标吗", 2, None)], strict=True)
    )
    assert [told[id]["counts"] for id in talks] == [
        {"en": 3, "no_match": 2, "fact": 1, "degraded": 1},
        {"en": 3, "no_match": 1, "fact": 1, "faq": 1},
        {"zh": 2, "rejected": 1, "disliked": 2},
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(show="no_match"), {0, 1}),
        (Wanted(show="disliked"), {2}),
        (Wanted(show="degraded"), {0}),
        (Wanted(show="handoff"), set()),
        (Wanted(language="zh"), {2}),
        (Wanted(show="no_match", language="zh"), set()),
        (Wanted(days=0), set()),
    ],
)
def test_conversations_are_filtered(people: People, talks: list[str], wanted: Wanted, found: set[int]) -> None:
    assert {talks.index(row["id"]) for row in people.insights.conversations(wanted)} == found


def test_pages_follow_one_another_without_a_gap(people: People) -> None:
    for number in range(7):
        session, _ = people.start("en")
        _say(people, session.id, "a", _nothing(1, f"thing {number}"))
    listed, before = [], None
    while page := people.insights.conversations(Wanted(before=before), limit=3):
        assert len(page) <= 3
        listed += [row["id"] for row in page]
        before = (page[-1]["created"], page[-1]["id"])
    assert listed == [row["id"] for row in people.insights.conversations(Wanted())]
    assert len(listed) == 7


def test_one_conversation_is_shown_in_full(people: People, talks: list[str]) -> None:
    people.receive(talks[2], "c", Edit(add=("price <= 3",)))
    shown = people.insights.conversation(talks[2])
    assert shown
    assert [(m["text"], m["edit"], (m["turn"] or {}).get("turn")) for m in shown["messages"]] == [
        ("有鼠标吗", None, 1),
        ("第二个不要", None, 2),
        (None, {"remove": [], "add": ["price <= 3"]}, None),
    ]
    assert [(f["impression"], f["item"], f["type"]) for f in shown["feedback"]] == [
        ("a-1", "m1", "dislike"),
        ("a-2", "m2", "dislike"),
    ]
    assert (shown["locale"], shown["user"], shown["notes"]) == ("zh", None, [])
    assert people.insights.conversation("unknown") is None


def test_what_to_mend_is_counted(people: People, talks: list[str]) -> None:
    told = people.insights.to_mend(30)
    assert [(g["words"], g["turns"], g["conversations"], g["session"]) for g in told["no_match"]] == [
        ("mouse", 3, 2, talks[1])
    ]
    assert [(g["words"], g["turns"], g["conversations"]) for g in told["faq"]] == [("do you ship?", 1, 1)]
    (fact,) = told["facts"]
    assert (fact["words"], fact["turns"], fact["conversations"]) == ("weight", 2, 2)
    assert fact["items"] == [{"id": "m2", "times": 2}, {"id": "m1", "times": 1}]
    assert [(i["id"], i["disliked"], i["rejected"], i["session"]) for i in told["items"]] == [
        ("m2", 1, 1, talks[2]),
        ("m1", 1, 0, talks[2]),
    ]
    assert (told["unmatched"], told["absent"]) == ([], [])


def test_days_are_counted(people: People, talks: list[str]) -> None:
    (today,) = people.insights.days(30)
    assert today == {
        "day": now()[:10], "conversations": 3, "turns": 8, "tokens": 0, "no_match": 3, "fact": 2, "faq": 1,
        "rejected": 1, "degraded": 1,
    }  # fmt: skip


def test_nothing_is_left_of_an_erased_conversation(people: People, talks: list[str]) -> None:
    for id in talks:
        people.erase(session=id)
    assert people.insights.conversations(Wanted()) == []
    assert people.insights.conversation(talks[0]) is None
    assert set(map(tuple, people.insights.to_mend(30).values())) == {()}
    assert people.insights.days(30) == []
