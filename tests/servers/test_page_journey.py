"""A whole visit to the demo shop's page, in English and in Chinese: from the first wish to the last byte deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.chatbot.web.served import serving
from tests.chatbot.web.service_fakes import PASSWORD, Caller
from tests.servers.axe import violations
from tests.servers.conftest import Open, Visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Words:
    """What is typed, and what the page's buttons are called, in one language."""

    locale: str
    wish: str
    soften: str
    compare: str
    undo: str
    retry: str
    person: str
    waiting: str
    human: str
    back: str
    export: str
    erase: str
    erase_yes: str
    no_past: str
    lang: str


ENGLISH = Words(
    locale="en-GB",
    wish="wireless headphones under 150 dollars",
    soften="A must: price",
    compare="Compare 2",
    undo="Undo",
    retry="Try again",
    person="A person, please",
    waiting="You asked for a person.",
    human="Mira answers you now.",
    back="Back to the assistant",
    export="Download my data",
    erase="Delete my data",
    erase_yes="Delete everything",
    no_past="There are no conversations yet.",
    lang="en",
)
CHINESE = Words(
    locale="zh-CN",
    wish="无线耳机，150美元以内",
    soften="必须：价格",
    compare="对比 2",
    undo="撤销",
    retry="再答一次",
    person="找店员",
    waiting="您想找店员。",
    human="现在由 Mira 回答您。",
    back="回到助手",
    export="下载我的数据",
    erase="删除我的数据",
    erase_yes="全部删除",
    no_past="还没有对话。",
    lang="zh-Hans",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo shop with an inbox for its people, imported without vectors."""
    from click.testing import CliRunner

    from aisle.cli import main
    from aisle.cli.serve import application
    from catalog.demo import FEED, PICTURES

    folder = tmp_path_factory.mktemp("demo")
    imported = CliRunner().invoke(main, ["import", str(FEED), "--db", str(folder / "shop.db"), "--no-embed"])
    assert imported.exit_code == 0, imported.output
    site = folder / "site.toml"
    site.write_text(f'[staff]\npassword = "{PASSWORD}"\n', "utf-8")
    app = application(folder / "shop.db", folder / "people.db", pictures=PICTURES, site=site)
    with serving(app) as address:
        yield address


def named(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_role("button", name=name)


@pytest.mark.parametrize(("words", "width"), [(ENGLISH, 1280), (CHINESE, 360)], ids=["en", "zh"])
def test_a_visit_from_the_first_wish_to_the_last_byte(
    demo: str, open_page: Open, words: Words, width: int, tmp_path: Path
) -> None:
    visit = open_page(demo, width=width, locale=words.locale)
    expect(visit.page.locator("html")).to_have_attribute("lang", words.lang)
    assert violations(visit.page) == []
    _wishes(visit, words)
    _cards(visit, words)
    _ways_back(visit, words)
    _history(visit, words)
    _person(visit, words, demo)
    assert violations(visit.page) == []
    _data(visit, words, tmp_path)
    assert (visit.outside, visit.complaints) == ([], [])


def _wishes(visit: Visit, words: Words) -> None:
    """Request, cards, a chip made softer, a chip clicked off."""
    visit.say(words.wish)
    assert visit.texts(".card h2")
    assert visit.page.locator(".reason mark").count() >= len(visit.texts(".card"))
    named(visit, words.soften).click()
    visit.answered(2)
    expect(visit.page.locator(".chip.soft")).to_have_count(1)
    chips = visit.page.locator(".chip:not(.gone)").count()
    visit.page.locator(".chip.soft .off").click()
    visit.answered(3)
    expect(visit.page.locator(".chip:not(.gone)")).to_have_count(chips - 1)
    expect(visit.page.locator(".chip.gone")).to_have_count(1)


def _cards(visit: Visit, words: Words) -> None:
    """Two cards compared, one card's details."""
    last = visit.page.locator(".turn[data-turn='3']")
    last.locator("[data-pick]").nth(0).check()
    expect(visit.page.locator(".picked [data-type='compare']")).to_be_disabled()
    last.locator("[data-pick]").nth(1).check()
    named(visit, words.compare).click()
    visit.answered(4)
    table = visit.page.locator(".turn[data-turn='4'] table")
    assert table.locator("thead img").count() == 2
    assert table.locator("tr.differs .differ").count() == table.locator("tr.differs").count() > 0
    expect(visit.page.locator(".picked")).to_be_hidden()
    last.locator(".acts [data-type='details']").first.click()
    visit.answered(5)
    assert visit.page.locator(".turn[data-turn='5'] dl > div").count() > 5


def _ways_back(visit: Visit, words: Words) -> None:
    """The latest change taken back rolls the ledger back, too; a message answered again does not add to it."""
    visit.page.locator(".chip .off").first.click()
    visit.answered(6)
    named(visit, words.undo).click()
    visit.answered(7)
    stood = visit.texts(".chip:not(.gone) .wish")
    named(visit, words.retry).click()
    visit.answered(8)
    assert visit.texts(".chip:not(.gone) .wish") == stood
    shown = visit.texts(".asked"), visit.texts(".card h2"), stood
    visit.page.reload()
    visit.answered(8)
    assert (visit.texts(".asked"), visit.texts(".card h2"), visit.texts(".chip:not(.gone) .wish")) == shown


def _history(visit: Visit, words: Words) -> None:
    """Another conversation; the earlier one is there to be opened again."""
    visit.page.locator(".bar [data-event='fresh']").click()
    visit.page.locator(".welcome .replies button").first.click()
    visit.answered(1)
    assert visit.texts(".card h2")
    visit.page.locator(".bar [data-value='past']").click()
    expect(visit.page.locator("dialog[open] .open")).to_have_count(2)
    assert violations(visit.page) == []
    visit.page.locator("dialog .open", has_text=words.wish).click()
    visit.answered(8)
    assert visit.texts(".asked")[0] == words.wish
    expect(visit.page.locator("dialog")).to_have_count(0)


def _person(visit: Visit, words: Words, address: str) -> None:
    """Asked for, waited for, there, heard, and gone again: the shopper sees each as it comes."""
    named(visit, words.person).click()
    expect(visit.page.locator(".person.waiting")).to_contain_text(words.waiting)
    with httpx.Client(base_url=address, timeout=10) as client:
        told = client.post("/staff/login", json={"password": PASSWORD, "name": "Mira"}).json()
        person = Caller(client, told["token"])
        (waiting,) = [h for h in person("GET", "/staff/handoffs")["handoffs"] if h["state"] == "waiting"]
        person("POST", f"/staff/handoffs/{waiting['number']}/take")
        expect(visit.page.locator(".person.human")).to_contain_text(words.human)
        before = visit.turns
        visit.say("hello?")
        assert visit.texts(f".turn[data-turn='{before + 1}'] .said") == []
        person("POST", f"/staff/handoffs/{waiting['number']}/say", {"text": "<b>Hello</b>", "message_id": "n1"})
        expect(visit.page.locator(".note")).to_have_text("Mira<b>Hello</b>")
    named(visit, words.back).click()
    expect(visit.page.locator(".person")).to_have_count(0)


def _data(visit: Visit, words: Words, folder: Path) -> None:
    """All that is kept as a file, and then nothing of it any more."""
    visit.page.locator(".bar [data-value='past']").click()
    with visit.page.expect_download() as download:
        named(visit, words.export).click()
    file = folder / "aisle.json"
    download.value.save_as(file)
    kept = json.loads(file.read_text("utf-8"))
    assert len(kept) == 2
    assert words.wish in {message["text"] for one in kept for message in one["message"]}
    named(visit, words.erase).click()
    named(visit, words.erase_yes).click()
    visit.page.locator(".welcome").wait_for()
    expect(visit.page.locator("dialog[open]")).to_contain_text(words.no_past)
    visit.page.reload()
    visit.page.locator(".welcome").wait_for()
    assert visit.page.evaluate("localStorage.getItem('aisle-past')") == "[]"
