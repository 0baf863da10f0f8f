"""The page's events in a conversation: what is typed, tapped or clicked goes to the desk, and what it sends is shown.

The dialogue is in the store, never in Gradio. Decides nothing; what a view holds is made in ui_view.py.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from chatbot.gestures import Gesture, GestureType
from chatbot.memory.records import Session
from chatbot.types import Language
from chatbot.web.desk import Desk, Sent
from chatbot.web.page.pieces import Live
from chatbot.web.page.ui_gradio import gr
from chatbot.web.page.ui_view import Opened, View, Views, labelled
from chatbot.web.reading import TEXT_LIMIT, Said
from chatbot.web.words import language_of, word
from errors import BadEdit, TurnLeft, TurnOvertaken
from llm.types import Call

GESTURES = get_args(GestureType)
ITEMS = 5
ID = 200

_said = TypeAdapter(Said)
logger = logging.getLogger(__name__)


class Page:
    """Each event gives the new contents of the page's parts (ui_view.View), or a stream of them."""

    def __init__(self, desk: Desk, root: str = "") -> None:
        self.views = Views(desk, root)
        self._desk = desk
        self._calls: dict[str, list[Call]] = {}  # the turns in the making, by open page
        self._guard = threading.Lock()

    def open(self, kept: object, request: gr.Request) -> View:
        """The page was loaded: bring the conversation back, if there is one."""
        opened = self.views.opened(kept)
        language = opened.visit.language or language_of(request.headers.get("accept-language", ""))
        visit = replace(opened.visit, language=language, resume=opened.visit.resume if opened.session else None)
        return self.views.view(Opened(visit, opened.session), box=labelled(language))

    def leave(self, request: gr.Request) -> None:
        """The button was pressed: enough of what this page waits for."""
        self.left(_page(request))

    def left(self, page: str) -> None:
        """Nobody waits for an answer on this page any more."""
        with self._guard:
            for call in self._calls.get(page, ()):
                call.cancel.set()

    def say(self, text: object, kept: object, request: gr.Request | None = None) -> Iterator[View]:
        """Something was typed: the box is emptied once it has come."""
        yield from self._say(text, kept, request, gr.update(value=""))

    def reply(self, kept: object, event: gr.EventData, request: gr.Request | None = None) -> Iterator[View]:
        """A suggested answer was clicked: it is as good as typed. What stands in the box stays there."""
        yield from self._say(told(event, "value"), kept, request, None)

    def _say(self, text: object, kept: object, request: gr.Request | None, box: Any) -> Iterator[View]:
        opened = self.views.opened(kept)
        if isinstance(text, str) and not text.strip():
            yield self.views.view(opened)  # nothing was asked: nothing to complain about
            return
        try:
            said = _said.validate_python(text, strict=True)
        except ValidationError as error:
            self._warn_about(error, opened)
            yield self.views.view(opened)
            return
        yield from self._turn(opened, said, secrets.token_urlsafe(12), _page(request), box)

    def again(self, kept: object, request: gr.Request | None = None) -> Iterator[View]:
        """An unanswered message is sent once more, under its own id."""
        opened = self.views.opened(kept)
        conversation = self.views.conversation(opened.session)
        pending = conversation.pending if conversation else None
        if pending and isinstance(pending.what, str):
            yield from self._turn(opened, pending.what, pending.key, _page(request))
        else:
            yield self.views.view(opened)

    def take_off(self, kept: object, event: gr.EventData, request: gr.Request | None = None) -> Iterator[View]:
        """A wish was clicked off."""
        wish = told(event, "wish")
        yield from self._tapped(
            kept, request, lambda session, key, call: self._desk.edit(session, key, (wish,), (), call)
        )

    def put_back(self, kept: object, event: gr.EventData, request: gr.Request | None = None) -> Iterator[View]:
        """A wish that was let go is wished again."""
        text = told(event, "text")
        yield from self._tapped(
            kept, request, lambda session, key, call: self._desk.edit(session, key, (), (text,), call)
        )

    def gesture(self, kept: object, event: gr.EventData, request: gr.Request | None = None) -> Iterator[View]:
        """A card, a wish or the latest turn was tapped."""
        type = told(event, "type")
        if type not in GESTURES:
            yield self.views.view(self.views.opened(kept))
            return
        gesture = Gesture(type, _items(event), told(event, "wish"))  # type: ignore[arg-type]
        opened = self.views.opened(kept)
        if type == "reject" and opened.session:
            self._desk.feedback(opened.session, "dislike", told(event, "impression"))
        yield from self._tapped(
            kept, request, lambda session, key, call: self._desk.gesture(session, key, gesture, call)
        )

    def judge(self, kept: object, event: gr.EventData) -> None:
        """A card was liked or followed."""
        session = self.views.opened(kept).session
        type = told(event, "type")
        if session and type in ("like", "dislike", "click"):
            self._desk.feedback(session, type, told(event, "impression"))  # type: ignore[arg-type]

    def fresh(self, kept: object) -> View:
        """Another conversation begins with the next word; this one stays among the earlier ones."""
        visit = replace(self.views.opened(kept).visit, resume=None)
        return self.views.view(Opened(visit, None))

    def speak(self, kept: object, event: gr.EventData) -> View:
        """Another interface language."""
        language: Language = "zh" if told(event, "value") == "zh" else "en"
        opened = self.views.opened(kept)
        return self.views.view(Opened(replace(opened.visit, language=language), opened.session), box=labelled(language))

    def back(self, kept: object) -> View:
        """The shopper goes back to the assistant."""
        opened = self.views.opened(kept)
        if opened.session and self._desk.service:
            self._desk.service.leave(opened.session)
        return self.views.view(opened)

    def poll(self, kept: object) -> View:
        """A person may have written."""
        return self.views.view(self.views.opened(kept))

    def _tapped(
        self, kept: object, request: gr.Request | None, make: Callable[[Session, str, Call], Generator[Sent]]
    ) -> Iterator[View]:
        """A turn that was tapped rather than typed."""
        opened = self.views.opened(kept)
        session = opened.session
        if session is None:
            yield self.views.view(Opened(replace(opened.visit, resume=None), None))
            return
        with self._under_way(session, _page(request)) as call:
            yield from self._watch(opened, make(session, secrets.token_urlsafe(12), call), Live(""))

    def _turn(self, opened: Opened, said: str, key: str, page: str, box: Any = None) -> Iterator[View]:
        session = opened.session
        if session is None:
            session, resume = self._desk.open(opened.language)
            opened = Opened(replace(opened.visit, resume=resume), session)
        with self._under_way(session, page) as call:
            yield from self._watch(opened, self._desk.say(session, said, key, call), Live(said), box)

    @contextmanager
    def _under_way(self, session: Session, page: str) -> Iterator[Call]:
        """A turn's call, to be found by its page while it lasts."""
        call = Call(session=session.id)
        with self._guard:
            self._calls.setdefault(page, []).append(call)
        try:
            yield call
        finally:
            with self._guard:
                self._calls[page] = [other for other in self._calls[page] if other is not call]
                if not self._calls[page]:
                    del self._calls[page]

    def _watch(self, opened: Opened, events: Generator[Sent], live: Live, box: Any = None) -> Iterator[View]:
        """The page while a turn is made, and as it is afterwards. `box`: what becomes of it first."""
        past = self.views.conversation(opened.session)
        yield self.views.view(opened, past, live, box)
        try:
            with closing(events):
                for event in events:
                    if event.name == "turn.start":
                        past = self.views.conversation(opened.session)  # another turn may have ended meanwhile
                    if _takes_up(live, event):
                        yield self.views.view(opened, past, live)
        except TurnOvertaken:
            gr.Warning(word(opened.language, "busy"))
        except TurnLeft:
            pass  # the message is shown as one without an answer, to be sent again
        except BadEdit:
            gr.Warning(word(opened.language, "trouble"))
        except Exception:
            logger.exception("a turn was not finished")
            gr.Warning(word(opened.language, "trouble"))
        yield self.views.view(opened)

    def _warn_about(self, error: ValidationError, opened: Opened) -> None:
        kinds = {problem["type"] for problem in error.errors(include_input=False)}
        name = "too_long" if "string_too_long" in kinds else "unreadable"
        gr.Warning(word(opened.language, name, limit=f"{TEXT_LIMIT:,}"))


