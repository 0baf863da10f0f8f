"""Which hosts' pictures a page may show: those of the site file, or those that the catalogue itself names most. And which of
the catalogue's links lead where a shopper may be sent.

A feed is not trusted: a picture elsewhere would tell a stranger who looks at what, so it is not sent to a browser at all,
and the pages' policy names the same hosts. A machine or network of the shopper's own is nothing to show or to follow,
unless the site file names it, as a shop that is being built does. Knows nothing of what a picture shows.
"""

from __future__ import annotations

from catalog.hosts import host_of
from chatbot.web import media
from chatbot.web.shop import Shop

MOST_HOSTS = 12
"""Hosts taken from a catalogue. A shop's pictures lie on one or two; a marketplace's on more than can be vouched for."""


class Pictures:
    """Safe to share between threads. `hosts`: the site's own list; None: the catalogue's. `root`: the path this shop is at."""

    def __init__(self, shop: Shop, hosts: tuple[str, ...] | None = None, root: str = "") -> None:
        self._shop = shop
        self._given = hosts
        self._root = root
        self._found: tuple[str, tuple[str, ...]] = ("", ())

    def hosts(self) -> tuple[str, ...]:
        """The hosts, each with its port where it names one. Reads some of the catalogue once an import, and never waits for
        one: every page's policy is written in the event loop."""
        if self._given is not None:
            return self._given
        catalog = self._shop.latest.catalog
        if self._found[0] != catalog.generation:
            self._found = (catalog.generation, catalog.picture_hosts(MOST_HOSTS))
        return self._found[1]

    def __call__(self, address: object) -> str | None:
        """Where a page finds a record's picture; None where it may not show it."""
        found = media.picture(address, self._given or ())
        if found is None:
            return None
        if found.startswith(media.MOUNT):
            return self._root + found
        return found if host_of(found) in self.hosts() else None

    def link(self, address: object) -> str | None:
        """Where a record's link leads; None where nobody is to be sent."""
        return media.link(address, self._given or ())
