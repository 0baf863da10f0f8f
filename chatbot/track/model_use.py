"""When a model is worth asking what a message means: never where nothing of its answer could be used.

Looks at what the embedded tracker made of the message, not at the message alone. Knows nothing of prompts.
"""

from __future__ import annotations

from catalog.types import Constraint
from chatbot.asking import Use
from chatbot.track.model_claims import at_loss
from chatbot.track.model_guesses import Guesses
from chatbot.types import StateUpdate, Text, UserAct

_NEVER = "injection"
_SETTLED = {
    UserAct.UNDO, UserAct.RESET, UserAct.HANDOFF, UserAct.CHITCHAT, UserAct.ACCEPT, UserAct.MORE, UserAct.EXPLAIN,
    UserAct.COMPARE, UserAct.FAQ, UserAct.REQUEST,
}  # fmt: skip


def worth_asking(use: Use, heard: StateUpdate, unexplained: frozenset[str], guesses: Guesses | None = None) -> bool:
    """Is the model asked? `unexplained`: content words of the message that grammar and vocabulary made nothing of;
    `guesses`: what it did make, and may be wrong."""
    if _NEVER in heard.topics:
        return False
    if use == "always":
        return True
    lost = _lost(heard)
    return lost if use == "sparing" else lost or _in_part(heard, unexplained) or _rests_on(heard, guesses or Guesses())


def _lost(heard: StateUpdate) -> bool:
    """Words without a slot, a name without a thing, a reference without an item, or nothing at all."""
    words = any(isinstance(a.what, Text) for a in heard.add)
    nothing = at_loss(heard) and set(heard.topics) <= {"exists"}
    unknown = any(q.slot is None and q.measure == "value" for q in heard.questions)
    return words or nothing or unknown or bool(heard.absent)


def _in_part(heard: StateUpdate, unexplained: frozenset[str]) -> bool:
    """A message that leaves words over, unless what it does is plain without them."""
    edits = heard.add or heard.remove or heard.needs
    return bool(unexplained) and (bool(edits) or not set(heard.acts) <= _SETTLED)


def _rests_on(heard: StateUpdate, guesses: Guesses) -> bool:
    """Is a wish read into a misspelt word, or a thing looked for that is only told of?"""
    wished = [a.what for a in heard.add if isinstance(a.what, Constraint)]
    kinds = (set(w.values) for w in wished if w.slot == "category" and not w.op.negative)
    mended = ((w.slot, str(v).casefold()) in guesses.values for w in wished for v in w.values)
    return any(k <= guesses.kinds for k in kinds) or any(mended)
