"""What the page shows of a conversation, as the values of its parts: read anew from the store for every view.

Knows nothing of events: ui_page.py and ui_drawers.py say when a view is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.memory.records import Conversation, Document, Session
from chatbot.types import Language
from chatbot.web.desk import Desk
from chatbot.web.page import pieces
from chatbot.web.page.pieces import Live, Shopfront, Story
from chatbot.web.page.starters import Starters
from chatbot.web.page.ui_gradio import gr
from chatbot.web.page.visit import TITLE, Past, Visit
from chatbot.web.words import word

POLL_S = 2.0
"""How often the page looks for a person's words, while one is waited for or there."""

View = tuple[Any, ...]
"""The new contents of [visit, bar, chat, dock, box, timer]."""

UNCHANGED: View = (gr.skip(),) * 6


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit and the conversation that its secret opens, if it does."""

    visit: Visit
    session: Session | None

    @property
    def language(self) -> Language:
        return self.visit.language or "en"


class Views:
    """Safe to share between threads. `root`: the path the page is under, "" where it has its host to itself."""

    def __init__(self, desk: Desk, root: str = "") -> None:
        self.desk = desk
        self.root = root
        self._starters = Starters(desk.shop)

    def opened(self, kept: object) -> Opened:
        """What the browser kept, and what it still opens."""
        visit = Visit.read(kept)
        return Opened(visit, self.desk.session(visit.resume) if visit.resume else None)

    def view(self, opened: Opened, past: Conversation | None = None, live: Live | None = None, box: Any = None) -> View:
        """The page as it is now. `live`: a turn in the making; `past`: the conversation, where it was read already."""
        language, session = opened.language, opened.session
        past = past or self.conversation(session)
        story = self._story(session, past)
        if live is None and past and past.pending and isinstance(past.pending.what, str):
            live = Live(past.pending.what, stage=None)
        shop = self._shopfront(language, welcome=not story.turns and live is None)
        saved = len(story.kept.saved) if isinstance(story.kept.saved, tuple) else 0
        return (
            opened.visit.kept(),
            pieces.header(shop, language, bool(story.turns), self._current(opened, past), saved),
            pieces.transcript(story, live, shop, language),
            self._dock(story, live, language),
            box or gr.update(),
            gr.Timer(POLL_S, active=story.person[0] != "bot"),
        )

    def conversation(self, session: Session | None) -> Conversation | None:
        return self.desk.conversation(session) if session else None

    def saved(self, session: Session | None) -> tuple[str, ...]:
        """Ids of the items that the shopper saved."""
        return self.desk.people.keepsakes.shortlist(session.id) if session else ()

    def items(self, ids: Sequence[str]) -> list[Document]:
        """Items as a drawer lists them; those that the shop no longer has are left out."""
        return [
            {
                "id": product.id,
                "title": product.title,
                "image": self.desk.pictures(product.image),
                "price": product.price.amount if product.price else None,
                "currency": product.price.currency if product.price else None,
            }
            for product in self.desk.shop().catalog.get(tuple(ids))
        ]

    def _story(self, session: Session | None, past: Conversation | None) -> Story:
        if session is None or past is None:
            return Story()
        people = self.desk.people
        handoff = people.handoffs.current(session.id)
        notes = [
            {"number": n.number, "name": n.name or "", "text": n.text, "after": n.after}
            for n in people.notes.since(session.id)
            if n.sender == "person"
        ]
        person = (handoff.stage, handoff.agent or "") if handoff else ("bot", "")
        return Story(past.turns, pieces.Kept(past.judged, self.saved(session)), notes, person)

    def _dock(self, story: Story, live: Live | None, language: Language) -> str:
        turns = story.turns
        lines = turns[-1]["ledger"] if turns else ()
        active = [need["need"] for need in turns[-1]["needs"] if need["active"]] if turns else ()
        gone = pieces.dropped_lines(turns)
        if live and live.ledger is not None:
            lines, gone = live.ledger, []
        return pieces.dock(lines, language, active, gone, story.person)

    def _current(self, opened: Opened, past: Conversation | None) -> Past | None:
        """The open conversation as the browser remembers it: from its first word."""
        if not past or not past.turns or not opened.visit.resume:
            return None
        first = next((turn["user"] for turn in past.turns if turn["user"]), "")
        title = " ".join(first.split())
        title = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
        return Past(opened.visit.resume, title, past.session.created)

    def _shopfront(self, language: Language, welcome: bool) -> Shopfront:
        """Examples are asked for only where they are shown."""
        catalog = self.desk.shop().catalog
        made = self._starters(language) if welcome else ()
        service = self.desk.service
        people = service is not None and service.features["handoff"]
        return Shopfront(shop_name(self.desk.name), len(catalog), made, catalog.language or "en", people)


def shop_name(name: str) -> str:
    """A catalogue is often named after its file; a page's title begins with a capital letter."""
    return name[:1].upper() + name[1:] or "Aisle"


def labelled(language: Language) -> Any:
    """The box with its words in another language; it takes none before the page has opened."""
    return gr.update(interactive=True, label=word(language, "message"), placeholder=word(language, "placeholder"))
