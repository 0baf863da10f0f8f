"""The development dialogues with a model that answers in the right shape whatever comes to its mind, at every message.

    python -m bench.wild [--seed 1]          # the expectations it broke, then one JSON line

It wishes for kinds, makers and prices that nobody named, takes lines back, starts over, buys, and asks for facts. What it
says beyond the message must cost as little as if it had not been asked.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Generator
from pathlib import Path

from aisle.settings import Settings
from bench.common import report
from bench.dialogues import answered, totals
from chatbot.asking import Budget, Model
from chatbot.testing import Shops, Stage, load_all
from chatbot.types import UserAct
from llm.types import Call
from prompts.types import Rendered
from retrieval.embedder import PackagedEncoder

_LISTED = re.compile(r"^(category|brand): (.+)$", re.MULTILINE)
_LINE = re.compile(r"^  (w\d+):", re.MULTILINE)


class Wild:
    """A model that has read the slots and nothing else."""

    def __init__(self, seed: int) -> None:
        self._any = random.Random(seed)

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        yield self._track(rendered) if rendered.name == "track" else "[1] It suits.\n[2] It suits."

    def _track(self, rendered: Rendered) -> str:
        system, user = (m.content for m in rendered.messages)
        known = {slot: values.split(", ") for slot, values in _LISTED.findall(system)}
        wishes = [f"{slot} = {self._any.choice(values)}" for slot, values in known.items()]
        wishes += [f"price <= {self._any.choice((50, 100, 200, 500))}", "colour = black", "wifi = true", "rating >= 4"]
        self._any.shuffle(wishes)
        need = {
            "need": self._any.choice((1, 2, 3)),
            "query": "best cheap product deal",
            "must": wishes[:3],
            "like": wishes[3:],
        }
        said = {
            "acts": [act.value for act in self._any.sample(list(UserAct), 2)],
            "needs": [need],
            "drop": _LINE.findall(user)[:2],
            "items": [self._any.choice((1, 2, 3, 9))],
            "ask": ["price", "min weight"],
        }
        return json.dumps(said, ensure_ascii=False)


def main() -> None:
    settings = Settings.read()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[settings.shared / "data" / "dialogues"])
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    encoder = PackagedEncoder()
    shops = Shops(settings.shared / "data" / "shops", settings.cache, encoder)
    scripts = load_all(args.paths)
    stage = Stage(shops=shops, encoder=encoder, model=Model(Wild(args.seed), "always", Budget(600.0)))
    results = [stage.play(script) for script in scripts]
    for result in results:
        for outcome in answered(result):
            for failure in () if outcome.passed else outcome.failures:
                print(f"{result.script.name} turn {outcome.step.number}: {failure.expected}")
    report("wild", str(args.paths[0]), args.seed, totals(results))


if __name__ == "__main__":
    main()
