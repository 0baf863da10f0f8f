"""What `aisle doctor` looks at of a shop's site file: can it be read, who is let in, do the shop's systems answer.

It connects to those systems and sends them nothing. It only looks; it fixes nothing.
"""

from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from errors import AisleError, BadSite, NoCatalog

if TYPE_CHECKING:
    from chatbot.web.site import Site

PATIENCE_S = 3.0
SAMPLE = 2_000
"""Products whose pictures are looked at."""


def read(path: Path) -> tuple[Site, str]:
    """The site and what to say of it. BadSite tells the file and the field that cannot be used."""
    from chatbot.web.site import Site

    site = Site.read(path)
    secrets = sum(bool(key.secret) for key in site.keys)
    return site, f"{path}: {len(site.keys)} keys ({secrets} with a secret), {len(site.all_origins())} origins"


def staff(site: Site) -> str:
    """Is there a password for the shop's people? BadSite where there is none."""
    if not site.staff_password:
        raise BadSite("No password is set: the inbox and the admin page are closed ([staff] password).")
    return "a password is set: the inbox and the admin page are open to who knows it"


def answers(url: str) -> str:
    """Does something listen at this address? AisleError where nothing does."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), PATIENCE_S).close()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AisleError(f"Nothing answers at {parts.hostname}:{port} ({reason}): is the address right?") from error
    return f"{parts.hostname}:{port} answers"


def pictures(db: Path, site: Site | None) -> str:
    """Where the catalogue's pictures come from. AisleError where it names a host that is not shown: one that the site file
    leaves out, or a machine or network of whoever opens the page."""
    from catalog.hosts import host_of, is_private
    from catalog.store import Catalog

    try:
        catalog = Catalog.open(db)
    except NoCatalog:
        return "no catalogue to look at"
    products = [product for product, _ in zip(catalog.products(), range(SAMPLE), strict=False)]
    hosts = Counter(host_of(p.image or "") for p in products)
    outside = [host for host, _ in hosts.most_common() if host]
    named = site.pictures if site is not None else None
    refused = [host for host in outside if (is_private(host) if named is None else host not in named)]
    if refused:
        raise AisleError(f"Pictures from {', '.join(refused[:5])} are not shown: add the host to `pictures`.")
    return f"from {', '.join(outside[:5])}" if outside else "all kept beside the catalogue"
