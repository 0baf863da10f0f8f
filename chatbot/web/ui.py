"""The chat page at `/`: Gradio around the desk. Shows what the desk sends and sends what is typed or clicked.

The dialogue is in the store, never in Gradio: the browser keeps a session's token and everything is read by it
again. Decides nothing; the HTML is made in pieces.py.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import threading
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from chatbot.memory.records import Conversation, Session
from chatbot.types import Language
from chatbot.web import pieces
from chatbot.web.desk import TURNS_AT_ONCE, Desk, Sent
from chatbot.web.reading import TEXT_LIMIT, Said
from chatbot.web.shields import HungUp
from chatbot.web.words import language_of, word
from errors import TurnLeft, TurnOvertaken
from llm.types import Call

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported: it must not phone home
import gradio as gr

STATIC = Path(__file__).parent / "static"
STARTERS = 4

_said = TypeAdapter(Said)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the browser keeps between visits. It comes from outside and is read with care."""

    token: str | None = None
    language: Language | None = None

    @classmethod
    def read(cls, kept: object) -> Visit:
        if not isinstance(kept, Mapping):
            return cls()
        token, language = kept.get("token"), kept.get("language")
        return cls(token if isinstance(token, str) else None, language if language in ("en", "zh") else None)

    def kept(self) -> dict[str, str | None]:
        return {"token": self.token, "language": self.language}


class Page:
    """The page's events. Each returns the new contents of [visit, bar, chat, ledger, box]."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calls: dict[str, list[Call]] = {}  # the turns in the making, by open page
        self._guard = threading.Lock()

    def open(self, kept: object, request: gr.Request) -> tuple[Any, ...]:
        """The page was loaded: bring the conversation back, if there is one."""
        visit = Visit.read(kept)
        language = visit.language or language_of(request.headers.get("accept-language", ""))
        visit = replace(visit, language=language)
        if self._session(visit) is None:
            visit = replace(visit, token=None)
        return self._view(visit, box=_labelled(language))

    def leave(self, request: gr.Request) -> None:
        """The button was pressed: enough of what this page waits for."""
        self.left(_page(request))

    def left(self, page: str) -> None:
        """Nobody waits for an answer on this page any more."""
        with self._guard:
            for call in self._calls.get(page, ()):
                call.cancel.set()

    def say(self, text: object, kept: object, request: gr.Request | None = None) -> Iterator[tuple[Any, ...]]:
        """Something was typed."""
        visit = Visit.read(kept)
        if isinstance(text, str) and not text.strip():
            yield self._view(visit)  # nothing was asked: nothing to complain about
            return
        try:
            said = _said.validate_python(text, strict=True)
        except ValidationError as error:
            self._warn_about(error, visit)
            yield self._view(visit)
            return
        yield from self._turn(visit, said, secrets.token_urlsafe(12), _page(request))

    def reply(self, kept: object, event: gr.EventData, request: gr.Request | None = None) -> Iterator[tuple[Any, ...]]:
        """A suggested answer was clicked: it is as good as typed."""
        yield from self.say(_told(event, "value"), kept, request)

    def again(self, kept: object, request: gr.Request | None = None) -> Iterator[tuple[Any, ...]]:
        """An unanswered message is sent once more, under its own id."""
        visit = Visit.read(kept)
        conversation = self._conversation(self._session(visit))
        pending = conversation.pending if conversation else None
        if pending and isinstance(pending.what, str):
            yield from self._turn(visit, pending.what, pending.key, _page(request))
        else:
            yield self._view(visit)

    def take_off(
        self, kept: object, event: gr.EventData, request: gr.Request | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """A wish was clicked off."""
        visit = Visit.read(kept)
        session = self._session(visit)
        if session is None:
            yield self._view(replace(visit, token=None))
            return
        with self._under_way(session, _page(request)) as call:
            events = self._desk.edit(session, secrets.token_urlsafe(12), (_told(event, "wish"),), (), call)
            yield from self._watch(visit, session, events, pieces.Live(""))

    def judge(self, kept: object, event: gr.EventData) -> None:
        """A card was liked, disliked or followed."""
        session = self._session(Visit.read(kept))
        type = _told(event, "type")
        if session and type in ("like", "dislike", "click"):
            self._desk.feedback(session, type, _told(event, "impression"))  # type: ignore[arg-type]

    def fresh(self, kept: object) -> tuple[Any, ...]:
        """The conversation is deleted; the next word starts another."""
        visit = Visit.read(kept)
        session = self._session(visit)
        if session:
            self._desk.people.erase(session=session.id)
        return self._view(replace(visit, token=None))

    def speak(self, kept: object, event: gr.EventData) -> tuple[Any, ...]:
        """Another interface language."""
        language: Language = "zh" if _told(event, "value") == "zh" else "en"
        visit = replace(Visit.read(kept), language=language)
        return self._view(visit, box=_labelled(language))

    def _turn(self, visit: Visit, said: str, key: str, page: str) -> Iterator[tuple[Any, ...]]:
        session = self._session(visit)
        if session is None:
            session, token = self._desk.open(visit.language or "en")
            visit = replace(visit, token=token)
        with self._under_way(session, page) as call:
            yield from self._watch(visit, session, self._desk.say(session, said, key, call), pieces.Live(said))

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

    def _watch(
        self, visit: Visit, session: Session, events: Generator[Sent], live: pieces.Live
    ) -> Iterator[tuple[Any, ...]]:
        """The page while a turn is made, and as it is afterwards."""
        past = self._conversation(session)
        yield self._view(visit, past, live, box=gr.update(value=""))
        try:
            with closing(events):
                for event in events:
                    if event.name == "turn.start":
                        past = self._conversation(session)  # another turn may have ended while this one waited
                    if _takes_up(live, event):
                        yield self._view(visit, past, live)
        except TurnOvertaken:
            gr.Warning(word(visit.language or "en", "busy"))
        except TurnLeft:
            pass  # the message is shown as one without an answer, to be sent again
        except Exception:
            logger.exception("a turn was not finished")
            gr.Warning(word(visit.language or "en", "trouble"))
        yield self._view(visit)

    def _view(
        self, visit: Visit, past: Conversation | None = None, live: pieces.Live | None = None, box: Any = None
    ) -> tuple[Any, ...]:
        language = visit.language or "en"
        past = past or self._conversation(self._session(visit))
        turns = past.turns if past else ()
        if live is None and past and past.pending and isinstance(past.pending.what, str):
            live = pieces.Live(past.pending.what, stage=None)
        shop = self._shopfront()
        lines = turns[-1]["ledger"] if turns else ()
        active = [need["need"] for need in turns[-1]["needs"] if need["active"]] if turns else ()
        if live and live.ledger is not None:
            lines = live.ledger
        return (
            visit.kept(),
            pieces.header(shop, language, started=bool(turns)),
            pieces.transcript(turns, live, past.judged if past else {}, shop, language),
            pieces.ledger(lines, language, active),
            box or gr.update(),
        )

    def _shopfront(self) -> pieces.Shopfront:
        catalog = self._desk.shop().catalog
        return pieces.Shopfront(_shop_name(catalog.name), len(catalog), self._desk.shop.kinds(STARTERS))

    def _session(self, visit: Visit) -> Session | None:
        return self._desk.session(visit.token) if visit.token else None

    def _conversation(self, session: Session | None) -> Conversation | None:
        return self._desk.conversation(session) if session else None

    def _warn_about(self, error: ValidationError, visit: Visit) -> None:
        kinds = {problem["type"] for problem in error.errors(include_input=False)}
        name = "too_long" if "string_too_long" in kinds else "unreadable"
        gr.Warning(word(visit.language or "en", name, limit=f"{TEXT_LIMIT:,}"))


def _takes_up(live: pieces.Live, event: Sent) -> bool:
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


def _shop_name(name: str) -> str:
    """A catalogue is often named after its file; a page's title begins with a capital letter."""
    return name[:1].upper() + name[1:] or "Aisle"


