"""What another assistant said counts as shown: the things described, not the words around them."""

from __future__ import annotations

import pytest

from chatbot.state import apply
from chatbot.types import DialogueState, UserAct
from tests.chatbot.track.test_embedded import tracker


@pytest.mark.parametrize(
    ("wish", "said", "shown"),
    [
        ("shirts please", "I have a brown shirt on the wall and a white one on the left rack.", ("c2", "c1")),
        ("a sofa", "There is the grey one, and the white, to the right.", ("f3",)),
        ("a jacket", "The first costs 20 dollars, is that all right?", ()),
        ("a jacket", "Take a look at these two jackets, a black jacket and a maroon one.", ("c4", "c5")),
    ],
)
def test_things_described_are_the_latest_list(wish: str, said: str, shown: tuple[str, ...]) -> None:
    state = apply(DialogueState(), tracker().track(DialogueState(), wish))
    assert tracker().overhear(state, said).latest == shown


def test_what_was_overheard_can_be_pointed_at() -> None:
    state = apply(DialogueState(), tracker().track(DialogueState(), "i need a shirt"))
    state = tracker().overhear(state, "How about the brown shirt by the door, or the white one?")
    update = tracker().track(state, "i'll take the brown one")
    assert (update.acts, update.refers_to, update.add) == ((UserAct.ACCEPT,), ("c2",), ())
