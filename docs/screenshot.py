"""Makes docs/screenshot.png, the README's picture: the demo shop served, two messages typed, one photograph.

    make screenshot

Needs Debian's chromium. Talks to nothing but the server it starts.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

PICTURE = Path(__file__).parent / "screenshot.png"
MESSAGES = ("I need wireless headphones for the train, 150 at most", "noise cancelling, and not Haldane")
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PATIENCE = 60.0  # seconds until the demo shop is imported and served


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo shop served from an empty cache; the server stops when the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "aisle", "demo", "--port", str(port)]
        server = subprocess.Popen(command, env=os.environ | {"AISLE_CACHE": cache})
        try:
            _wait(port, server)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The demo shop did not come up.")


def converse(page: Page, messages: tuple[str, ...]) -> None:
    """Type each message and wait until its cards are there."""
    for number, message in enumerate(messages, 1):
        box = page.get_by_role("textbox").last
        box.fill(message)
        box.press("Enter")
        expect(page.locator(f"[data-turn='{number}'] .card").first).to_be_visible(timeout=20_000)
    page.wait_for_load_state("networkidle")  # the pictures


def main() -> None:
    chromium = shutil.which("chromium")
    if not chromium:
        raise SystemExit("There is no chromium here: apt-get install chromium.")
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        page = browser.new_page(
            viewport={"width": 1120, "height": 820}, device_scale_factor=1.5, locale="en-GB", reduced_motion="reduce"
        )
        page.goto(address)
        expect(page).to_have_title(re.compile(r"\S"))
        converse(page, MESSAGES)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