def _labelled(language: Language) -> Any:
    """The box with its words in another language."""
    return gr.update(label=word(language, "message"), placeholder=word(language, "placeholder"))


def _page(request: gr.Request | None) -> str:
    """Which open page this is: Gradio's name for it."""
    return str(getattr(request, "session_hash", None) or "")


def _told(event: gr.EventData, name: str) -> str:
    """A detail of a click. It comes from outside: anything may be in it."""
    data = event._data
    return str(data.get(name, "")) if isinstance(data, Mapping) else ""


def mount_page(app: FastAPI, desk: Desk) -> None:
    """Put the page at `/`, behind every route that the application has already."""
    page = Page(desk)
    app.add_middleware(HungUp, tell=page.left)
    # Where no event loop runs, Gradio opens several and never closes them: so one runs, and is closed.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _mount(app, desk, page)).result()


async def _mount(app: FastAPI, desk: Desk, page: Page) -> None:
    gr.mount_gradio_app(
        app,
        build(desk, page),
        path="/",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        css_paths=STATIC / "page.css",
        favicon_path=str(STATIC / "favicon.svg"),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
    )


def build(desk: Desk, page: Page) -> gr.Blocks:
    """The page's parts and what happens between them."""
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    name = _shop_name(desk.shop().catalog.name)

    def part(id: str) -> Any:
        return gr.HTML(elem_id=id, js_on_load=script, apply_default_css=False)

    with gr.Blocks(title=name, analytics_enabled=False) as blocks:
        kept = gr.BrowserState(Visit().kept(), storage_key="aisle", secret="aisle")  # noqa: S106
        bar, chat = part("aisle-bar"), part("aisle-chat")
        with gr.Column(elem_id="aisle-dock"):
            ledger = part("aisle-ledger")
            box = gr.Textbox(
                show_label=False,
                container=False,
                max_length=TEXT_LIMIT,
                submit_btn=True,
                elem_id="aisle-box",
            )
        shown = [kept, bar, chat, ledger, box]
        quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        blocks.load(page.open, [kept], shown, **quietly)
        # Typed while an answer is in the making: it waits for its turn at the desk, where Gradio alone would drop it.
        box.submit(page.say, [box, kept], shown, trigger_mode="multiple", **quietly)
        for event, turn in ((chat.reply, page.reply), (chat.again, page.again), (ledger.take_off, page.take_off)):
            event(turn, [kept], shown, **quietly)
        bar.fresh(page.fresh, [kept], shown, **quietly)
        bar.speak(page.speak, [kept], shown, **quietly)
        chat.judge(page.judge, [kept], None, **quietly)
        chat.leave(page.leave, None, None, **quietly)
    blocks.limiter = desk.threads
    blocks.queue(default_concurrency_limit=TURNS_AT_ONCE)  # Gradio alone would take one after the other
    return blocks
