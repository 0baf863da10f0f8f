"""The inbox in a browser: a person logs in, takes a conversation over, speaks with the shopper, and hands it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Site
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.service_fakes import PASSWORD, AskingAssistant, ServedShop, shop
from tests.ports import free_port
from tests.servers.widgets import both, guest

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="document.title=1"> ${7*7} </p><script>alert(1)</script>'


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedShop]:
    with shop(tmp_path, Site(staff_password=PASSWORD)) as served:
        yield served


Open = Callable[..., Page]


@pytest.fixture
def inbox(chromium: Browser, served: ServedShop) -> Iterator[Open]:
    """Opens the inbox in a browser of its own; at the end nobody may have complained or asked elsewhere."""
    contexts, complaints = [], []
    address = str(served.client.base_url)

    def opened(*, width: int = 1280, locale: str = "en-GB", scheme: str = "light", name: str = "Mira") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale=locale, color_scheme=scheme)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(address) else None)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/inbox")
        if name:
            page.locator("input[name=name]").fill(name)
            page.locator("input[name=password]").fill(PASSWORD)
            page.keyboard.press("Enter")
            expect(page.locator("#state")).to_have_text(re.compile("Live|已连接"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


AXE = Path(__file__).parents[2] / "chatbot/web/widget/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _violations(page: Page) -> list[str]:
    """What axe finds; none where axe was not installed with the widget's tools."""
    if not AXE.exists():
        return []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found["violations"]]


def _waiting(served: ServedShop) -> None:
    shopper = served.shopper()
    shopper.say("a mouse under 30", "m1")
    shopper.say("a person, please", "m2")


def test_from_waiting_to_handed_back(served: ServedShop, inbox: Open) -> None:
    page = inbox()
    expect(page).to_have_title("Inbox")
    shopper = served.shopper()
    shopper.say("a mouse under 30", "m1")
    shopper.say(f"a person, please {HOSTILE}", "m2")
    expect(page).to_have_title("(1) Inbox")  # nobody reloaded
    page.get_by_role("button", name="mouse").click()
    expect(page.locator("#who")).to_be_focused()
    expect(page.locator("#wishes li")).to_have_text(["price at most 30", "lowest price first"])
    expect(page.locator("#items li")).to_have_text(["Pebble wireless mouse", "<b>Bold</b> mouse & ${pad}"])
    expect(page.locator("#words li.shopper p")).to_have_text(["a mouse under 30", f"a person, please {HOSTILE}"])
    expect(page.locator("#words img, #words script")).to_have_count(0)
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Hello, I am Mira.")
    page.keyboard.press("Enter")
    expect(page.locator("#words li.person p")).to_have_text(["Hello, I am Mira."])
    assert [n["text"] for n in shopper("GET", "/v1/sessions/current")["notes"]] == ["Hello, I am Mira."]
    shopper.say(HOSTILE, "m3")
    expect(page.locator("#words li.shopper p").last).to_have_text(HOSTILE)
    page.get_by_role("button", name="Hand back").click()
    expect(page.locator("#write")).to_be_hidden()
    assert shopper("GET", "/v1/sessions/current")["handoff"]["state"] == "bot"
    expect(page).to_have_title("Inbox")


@pytest.mark.parametrize(("language", "taken"), [("en", "Take over"), ("zh", "接手")])
def test_a_shopper_in_the_widget_and_a_person_in_the_inbox(
    chromium: Browser, tmp_path: Path, language: str, taken: str
) -> None:
    left = {"en": "Mira has left; the assistant answers again.", "zh": "Mira 已离开，助手会继续为您服务。"}[language]
    port = free_port()
    site = Site(staff_password=PASSWORD, origins=(f"http://127.0.0.1:{port}",))
    assistant: FakeAssistant = AskingAssistant()
    assistant.catalog.products = assistant.catalog.products[:2]  # the third's picture is on another site
    app = create_app(assistant, People.open(tmp_path / "people.db"), WebSettings(page=False), site)
    with both(port, app) as (aisle, page_of_shop):
        came = guest(chromium, f"{page_of_shop}/?lang={language}", language)
        came.open()
        came.say("a mouse under 30")
        came.say("a person")
        person = chromium.new_context(locale="zh-CN" if language == "zh" else "en-GB").new_page()
        person.goto(f"{aisle}/inbox")
        person.locator("input[name=name]").fill("Mira")
        person.locator("input[name=password]").fill(PASSWORD)
        person.keyboard.press("Enter")
        person.locator("#groups button").click()
        person.get_by_role("button", name=taken).click()
        expect(came.chat.locator(".presence")).to_contain_text("Mira")
        person.locator("#text").fill(HOSTILE)
        person.keyboard.press("Enter")
        expect(came.chat.locator(".note").last).to_contain_text(HOSTILE)
        came.say(HOSTILE)
        expect(person.locator("#words li.shopper p").last).to_have_text(HOSTILE)
        person.locator("#return").click()
        expect(came.chat.locator(".presence")).to_have_count(0)
        expect(came.chat.locator(".toast")).to_have_text(left)
        expect(came.chat.locator(".steps")).to_have_count(0)  # the assistant said nothing that could be undone
        came.say("a mouse")
        expect(came.latest.locator(".card")).to_have_count(2)
        came.page.context.close()
        person.context.close()


