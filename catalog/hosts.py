"""Whose an address in a feed is: the host it names, and whether that is a machine or a network of whoever opens it.

A feed is not trusted: a browser that follows `http://192.168.1.1/` asks the shopper's own router. Hosts are read as
browsers read them, so that no other spelling of 127.0.0.1 gets by; names are looked up by nobody here. Knows nothing of what
an address is for.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import unquote, urlsplit

_NO_ADDRESS = re.compile(r"[\x00-\x1f\x7f\\]")
"""Browsers drop line breaks, and take a backslash for a slash: what they read would be another address than what is read here."""
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def host_of(address: str) -> str | None:
    """The host of an http(s) address, with its port where it names one, in small letters; None where a browser would find
    none, or another, and where there is a user in it."""
    text = address.strip()
    try:
        parts = urlsplit(text)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return None
    if not named or parts.scheme not in ("http", "https") or "@" in parts.netloc or _NO_ADDRESS.search(text):
        return None
    return parts.netloc.lower()


def is_private(host: str) -> bool:
    """Does this host (`host_of`) by itself say that it is no place on the internet: this machine, a private network, a link?"""
    if host.startswith("["):
        return not _public(host[1:].partition("]")[0].partition("%")[0])
    try:
        name = unquote(host.partition(":")[0]).encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        return True
    last = name.rpartition(".")[2]
    if _NUMBER.fullmatch(last):  # browsers read 127.1, 0x7f.1 and 2130706433 as one address
        return not _public(name)
    return last == "localhost"


def _public(address: str) -> bool:
    try:
        found = IPv6Address(address) if ":" in address else IPv4Address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not (found.is_multicast or found.is_reserved)
