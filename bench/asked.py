"""Which turns a model is asked to understand under each setting, and how the embedded tracker does in those it is not.

    python -m bench.asked                    # the scripted dialogues, as given and in the rewordings of e.yaml
    python -m bench.asked --words a b        # in others

No model answers: every turn is the embedded tracker's, so that a turn that fails and is asked is one that a model could
mend, and one that fails and is not asked never will be.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aisle.settings import USES, Settings
from bench.common import report
from bench.dialogues import PARAPHRASES, answered
from bench.paraphrases import reworded
from chatbot.events import Event
from chatbot.testing import Script, Shops, Stage, load_all
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.model_evidence import unexplained
from chatbot.track.model_guesses import guesses_of
from chatbot.track.model_use import worth_asking
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from retrieval.embedder import PackagedEncoder


@dataclass(slots=True)
class Watching:
    """A chatbot, and for each message of a dialogue the settings under which a model would be asked about it."""

    chatbot: Chatbot
    tracker: EmbeddedTracker
    asked: list[set[str]] = field(default_factory=list)

    def instead(self, chatbot: Chatbot) -> Watching:
        """What a script talks to in place of the chatbot."""
        return self

    def turn(self, state: DialogueState, text: str) -> Iterator[Event]:
        heard = self.tracker.track(state, text)
        spoken = self.tracker.hear(state, text, by_meaning=False)
        words, guesses = unexplained(spoken), guesses_of(spoken)
        self.asked.append({use for use in USES if worth_asking(use, heard, words, guesses)})  # type: ignore[arg-type]
        return self.chatbot.turn(state, text)

    def edit(self, state: DialogueState, remove: tuple[str, ...] = ()) -> Iterator[Event]:
        self.asked.append(set())
        return self.chatbot.edit(state, remove)


def figures(stage: Stage, scripts: list[Script]) -> dict[str, object]:
    """By setting: turns asked, and of those that fail how many are."""
    turns: list[tuple[bool, set[str]]] = []
    trackers: dict[str | None, EmbeddedTracker] = {}
    for script in scripts:
        chatbot = stage.chatbot(script)
        tracker = trackers.setdefault(script.shop, EmbeddedTracker(chatbot.catalog, stage.encoder))
        watching = Watching(chatbot, tracker)
        result = stage.play(script, watching.instead)
        turns += zip([o.passed for o in answered(result)], watching.asked, strict=True)
    failed = [asked for passed, asked in turns if not passed]
    found: dict[str, object] = {"turns": len(turns), "failed": len(failed)}
    for use in USES:
        asked = sum(use in a for _, a in turns)
        mendable = sum(use in a for a in failed)
        wrong = (len(failed) - mendable) / max(len(turns) - asked, 1)
        found[use] = {
            "asked": asked,
            "share": round(asked / max(len(turns), 1), 3),
            "failed_and_asked": mendable,
            "wrong_where_not_asked": round(wrong, 3),
        }
    return found


def main() -> None:
    settings = Settings.read()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[settings.shared / "data" / "dialogues"])
    parser.add_argument("--words", nargs="*", default=["e"])
    args = parser.parse_args()
    encoder = PackagedEncoder()
    stage = Stage(shops=Shops(settings.shared / "data" / "shops", settings.cache, encoder), encoder=encoder)
    scripts = load_all(args.paths)
    said = {"given": scripts} | {name: list(reworded(scripts, PARAPHRASES / f"{name}.yaml")) for name in args.words}
    results = {name: figures(stage, chosen) for name, chosen in said.items()}
    for name, found in results.items():
        print(f"\n{name}: {found['turns']} turns, {found['failed']} fail")
        for use in USES:
            print(f"  {use:8} {found[use]}")
    report("asked", str(args.paths[0]), None, results)


if __name__ == "__main__":
    main()
