"""What is installed is what is here: every file of the rooms is shipped, every package of the lock is pinned."""

from __future__ import annotations

import os
import re
import tomllib

from hatchling.builders.wheel import WheelBuilder

from tests.sources import ROOMS, ROOT


def test_the_wheel_ships_every_file_of_the_rooms() -> None:
    shipped = {file.relative_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    here = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    }
    assert here | {"errors.py"} == {name for name in shipped if "__pycache__" not in name}


def test_the_lock_pins_everything_to_what_an_index_has() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert "torch==2.13.0" in pins
    assert [line for line in pins if line.startswith("nvidia")] == []


def test_entry_points_lead_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"aisle": "aisle.cli:main"}
    for target in project["entry-points"]["pytest11"].values():
        assert (ROOT / (target.replace(".", "/") + ".py")).is_file()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
