"""The page's turns among all others: there is a place for each or it is refused at once, and a thread of its own makes it.

Gradio alone would ask for a thread at every step of a turn, so that one which has begun would wait for those that wait for
it. Knows nothing of what the views hold.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import Any, cast

import anyio

from chatbot.web.making import Making
from chatbot.web.pacing import Places, network
from chatbot.web.page.ui_gradio import gr
from chatbot.web.page.ui_view import UNCHANGED, View
from chatbot.web.page.visit import Visit
from chatbot.web.words import word
from llm.types import Call

RETRY_S = 3
"""What a shopper is told to wait. A person is slower than a script, and the page itself takes the same words sent again
within three seconds for impatience."""


Answer = Callable[..., Iterator[View]]
"""An event of the page that makes a turn."""


class Turns:
    """Makes turns of the page's events. `places`: shared with the API's turns; `threads`: those that make turns."""

    def __init__(self, places: Places, threads: anyio.CapacityLimiter) -> None:
        self._places = places
        self._threads = threads

    def __call__(self, answer: Answer) -> Callable[..., AsyncGenerator[View]]:
        """The same event, made only where there is a place for it. Where there is none nothing on the page changes: what was
        typed stays in the box, what was tapped can be tapped again."""
        signature = inspect.signature(answer)

        @functools.wraps(answer)
        async def event(*given: Any) -> AsyncGenerator[View]:
            told = signature.bind(*given).arguments
            whose = _address(told.get("request"))
            if not self._places.take(whose):
                language = Visit.read(told["kept"]).language or "en"
                gr.Warning(word(language, "full", seconds=RETRY_S))
                yield UNCHANGED
                return
            try:
                making = Making(cast(Generator[View], answer(*given)), Call(), self._threads)
                try:
                    while (view := await making.next()) is not None:
                        yield view
                finally:
                    making.close()
            finally:
                self._places.give_back(whose)

        return event


def _address(request: gr.Request | None) -> str:
    """Who asks: the connection's other end, as the API has it."""
    client = getattr(request, "client", None)
    return network(client.host) if client else ""
