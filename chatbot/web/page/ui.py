"""The chat page at `/`: Gradio's parts, and which event of theirs is answered by what.

The dialogue is in the store, never in Gradio: the browser keeps the secret that resumes a session, and everything is
read by it again. Decides nothing; the events are in ui_page.py and ui_drawers.py.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount

from chatbot.web.desk import Desk
from chatbot.web.page.gate import Gate
from chatbot.web.page.ui_drawers import Drawers
from chatbot.web.page.ui_gradio import gr
from chatbot.web.page.ui_page import Page
from chatbot.web.page.ui_queue import bound
from chatbot.web.page.ui_turns import Answer, Turns
from chatbot.web.page.ui_view import POLL_S, shop_name
from chatbot.web.page.visit import Visit
from chatbot.web.reading import TEXT_LIMIT

STATIC = Path(__file__).parent / "static"


def mount_page(app: FastAPI, desk: Desk) -> None:
    """Put the page at `/`, behind every route that the application has already."""
    page = Page(desk, app.state.site.path)
    turns = Turns(app.state.places, desk.threads)
    # Where no event loop runs, Gradio opens several and never closes them: so one runs, and is closed.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _mount(app, desk, page, turns)).result()


async def _mount(app: FastAPI, desk: Desk, page: Page, turns: Turns) -> None:
    blocks = build(desk, page, turns)
    gr.mount_gradio_app(
        app,
        blocks,
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
    mounted = app.routes[-1]
    assert isinstance(mounted, Mount)
    events = {number: len(event.inputs) for number, event in blocks.fns.items()}
    mounted.app = Gate(mounted.app, events, shop_name(desk.name), page.left)


def build(desk: Desk, page: Page, turns: Turns) -> gr.Blocks:
    """The page's parts and what happens between them. Shops on one host keep their conversations side by side."""
    script = (STATIC / "page.js").read_text(encoding="utf-8")

    def part(id: str) -> Any:
        return gr.HTML(elem_id=id, js_on_load=script, apply_default_css=False)

    with gr.Blocks(title=shop_name(desk.name), analytics_enabled=False) as blocks:
        kept = gr.BrowserState(Visit().kept(), storage_key=f"aisle{page.views.root}", secret="aisle")  # noqa: S106
        bar, chat = part("aisle-bar"), part("aisle-chat")
        with gr.Column(elem_id="aisle-dock"):
            dock = part("aisle-ledger")
            box = gr.Textbox(
                show_label=False,
                container=False,
                interactive=False,  # until the page has opened: what came back late would take a first answer away
                max_length=TEXT_LIMIT,
                submit_btn=True,
                elem_id="aisle-box",
            )
        drawer = part("aisle-drawer")
        timer = gr.Timer(POLL_S, active=False)
        shown = [kept, bar, chat, dock, box, timer]
        _converse(page, turns, blocks, kept, (bar, chat, dock, drawer, box, timer), shown)
        _open_drawers(Drawers(desk, page.views), kept, (bar, chat, drawer), [*shown, drawer])
    bound(blocks)
    return blocks


_QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _converse(page: Page, turns: Turns, blocks: gr.Blocks, kept: Any, parts: tuple[Any, ...], shown: list[Any]) -> None:
    """What is typed, tapped or clicked in a conversation."""
    bar, chat, dock, drawer, box, timer = parts
    blocks.load(page.open, [kept], shown, **_QUIETLY)
    # Typed while an answer is in the making: it waits for its turn at the desk, where Gradio alone would drop it.
    box.submit(turns(page.say), [box, kept], shown, trigger_mode="multiple", **_QUIETLY)
    tapped = (chat.reply, chat.gesture, chat.again, dock.gesture, dock.take_off, dock.put_back, drawer.gesture)
    taps: tuple[Answer, ...] = (page.take_off, page.put_back, page.gesture)
    answers: tuple[Answer, ...] = (page.reply, page.gesture, page.again, page.gesture, *taps)
    for event, answer in zip(tapped, answers, strict=True):
        event(turns(answer), [kept], shown, **_QUIETLY)
    for event, change in ((bar.fresh, page.fresh), (bar.speak, page.speak), (dock.back, page.back)):
        event(change, [kept], shown, **_QUIETLY)
    timer.tick(page.poll, [kept], shown, **_QUIETLY)
    chat.judge(page.judge, [kept], None, **_QUIETLY)
    chat.leave(page.leave, None, None, **_QUIETLY)


def _open_drawers(drawers: Drawers, kept: Any, parts: tuple[Any, ...], shown: list[Any]) -> None:
    """What is done with what a browser kept."""
    bar, chat, drawer = parts
    for part in (bar, drawer):
        part.drawer(drawers.show, [kept], [drawer], **_QUIETLY)
    drawer.export(drawers.export, [kept], [drawer], **_QUIETLY)
    drawer.link(drawers.share, [kept], [drawer], **_QUIETLY)
    for event, change in (
        (drawer.reopen, drawers.reopen),
        (drawer.forget, drawers.forget),
        (drawer.erase, drawers.erase),
        (drawer.unsave, drawers.unsave),
    ):
        event(change, [kept], shown, **_QUIETLY)
    chat.save(drawers.save, [kept], shown[:-1], **_QUIETLY)
