"""The site file: every field read, every trouble named with its file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.web.site import TAKEN_PATHS, Key, Limits, Site
from chatbot.web.support.receiver import Receiver
from errors import BadSite

WHOLE = """
origins = ["https://page.example"]
pictures = ["img.example", "cdn.example:8443"]
name = "Mice"
path = "/mice"
hosts = ["mice.example"]
db = "mice.db"
llm = "none"
[[keys]]
key = "pk_shop"
origins = ["https://shop.example", "http://127.0.0.1:9000"]
secret = "env:SECRET"
[[keys]]
key = "pk_plain"
[limits]
address = 0
turns = 8
[staff]
password = "env:PASSWORD"
[webhooks]
url = "https://shop.example/hooks"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
events = ["handoff.requested"]
[budget]
tokens_per_day = "env:TOKENS"
[keep]
days = 30
"""
ENVIRON = {"SECRET": "s" * 32, "PASSWORD": "a long one", "TOKENS": "5000"}


def read(tmp_path: Path, text: str) -> Site:
    file = tmp_path / "site.toml"
    file.write_text(text, encoding="utf-8")
    return Site.read(file, ENVIRON)


def test_every_field_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == Site(
        keys=(
            Key("pk_shop", ("https://shop.example", "http://127.0.0.1:9000"), "s" * 32),
            Key("pk_plain"),
        ),
        origins=("https://page.example",),
        limits=Limits(address=0, turns=8),
        staff_password="a long one",
        webhooks=Receiver(
            "https://shop.example/hooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ("handoff.requested",)
        ),
        pictures=("img.example", "cdn.example:8443"),
        tokens_per_day=5000,
        keep_days=30,
        name="Mice",
        path="/mice",
        hosts=("mice.example",),
        db=(tmp_path / "mice.db").resolve(),
        llm="none",
    )


@pytest.mark.parametrize("path", sorted(TAKEN_PATHS))
def test_the_chat_s_own_paths_hold_no_shop(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadSite, match="path"):
        read(tmp_path, f'path = "/{path}"')


def test_an_empty_file_is_the_usual_site(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Site()


def test_secrets_are_in_no_description(tmp_path: Path) -> None:
    told = repr(read(tmp_path, WHOLE))
    assert not any(secret in told for secret in ("s" * 32, "a long one", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key = ", "not valid TOML: Invalid value (at end of document)"),
        ("colour = 1", "colour: there is no such field"),
        ("[limits]\nsesion = 1", "limits.sesion: there is no such field"),
        ("[limits]\nsession = -1", "limits.session: must be a whole number, 0 or more"),
        ("[limits]\nsession = true", "limits.session: must be a whole number, 0 or more"),
        ("limits = 3", "limits: must be a table"),
        ("keys = 3", "keys: must be tables, each under [[keys]]"),
        ("[[keys]]\norigins = []", "keys[1].key: is missing"),
        ('[[keys]]\nkey = "a b"', "keys[1].key: must be 3 to 200 letters, digits, dots, hyphens or underscores"),
        ('[[keys]]\nkey = "abc"\n[[keys]]\nkey = "abc"', "keys: abc is there more than once"),
        ('[[keys]]\nkey = "abc"\nsecret = "short"', "keys[1].secret: must have at least 32 bytes, better random ones"),
        ('[[keys]]\nkey = "abc"\nsecret = "env:NOT"', "keys[1].secret: the environment variable NOT is not set"),
        ('[[keys]]\nkey = "abc"\norigins = "https://a.example"', "keys[1].origins: must be a list"),
        ('[staff]\npassword = "short"', "staff.password: must have at least 8 bytes"),
        ('[webhooks]\nurl = "ftp://a"', "webhooks: url must be an address like https://shop.example/hooks"),
        ("[keep]\ndays = -1", "keep.days: must be a whole number, 0 or more"),
        ("[keep]\ndays = 36501", "keep.days: must be at most 36,500"),
        ('[keep]\ndays = "a month"', "keep.days: must be a whole number, 0 or more"),
        ("[keep]\nweeks = 4", "keep.weeks: there is no such field"),
        ('path = "/v1"', "path: is one of the chat's own paths"),
        ('pictures = ["https://img.example"]', "pictures: 'https://img.example' is not a host"),
    ],
)
def test_trouble_is_named_with_file_and_field(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadSite) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path / 'site.toml'}: {says}")


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "shop.example",
        "https://shop.example/",
        "https://SHOP.example",
        "https://shop.example:443",
        "http://shop.example:80",
        "https://*.shop.example",
        "https://user@shop.example",
        "ftp://shop.example",
        "",
    ],
)
def test_origins_are_exact(tmp_path: Path, origin: str) -> None:
    with pytest.raises(BadSite, match="origins"):
        read(tmp_path, f'origins = ["{origin}"]')


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSite, match=r"none\.toml: the site file cannot be read"):
        Site.read(tmp_path / "none.toml", {})
