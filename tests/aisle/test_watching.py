"""Going on importing: each change is one import of what has stopped growing, trouble is told, and the watch goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from aisle.cli import main, watching
from aisle.cli.watching import Sources, watch
from errors import AisleError, FeedUnavailable, ImportBusy, UnreadableFeed


class Clock:
    """Time that passes only while the watch sleeps; `script`: what happens at which second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.script: list[tuple[float, Callable[[], object]]] = []
        monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: self.now, sleep=self.sleep))

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        while self.script and self.script[0][0] <= self.now:
            self.script.pop(0)[1]()
        if not self.script:
            raise KeyboardInterrupt


class Watched:
    """A folder under watch, what was imported from it and what was told."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.imports: list[tuple[float, list[str]]] = []
        self.told: list[str] = []
        self.failing: AisleError | None = None

    def write(self, name: str, text: str = "x", age: float = 0.0) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        stamp = 1e9 + self.clock.now - age
        os.utime(path, (stamp, stamp))

    def run(self, paths: Sequence[Path]) -> None:
        if self.failing:
            raise self.failing
        self.imports.append((self.clock.now, [path.name for path in paths]))

    def go(
        self,
        *script: tuple[float, Callable[[], object]],
        fetch: Callable[[str], Path] = Path,
        given: Sequence[str] = (),
        every: float = 3600,
        one_by_one: bool = False,
    ) -> None:
        self.clock.script = [*script, (script[-1][0] + 20, lambda: None)]
        sources = Sources(given, self.folder.parent / "shop.db", self.folder, every)
        with pytest.raises(KeyboardInterrupt):
            watch(sources, fetch, self.run, lambda error: self.told.append(str(error)), one_by_one)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    (tmp_path / "feeds").mkdir()
    return Watched(tmp_path / "feeds", Clock(monkeypatch))


def test_all_feeds_of_the_folder_are_imported_together_at_each_change(watched: Watched) -> None:
    watched.write("b.csv")
    watched.write("a.csv")
    watched.go(
        (10, lambda: watched.write("c.csv")),
        (20, lambda: watched.write("a.csv", "changed")),
        (30, (watched.folder / "b.csv").unlink),
    )
    assert watched.imports == [
        (2, ["a.csv", "b.csv"]),
        (12, ["a.csv", "b.csv", "c.csv"]),
        (22, ["a.csv", "b.csv", "c.csv"]),
        (32, ["a.csv", "c.csv"]),
    ]
    assert watched.told == []


def test_a_file_is_read_once_it_has_stopped_growing(watched: Watched) -> None:
    watched.go(*[(second, lambda second=second: watched.write("a.csv", "x" * second)) for second in range(3, 9)])
    assert watched.imports == [(10, ["a.csv"])]


def test_what_is_no_feed_in_the_folder_is_left_alone(watched: Watched) -> None:
    for name in (".hidden", "a.csv.part", "b.tmp", "c.crdownload", "~$d.xlsx", "e.csv~", "f.lock"):
        watched.write(name)
    (watched.folder / "inner").mkdir()
    (watched.folder / "out.csv").symlink_to(__file__)
    watched.go((10, lambda: watched.write("a.csv")))
    assert watched.imports == [(12, ["a.csv"])]


def test_the_catalogue_may_lie_in_the_folder(tmp_path: Path, watched: Watched) -> None:
    for name in ("shop.db", "shop.db-wal", "feed.csv"):
        watched.write(name)
    sources = Sources((), watched.folder / "shop.db", watched.folder)
    assert [path.name for path, _, _ in sources.look()] == ["feed.csv"]


def test_an_empty_folder_takes_nothing_away(watched: Watched) -> None:
    watched.write("a.csv")
    watched.go((10, (watched.folder / "a.csv").unlink))
    assert watched.imports == [(2, ["a.csv"])]


def test_trouble_is_told_once_and_tried_again_at_the_next_change(watched: Watched) -> None:
    watched.write("a.csv")
    watched.failing = UnreadableFeed("a.csv: no id column")

    def mend() -> None:
        watched.failing = None
        watched.write("a.csv", "mended")

    watched.go((10, lambda: watched.write("a.csv", "worse")), (15, mend))
    assert watched.told == ["a.csv: no id column", "a.csv: no id column"]
    assert watched.imports == [(17, ["a.csv"])]


def test_another_import_that_is_under_way_is_waited_for(watched: Watched) -> None:
    watched.write("a.csv")
    watched.failing = ImportBusy("shop.db: another import is running")
    watched.go((10, lambda: setattr(watched, "failing", None)))
    assert watched.told == ["shop.db: another import is running"]
    assert watched.imports == [(10, ["a.csv"])]


def test_a_folder_that_goes_away_is_waited_for(watched: Watched) -> None:
    watched.write("a.csv")
    away = watched.folder.with_name("away")
    watched.go((10, lambda: watched.folder.rename(away)), (20, lambda: away.rename(watched.folder)))
    assert watched.told == [f"{watched.folder}: No such file or directory; waiting for it to come back"]
    assert watched.imports == [(2, ["a.csv"])]


def test_changes_alone_are_imported_one_by_one_in_the_order_of_time(watched: Watched) -> None:
    watched.write("b.csv", age=9)
    watched.write("a.csv", age=5)
    watched.go((10, lambda: watched.write("c.csv")), one_by_one=True)
    assert watched.imports == [(2, ["b.csv"]), (2, ["a.csv"]), (12, ["c.csv"])]


def test_addresses_are_asked_again_and_imported_when_they_changed(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1", encoding="utf-8")
    (tmp_path / "two").write_text("2", encoding="utf-8")
    answers: Iterator[Path | AisleError] = iter(
        [FeedUnavailable("refused"), tmp_path / "one", tmp_path / "one", FeedUnavailable("503"), tmp_path / "two"]
    )

    def fetch(address: str) -> Path:
        answer = next(answers)
        if isinstance(answer, AisleError):
            raise answer
        return answer

    watched.write("a.csv")
    watched.go((25, lambda: None), fetch=fetch, given=["https://shop.example/feed"], every=10)
    assert watched.told == ["refused", "503"]
    assert watched.imports == [(12, ["one", "a.csv"]), (42, ["two", "a.csv"])]


def test_a_named_file_that_is_gone_is_no_reason_to_forget_its_products(watched: Watched, tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    given.write_text("x", encoding="utf-8")
    watched.go((10, given.unlink), given=[str(given)])
    assert watched.imports == [(2, ["given.csv"]), (12, ["given.csv"])]  # the second one says "no such file"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a feed, or a folder of feeds with --watch"),
        (["--watch", "nowhere"], "'nowhere' does not exist"),
        (["feed.csv", "--every", "60", "--dry-run"], "--dry-run looks once; leave out --watch and --every"),
        (["https://shop.example/feed", "--every", "0"], "0 is not in the range x>=1"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["import", "--db", str(tmp_path / "shop.db"), *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_imports_goes_on_and_ends_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "a.csv").write_text("id,title\n1,Lamp\n2,Rug\n", encoding="utf-8")
    command = [sys.executable, "-m", "aisle", "import", "--watch", str(folder), "--db", str(tmp_path / "shop.db")]
    with subprocess.Popen(
        [*command, "--no-embed", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        assert process.stdout
        report = json.loads(process.stdout.readline())
        process.send_signal(number)
        try:
            out, told = process.communicate(timeout=20)
        finally:
            process.kill()  # else a test that fails here would wait for it forever
    assert (process.returncode, out, told) == (0, "", f"watching the feeds in {folder}; Ctrl-C ends it\n")
    assert (report["read"], report["inserted"]) == (2, 2)
