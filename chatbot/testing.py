"""Scripted dialogues in one import: load them, run them, read what failed.

    for script in load_all([Path("tests/dialogues")]):
        result = run(script, lambda llm: Chatbot.open("shop.db", llm), catalog.get)
        assert result.passed, failure_text(result)

The parts are in chatbot/scripts/; the format is described in docs and validated by load_all. Also ScriptedLLM, a
model that says what it was told to say and fails on an unexpected and on an unconsumed call.
"""

from chatbot.scripts.load import SUFFIX, find, load, load_all
from chatbot.scripts.report import as_json, as_junit, failure_text, model_cost, transcript
from chatbot.scripts.run import Bot, Lookup, OpenBot, by_name, run
from chatbot.scripts.shops import Shops
from chatbot.scripts.stage import Stage
from chatbot.scripts.types import Expectation, Failure, Outcome, Result, Script, Seen, Step
from llm.scripted import ScriptedLLM

__all__ = [
    "SUFFIX",
    "Bot",
    "Expectation",
    "Failure",
    "Lookup",
    "OpenBot",
    "Outcome",
    "Result",
    "Script",
    "ScriptedLLM",
    "Seen",
    "Shops",
    "Stage",
    "Step",
    "as_json",
    "as_junit",
    "by_name",
    "failure_text",
    "find",
    "load",
    "load_all",
    "model_cost",
    "run",
    "transcript",
]