def _takes_up(live: Live, event: Sent) -> bool:
    """Put an event into the picture of the turn; False when there is nothing new to see."""
    if event.name == "status":
        live.stage = event.data["stage"]
    elif event.name == "state":
        live.ledger = event.data["ledger"]
    elif event.name == "card":
        live.cards.append(event.data)
    elif event.name == "text.delta":
        live.text += event.data["text"]
    return event.name in ("status", "card")


def _items(event: gr.EventData) -> tuple[str, ...]:
    """The items that a tap is about: one by its id, or several as a JSON list of ids."""
    if one := told(event, "item"):
        return (one[:ID],)
    try:
        several = json.loads(told(event, "items") or "[]")
    except (ValueError, RecursionError):
        return ()
    ids = several if isinstance(several, list) else []
    return tuple(dict.fromkeys(id[:ID] for id in ids if isinstance(id, str)))[:ITEMS]


def told(event: gr.EventData, name: str) -> str:
    """A detail of a click. It comes from outside: anything may be in it."""
    data = event._data
    return str(data.get(name, "")) if isinstance(data, Mapping) else ""


def _page(request: gr.Request | None) -> str:
    """Which open page this is: Gradio's name for it."""
    return str(getattr(request, "session_hash", None) or "")


__all__ = ["Page", "told"]
