"""Feeds by address, from a server on this machine or a transport in its place; nothing asks the outside."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from aisle.cli import main
from aisle.cli.watching import Sources
from catalog.feeds import fetch as fetching
from catalog.feeds.fetch import Fetched, fetch, is_address, shown
from catalog.feeds.open import open_feed
from catalog.store import Catalog
from errors import AisleError, FeedUnavailable, UnreadableFeed

FEED = b'{"id": "1", "title": "Lamp"}\n'
OTHER = b'{"id": "2", "title": "Rug"}\n'


@dataclass
class Shop:
    """A shop's server: what it says next, and what it was asked."""

    address: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = FEED
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shop.asked.append(dict(self.headers))
            marks = {self.headers["If-None-Match"], self.headers["If-Modified-Since"]} - {None}
            same = marks and marks <= {shop.headers.get("ETag"), shop.headers.get("Last-Modified")}
            self.send_response(304 if same else shop.status)
            for name, value in shop.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if not same:
                self.wfile.write(shop.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shop.address = f"http://127.0.0.1:{server.server_port}/feed.jsonl"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield shop
        server.shutdown()
        thread.join()


def ids(fetched: Fetched) -> list[object]:
    return [row.values.get("id") for row in open_feed(fetched.path).rows()]


def trouble(address: str, folder: Path, kind: type[AisleError], transport: httpx2.BaseTransport | None = None) -> str:
    with pytest.raises(kind) as refused:
        fetch(address, folder, transport=transport)
    assert not folder.exists() or [p.name for p in folder.iterdir() if p.name.startswith("fetching-")] == []
    return str(refused.value)


@pytest.mark.parametrize(
    "marks",
    [{"ETag": '"v1"'}, {"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"},
     {"ETag": 'W/"v1"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}],
)  # fmt: skip
def test_what_has_not_changed_is_used_again(tmp_path: Path, shop: Shop, marks: dict[str, str]) -> None:
    shop.headers = marks
    first = fetch(shop.address, tmp_path)
    again = fetch(shop.address, tmp_path)
    assert (first.changed, again) == (True, Fetched(first.path, changed=False))
    asked = {name: value for name, value in shop.asked[1].items() if name.startswith("If-")}
    assert asked == {{"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[n]: v for n, v in marks.items()}
    assert ids(again) == ["1"]


def test_what_has_changed_takes_the_old_ones_place(tmp_path: Path, shop: Shop) -> None:
    shop.headers = {"ETag": '"v1"'}
    first = fetch(shop.address, tmp_path)
    shop.headers, shop.body = {"ETag": '"v2"'}, OTHER
    second = fetch(shop.address, tmp_path)
    assert (second.changed, ids(second), first.path.exists()) == (True, ["2"], False)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_server_without_marks_is_asked_in_full_and_its_content_compared(tmp_path: Path, shop: Shop) -> None:
    assert [fetch(shop.address, tmp_path).changed for _ in range(2)] == [True, False]
    assert not any(name.startswith("If-") for name in shop.asked[1])


def test_a_kept_feed_that_was_deleted_is_fetched_anew(tmp_path: Path, shop: Shop) -> None:
    shop.headers = {"ETag": '"v1"'}
    fetch(shop.address, tmp_path).path.unlink()
    assert ids(fetch(shop.address, tmp_path)) == ["1"]
    (pointer,) = tmp_path.glob("*.json")
    pointer.write_text("{", encoding="utf-8")
    assert ids(fetch(shop.address, tmp_path)) == ["1"]


def test_a_packed_answer_stays_packed_until_it_is_read(tmp_path: Path, shop: Shop) -> None:
    shop.body, shop.headers = gzip.compress(FEED), {"Content-Encoding": "gzip"}
    assert ids(fetch(shop.address, tmp_path)) == ["1"]
    shop.body, shop.headers = gzip.compress(OTHER), {}
    assert ids(fetch(shop.address, tmp_path)) == ["2"]
    assert {asked["Accept-Encoding"] for asked in shop.asked} == {"gzip, identity"}


def test_two_feeds_of_one_host_are_kept_apart(tmp_path: Path, shop: Shop) -> None:
    first = fetch(shop.address + "?shop=1", tmp_path)
    shop.body = OTHER
    second = fetch(shop.address + "?shop=2", tmp_path)
    assert (ids(first), ids(second)) == (["1"], ["2"])


def test_errors_of_the_service(tmp_path: Path, shop: Shop) -> None:
    for status, words in ((404, "404 Not Found"), (503, "503 Service Unavailable"), (403, "403 Forbidden")):
        shop.status = status
        assert trouble(shop.address, tmp_path, FeedUnavailable) == (
            f"{shop.address}: the shop's server answers {words} instead of a feed"
        )
    shop.status, shop.headers = 200, {"Content-Encoding": "br"}
    assert trouble(shop.address, tmp_path, FeedUnavailable) == (
        f"{shop.address}: comes packed with br, which was not asked for"
    )
    shop.headers = {"Content-Length": "1000"}
    assert trouble(shop.address, tmp_path, FeedUnavailable).startswith(f"{shop.address}: the connection broke off (")


def test_a_feed_too_large_is_given_up(tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.headers = {"Content-Length": str(2 << 30)}
    assert trouble(shop.address, tmp_path, UnreadableFeed) == f"{shop.address}: 2,048 MiB; a feed may have 1,024 MiB"
    monkeypatch.setattr(fetching, "MOST_BYTES", 1 << 20)
    shop.headers, shop.body = {}, bytes(2 << 20)
    assert trouble(shop.address, tmp_path, UnreadableFeed) == (
        f"{shop.address}: more than 1 MiB; the rest was not fetched"
    )


def test_a_feed_that_takes_too_long_is_given_up(tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_WHOLE", 0.0)
    assert trouble(shop.address, tmp_path, FeedUnavailable) == f"{shop.address}: not all there after 0 s"


def test_progress_is_told(tmp_path: Path, shop: Shop) -> None:
    shop.headers = {"Content-Length": str(len(FEED))}
    told: list[tuple[str, int, int]] = []
    fetch(shop.address, tmp_path, lambda *at: told.append(at))
    assert told == [("fetching", len(FEED), len(FEED))]


def raising(error: Exception) -> httpx2.MockTransport:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error

    return httpx2.MockTransport(answer)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (caused(httpx2.ConnectError("x"), socket.gaierror(-2, "unknown")), "no machine of this name is known (DNS)"),
        (caused(httpx2.ConnectError("x"), UNTRUSTED), "its certificate or encryption cannot be trusted ("),
        (UnicodeError("label too long"), "no machine of this name is known (DNS)"),
        (httpx2.ConnectTimeout("slow"), "no answer in time (ConnectTimeout)"),
        (httpx2.ReadTimeout("slow"), "no answer in time (ReadTimeout)"),
        (httpx2.ReadError("reset"), "the connection broke off (reset)"),
        (httpx2.RemoteProtocolError("odd"), "the connection broke off (odd)"),
    ],
)
def test_a_service_that_is_not_there(tmp_path: Path, error: Exception, message: str) -> None:
    address = "https://shop.example/feed.xml"
    assert trouble(address, tmp_path, FeedUnavailable, raising(error)).startswith(f"{address}: {message}")


def test_a_refused_connection_is_tried_again_a_few_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    refusing = caused(httpx2.ConnectError("x"), ConnectionRefusedError())
    assert trouble("https://shop.example/f", tmp_path, FeedUnavailable, raising(refusing)) == (
        "https://shop.example/f: the connection was refused, 3 times"
    )
    assert waited == [0.3, 1.0]


def redirecting(**locations: str) -> httpx2.MockTransport:
    """Sends /a to where `a` says; anything else is the feed."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        location = locations.get(request.url.path.strip("/"))
        return (
            httpx2.Response(302, headers={"Location": location})
            if location
            else httpx2.Response(200, content=iter([FEED]))
        )

    return httpx2.MockTransport(answer)


def test_redirects_lead_to_encrypted_addresses_only(tmp_path: Path) -> None:
    way = redirecting(a="https://cdn.example/b", b="/c")
    assert ids(fetch("https://shop.example/a", tmp_path, transport=way)) == ["1"]
    assert trouble("https://shop.example/a", tmp_path, UnreadableFeed, redirecting(a="http://shop.example/b")) == (
        "http://shop.example/b (sent on from https://shop.example/a): not encrypted; use https:// "
        "(http:// is for this machine alone)"
    )
    inward = redirecting(a="http://127.0.0.1:8000/admin")
    assert "not encrypted" in trouble("https://shop.example/a", tmp_path, UnreadableFeed, inward)
    elsewhere = redirecting(a="file:///etc/passwd")
    assert "a feed's address begins with https://" in trouble(
        "https://shop.example/a", tmp_path, UnreadableFeed, elsewhere
    )
    nowhere = redirecting(a="https://shop:port/")
    assert "no address that can be asked" in trouble("https://shop.example/a", tmp_path, UnreadableFeed, nowhere)
    assert trouble("https://shop.example/a", tmp_path, FeedUnavailable, redirecting(a="/a")) == (
        "https://shop.example/a: sent on more than 5 times"
    )


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://shop.example/feed", "not encrypted; use https:// (http:// is for this machine alone)"),
        ("http://127.0.0.1.shop.example/feed", "not encrypted; use https:// (http:// is for this machine alone)"),
        ("ftp://shop.example/feed", "a feed's address begins with https://"),
        ("file:///etc/passwd", "a feed's address begins with https://"),
        ("https:///feed", "a feed's address begins with https://"),
    ],
)
def test_addresses_that_are_not_asked(tmp_path: Path, address: str, message: str) -> None:
    asked = raising(AssertionError("asked"))
    assert trouble(address, tmp_path, UnreadableFeed, asked).endswith(f": {message}")


def test_passwords_and_keys_in_an_address_are_not_told(tmp_path: Path) -> None:
    address = "https://me:secret@shop.example:8443/feed.xml?key=secret"
    assert shown(address) == "https://shop.example:8443/feed.xml?..."
    message = trouble(address, tmp_path, FeedUnavailable, raising(httpx2.ReadError("reset")))
    assert "secret" not in message
    fetched = fetch(address, tmp_path, transport=redirecting())
    assert "secret" not in fetched.path.name + next(tmp_path.glob("*.json")).read_text(encoding="utf-8")
    assert "secret" not in trouble("https://me:secret@shop:port/", tmp_path, UnreadableFeed, raising(AssertionError()))
    assert Sources([address], tmp_path / "shop.db").told() == f"watching {shown(address)}, asked every 3600 s"


def test_what_is_an_address() -> None:
    assert [is_address(name) for name in ("https://a/b", "HTTP://a", "feed.csv", "c:\\feed.csv", "a/b:c")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def run(tmp_path: Path, *arguments: str) -> tuple[int, dict[str, object], str]:
    command = ["import", *arguments, "--db", str(tmp_path / "shop.db"), "--no-embed", "--json"]
    result = CliRunner().invoke(main, command)
    return result.exit_code, json.loads(result.stdout or "{}"), result.stderr


def test_the_command_imports_an_address_and_ends_with_3_where_there_is_no_service(tmp_path: Path, shop: Shop) -> None:
    shop.headers = {"ETag": '"v1"'}
    code, report, _ = run(tmp_path, shop.address)
    assert (code, report["inserted"]) == (0, 1)
    code, report, _ = run(tmp_path, shop.address)
    assert (code, report["unchanged"]) == (0, 1)
    assert Catalog.open(tmp_path / "shop.db").ids == ("1",)
    shop.status, shop.headers = 500, {}
    code, report, told = run(tmp_path, shop.address)
    assert (code, report) == (3, {})
    assert told == f"aisle: {shop.address}: the shop's server answers 500 Internal Server Error instead of a feed\n"
    assert run(tmp_path, "http://shop.example/feed")[0] == 2
