"""The hosts that a catalogue's own picture addresses name most. Knows nothing of who may show a picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from catalog.hosts import host_of, is_private
from catalog.types import Product

LOOKED_AT = 2_000
"""Products whose pictures are looked at, spread evenly: a shop's lie on a few hosts, and all need not be read for that."""
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9])?(:\d{1,5})?")
"""What a page's policy can name. A feed may say anything: blanks, semicolons and stars would write the policy anew, and other
scripts do not fit in a header."""
LEAST_SHARE = 0.01
"""Of the addresses looked at; a host named more rarely is no home of this shop's pictures."""


def picture_hosts(products: Iterable[Product], limit: int) -> tuple[str, ...]:
    """Hosts in small letters, with a port where one is named, the most frequent first."""
    counted = Counter(host for product in products for host in _hosts(product))
    least = LEAST_SHARE * counted.total()
    return tuple(host for host, count in counted.most_common(limit) if count >= least)


def _hosts(product: Product) -> Iterator[str]:
    for address in (product.image, *(variant.image for variant in product.variants)):
        host = host_of(address or "")
        if host and _HOST.fullmatch(host) and not is_private(host):
            yield host
