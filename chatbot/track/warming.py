"""What is done once when a tracker is built, so that no shopper waits for it in a turn.

Knows nothing of what the lists and indexes hold.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from inspect import signature

ROOM = "chatbot.track."


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector: of an index that is being built nothing is garbage, and to look for some takes a
    fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read_word_lists() -> None:
    """Let every list of words be read and compiled that a message would at its first use: what this room caches of no
    argument."""
    for name, module in list(sys.modules.items()):
        if name.startswith(ROOM):
            for made in list(vars(module).values()):
                if isinstance(made, _lru_cache_wrapper) and made.__module__ == name and not signature(made).parameters:
                    made()
