"""Two shops' chat pages on one server, each under its own path, in one browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.shops import Place, Shops
from chatbot.web.site import Site
from tests.chatbot.web.fakes import PRODUCTS, FakeAssistant, FakeRecords
from tests.chatbot.web.served import serving
from tests.servers.conftest import Open

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    places = []
    for name in ("mice", "pads"):
        folder = tmp_path / name / "pictures"
        folder.mkdir(parents=True)
        (folder / "pebble.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><circle r="2"/></svg>'
        )
        assistant = FakeAssistant()
        assistant.catalog = FakeRecords(f"House of {name}", products=PRODUCTS[:1])
        site = Site(path=f"/{name}")
        app = create_app(assistant, People.open(tmp_path / f"{name}.db"), WebSettings(pictures=(folder,)), site)
        places.append(Place(app, name, site.path))
    with serving(Shops(places)) as address:
        yield address


def test_each_page_lives_under_its_path(address: str, open_page: Open) -> None:
    visit = open_page(f"{address}/mice/")
    complaints: list[str] = []
    visit.page.on("console", lambda m: complaints.append(m.location["url"]) if m.type in ("error", "warning") else None)
    visit.say("a mouse under 30")
    expect(visit.page.locator(".card h2")).to_have_text(["Pebble wireless mouse"])
    picture = visit.page.locator(".card img").first
    assert picture.get_attribute("src") == "/mice/media/pictures/pebble.svg"
    visit.page.wait_for_function("() => document.querySelector('.card img').naturalWidth > 0")
    visit.page.reload()
    visit.answered(1)
    visit.page.goto(f"{address}/pads/")
    visit.page.locator(".welcome").wait_for()  # the conversation of the other shop is not its own
    expect(visit.page.locator("body")).to_contain_text("House of pads")
    visit.page.goto(f"{address}/mice/")
    visit.answered(1)
    # Gradio's manifest is asked for at the host's root whatever the path; it does nothing there.
    assert set(complaints) <= {f"{address}/manifest.json"}
    assert [url for url in visit.outside if not url.startswith(address)] == []
