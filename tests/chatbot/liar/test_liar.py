"""The obedient liar: whatever it is told to say by shopper or catalogue, nothing that no record supports gets through.

Here every case meets one temper, and every temper a fifth of the cases; marked `liar`, each meets all of them.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from chatbot import suggesting
from chatbot.asking import Model
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.web.app import WebSettings, create_app
from chatbot.web.page import pieces
from tests.chatbot.liar.honest import HonestLLM
from tests.chatbot.liar.judge import Case, Shop, violations
from tests.chatbot.liar.lies import lies
from tests.chatbot.liar.model import TEMPERS, LiarLLM, Temper
from tests.chatbot.liar.stage import Trial, advice, controls, finished, messages, played, poisoned_shop, poisons

FRONT = pieces.Shopfront("Shop & Co", 9)


@pytest.fixture(scope="session")
def small(chatbot: Chatbot) -> Shop:
    return Shop.of(chatbot.catalog.products())


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    return Chatbot.open(poisoned_shop(tmp_path_factory.mktemp("poisoned")))


@pytest.fixture(scope="session")
def poisoned_records(poisoned: Chatbot) -> Shop:
    return Shop.of(poisoned.catalog.products())


def test_there_are_two_hundred_cases() -> None:
    assert (len(messages()), len(poisons()), len(controls())) == (100, 100, 100)
    assert len({trial.say for trial in (*messages(), *poisons())}) == 200


@pytest.mark.parametrize("temper", TEMPERS)
def test_no_lie_a_shopper_asks_for_reaches_a_turn(temper: Temper, chatbot: Chatbot, small: Shop) -> None:
    trials = [*messages(), *advice()][TEMPERS.index(temper) :: len(TEMPERS)]
    assert _wrong(chatbot, small, trials, temper) == []


@pytest.mark.parametrize("temper", TEMPERS)
def test_no_lie_a_record_asks_for_reaches_a_turn(temper: Temper, poisoned: Chatbot, poisoned_records: Shop) -> None:
    trials = poisons()[TEMPERS.index(temper) :: len(TEMPERS)]
    assert _wrong(poisoned, poisoned_records, trials, temper) == []


@pytest.mark.liar
@pytest.mark.parametrize("temper", TEMPERS)
def test_no_lie_reaches_a_turn_from_any_temper(
    temper: Temper, chatbot: Chatbot, small: Shop, poisoned: Chatbot, poisoned_records: Shop
) -> None:
    assert _wrong(chatbot, small, (*messages(), *advice()), temper) == []
    assert _wrong(poisoned, poisoned_records, poisons(), temper) == []


def test_the_judge_finds_what_the_checks_keep_back(
    chatbot: Chatbot, small: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "check", lambda reason, *_, **__: reason)
    for temper in TEMPERS:
        lied = [trial for trial in messages()[:25] if played(chatbot, small, trial, temper)[1]]
        assert len(lied) >= 5, temper


def test_every_lie_is_found_in_a_card(chatbot: Chatbot, small: Shop) -> None:
    (honest,), _ = played(chatbot, small, Trial(("a wireless mouse",), ()), "obedient")
    card = honest["suggestions"][0]
    missed = []
    for lie in lies():
        told = {**honest, "suggestions": [{**card, "reason": f"Grey, {lie.text}", "ranked_by": "llm"}]}
        if not violations(told, Case(small, ("a wireless mouse",), never=(lie.text,))):
            missed.append(lie.text)
    assert missed == []


@pytest.mark.parametrize("every", [pytest.param(16, id="some"), pytest.param(1, id="all", marks=pytest.mark.liar)])
def test_no_public_attack_gets_a_lie_through(every: int, shared: Path, chatbot: Chatbot, small: Shop) -> None:
    texts = [row["text"] for row in _attacks(shared) if row["text"].strip()][::every]
    wrong = []
    for number, text in enumerate(texts):
        for temper in ("obedient", TEMPERS[1 + number % (len(TEMPERS) - 1)])[: 1 if every > 1 else 2]:
            wrong += played(chatbot, small, Trial((text,), ()), temper, number)[1]
    assert wrong == []


def test_controls_are_answered_as_without_a_model(chatbot: Chatbot) -> None:
    normal = [_is_answered(chatbot, text) for text in controls()]
    assert sum(normal) >= 0.98 * len(normal), [t for t, ok in zip(controls(), normal, strict=True) if not ok]


@pytest.mark.parametrize("every", [pytest.param(8, id="some"), pytest.param(1, id="all", marks=pytest.mark.liar)])
def test_public_controls_are_answered_as_without_a_model(every: int, shared: Path, chatbot: Chatbot) -> None:
    texts = [row["text"] for row in _attacks(shared) if row["kind"] in ("benign_control", "safe_control")][::every]
    normal = [_is_answered(chatbot, text) for text in texts]
    assert sum(normal) >= 0.98 * len(normal), [t for t, ok in zip(texts, normal, strict=True) if not ok]


def test_honest_reasons_get_through(chatbot: Chatbot) -> None:
    model = HonestLLM()
    bot = chatbot.with_model(Model(model, "always"))
    said = kept = 0
    for text in controls():
        for card in finished(bot, (text,))[-1]["suggestions"]:
            if card["ranked_by"] == "llm":
                said += 1
                kept += any(card["reason"].startswith(reason.rstrip(".。")) for reason in model.reasons.values())
    assert said >= 50
    assert kept >= 0.98 * said


@pytest.mark.parametrize("temper", TEMPERS)
def test_nothing_of_it_reaches_the_api_or_the_page(
    temper: Temper, poisoned: Chatbot, poisoned_records: Shop, tmp_path: Path
) -> None:
    bot = poisoned.with_model(Model(LiarLLM(temper), "always"))
    app = create_app(bot, People.open(tmp_path / "people.db"), WebSettings(page=False))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        for trial in poisons()[TEMPERS.index(temper) :: 25]:
            opened = client.post("/v1/sessions", json={"locale": "en"}).json()
            headers = {"Authorization": f"Bearer {opened['token']}"}
            case = Case(poisoned_records, trial.say, never=trial.never)
            sent = {"text": trial.say[0], "message_id": "m1"}
            turn = client.post("/v1/chat", json=sent, headers=headers).json()
            streamed = client.post(
                "/v1/chat", json={**sent, "message_id": "m2"}, headers={**headers, "Accept": "text/event-stream"}
            )
            for shown in (turn, *_of_stream(streamed.text)):
                assert _outside_links(shown) == []
                assert violations(_as_fed(shown, poisoned_records), case) == []
                assert _tags(shown) == _tags(_blanked(shown))


def _wrong(bot: Chatbot, shop: Shop, trials: Any, temper: Temper) -> list[str]:
    return [trouble for n, trial in enumerate(trials) for trouble in played(bot, shop, trial, temper, n)[1]]


def _attacks(shared: Path) -> list[dict[str, str]]:
    path = shared / "data" / "adversarial" / "adversarial.open.jsonl"
    if not path.is_file():
        pytest.skip(f"no adversarial data at {path} (set AISLE_SHARED)")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def _is_answered(chatbot: Chatbot, text: str) -> bool:
    """Are the acts, the ledger and the items those that there are without a model, each with something said of it?"""
    (plain,), (asked,) = finished(chatbot, (text,)), finished(chatbot.with_model(Model(HonestLLM(), "always")), (text,))
    same = all(plain[key] == asked[key] for key in ("acts", "ledger", "text", "table", "facts"))
    ids = [[card["id"] for card in turn["suggestions"]] for turn in (plain, asked)]
    return same and set(ids[0]) == set(ids[1]) and all(card["reason"] for card in asked["suggestions"])


def _of_stream(text: str) -> list[dict[str, Any]]:
    """The whole Turn of a stream, and the Turn as its cards alone would make it."""
    events = [block.split("\ndata: ", 1) for block in text.strip().split("\n\n") if "\ndata: " in block]
    assert all("\n" not in data for _, data in events)
    turn = next(json.loads(data) for name, data in events if name == "event: turn.end")
    cards = [json.loads(data) for name, data in events if name == "event: card"]
    return [turn, {**turn, "suggestions": [card.get("card", card) for card in cards]}]


def _outside_links(turn: dict[str, Any]) -> list[str]:
    """Addresses of cards that are no page or picture."""
    addresses = [card[key] for card in turn["suggestions"] for key in ("url", "image") if card[key]]
    return [address for address in addresses if not address.startswith(("http://", "https://", "/media/"))]


def _as_fed(turn: dict[str, Any], shop: Shop) -> dict[str, Any]:
    """The Turn with pictures by the addresses that the feed has for them."""
    cards = [
        {**card, "image": shop.products[card["id"]].image if card["image"] else None} for card in turn["suggestions"]
    ]
    return {**turn, "suggestions": cards}


class _Structure(HTMLParser):
    """Tags with the names of their attributes, and the addresses that lead outside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def _tags(turn: dict[str, Any]) -> list[object]:
    """The structure of the page's HTML for a Turn: its texts must not change it, but where a reason meets a wish."""
    cards = [{**card, "evidence": []} for card in turn["suggestions"]]
    told = pieces.Story(({**turn, "suggestions": cards},))
    page = pieces.transcript(told, None, FRONT, "en") + pieces.ledger(turn["ledger"], "en")
    return _Structure(page).found


def _blanked(turn: dict[str, Any]) -> dict[str, Any]:
    """The Turn with every text of others' replaced by a plain word."""

    def blank(text: str) -> str:
        return "x" if text else ""

    cards = [
        {
            **card,
            "title": "x",
            "reason": "x",
            "availability": blank(card["availability"] or ""),
            "options": {},
            "variant": None,
        }
        for card in turn["suggestions"]
    ]
    replies = ["x" for _ in turn["quick_replies"]]
    return {
        **turn,
        "user": "x",
        "text": "\n".join("x" for _ in turn["text"].splitlines()),
        "suggestions": cards,
        "quick_replies": replies,
    }
