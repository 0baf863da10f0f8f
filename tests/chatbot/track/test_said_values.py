"""Values as people say them: refused, hoped for, insisted on, one or the other, taken back. See said_values.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.types import Text
from tests.chatbot.track.test_embedded import follow

_LINES = (Path(__file__).parent / "said_values.txt").read_text(encoding="utf-8").splitlines()
SAID = [line.split("=>", 1) for line in _LINES if line and not line.startswith("#")]


@pytest.mark.parametrize(("messages", "wishes"), SAID)
def test_the_wishes_that_values_make(messages: str, wishes: str) -> None:
    _, state = follow(*messages.strip().split(" || "))
    ledger = [w for n in state.active_needs for w in n.wishes if not isinstance(w.what, Text)]
    said = {("" if w.hard else "~") + w.text for w in ledger if w.slot != "category" or "!=" in w.text}
    assert said == {w.strip() for w in wishes.split(";") if w.strip()}
