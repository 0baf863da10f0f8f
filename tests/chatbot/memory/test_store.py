"""Conversations kept, found again, taken out and erased."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from catalog.types import Product
from chatbot.gestures import Gesture
from chatbot.memory.records import Conversation, Document, Edit, Impression, Message, Received
from chatbot.memory.store import MOST_TURNS, People
from chatbot.types import Suggestion
from errors import SessionGone, StoreError, TurnOvertaken
from retrieval.types import Candidate

LINE = {"wish": "w1", "need": 1, "text": "price <= 30", "hard": True, "turn": 1}
FIRST: Document = {"turn": 1, "text": "Here you are.", "ledger": [LINE], "dropped": []}
SECOND: Document = {
    "turn": 2,
    "text": "Gone.",
    "ledger": [],
    "dropped": [{"wish": "w1", "text": "price <= 30", "by": "shopper", "turn": 2}],
}
SHOWN = Impression("i1", 1, 1, "mouse-1", 0.8, {"lexical": {"rank": 1.0, "score": 7.5}}, "embedded")


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


def _kept_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("people.db*")))


def test_session_is_found_by_its_token_alone(people: People) -> None:
    session, token = people.start("zh", "ann", "/mice")
    assert people.session(token) == session
    assert (session.locale, session.user, session.page) == ("zh", "ann", "/mice")
    assert people.session(session.id) is None
    assert people.session("") is None
    assert people.session("\ud800") is None


def test_ids_and_tokens_are_long_and_never_the_same(people: People) -> None:
    made = [people.start("en") for _ in range(20)]
    assert len({s.id for s, _ in made} | {t for _, t in made}) == 40
    assert {(len(s.id), len(t)) for s, t in made} == {(22, 43)}


def test_token_is_nowhere_in_the_files(people: People, tmp_path: Path) -> None:
    _, token = people.start("en")
    assert token.encode() not in _kept_bytes(tmp_path)


def test_message_is_on_the_disk_before_its_turn(people: People, tmp_path: Path) -> None:
    session, token = people.start("en")
    received = people.receive(session.id, "m1", "a mouse")
    assert received == Received(Message(1, session.id, "m1", "a mouse"), None, 0, None)
    with People.open(tmp_path / "people.db") as after_a_crash:
        found = after_a_crash.session(token)
        assert found is not None
        assert after_a_crash.conversation(found) == Conversation(session, (), None, received.message)


def test_of_a_long_conversation_the_latest_turns_are_read(people: People) -> None:
    session, _ = people.start("en")
    for number in range(1, MOST_TURNS + 3):
        shown = Impression(f"i{number}", 1, 1, "m-1", 0.5, {}, "embedded")
        people.finish(people.receive(session.id, f"m{number}", "x"), FIRST | {"turn": number}, {}, [shown])
        people.feedback(session.id, f"i{number}", "like")
    read = people.conversation(session)
    assert [turn["turn"] for turn in read.turns] == list(range(3, MOST_TURNS + 3))
    assert read.judged == {f"i{number}": "like" for number in range(3, MOST_TURNS + 3)}
    assert len(people.export(session=session.id)[0]["turn"]) == MOST_TURNS + 2


def test_turn_is_kept_with_state_ledger_and_cards(people: People) -> None:
    session, _ = people.start("en")
    first = people.receive(session.id, "m1", "a mouse under 30")
    people.finish(first, FIRST, {"turn": 1}, [SHOWN])
    second = people.receive(session.id, "m2", Edit(remove=("w1",)))
    assert (second.state, second.version) == ({"turn": 1}, 1)
    people.finish(second, SECOND, {"turn": 2})
    people.feedback(session.id, "i1", "like")
    assert people.conversation(session) == Conversation(session, (FIRST, SECOND), {"turn": 2}, None, {"i1": "like"})
    (kept,) = people.export(session=session.id)
    assert [{k: v for k, v in row.items() if k != "created"} for row in kept["message"]] == [
        {"key": "m1", "text": "a mouse under 30", "edit": None, "gesture": None},
        {"key": "m2", "text": None, "edit": {"remove": ["w1"], "add": []}, "gesture": None},
    ]
    assert [row["document"] for row in kept["turn"]] == [FIRST, SECOND]
    fallen = {"wish": "w1", "need": 1, "text": "price <= 30", "hard": 1, "turn": 1}
    assert kept["ledger"] == [fallen | {"dropped_by": "shopper", "dropped_turn": 2}]
    assert kept["impression"] == [
        {
            "id": "i1",
            "need": 1,
            "rank": 1,
            "item": "mouse-1",
            "score": 0.8,
            "stages": {"lexical": {"rank": 1.0, "score": 7.5}},
            "ranked_by": "embedded",
        }
    ]
    assert [(row["impression"], row["item"], row["type"]) for row in kept["feedback"]] == [("i1", "mouse-1", "like")]


def test_wish_that_comes_back_stands_again(people: People) -> None:
    session, _ = people.start("en")
    for key, turn in (("m1", FIRST), ("m2", SECOND), ("m3", FIRST)):
        people.finish(people.receive(session.id, key, "x"), turn, {})
    (kept,) = people.export(session=session.id)
    assert [(row["wish"], row["dropped_by"]) for row in kept["ledger"]] == [("w1", None)]


def test_same_key_again_is_the_same_message_and_turn(people: People) -> None:
    session, _ = people.start("en")
    first = people.receive(session.id, "m1", "a mouse")
    assert people.receive(session.id, "m1", "a mouse") == first
    assert people.answered(session.id, "m1") is None
    people.finish(first, FIRST, {"turn": 1}, [SHOWN])
    assert people.answered(session.id, "m1") == FIRST
    again = people.receive(session.id, "m1", "a mouse")
    assert again == Received(first.message, {"turn": 1}, 1, FIRST)


def test_key_of_an_answered_message_gives_its_turn_whatever_comes_with_it(people: People) -> None:
    session, _ = people.start("en")
    first = people.receive(session.id, "m1", Edit(("w1",)))
    people.finish(first, FIRST, {}, [SHOWN])
    for other in ("a mouse", Edit(("w2",)), Gesture("undo")):
        assert people.receive(session.id, "m1", other) == Received(first.message, {}, 1, FIRST)


def test_tap_is_kept_as_it_was_made(people: People) -> None:
    session, _ = people.start("en")
    taps = (Gesture("compare", ("m-1", "m/2")), Gesture("soften", wish="w1"), Gesture("undo"))
    for number, tap in enumerate(taps):
        assert people.receive(session.id, f"m{number}", tap).message.what == tap
    kept = people.export(session=session.id)[0]["message"]
    assert [(row["text"], row["gesture"]) for row in kept] == [
        ("", {"type": "compare", "items": ["m-1", "m/2"], "wish": ""}),
        ("", {"type": "soften", "items": [], "wish": "w1"}),
        ("", {"type": "undo", "items": [], "wish": ""}),
    ]


def test_keys_of_different_sessions_do_not_meet(people: People) -> None:
    (one, _), (two, _) = people.start("en"), people.start("en")
    people.finish(people.receive(one.id, "m1", "a mouse"), FIRST, {}, [SHOWN])
    assert people.receive(two.id, "m1", "a bag").turn is None
    assert people.shown(two.id, impression="i1") is None
    with pytest.raises(StoreError, match="never showed"):
        people.feedback(two.id, "i1", "click")


def test_second_answer_to_one_state_is_refused(people: People) -> None:
    session, _ = people.start("en")
    one, two = (people.receive(session.id, key, "x") for key in ("m1", "m2"))
    people.finish(one, FIRST, {"turn": 1})
    with pytest.raises(TurnOvertaken):
        people.finish(two, SECOND, {"turn": 1}, [SHOWN])
    assert people.conversation(session).turns == (FIRST,)
    assert people.shown(session.id, impression="i1") is None


def test_shown_cards_are_found_by_impression_and_by_item(people: People) -> None:
    session, _ = people.start("en")
    people.finish(people.receive(session.id, "m1", "x"), FIRST, {}, [SHOWN])
    later = Impression("i2", 1, 1, "mouse-1", 0.8, {}, "embedded")
    people.finish(people.receive(session.id, "m2", "x"), FIRST, {}, [later])
    assert people.shown(session.id, impression="i1") == "i1"
    assert people.shown(session.id, item="mouse-1") == "i2"
    assert people.shown(session.id, impression="i3") is None
    assert people.shown(session.id, item="mouse-9") is None
    assert people.shown(session.id) is None


def test_impression_keeps_every_stage_of_the_candidate() -> None:
    candidate = Candidate(
        Product("mouse-1", "Mouse", ()),
        None,
        0.5,
        MappingProxyType({"lexical": 2, "embedding": 1}),
        MappingProxyType({"embedding": 0.9}),
    )
    assert Impression.of(Suggestion("i1", 1, 1, candidate, "Because.", (), "embedded")) == Impression(
        "i1", 1, 1, "mouse-1", 0.5, {"lexical": {"rank": 2.0}, "embedding": {"rank": 1.0, "score": 0.9}}, "embedded"
    )


@pytest.mark.parametrize("by", ["session", "user"])
def test_erased_words_are_in_no_file(people: People, tmp_path: Path, by: str) -> None:
    session, token = people.start("en", "ann-of-green-gables")
    other, _ = people.start("en", "bob")
    people.receive(other.id, "m1", "a kettle of red enamel")
    received = people.receive(session.id, "m1", "something for my allergy to wool " * 300)
    people.finish(received, FIRST | {"text": "no wool then " * 300}, {"turn": 1}, [SHOWN])
    people.feedback(session.id, "i1", "click")
    assert b"allergy to wool" in _kept_bytes(tmp_path)
    assert (people.erase(session=session.id) if by == "session" else people.erase(user="ann-of-green-gables")) == 1
    left = _kept_bytes(tmp_path)
    for word in (b"allergy to wool", b"no wool then", b"ann-of-green", b"mouse-1", session.id.encode()):
        assert word not in left
    assert b"red enamel" in left
    assert people.session(token) is None
    assert people.export(session=session.id, user="ann-of-green-gables") == []


def test_erased_session_answers_clearly(people: People) -> None:
    session, _ = people.start("en")
    received = people.receive(session.id, "m1", "x")
    people.erase(session=session.id)
    with pytest.raises(StoreError, match="deleted"):
        people.receive(session.id, "m2", "x")
    with pytest.raises(StoreError, match="deleted"):
        people.conversation(session)
    with pytest.raises(SessionGone):
        people.finish(received, FIRST, {})


def test_user_takes_all_their_sessions_out(people: People) -> None:
    (one, _), (_, _), (two, _) = people.start("en", "ann"), people.start("en", "bob"), people.start("zh", "ann")
    assert {row["id"] for row in people.export(user="ann")} == {one.id, two.id}
    assert people.erase(user="ann") == 2
    assert people.erase(user="ann") == 0


def test_threads_write_at_once_and_nothing_is_lost(people: People) -> None:
    session, _ = people.start("en")

    def write(name: int) -> None:
        for number in range(25):
            people.receive(session.id, f"{name}-{number}", "x")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(people.export(session=session.id)[0]["message"]) == 100


WRITER = """
import sys
from chatbot.memory.store import MOST_TURNS, People
with People.open(sys.argv[1]) as people:
    for number in range(25):
        people.receive(sys.argv[2], f"{sys.argv[3]}-{number}", "x")
