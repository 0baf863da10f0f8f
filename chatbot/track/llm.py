"""Dialogue state tracking by a model: the message in the light of the dialogue -> a StateUpdate that the shop can carry.

READ `track`: prompt (model_prompt.py) -> answer (model_answer.py) -> grounded (model_ground.py) -> agreed with the
embedded tracker's reading (model_agree.py), which stands wherever the model is not asked (model_use.py) or of no use.
"""

from __future__ import annotations

from chatbot.asking import Asking
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.model_agree import agree
from chatbot.track.model_answer import read_answer
from chatbot.track.model_evidence import unexplained
from chatbot.track.model_ground import AnswerGrounder
from chatbot.track.model_guesses import guesses_of
from chatbot.track.model_prompt import TrackPrompt
from chatbot.track.model_use import worth_asking
from chatbot.types import DialogueState, StateUpdate
from errors import LLMBadOutput, LLMUnavailable
from prompts.types import Rendered


class LLMTracker:
    """Tracks over the catalogue of an embedded tracker, whose grammar and grounding it uses; keeps nothing between
    turns."""

    def __init__(self, embedded: EmbeddedTracker) -> None:
        self._embedded = embedded
        self._prompt = TrackPrompt(embedded.grounder.catalog)
        self._grounder = AnswerGrounder(embedded.grounder)

    def prompt(self, state: DialogueState, text: str) -> Rendered:
        """What the model is asked about a message."""
        return self._prompt.render(state, text)

    def track(self, state: DialogueState, text: str, asking: Asking) -> StateUpdate:
        """What the message means."""
        spoken = self._embedded.hear(state, text)
        heard = self._embedded.track(state, text, spoken)
        if not worth_asking(asking.use, heard, unexplained(spoken), guesses_of(spoken)):
            return heard
        rendered = self.prompt(state, text)
        if not asking.allows(rendered):
            return heard
        try:
            answer = read_answer(asking.complete(rendered))
        except LLMUnavailable:  # noted by `asking`
            return heard
        except LLMBadOutput as trouble:
            asking.fail(trouble)
            return heard
        return agree(state, heard, self._grounder.read(answer, spoken))
