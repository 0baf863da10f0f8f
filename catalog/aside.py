"""Work done beside the rest in a forked process, which sees all that this one holds and sends back lines of text.

    later = aside(lambda: (str(n * n) for n in range(5)), worth=True)
    ...                 # something else meanwhile
    later()             # ["0", "1", "4", "9", "16"]

Where forking is not to be had, or not worth it, the work is done when its result is asked for. Knows no products.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import NoReturn

Work = Callable[[], Iterable[str]]
WORTH = 20_000
"""Pieces of work, each of some tens of microseconds, from which another process saves more than it costs."""


def aside(work: Work, worth: bool) -> Callable[[], list[str]]:
    """Begin the work and give what waits for its lines, which hold no line breaks.

    Only the main thread forks: beside another the child might inherit a lock that nobody opens any more.
    """
    if worth and cores() > 1 and threading.current_thread() is threading.main_thread():
        return _Child(work).result
    return lambda: list(work())


def spread(work: Callable[[range], Iterable[str]], count: int) -> list[str]:
    """The lines for 0..count-1 in order; each core takes a share."""
    many = cores() if count >= WORTH else 1
    first, *rest = [range(count * n // many, count * (n + 1) // many) for n in range(many)]
    others = [aside(partial(work, share), worth=True) for share in rest]
    found = list(work(first))
    for other in others:
        found.extend(other())
    return found


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "fork") and hasattr(os, "sched_getaffinity") else 1


class _Child:
    """A forked process at work."""

    def __init__(self, work: Work) -> None:
        self._work = work
        read, write = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(read)
            _answer(work, write)
        os.close(write)
        self._pipe = os.fdopen(read, "rb")

    def result(self) -> list[str]:
        """Its lines. Where it failed the work is done again here, which says why."""
        with self._pipe:
            text = self._pipe.read().decode("utf-8", "surrogatepass")
        _, status = os.waitpid(self._pid, 0)
        return list(self._work()) if status else text.split("\n")[:-1]


def _answer(work: Work, write: int) -> NoReturn:
    """The child's whole life. It leaves at once: what its parent has opened is the parent's to close."""
    try:
        text = "".join([f"{line}\n" for line in work()])
        with os.fdopen(write, "wb") as pipe:
            pipe.write(text.encode("utf-8", "surrogatepass"))
        os._exit(0)
    finally:
        os._exit(1)
