"""Makes docs/pictures/*.png, the README's pictures: the demo shop's chat page, and the widget on a shop's pages.

    make screenshots

Each picture is a short visit: phone or desktop, light or dark, English or Chinese. Needs Debian's chromium. Talks to
nothing but the two servers it starts.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PATIENCE = 90.0  # seconds until a server answers
COLOURS = 96  # enough for drawings and text, and a fifth of the size
LARGEST = 200_000
PHONE, DESKTOP = (360, 740), (1120, 920)
WISH = {"en": "I need wireless headphones for the train, 150 at most", "zh": "想买无线耳机，坐火车用，150美元以内"}
THEN = {"en": "with noise cancelling, and not Haldane", "zh": "要降噪的"}


@dataclass(frozen=True)
class Picture:
    """One visit and what it is kept as. `take` makes the page look as it is to be shown."""

    name: str
    size: tuple[int, int]
    take: Callable[[Page, str], None]
    scheme: str = "light"
    language: str = "en"
    widget: bool = False


def welcome(page: Page, language: str) -> None:
    page.locator(".welcome .replies button").first.wait_for()


def cards(page: Page, language: str) -> None:
    for number, message in enumerate((WISH[language], THEN[language]), 1):
        _say(page, "#aisle-box textarea", message)
        page.locator(f"#aisle-chat [data-turn='{number}'] .card").first.wait_for()


def one_wish(page: Page, language: str) -> None:
    _say(page, "#aisle-box textarea", WISH[language])
    page.locator("#aisle-chat [data-turn='1'] .card").first.wait_for()


def comparison(page: Page, language: str) -> None:
    one_wish(page, language)
    for place in range(3):
        page.locator("[data-pick]").nth(place).check()
    page.locator(".picked [data-type='compare']").click()
    page.locator("#aisle-chat [data-turn='2'] table").wait_for()


def widget(page: Page, language: str) -> None:
    page.locator(".launcher").click()
    _say(page, "aisle-chat textarea", WISH[language])
    page.locator(".turn[data-turn='1'] .card").first.wait_for()


SHOTS = (
    Picture("chat-desktop-light", DESKTOP, cards),
    Picture("chat-desktop-dark", DESKTOP, comparison, "dark"),
    Picture("chat-phone-light", PHONE, welcome),
    Picture("chat-phone-dark", PHONE, one_wish, "dark"),
    Picture("chat-phone-zh", PHONE, one_wish, language="zh"),
    Picture("widget-desktop-light", DESKTOP, widget, widget=True),
    Picture("widget-desktop-dark", DESKTOP, widget, "dark", widget=True),
    Picture("widget-phone-light", PHONE, widget, widget=True),
    Picture("widget-phone-dark-zh", PHONE, widget, "dark", "zh", widget=True),
)


def _say(page: Page, box: str, text: str) -> None:
    page.locator(box).fill(text)
    page.locator(box).press("Enter")


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The addresses of a demo shop's chat, from an empty cache, and of an invented shop that has it on its pages."""
    chat, shop = _free_port(), _free_port()
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"AISLE_CACHE": cache, "PYTHONPATH": str(ROOT)}
        origin = f"http://127.0.0.1:{shop}"
        aisle = [sys.executable, "-m", "aisle", "demo", "--port", str(chat), "--embed-origin", origin]
        pages = [sys.executable, str(ROOT / "examples/shop/serve.py"), "--port", str(shop)]
        pages += ["--aisle", f"http://127.0.0.1:{chat}"]
        servers = [subprocess.Popen(command, env=environment, cwd=ROOT) for command in (aisle, pages)]
        try:
            for port in (chat, shop):
                _wait(port, servers)
            yield f"http://127.0.0.1:{chat}/", f"{origin}/p/HP-004"
        finally:
            for server in servers:
                server.terminate()
                server.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait(port: int, servers: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and all(server.poll() is None for server in servers):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("A server did not come up.")


def shoot(browser: Browser, shot: Picture, chat: str, shop: str) -> None:
    """Make one picture. SystemExit where it came out larger than a README should carry."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        locale="zh-CN" if shot.language == "zh" else "en-GB",
        color_scheme=shot.scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{shop}?lang={shot.language}" if shot.widget else chat)
    shot.take(page, shot.language)
    page.wait_for_load_state("networkidle")  # the pictures
    expect(page.locator("#aisle-chat .stage, aisle-chat .stage")).to_have_count(0)
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    file = PICTURES / f"{shot.name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}: {size / 1000:.0f} kB")
    if size > LARGEST:
        raise SystemExit(f"{file.name} is larger than {LARGEST / 1000:.0f} kB.")


def main() -> None:
    chromium = shutil.which("chromium")
    if not chromium:
        raise SystemExit("There is no chromium here: apt-get install chromium.")
    PICTURES.mkdir(exist_ok=True)
    wanted = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
    with served() as (chat, shop), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        for shot in wanted:
            shoot(browser, shot, chat, shop)
        browser.close()


if __name__ == "__main__":
    main()