"""


def test_processes_write_at_once_and_nothing_is_lost(people: People, tmp_path: Path) -> None:
    session, _ = people.start("en")
    path = str(tmp_path / "people.db")
    command = [sys.executable, "-c", WRITER, path, session.id]
    writers = [subprocess.Popen([*command, str(n)]) for n in range(3)]
    assert [w.wait(60) for w in writers] == [0, 0, 0]
    assert len(people.export(session=session.id)[0]["message"]) == 75


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    with People.open(tmp_path / "people.db") as people:
        session, token = people.start("en")
    with People.open(tmp_path / "people.db") as people:
        assert people.session(token) == session


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    shop, text = tmp_path / "shop.db", tmp_path / "notes.txt"
    with sqlite3.connect(shop) as connection:
        connection.execute("CREATE TABLE product (id)")
    connection.close()
    text.write_text("not a database, but long enough to look like a file with a header in it" * 20)
    before = shop.read_bytes()
    with pytest.raises(StoreError, match="not a database of conversations"):
        People.open(shop)
    assert shop.read_bytes() == before
    with pytest.raises(StoreError, match="cannot be used"):
        People.open(text)
    with pytest.raises(StoreError, match="cannot be used"):
        People.open(tmp_path / "missing" / "people.db")


def test_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    People.open(tmp_path / "people.db").close()
    connection = sqlite3.connect(tmp_path / "people.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="later version"):
        People.open(tmp_path / "people.db")
