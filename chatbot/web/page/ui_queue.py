"""Bounds on what Gradio's queue keeps of open pages: events at once, events that wait, answers that nobody reads.

Gradio keeps every answer until its page has read it, under a name that the page gives itself, and never forgets a name.
Knows nothing of what events do.
"""

from __future__ import annotations

from typing import Any

from chatbot.web.page.ui_gradio import gr

AT_ONCE = 256
"""Events of all open pages that are answered at once. More than turns are taken on: who is refused hears it at once."""

WAITING = 256
"""Events that wait behind those; for more the page says by itself that the server is busy."""

PAGES = AT_ONCE + WAITING
"""Pages that something is kept of: as many as events can be under way. The page asks for everything anew at each event."""

UNREAD = 16
"""Events of one page that are under way or not read yet."""


def bound(blocks: gr.Blocks) -> None:
    """Give the page its queue."""
    blocks.state_session_capacity = PAGES
    threads, blocks.max_threads = blocks.max_threads, AT_ONCE  # Gradio has one number for two things: events at once,
    blocks.queue(default_concurrency_limit=None, max_size=WAITING)
    blocks.max_threads = threads  # and threads, which are those that everything else has
    queue: Any = blocks._queue
    queue.pending_messages_per_session.max_size = PAGES
    push = queue.push

    async def bounded(body: Any, request: Any, username: Any) -> tuple[bool, object, str]:
        if len(queue.pending_event_ids_session.get(body.session_hash, ())) >= UNREAD:
            return False, "Too many events of this page are not read yet.", "queue_full"
        pushed: tuple[bool, object, str] = await push(body=body, request=request, username=username)
        _forget(queue.pending_event_ids_session, queue.pending_messages_per_session)
        return pushed

    queue.push = bounded


def _forget(unread: dict[str, set[str]], answers: dict[str, Any]) -> None:
    """Of more than PAGES those that have read everything, then those opened longest ago."""
    if len(unread) <= PAGES:
        return
    done = [name for name, events in unread.items() if not events]
    for name in done or list(unread)[:-PAGES]:
        del unread[name]
        answers.pop(name, None)
