"""The handoff's states: every step, any sequence of steps, and what people.db keeps of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.handoff import STEPS, Stage, Step, after
from chatbot.memory.handoffs import Handoff
from chatbot.memory.outbox import PATIENCE, Letter, letter
from chatbot.memory.store import People
from errors import StoreError

EVERYTHING = tuple(product(get_args(Stage), get_args(Step)))


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


@pytest.mark.parametrize(("stage", "step"), EVERYTHING)
def test_every_step_leads_where_the_table_says(stage: Stage, step: Step) -> None:
    table = {
        ("bot", "ask"): "waiting",
        ("waiting", "ask"): "waiting",
        ("human", "ask"): "human",
        ("waiting", "take"): "human",
        ("human", "take"): "human",
        ("waiting", "close"): "bot",
        ("human", "close"): "bot",
    }
    assert after(stage, step) == table.get((stage, step))
    assert table == STEPS


@given(st.lists(st.sampled_from(get_args(Step)), max_size=30))
def test_no_sequence_of_steps_leaves_the_states(steps: list[Step]) -> None:
    stage: Stage = "bot"
    for step in steps:
        led = after(stage, step)
        assert led in (None, *get_args(Stage))
        assert (led == "human") <= (stage != "bot")  # nobody is in whom nobody asked for
        stage = led or stage


def _no_letter(handoff: Handoff) -> None:
    return None


class _Played:
    """The same steps in people.db and in the table."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.session = people.start("en")[0].id
        self.stage: Stage = "bot"
        self.number = 0

    def step(self, name: Step, agent: str = "") -> None:
        expected = after(self.stage, name)
        if name == "ask":
            handoff, _ = self.people.handoffs.ask(self.session, {}, _no_letter, 0)
            self.number = handoff.number
            came: Handoff | None = handoff
        elif name == "take":
            came = self.people.handoffs.take(self.number, agent)
        else:
            came = self.people.handoffs.close(self.number, "done", _no_letter)
        assert (came.stage if came else None) == expected
        self.stage = expected or self.stage
        current = self.people.handoffs.current(self.session)
        assert (current.stage if current else "bot") == self.stage
        if self.stage == "human" and agent:
            assert current is not None
            assert current.agent == agent


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([("ask",), ("take", "Mira"), ("take", "Jun"), ("close",)]), max_size=12))
def test_people_db_takes_the_same_steps(people: People, steps: list[tuple[Step] | tuple[Step, str]]) -> None:
    played = _Played(people)
    for step in steps:
        played.step(*step)
    opened = [each for each in people.handoffs.listed() if each.handoff.session == played.session]
    assert sum(each.handoff.stage != "bot" for each in opened) == (played.stage != "bot")


def test_asking_twice_opens_one_and_writes_one_letter(people: People) -> None:
    session, _ = people.start("en")

    def write(handoff: Handoff) -> Letter:
        return letter("handoff.requested", {"handoff": handoff.number}, session.id)

    first, told = people.handoffs.ask(session.id, {"wishes": []}, write, 0)
    again, nothing = people.handoffs.ask(session.id, {"wishes": ["another"]}, write, 0)
    assert again == first
    assert (told is not None, nothing) == (True, None)
    assert [each.id for each in people.outbox.due()] == [told.id if told else ""]


def test_asking_twenty_times_at_once_opens_one(people: People) -> None:
    session, _ = people.start("en")
    with ThreadPoolExecutor(20) as threads:
        asked = [threads.submit(people.handoffs.ask, session.id, {}, _no_letter, 0) for _ in range(20)]
    assert len({each.result()[0].number for each in asked}) == 1
    assert len(people.handoffs.listed()) == 1
    assert [note.text for note in people.notes.since(session.id)] == ["waiting"]


def test_who_takes_over_from_a_colleague_is_the_one_who_is_in(people: People) -> None:
    session, _ = people.start("en")
    handoff, _ = people.handoffs.ask(session.id, {}, _no_letter, 0)
    people.handoffs.take(handoff.number, "Mira")
    people.handoffs.take(handoff.number, "Mira")
    taken = people.handoffs.take(handoff.number, "Jun")
    assert taken is not None
    assert (taken.agent, taken.stage) == ("Jun", "human")
    assert [(n.text, n.name) for n in people.notes.since(session.id)] == [
        ("waiting", None),
        ("human", "Mira"),
        ("human", "Jun"),
    ]


