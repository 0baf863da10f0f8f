"""What a model behind an endpoint can do, found out by asking it three small questions, one of them twice.

Measures the endpoint, not the model's wits. Knows nothing of the command line.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from errors import LLMUnavailable
from llm.types import LLM, Call
from prompts.types import Message, Rendered

TALK = Rendered("talk@1", (Message("user", "Tell me in three sentences what a lighthouse is for."),), max_tokens=96)
_KINDS = ("kelpie", "ostrich")
FORM = Rendered(
    "form@1",
    (Message("user", "Which do you like better, and are you sure?"),),
    max_tokens=48,
    schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "sure"],
        "properties": {"kind": {"enum": list(_KINDS)}, "sure": {"type": "boolean"}},
    },
)
"""Asked like this, nobody answers with JSON unless the server makes them."""
LONG = Rendered(
    "long@1",
    (
        Message("system", "\n".join(f"Rule {n}: say the word number {n * 7 % 101} of the list." for n in range(1, 41))),
        Message("user", "Say yes."),
    ),
    max_tokens=4,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """`first`: seconds from the question to the first words. `speed`: tokens a second after them, for one who asks
    alone. `structured`: does an answer follow the schema that it is asked for? `counted`: are tokens told, and `cached`:
    how many of the `prompt` tokens of a prompt sent twice had not to be read again?"""

    first: float
    speed: float
    structured: bool
    counted: bool
    prompt: int
    cached: int

    def sentences(self, deadline: float) -> Iterator[str]:
        """What that means for an assistant that waits `deadline` seconds for the first words."""
        late = "" if self.first <= deadline else f": later than the {deadline:g} s that a turn waits (AISLE_LLM_FIRST)"
        yield f"first words      after {self.first:.2f} s{late}"
        yield f"speed            {self.speed:.0f} tokens/s"
        yield f"structured       {_yes(self.structured, 'answers need not follow the schema; what does not is dropped')}"
        yield f"tokens counted   {_yes(self.counted, 'the tokens of a turn are estimated')}"
        share = f"{self.cached} of {self.prompt} tokens of a prompt sent twice"
        yield f"prefix cache     {share if self.cached else 'none, or it does not tell (--enable-prompt-tokens-details)'}"


def checked(llm: LLM) -> Checked:
    """Ask, and tell. LLMUnavailable when the model does not answer."""
    list(llm.stream(LONG, Call()))  # the very first answer also pays for what a server puts off until then
    again = Call()
    list(llm.stream(LONG, again))
    first, speed = _timed(llm)
    return Checked(
        first=round(first, 3),
        speed=round(speed, 1),
        structured=_structured(llm),
        counted=again.usage.prompt > 0,
        prompt=again.usage.prompt,
        cached=again.usage.cached,
    )


def _timed(llm: LLM) -> tuple[float, float]:
    call, started = Call(), time.perf_counter()
    pieces = llm.stream(TALK, call)
    if next(pieces, None) is None:
        raise LLMUnavailable("the model answered with nothing")
    first = time.perf_counter()
    list(pieces)
    after = time.perf_counter() - first
    return first - started, max(0, call.usage.completion - 1) / after if after else 0.0


def _structured(llm: LLM) -> bool:
    try:
        answer = json.loads("".join(llm.stream(FORM, Call())))
    except ValueError:
        return False
    return isinstance(answer, dict) and set(answer) == {"kind", "sure"} and answer["kind"] in _KINDS


def _yes(so: bool, otherwise: str) -> str:
    return "yes" if so else f"no: {otherwise}"
