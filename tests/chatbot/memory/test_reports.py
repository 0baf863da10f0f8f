"""What a shop's own server tells is kept once, under its own key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.memory.reports import Report
from chatbot.memory.store import People

SOLD = Report("pk_shop", "purchase", "m-1", "m-1-v", 2, "ann", "order 7, line 1")


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


def test_a_report_is_kept_as_it_was_told(people: People) -> None:
    number, new = people.reports.keep(SOLD)
    (kept,) = people.reports.of(user="ann")
    assert (number, new, bool(kept.pop("created"))) == (1, True, True)
    assert kept == {"shop_key": "pk_shop", "type": "purchase", "item": "m-1", "variant": "m-1-v", "count": 2,
                    "user": "ann", "key": "order 7, line 1"}  # fmt: skip


def test_the_same_message_id_is_the_same_report_of_the_same_key(people: People) -> None:
    other = Report("pk_other", "purchase", "m-1", user="ann", key=SOLD.key)
    nameless = Report("pk_shop", "purchase", "m-1", user="ann")
    told = [people.reports.keep(report) for report in (SOLD, other, SOLD, nameless, nameless)]
    assert told == [(1, True), (2, True), (1, False), (3, True), (4, True)]
    changed = Report("pk_shop", "purchase", "m-2", user="bob", key=SOLD.key)
    assert people.reports.keep(changed) == (1, False)
    assert (len(people.reports.of(user="ann")), people.reports.of(user="bob")) == (4, [])


def test_reports_of_nobody_are_nobody_s(people: People) -> None:
    people.reports.keep(Report("pk_shop", "purchase", "m-1"))
    session, _ = people.start("en")
    assert (people.reports.of(), people.reports.of(person=session)) == ([], [])