def test_closed_and_gone_conversations_are_not_taken(people: People) -> None:
    session, _ = people.start("en")
    handoff, _ = people.handoffs.ask(session.id, {}, _no_letter, 0)
    assert people.handoffs.close(handoff.number, "left", _no_letter) is not None
    assert people.handoffs.close(handoff.number, "done", _no_letter) is None
    assert people.handoffs.take(handoff.number, "Mira") is None
    assert people.handoffs.take(4711, "Mira") is None
    people.erase(session=session.id)
    with pytest.raises(StoreError):
        people.handoffs.ask(session.id, {}, _no_letter, 0)
    with pytest.raises(StoreError):
        people.notes.write(session.id, "shopper", "hello")


def test_same_key_is_the_same_note_of_its_sender(people: People) -> None:
    session, _ = people.start("en")
    first = people.notes.write(session.id, "shopper", "hello", key="k")
    assert people.notes.write(session.id, "shopper", "another", key="k") == (first[0], False)
    theirs, fresh = people.notes.write(session.id, "person", "hi", "Mira", key="k")
    assert fresh
    assert people.notes.since(session.id, first[0].number) == (theirs,)
    assert people.notes.stirred(0) == (theirs.number, frozenset({session.id}))
    assert people.notes.stirred(theirs.number) == (theirs.number, frozenset())


def test_numbers_of_notes_grow_over_erased_ones(people: People) -> None:
    session, _ = people.start("en")
    note, _ = people.notes.write(session.id, "shopper", "hello")
    people.erase(session=session.id)
    other, _ = people.start("en")
    later, _ = people.notes.write(other.id, "shopper", "hello")
    assert later.number > note.number


def test_letters_are_tried_ever_more_seldom_and_then_no_more(people: People) -> None:
    people.outbox.put(letter("handoff.closed", {}))
    for tries in range(len(PATIENCE) + 1):
        with people._database.write() as sql:
            sql.execute("UPDATE outbox SET next = '2000' WHERE next IS NOT NULL")
        (due,) = people.outbox.due()
        assert due.tries == tries
        assert people.outbox.due() == ()  # somebody has it
        people.outbox.failed(due)
    with people._database.write() as sql:
        sql.execute("UPDATE outbox SET next = '2000' WHERE next IS NOT NULL")
    assert people.outbox.due() == ()


def test_everything_is_exported_and_erased(people: People, tmp_path: Path) -> None:
    session, _ = people.start("en", "ann")
    people.handoffs.ask(
        session.id, {"message": "Zebrafinch"}, lambda h: letter("x", {"t": "Zebrafinch"}, session.id), 0
    )
    people.notes.write(session.id, "shopper", "Zebrafinch", key="k")
    people.keepsakes.keep(session.id, "Zebrafinch")
    people.keepsakes.share(session.id, ["Zebrafinch"])
    (kept,) = people.export(session=session.id)
    assert [(n["sender"], n["text"]) for n in kept["note"]] == [("system", "waiting"), ("shopper", "Zebrafinch")]
    assert kept["handoff"][0]["summary"] == {"message": "Zebrafinch"}
    assert kept["outbox"][0]["payload"]["data"] == {"t": "Zebrafinch"}
    assert [row["item"] for row in kept["shortlist"]] == ["Zebrafinch"]
    assert [row["items"] for row in kept["share"]] == [["Zebrafinch"]]
    people.erase(user="ann")
    assert people.outbox.due() == ()
    assert b"Zebrafinch" not in b"".join(file.read_bytes() for file in tmp_path.glob("people.db*"))


def test_words_for_a_person_and_the_letter_of_them_are_kept_together_or_not_at_all(people: People) -> None:
    session, _ = people.start("en")

    def tells(handoff: Handoff) -> Letter | None:
        return letter("handoff.message", {"handoff": handoff.number}, session.id)

    def breaks(handoff: Handoff) -> Letter | None:
        raise StoreError("the machine stops here")

    def kept() -> tuple[list[str], bool]:
        said = [note.text for note in people.notes.since(session.id) if note.sender == "shopper"]
        return said, people.outbox.pending(session.id, "handoff.message") is not None

    asked, _ = people.handoffs.ask(session.id, {}, _no_letter, 0.0)
    assert not people.handoffs.heard(session.id, "m1", "hello?", tells)  # nobody is in yet
    people.handoffs.take(asked.number, "Mira")
    with pytest.raises(StoreError):
        people.handoffs.heard(session.id, "m1", "hello?", breaks)
    assert kept() == ([], False)
    assert people.handoffs.heard(session.id, "m1", "hello?", tells)
    assert people.handoffs.heard(session.id, "m1", "hello?", breaks)  # the same once more writes nothing
    assert kept() == (["hello?"], True)
