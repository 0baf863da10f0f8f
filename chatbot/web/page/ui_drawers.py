"""The page's drawers: this browser's conversations, what was saved, the shopper's data out or gone.

The list of conversations is the browser's own: its script keeps it and sends it along. Decides nothing; the HTML is
made in pieces_frame.py.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from chatbot.memory.records import Session
from chatbot.web.desk import Desk
from chatbot.web.page import pieces_frame as frame
from chatbot.web.page.ui_gradio import gr
from chatbot.web.page.ui_page import told
from chatbot.web.page.ui_view import Opened, View, Views
from chatbot.web.page.visit import Past, read_past
from chatbot.web.words import word

SHARED = 20
"""Items behind one link."""


class Drawers:
    """Each event gives the drawer's new contents; those that change the conversation give the page's parts before it."""

    def __init__(self, desk: Desk, views: Views) -> None:
        self._desk = desk
        self._views = views

    def show(self, kept: object, event: gr.EventData) -> str:
        """A drawer is opened."""
        opened = self._views.opened(kept)
        what = told(event, "value")
        if what == "saved":
            return self._saved(opened)
        if what in ("erase", "forget"):
            title, resume = told(event, "title"), told(event, "resume")
            return _drawn(frame.sure_drawer(what, opened.language, title, resume))
        return self._past(opened, _past(event))

    def reopen(self, kept: object, event: gr.EventData) -> tuple[Any, ...]:
        """An earlier conversation is opened; the drawer closes."""
        opened = self._views.opened(kept)
        resume = told(event, "resume")
        session = self._desk.session(resume) if resume else None
        if session is None:
            gr.Warning(word(opened.language, "gone"))
            return (*self._views.view(opened), self._past(opened, _past(event), (resume,)))
        return (*self._views.view(Opened(replace(opened.visit, resume=resume), session)), "")

    def forget(self, kept: object, event: gr.EventData) -> tuple[Any, ...]:
        """One conversation is deleted for good."""
        opened = self._views.opened(kept)
        resume = told(event, "resume")
        session = self._desk.session(resume) if resume else None
        if session:
            self._desk.people.erase(session=session.id)
        if resume == opened.visit.resume:
            opened = Opened(replace(opened.visit, resume=None), None)
        return (*self._views.view(opened), self._past(opened, _past(event), (resume,)))

    def erase(self, kept: object, event: gr.EventData) -> tuple[Any, ...]:
        """Everything of this browser is deleted for good."""
        opened = self._views.opened(kept)
        past = _past(event)
        for session in self._sessions(opened, past):
            self._desk.people.erase(session=session.id)
        gr.Info(word(opened.language, "erased"))
        fresh = Opened(replace(opened.visit, resume=None), None)
        return (*self._views.view(fresh), self._past(fresh, past, tuple(one.resume for one in past)))

    def export(self, kept: object, event: gr.EventData) -> str:
        """Everything kept of this browser's conversations, for the page's script to write into a file."""
        opened = self._views.opened(kept)
        past = _past(event)
        rows = [row for session in self._sessions(opened, past) for row in self._desk.people.export(session=session.id)]
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        return f'<template data-download="aisle.json">{escape(text)}</template>{self._past(opened, past)}'

    def save(self, kept: object, event: gr.EventData) -> View:
        """A card's ribbon: on the list, or off it."""
        opened = self._views.opened(kept)
        item = told(event, "item")
        if opened.session and self._desk.people.shown(opened.session.id, item=item):
            keepsakes = self._desk.people.keepsakes
            if item in keepsakes.shortlist(opened.session.id):
                keepsakes.drop(opened.session.id, item)
            else:
                keepsakes.keep(opened.session.id, item)
        return self._views.view(opened)

    def unsave(self, kept: object, event: gr.EventData) -> tuple[Any, ...]:
        """Off the list, from the drawer."""
        opened = self._views.opened(kept)
        if opened.session:
            self._desk.people.keepsakes.drop(opened.session.id, told(event, "item"))
        return (*self._views.view(opened), self._saved(opened))

    def share(self, kept: object, request: gr.Request) -> str:
        """A link that shows what was saved to whoever has it."""
        opened = self._views.opened(kept)
        items = self._views.saved(opened.session)[:SHARED]
        id = self._desk.people.keepsakes.share(opened.session.id, items) if opened.session and items else None
        base = str(request.request.base_url).rstrip("/") if id and request.request else ""
        return self._saved(opened, f"{base}/shared/{id}" if id else None)

    def _saved(self, opened: Opened, share: str | None = None) -> str:
        items = self._views.items(self._views.saved(opened.session))
        return _drawn(frame.saved_drawer(items, opened.language, share))

    def _past(self, opened: Opened, past: tuple[Past, ...], gone: tuple[str, ...] = ()) -> str:
        """The conversations that are still there; the script is told which are not."""
        there = [one for one in past if one.resume not in gone and self._desk.session(one.resume)]
        lost = [one.resume for one in past if one not in there]
        away = tuple(dict.fromkeys((*gone, *lost)))
        return _drawn(frame.past_drawer(there, opened.visit.resume, opened.language, away))

    def _sessions(self, opened: Opened, past: tuple[Past, ...]) -> tuple[Session, ...]:
        """Every conversation of this browser, each once, the open one too."""
        found = [self._desk.session(one.resume) for one in past]
        every = {session.id: session for session in (opened.session, *found) if session}
        return tuple(every.values())


def _drawn(html: str) -> str:
    """With a mark of its own: Gradio draws nothing that did not change, and a drawer is opened more than once."""
    return f'{html}<i hidden data-drawn="{secrets.token_hex(4)}"></i>'


def _past(event: gr.EventData) -> tuple[Past, ...]:
    """The list that the browser sent along."""
    data = event._data
    return read_past(data.get("past")) if isinstance(data, Mapping) else ()
