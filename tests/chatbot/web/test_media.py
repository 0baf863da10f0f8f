"""Pictures: only pictures, only from their folder, only addresses that may be shown."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from chatbot.web import media

SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "red").mkdir(parents=True)
    for name in ("a.svg", "red/b c.png", "notes.txt", ".hidden.svg"):
        (folder / name).write_text(SVG)
    (tmp_path / "secret.svg").write_text("secret")
    (folder / "way-out.svg").symlink_to(tmp_path / "secret.svg")
    return folder


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://img.example/a.png", "https://img.example/a.png"),
        (" http://img.example/a ", "http://img.example/a"),
        ("a.svg", "/media/a.svg"),
        ("/pictures/b c.png?v=2", "/media/pictures/b%20c.png"),
        ("b%20c.PNG", "/media/b%20c.PNG"),
        ("图/鼠标.webp", "/media/%E5%9B%BE/%E9%BC%A0%E6%A0%87.webp"),
        ("javascript:alert(1)", None),
        ("javascript:alert(1)//a.png", None),
        ("data:image/svg+xml,a.svg", None),
        ("file:///a.svg", None),
        ("//evil.example/a.svg", "/media/evil.example/a.svg"),
        ("../people.db", None),
        ("a/../../b.svg", None),
        ("a/%2e%2e/b.svg", None),
        ("..\\b.svg", None),
        (".hidden.svg", None),
        ("people.db", None),
        ("a\0.svg", None),
        ("https://", None),
        ("http://[", None),
        ("http://169.254.169.254/latest.png", None),
        ("http://localhost:3000/a.png", None),
        ("https://user:word@img.example/a.png", None),
        ("ht\ntps://img.example/a.png", None),
        ("https://img.example/a.png\nX: y", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_address_of_a_picture(address: object, shown: str | None) -> None:
    assert media.picture(address) == shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "/a",
        "a.html",
        "",
        None,
        "http://[",
        "https:",
        "http://192.168.1.1/",
        "http://[::1]/",
        "https://a:b@c.example/",
        "https://a.example/\r\nb",
    ],
)
def test_link_that_may_not_be_followed(address: object) -> None:
    assert media.link(address) is None


def test_the_shop_s_own_hosts_are_followed_wherever_they_are() -> None:
    own = ("localhost:3000", "10.0.0.7")
    for address in ("http://localhost:3000/p/1", "http://LOCALHOST:3000/a.png", "http://10.0.0.7/a.png"):
        assert media.link(address, own) == media.picture(address, own) == address
    for address in ("http://localhost/a.png", "http://10.0.0.8/a.png", "http://u@10.0.0.7/a.png", "http://10.0.0.7/\n"):
        assert media.link(address + "x", own) is None


def test_files_are_given_and_nothing_else_is(pictures: Path, client: TestClient) -> None:
    found = client.get("/media/a.svg")
    assert (found.status_code, found.text, found.headers["content-type"]) == (200, SVG, "image/svg+xml")
    assert found.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert client.get("/media/pictures/red/b%20c.png").headers["content-type"] == "image/png"
    for path in (
        "notes.txt",
        ".hidden.svg",
        "way-out.svg",
        "none.svg",
        "..%2fsecret.svg",
        "%2e%2e/secret.svg",
        "red",
        "",
    ):
        answer = client.get(f"/media/{path}")
        assert (answer.status_code, "secret" in answer.text) == (404, False)


@given(path=st.text(st.sampled_from("ab./\\%2e:~ \0"), max_size=30))
def test_no_path_leaves_the_folder(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    root = tmp_path_factory.getbasetemp() / "fixed" / "pictures"
    root.mkdir(parents=True, exist_ok=True)
    (root.parent / "a.svg").write_text("outside")
    (root / "b.svg").write_text("inside")
    for asked in (path, path + "a.svg", path + "/b.svg", unquote(path) + "a.svg"):
        file = media.find(asked, [root])
        assert file is None or file.read_text() == "inside"
