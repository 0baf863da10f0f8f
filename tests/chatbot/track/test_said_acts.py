"""The acts of whole messages, heard where they are said: the list of said_acts.txt, written before its grammar was.

Every scene is one state of the small shop of goods.py. The share that is right is asserted, not each line.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from chatbot import state as states
from chatbot.types import DialogueState, Shown, UserAct
from tests.chatbot.track.test_embedded import tracker

LINES = Path(__file__).with_name("said_acts.txt")
SCENES = {
    "mice": ("a mouse", ("m1", "m2", "m3", "m4", "m5")),
    "maus": ("鼠标", ("m1", "m2", "m3", "m4", "m5")),
    "shirts": ("a shirt", ("c1", "c2", "c3", "c6")),
}


@cache
def scene(name: str) -> DialogueState:
    """The state in which a line of the list is heard."""
    if name == "door":
        return DialogueState()
    said, ids = SCENES[name]
    state = states.apply(DialogueState(), tracker().track(DialogueState(), said))
    return replace(state, shown=(Shown(1, tuple((1, id) for id in ids)),), focus=ids)


def lines() -> list[tuple[str, set[str], str]]:
    """(scene, acts, words) of every line that is no comment."""
    rows = (line.split(" | ") for line in LINES.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return [(where, set(acts.split()), words) for where, acts, words in rows]


def acts(where: str, words: str) -> set[str]:
    """The acts heard; small talk only where there is nothing else."""
    heard = {act.value for act in tracker().track(scene(where), words).acts}
    return heard - {UserAct.CHITCHAT.value} or heard


def wrong() -> list[str]:
    return [
        f"{where} | {' '.join(sorted(heard))} for {' '.join(sorted(said))} | {words}"
        for where, said, words in lines()
        if (heard := acts(where, words)) != said
    ]


def test_what_shoppers_do_is_heard() -> None:
    failures = wrong()
    assert len(failures) <= 0.04 * len(lines()), "\n".join(failures)