def test_what_is_said_comes_into_view(served: ServedShop, inbox: Open) -> None:
    shopper = served.shopper()
    for n in range(6):
        shopper.say("a mouse under 30", f"m{n}")
    shopper.say("a person, please", "p")
    page = inbox()
    page.locator("#groups button").click()
    expect(page.locator("#words > li").last).to_be_in_viewport()
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#text")).to_be_focused()  # what is typed before falls on nothing
    expect(page.locator("#words > li").last).to_be_in_viewport(ratio=1)  # the box has taken its room
    page.keyboard.type("Hello, I am Mira.")
    page.keyboard.press("Enter")
    expect(page.locator("#words > li").last).to_have_text(re.compile("I am Mira"))
    expect(page.locator("#words > li").last).to_be_in_viewport(ratio=1)
    shopper.say("hello Mira", "h")
    expect(page.locator("#words > li").last).to_have_text(re.compile("hello Mira"))
    expect(page.locator("#words > li").last).to_be_in_viewport(ratio=1)
    page.locator("#log").evaluate("box => box.scrollTo(0, 0)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # it heard of that
    shopper.say("and another thing", "i")
    expect(page.locator("#words > li").last).to_have_text(re.compile("another thing"))
    assert page.locator("#log").evaluate("box => box.scrollTop") == 0  # who reads above is left there


def test_news_of_another_conversation_are_counted(served: ServedShop, inbox: Open) -> None:
    page, other = inbox(), inbox(name="Jun")
    shopper = served.shopper()
    shopper.say("a person, please", "m1")
    page.get_by_role("button", name="a person").click()
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#write")).to_be_visible()
    expect(other.locator("#groups section").nth(2)).to_contain_text("with Mira")
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("button", name="All conversations").click()
    shopper.say("are you there?", "m2")
    shopper.say("hello?", "m3")
    expect(page.get_by_role("img", name="2 unread")).to_be_visible()
    expect(page).to_have_title("(1) Inbox")
    expect(other).to_have_title("Inbox")
    page.get_by_role("button", name="a person").click()
    expect(page.get_by_role("img", name="2 unread")).to_have_count(0)


def test_a_draft_stays_with_its_conversation(served: ServedShop, inbox: Open) -> None:
    _waiting(served)
    _waiting(served)
    page = inbox()
    for number in (1, 2):
        page.locator(f"[data-number='{number}']").click()
        page.get_by_role("button", name="Take over").click()
        expect(page.locator("#write")).to_be_visible()
    page.locator("#text").fill("for the second alone")
    page.locator("[data-number='1']").click()
    expect(page.locator("#who")).to_have_text("Shopper 1")
    expect(page.locator("#text")).to_have_value("")
    page.locator("[data-number='2']").click()
    expect(page.locator("#text")).to_have_value("for the second alone")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#words li.person p")).to_have_text(["for the second alone"])
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#log")).to_have_attribute("aria-live", "polite")


def test_a_draft_outlives_a_reload_and_goes_with_who_leaves(served: ServedShop, inbox: Open) -> None:
    _waiting(served)
    page = inbox()
    page.locator("#groups button").click()
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#text")).to_be_focused()
    page.locator("#text").fill("half a sent")
    page.reload()
    page.locator("#groups button").click()
    expect(page.locator("#text")).to_have_value("half a sent")
    page.locator("#text").fill("half a sentence")
    page.get_by_role("link", name="Admin").click()
    expect(page.locator("#mend .card")).to_have_count(6)
    page.get_by_role("link", name="Inbox").click()
    page.locator("#groups button").click()
    expect(page.locator("#text")).to_have_value("half a sentence")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#login")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_what_is_clicked_twice_is_done_once_and_words_keep_their_order(served: ServedShop, inbox: Open) -> None:
    _waiting(served)
    page = inbox()
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url.rpartition("/")[2]) if request.method == "POST" else None
    )
    page.locator("#groups button").click()
    page.get_by_role("button", name="Take over").dblclick()
    expect(page.locator("#text")).to_be_focused()
    held: list[Route] = []
    page.route("**/say", lambda route: held.append(route))  # noqa: PLW0108
    for text in ("one", "two", "three"):
        page.locator("#text").fill(text)
        page.locator("#text").press("Enter")
        expect(page.locator("#text")).to_have_value("")
    assert len(held) == 1  # the next waits until that has arrived
    held[0].continue_()
    page.unroute("**/say")
    expect(page.locator("#words li.person p")).to_have_text(["one", "two", "three"])
    page.get_by_role("button", name="Hand back").dblclick()
    expect(page.locator("#write")).to_be_hidden()
    assert asked == ["take", "say", "say", "say", "close"]


def test_by_keyboard_and_in_chinese(served: ServedShop, inbox: Open) -> None:
    _waiting(served)
    _waiting(served)
    page = inbox(locale="zh-CN", scheme="dark")
    expect(page.locator("#groups h3").first).to_have_text("等待中 (2)")
    page.locator("#groups button").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#groups button").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#what")).to_contain_text("等待中")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Inbox")
    expect(page.locator("#what")).to_contain_text("Waiting")


def test_wrong_passwords_and_logging_out(served: ServedShop, inbox: Open, chromium: Browser) -> None:
    page = inbox()
    page.reload()  # the tab knows its token
    expect(page.locator("#me")).to_have_text("Mira")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#login")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    assert page.context.cookies() == []


def test_wrong_password_is_told(chromium: Browser, served: ServedShop) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{served.client.base_url}/inbox")
    page.locator("input[name=name]").fill("Mira")
    page.locator("input[name=password]").fill("guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_have_text("That is not the password.")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_has_nothing_to_say(served: ServedShop, inbox: Open, width: int, scheme: str) -> None:
    _waiting(served)
    page = inbox(width=width, scheme=scheme, name="")
    found = {"login": _violations(page)}
    page.locator("input[name=name]").fill("Mira")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#groups button").click()
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#write")).to_be_visible()
    found["talk"] = _violations(page)
    shopper = served.shopper()
    page.goto(shopper("POST", "/v1/share", {"items": ["m/2"]})["url"])
    found["shared"] = _violations(page)
    assert found == {"login": [], "talk": [], "shared": []}
