"""Hosts of addresses, as browsers read them, and which of them are nobody's but the reader's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.hosts import host_of, is_private


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Img.Example/a b.png?x=1#y", "img.example"),
        (" http://img.example:8080/a\n", "img.example:8080"),
        ("http://[2001:DB8::1]:80/", "[2001:db8::1]:80"),
        ("https://图片.example/a.png", "图片.example"),
        ("https://img.example/@a.png", "img.example"),
        ("https://", None),
        ("https:///img.example", None),
        ("https:img.example", None),
        ("//img.example/a.png", None),
        ("ftp://img.example/a.png", None),
        ("javascript:alert(1)//img.example", None),
        ("http://[", None),
        ("http://img.example:port/", None),
        ("http://img.example:99999/", None),
        ("http://img.example:0/", None),
        ("http://user@img.example/", None),
        ("http://user:word@img.example/", None),
        ("http://@img.example/", None),
        ("https://img.example\\@evil.example/", None),
        ("ht\ntps://img.example/", None),
        ("https://img.\r\nexample/", None),
        ("https://img.example/a\tb.png", None),
        ("https://img.example/a\0", None),
        ("", None),
    ],
)
def test_host_of_an_address(address: str, host: str | None) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:3000", "LOCALHOST.", "shop.localhost",
        "127.0.0.1", "127.0.0.1:8000", "127.0.0.1.", "127.1", "0177.0.0.1", "0x7f.1", "2130706433", "0x7f000001", "0",
        "127%2e0%2e0%2e1", "127.0.0.%31", "１２７.0.0.1", "127。0。0。1", "127.0.0.1\u00ad",
        "10.0.0.7", "172.16.4.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1",
        "1.2.3.4.5", "1.2.3", "999.1.1.1", "a..b",
        "[::1]", "[::1]:8000", "[::]", "[fe80::1%25eth0]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]",
        "[::ffff:127.0.0.1]", "[::ffff:a00:7]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[::127.0.0.1]", "[2001:db8::1]",
        "[no address]",
    ],
)  # fmt: skip
def test_hosts_of_the_reader_s_own(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    ["img.example", "img.example:8443", "93.184.216.34", "93.184.216.34:80", "[2606:2800:220:1::1]", "图片.example",
     "localhost.example", "127.0.0.1.example", "10.example", "cdn-7.shop.example.", "4chan.example", "0x7f.example",
     "under_score.example"],
)  # fmt: skip
def test_hosts_on_the_internet(host: str) -> None:
    assert not is_private(host)


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    for address in (text, f"http://{text}/", f"https://{text}@a/"):
        host = host_of(address)
        assert host is None or isinstance(is_private(host), bool)
    assert isinstance(is_private(text), bool)
