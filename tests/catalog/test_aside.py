"""Work beside the rest: the same lines in the same order, and the fault of a child told by its parent."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.aside import WORTH, aside, cores, spread
from catalog.ingest import import_feeds
from catalog.store import Catalog
from tests.catalog.test_import import write
from tests.catalog.test_incremental import seen_of, shop

forks = pytest.mark.skipif(cores() < 2, reason="one core: nothing is done aside")


@forks
def test_work_is_done_in_another_process_and_comes_back_in_lines() -> None:
    later = aside(lambda: iter([str(os.getpid()), "", "日本 \ud800"]), worth=True)
    process, *rest = later()
    assert int(process) != os.getpid()
    assert rest == ["", "日本 \ud800"]


def test_work_that_is_not_worth_it_is_done_here() -> None:
    assert aside(lambda: [str(os.getpid())], worth=False)() == [str(os.getpid())]


@forks
def test_only_the_main_thread_forks() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(aside(lambda: [str(os.getpid())], worth=True)()))
    thread.start()
    thread.join()
    assert found == [str(os.getpid())]


@forks
def test_what_goes_wrong_in_a_child_is_told_by_its_parent() -> None:
    def fail() -> Iterator[str]:
        yield "one"
        raise ValueError("no second line")

    with pytest.raises(ValueError, match="no second line"):
        aside(fail, worth=True)()


@pytest.mark.parametrize("count", [0, 1, WORTH, WORTH + 1])
def test_shares_come_back_in_order(count: int) -> None:
    assert spread(lambda share: map(str, share), count) == [str(n) for n in range(count)]


@forks
def test_an_import_in_two_processes_comes_to_what_one_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = write(tmp_path / "feed.jsonl", [{k: v for k, v in row.items() if k != "category"} for row in shop(300)])
    import_feeds([feed], tmp_path / "one.db")
    monkeypatch.setattr("catalog.aside.WORTH", 1)
    import_feeds([feed], tmp_path / "two.db")
    one, two = Catalog.open(tmp_path / "one.db"), Catalog.open(tmp_path / "two.db")
    assert (two.ids, seen_of(two)) == (one.ids, seen_of(one))
