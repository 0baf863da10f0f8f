"""`aisle serve` over several site files: which shops there are, and what of them can be opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from aisle.cli import main
from aisle.cli.serve import Common
from aisle.cli.shops import open_all, read_sites
from chatbot.web.shops import Shops
from errors import BadSite, NoCatalog


def _shop(folder: Path, name: str, site: str = "") -> Path:
    """A site file, and the catalogue that it names."""
    feed = folder / f"{name}.jsonl"
    feed.write_text(json.dumps({"id": f"{name}-1", "title": f"{name} one", "price": 10, "category": "Things"}), "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(folder / f"{name}.db"), "--no-embed"])
    assert done.exit_code == 0, done.output
    return _site(folder, name, site or f'db = "{name}.db"\npeople = "{name}-people.db"\npath = "/{name}"\n')


def _site(folder: Path, name: str, site: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(site, "utf-8")
    return path


def test_each_site_file_is_a_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = _site(tmp_path, "broken", 'db = "none.db"\npeople = "p.db"\npath = "/broken"\n')
    files = [_shop(tmp_path, "mice"), _shop(tmp_path, "cups"), broken]
    places = open_all(read_sites(files), Common(tmp_path / "no.db", tmp_path / "no-people.db").open)
    assert [(p.name, p.path, p.app is not None) for p in places] == [
        ("mice", "/mice", True),
        ("cups", "/cups", True),
        ("broken", "/broken", False),
    ]
    assert f"broken stays closed: {tmp_path / 'none.db'}: no catalogue here" in capsys.readouterr().err
    with TestClient(Shops(places)) as client:
        assert [client.get(f"/{name}/v1/shop").json()["name"] for name in ("mice", "cups")] == ["mice", "cups"]
        assert client.get("/broken/v1/shop").status_code == 503
    assert sorted(path.name for path in tmp_path.glob("*people.db")) == ["cups-people.db", "mice-people.db"]


def test_where_no_shop_can_be_opened_the_trouble_is_told(tmp_path: Path) -> None:
    files = [_site(tmp_path, n, f'db = "{n}.db"\npeople = "{n}-p.db"\npath = "/{n}"\n') for n in ("a", "b")]
    with pytest.raises(NoCatalog, match="a.db: no catalogue here"):
        open_all(read_sites(files), Common(tmp_path / "x.db", tmp_path / "y.db").open)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ('db = "a.db"', 'db = "b.db"\npeople = "b"', "first: of several shops each says"),
        ('db = "a"\npeople = "p"', 'db = "b"\npeople = "p"', "first and second keep their conversations in one file"),
        ('db = "a"\npeople = "a-p"\nname = "x"', 'db = "b"\npeople = "b-p"\nname = "x"', "two shops have one name"),
    ],
)
def test_shops_that_are_not_told_apart_are_refused(tmp_path: Path, first: str, second: str, said: str) -> None:
    with pytest.raises(BadSite, match=said):
        read_sites([_site(tmp_path, "first", first), _site(tmp_path, "second", second)])


def test_one_site_file_may_leave_its_files_to_the_command(tmp_path: Path) -> None:
    (site,) = read_sites([_site(tmp_path, "mine", 'path = "/shop"')])
    assert (site.name, site.label, site.path, site.db, site.people) == ("", "mine", "/shop", None, None)
    (named,) = read_sites([_site(tmp_path, "file", 'name = "Mine"')])
    assert (named.name, named.label) == ("Mine", "Mine")
    assert [site.name for site in read_sites([])] == [""]
