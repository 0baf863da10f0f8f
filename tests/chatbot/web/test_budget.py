"""A model whose tokens of the day are spent: nobody is kept waiting, and whoever watches over the shop can see why."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from starlette.testclient import TestClient

from chatbot.asking import Model
from chatbot.events import Finished
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from llm.ration import Rationed
from llm.types import Call, Usage
from prompts.types import Rendered
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.test_metrics import samples


class Dear:
    """A model whose answers cost 60 tokens each and say nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.asked += 1
        yield "?"
        call.usage = Usage(prompt=59, completion=1)


def test_turns_go_on_without_the_model(shop_db: Path, people: People) -> None:
    llm = Dear()
    chatbot = Chatbot.open(shop_db, Model(Rationed(llm, people.purse(100)), "always"))

    def turn(text: str) -> Finished:
        *_, end = chatbot.turn(DialogueState(), text)
        assert isinstance(end, Finished)
        return end

    calls = [turn("a wireless mouse").turn.llm_calls for _ in range(2)]
    spent = llm.asked
    assert (calls[0] > 0, spent) == (True, 2)
    after = turn("a wireless mouse").turn
    assert (after.llm_calls, after.degraded, after.ranked_by, len(after.suggestions) > 0) == (0, True, "embedded", True)
    assert llm.asked == spent


def test_a_spent_budget_is_told(client: TestClient, assistant: FakeAssistant, people: People) -> None:
    purse = people.purse(100)
    assistant.model = Model(Rationed(Dear(), purse))
    assert client.get("/readyz").json() == {"status": "ready", "why": []}
    assert _of_model(client) == {"aisle_model_tokens_a_day": 100}
    purse.spend(120)
    why = ["the model's budget of tokens for today is spent; messages are answered without it"]
    assert client.get("/readyz").json() == {"status": "degraded", "why": why}
    assert _of_model(client) == {
        "aisle_model_tokens_today": 120,
        "aisle_model_tokens_a_day": 100,
        "aisle_model_budget_spent": 1,
    }


def _of_model(client: TestClient) -> dict[str, float]:
    return {name: value for name, value in samples(client).items() if name.startswith("aisle_model")}
