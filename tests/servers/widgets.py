"""The widget on a shop's page: a shop on an origin of its own, an Aisle that it may use, a guest who opens the chat.

Knows how the widget is operated; expects nothing of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from examples.shop.serve import server
from tests.chatbot.web.served import serving

SHIFTS = """
window.shifts = []; window.blocked = []; window.events = [];
new PerformanceObserver((seen) => { for (const s of seen.getEntries()) if (!s.hadRecentInput) shifts.push(s.value); })
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (e) => blocked.push(e.violatedDirective + " " + e.blockedURI));
for (const name of ["ready", "open", "close", "message", "recommendations", "item-click", "add-to-cart", "handoff", "feedback", "error"])
  document.addEventListener("aisle:" + name, (e) => events.push([name, e.detail.role ?? e.detail.item ?? e.detail.state ?? e.detail.status ?? null]));
"""
"""What a page remembers of itself, for the test to ask: layout shifts, what its policy blocked, the widget's events."""

WORDS = {
    "en": {"open": "Open the shop assistant", "box": "Your message", "close": "Close", "menu": "More", "erase": "Delete my data"}
    | {"yes": "Delete", "person": "Talk to a person", "pick": "Choose for comparing", "cart": "Add to cart", "back": "Back to the assistant"}
    | {"take_off": "Remove:", "compare": "Compare 2"},
    "zh": {"open": "打开导购助手", "box": "您的消息", "close": "关闭", "menu": "更多", "erase": "删除我的数据"}
    | {"yes": "删除", "person": "联系人工客服", "pick": "加入对比", "cart": "加入购物车", "back": "返回助手"}
    | {"take_off": "去掉：", "compare": "对比 2 件"},
}  # fmt: skip


POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/shop/page.css"><script src="/widget.js" defer></script>
<body><main><h1>A shop</h1><p>Words.</p></main><div id="here"></div></body></html>"""


class OneOrigin:
    """A shop's page and Aisle behind one address, as a reverse proxy has them."""

    def __init__(self, aisle: ASGIApp) -> None:
        self.aisle = aisle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/shop"):
            await self.aisle(scope, receive, send)
            return
        css = scope["path"].endswith(".css")
        kind, body = (b"text/css", b"h1 { color: teal }") if css else (b"text/html; charset=utf-8", PAGE.encode())
        headers = [(b"content-type", kind), (b"content-security-policy", POLICY.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass
class Guest:
    """A browser that is on the shop's page. `hosts`: whom it asked; `complaints`: what the browser had to say."""

    page: Page
    language: str = "en"
    hosts: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        scheme, _, rest = request.url.partition("://")
        if scheme in ("http", "https"):
            host, _, path = rest.partition("/")
            self.hosts.add(host)
            if path.startswith("v1/"):
                self.calls.append(f"{request.method} /{path.partition('?')[0]}")

    def word(self, name: str) -> str:
        return WORDS[self.language][name]

    def button(self, name: str, exact: bool = True) -> Locator:
        return self.chat.get_by_role("button", name=self.word(name) if name in WORDS["en"] else name, exact=exact)

    @property
    def chat(self) -> Locator:
        return self.page.locator("aisle-chat")

    @property
    def box(self) -> Locator:
        return self.chat.get_by_label(self.word("box"))

    def open(self) -> None:
        self.button("open").click()
        self.box.wait_for()

    def say(self, text: str) -> None:
        turn = self.turns + 1
        self.box.fill(text)
        self.box.press("Enter")
        self.answered(turn)

    def answered(self, turn: int) -> None:
        self.chat.locator(f".turn[data-turn='{turn}']").wait_for()

    @property
    def turns(self) -> int:
        return self.chat.locator(".turn[data-turn]").count()

    @property
    def latest(self) -> Locator:
        return self.chat.locator(".turn[data-turn]").last

    def texts(self, selector: str) -> list[str]:
        return self.chat.locator(selector).all_inner_texts()

    def events(self, *names: str) -> list[Any]:
        happened: list[Any] = self.page.evaluate("window.events")
        return [e for e in happened if not names or e[0] in names]

    def menu(self, entry: str) -> None:
        self.button("menu").click()
        self.button(entry).click()


def guest(
    browser: Browser, address: str, language: str = "en", *, context: BrowserContext | None = None, **more: Any
) -> Guest:
    """Somebody who comes to a page of the shop."""
    settings = {"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce"} | more
    context = context or browser.new_context(locale="zh-CN" if language == "zh" else "en-US", **settings)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    came = Guest(page, language)
    page.goto(address)
    came.chat.wait_for(state="attached")
    return came


@contextmanager
def shop(port: int, aisle: str, key: str = "") -> Iterator[str]:
    """The example shop, served on its own origin."""
    with server(port, aisle, key) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            served.shutdown()
            thread.join()


@contextmanager
def both(port: int, app: FastAPI, key: str = "") -> Iterator[tuple[str, str]]:
    """Aisle and the shop beside it: their addresses."""
    with serving(app) as aisle, shop(port, aisle, key) as page:
        yield aisle, page


class Inbox:
    """One of the shop's people at work, over the calls that the inbox page makes."""

    def __init__(self, aisle: str, password: str, name: str) -> None:
        self._client = httpx.Client(base_url=aisle, timeout=20)
        token = self._post("/staff/login", {"password": password, "name": name})["token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def waiting(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.get("/staff/handoffs").raise_for_status().json()["handoffs"]
        return [handoff for handoff in found if handoff["state"] != "bot"]

    def take(self, number: int) -> None:
        self._post(f"/staff/handoffs/{number}/take", None)

    def say(self, number: int, text: str) -> None:
        self._post(f"/staff/handoffs/{number}/say", {"text": text})

    def read(self, number: int) -> dict[str, Any]:
        handoff: dict[str, Any] = self._client.get(f"/staff/handoffs/{number}").raise_for_status().json()
        return handoff

    def _post(self, path: str, body: dict[str, Any] | None) -> Any:
        answer = self._client.post(path, json=body).raise_for_status()
        return answer.json() if answer.content else None

    def __enter__(self) -> Inbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
