"""Profiles in a model's words: what it is asked, what of its answer is kept, what stands without it."""

from __future__ import annotations

import pytest

from chatbot.taste import Taste
from errors import LLMUnavailable
from learning.profiles.llm import Profile, Profiler, rendered
from llm.scripted import ScriptedLLM
from tests.chatbot.test_taste import HISTORY

TEMPLATE = Profile(("Mostly desk lamp (4 of 5).", "Mostly Orla (4 of 5).", "Usually 24-40 USD."), "template")


def profile(answer: str | LLMUnavailable) -> Profile:
    llm = ScriptedLLM({"profile": [answer]})
    found = Profiler(llm).profile(HISTORY, "en")
    llm.finish()
    return found


def test_what_is_asked_is_the_history_and_what_was_counted() -> None:
    assert rendered(HISTORY, Taste.of(HISTORY), "en").messages[1].content.strip() == (
        "At most 3 statements, in English.\n"
        "Liked or bought:\n- Orla desk lamp 1\n- Orla desk lamp 2\n- Pell desk lamp 3\n- Orla desk lamp 4\n"
        "- Orla floor lamp 5\n\n"
        "Facts:\n[1] category desk lamp: 4 of 5\n[2] brand Orla: 4 of 5\n[3] price 24-40 USD: 3 of 5\n"
        "[4] colour black: 4 of 5"
    )


def test_what_holds_is_kept_in_its_order_each_once() -> None:
    answer = (
        "Sure, here is the profile:\n[1, 4] Likes black desk lamps.\n[2] Loves Orla's cosy light.\n"
        "[1, 4] Likes black desk lamps.\n[3] Usually 24 to 40 USD.\n[7] Likes tulips.\n- [2] Mostly Orla.\n[2] Likes Orla."
    )
    assert profile(answer) == Profile(("Likes black desk lamps.", "Usually 24 to 40 USD.", "Mostly Orla."), "llm")


@pytest.mark.parametrize(
    "answer", ["", "[1] Is a wealthy night owl.", "Likes black desk lamps.", "[9] Mostly Orla.", LLMUnavailable("gone")]
)
def test_otherwise_the_template_stands(answer: str | LLMUnavailable) -> None:
    assert profile(answer) == TEMPLATE


def test_without_a_model_or_a_taste_nobody_is_asked() -> None:
    assert Profiler(None).profile(HISTORY, "en") == TEMPLATE
    assert Profiler(ScriptedLLM()).profile(HISTORY[:1], "en") == Profile((), "template")
