"""What models of several minds do to the development dialogues: turns passed, turns asked. In process, in no time.

A model that talks nonsense must leave every turn as it is without one: the embedded part is the floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

from aisle.settings import USES, Settings
from bench.model.answers import Answers, Said, Says, meaning
from bench.model.local import Local
from chatbot.asking import Model
from chatbot.events import Event, Tracked
from chatbot.scripts.types import Result, Script
from chatbot.testing import Shops, Stage, load_all
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from retrieval.embedder import PackagedEncoder


@dataclass(slots=True)
class Hearing:
    """An assistant that notes what its tracker understood of each message."""

    bot: Chatbot
    said: list[Said] = field(default_factory=list)

    def over(self, _: Chatbot) -> Hearing:
        return self

    def turn(self, state: DialogueState, text: str) -> Iterator[Event]:
        for event in self.bot.turn(state, text):
            if isinstance(event, Tracked):
                self.said.append((text, meaning(event.update, state)))
            yield event

    def edit(self, state: DialogueState, remove: tuple[str, ...] = ()) -> Iterator[Event]:
        return self.bot.edit(state, remove)


def played() -> dict[str, dict[str, float]]:
    """Turns passed and asked, for each mind and way of asking; nothing, said so, without the measuring data."""
    folder = Settings.read().shared / "data"
    if not folder.is_dir():
        print("\nquality: left out, there is no measuring data (AISLE_SHARED)")
        return {}
    encoder = PackagedEncoder()
    stage = Stage(shops=Shops(folder / "shops", Settings.read().cache, encoder), encoder=encoder)
    scripts = load_all([folder / "dialogues"])
    heard = {}
    floor = []
    for script in scripts:
        hearing = Hearing(stage.chatbot(script))
        floor.append(stage.play(script, hearing.over))
        heard[script.name] = hearing.said
    found = {"none": _summed(floor)}
    for says in get_args(Says):
        for use in USES:
            results = [_play(stage, script, says, use, heard[script.name]) for script in scripts]
            found[f"{says}, {use}"] = _summed(results) | {"changed": _changed(floor, results)}
    print(f"\n{'development dialogues':22}" + "".join(f"{name:>10}" for name in ("passed", "of", "asked", "degraded")))
    for name, row in found.items():
        print(f"{name:22}" + "".join(f"{row[key]:>10}" for key in ("passed", "of", "asked", "degraded")))
    return found


def _play(stage: Stage, script: Script, says: Says, use: str, said: Sequence[Said]) -> Result:
    model = Model(Local(Answers(says, said)), use)  # type: ignore[arg-type]
    return stage.play(script, lambda bot: bot.with_model(model))


def _summed(results: Sequence[Result]) -> dict[str, float]:
    outcomes = [o for result in results for o in result.outcomes if o.step.event is None]
    turns = [o.seen.turn for o in outcomes if o.seen]
    return {
        "passed": sum(o.passed for o in outcomes),
        "of": len(outcomes),
        "asked": sum(turn.llm_calls > 0 for turn in turns),
        "degraded": sum(turn.degraded for turn in turns),
    }


def _changed(floor: Sequence[Result], results: Sequence[Result]) -> int:
    """Turns that came out otherwise than without a model."""
    pairs = [
        (a.passed, b.passed)
        for was, now in zip(floor, results, strict=True)
        for a, b in zip(was.outcomes, now.outcomes, strict=True)
    ]
    return sum(a != b for a, b in pairs)
