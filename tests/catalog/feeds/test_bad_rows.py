"""Three hundred bad rows of forty kinds: each is told with its place and its reason, and the good rows between them land."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from catalog.ingest import ImportReport, import_feeds
from catalog.store import Catalog
from tests.catalog.feeds.faults import FAULTS, GOOD, Fault, Record, write

BAD_ROWS, GOOD_FOR_ONE_BAD = 300, 2
FORMATS = tuple(dict.fromkeys(fault.format for fault in FAULTS))


def drawn() -> Mapping[str, list[Fault]]:
    """Three hundred faults by format, each of the forty kinds at least once, the same ones every time."""
    chance = random.Random(300)
    faults = [*FAULTS, *chance.choices(FAULTS, k=BAD_ROWS - len(FAULTS))]
    chance.shuffle(faults)
    return {format: [fault for fault in faults if fault.format == format] for format in FORMATS}


def mixed(faults: list[Fault], format: str) -> list[tuple[Record, Fault | None]]:
    """Bad rows between good ones; the first is good, and every row has a number of its own."""
    chance = random.Random(format)
    rows: list[Fault | None] = [*faults, *[None] * (GOOD_FOR_ONE_BAD * len(faults))]
    chance.shuffle(rows)
    good = GOOD[format]
    numbered: list[tuple[Record, Fault | None]] = [(good(0), None)]
    return numbered + [(fault.spoil(n) if fault else good(n), fault) for n, fault in enumerate(rows, 1)]


def test_there_are_three_hundred_of_forty_kinds() -> None:
    counts = Counter((fault.format, fault.name) for faults in drawn().values() for fault in faults)
    assert (len(FAULTS), len(counts), counts.total()) == (40, 40, BAD_ROWS)


@pytest.mark.parametrize("format", FORMATS)
def test_each_bad_row_is_told_and_the_rest_lands(tmp_path: Path, format: str) -> None:
    path = tmp_path / (f"feed.{format}" if "." not in format else format)
    rows = mixed(drawn()[format], format)
    lines = write(path, format, [row for row, _ in rows])
    report = import_feeds([path], tmp_path / "shop.db")
    check(report, path, rows, lines)
    assert len(Catalog.open(tmp_path / "shop.db")) == sum(fault is None for _, fault in rows)
    again = import_feeds([path], tmp_path / "shop.db")
    assert (again.unchanged, again.rejected, again.read) == (report.inserted, report.rejected, report.read)


def check(report: ImportReport, path: Path, rows: list[tuple[Record, Fault | None]], lines: list[int]) -> None:
    """Every bad row is told once, on its line, with its field and its reason; no good row is."""
    expected = {line: fault for line, (_, fault) in zip(lines, rows, strict=True) if fault}
    told = {reject.line: reject for reject in report.rejects}
    assert report.rejected == len(told) == len(report.rejects)
    assert sorted(told) == sorted(expected)
    for line, fault in expected.items():
        problem = told[line].problem
        assert (fault.name, told[line].file, problem.field) == (fault.name, path.name, fault.field)
        assert fault.reason in problem.reason
    assert report.read == len(rows) == report.inserted + report.updated + report.unchanged + report.rejected
    assert report.rejects_file is not None
    written = [json.loads(line) for line in Path(report.rejects_file).read_text(encoding="utf-8").splitlines()]
    assert written == [reject.to_json() for reject in report.rejects]


def test_all_of_them_in_one_import(tmp_path: Path) -> None:
    paths, expected, good = [], set(), 0
    for format, faults in drawn().items():
        path = tmp_path / (f"feed.{format}" if "." not in format else format)
        rows = mixed(faults, format)
        lines = write(path, format, [row for row, _ in rows])
        expected |= {(path.name, line) for line, (_, fault) in zip(lines, rows, strict=True) if fault}
        good += sum(fault is None for _, fault in rows)
        paths.append(path)
    report = import_feeds(paths, tmp_path / "shop.db")
    told = {(reject.file, reject.line) for reject in report.rejects}
    assert len(expected) == BAD_ROWS
    assert expected <= told
    assert report.read == report.inserted + report.rejected == good + BAD_ROWS
