"""A model's thoughts aloud, kept from who reads the answer: a leading `<think>...</think>`, wherever it is cut.

Models are asked not to think before they answer; some do all the same. Only what stands first is a thought: the same
tags further on are words like any other. Knows nothing of what an answer means.
"""

from __future__ import annotations

OPENERS = ("<think>", "<thinking>")


class Thoughts:
    """Takes an answer piece by piece and hands back what is no thought; `rest()` at the end. Cut anywhere, it comes
    to the same text. Blanks before a thought and after it go with it."""

    def __init__(self) -> None:
        self._held = ""
        self._closer = ""  # what ends the thought we are in
        self._thought = False
        self._past = False

    def without(self, piece: str) -> str:
        """What of this piece, and of what was held back before it, is the answer."""
        if self._past:
            return piece
        self._held += piece
        while not self._past and self._step():
            pass
        return self.rest() if self._past else ""

    def rest(self) -> str:
        """What is still held back when the answer is over: it only began like a thought."""
        held, self._held = ("" if self._closer else self._held), ""
        return held.lstrip() if self._thought else held

    def _step(self) -> bool:
        """One step on; False when more of the text is needed for the next."""
        if self._closer:
            _, closed, after = self._held.partition(self._closer)
            if not closed:
                self._held = self._held[-len(self._closer) + 1 :]
                return False
            self._held, self._closer = after, ""
            return True
        start = self._held.lstrip()
        for opener in OPENERS:
            if start.startswith(opener):
                self._held, self._closer, self._thought = start[len(opener) :], f"</{opener[1:]}", True
                return True
        self._past = not any(opener.startswith(start) for opener in OPENERS)
        return False
