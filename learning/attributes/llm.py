"""Attributes read in a product's text by a language model: the slots of its kind and the text -> the stretches that state
them (in-context learning with values and worked examples, as in Brinkmann et al., 2023, "Product Attribute Value
Extraction using Large Language Models", arXiv:2310.12537; the words are ours, prompts/features.toml).

    LLMReader(llm, "qwen3-4b").read(wanted, shown, kind, title, description) -> {"colour": "Navy Blue"}

Nothing is taken that does not stand in the text word for word. Knows no catalogue file; what a stretch is as a value, and
how sure, is for catalog/readout/judged.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

import prompts
from catalog.readout.asked import Shown, Wanted
from catalog.readout.told import standing
from chatbot.prompting import printed
from errors import LLMBadOutput
from llm.types import LLM, Call, complete
from prompts.types import Rendered

_TITLE, _TEXT, _VALUE = 240, 800, 40  # bytes
_PAIR = re.compile(r'("(?:[^"\\]|\\.)*")\s*:\s*(?:\[\s*)?("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?)')


class LLMReader:
    """Reads by a model. `name`: what the model is called; with the prompt's words it makes `by`, who has read."""

    def __init__(self, llm: LLM, name: str) -> None:
        self._llm = llm
        self._prompt = prompts.load("features")
        self.by = f"{name} {self._prompt.id} {self._prompt.fingerprint}"

    def rendered(
        self, wanted: Sequence[Wanted], shown: Iterable[Shown], kind: str, title: str, description: str = ""
    ) -> Rendered:
        """What is asked of one text."""
        return self._prompt.render(
            kind=printed(kind, _VALUE) or "any",
            slots="\n".join(map(_slot_line, wanted)),
            shown="\n".join(map(_example, shown)),
            item=text_of(title, description),
        )

    def read(
        self,
        wanted: Sequence[Wanted],
        shown: Iterable[Shown],
        kind: str,
        title: str,
        description: str = "",
        call: Call | None = None,
    ) -> dict[str, str]:
        """The stretch of the text that states each slot, by the slots' names; those that it states none of are left out.

        LLMUnavailable from the model; LLMBadOutput where there is no JSON object in what it answers.
        """
        answer = complete(self._llm, self.rendered(wanted, shown, kind, title, description), call)
        names = {_key(slot.name): slot.name for slot in wanted}
        found: dict[str, str] = {}
        for said, value in said_in(answer).items():
            span = standing(value, title) or standing(value, description)
            if span and (name := names.get(_key(said))):
                found.setdefault(name, span)
        return found


def said_in(answer: str) -> dict[str, str]:
    """The pairs of a JSON object, also of one that was cut, fenced or talked about; of a list its first value.

    LLMBadOutput where there is none.
    """
    if "{" not in answer:
        raise LLMBadOutput("the model wrote no JSON object")
    found = {}
    for name, value in _PAIR.findall(answer[answer.index("{") :]):
        try:
            found[str(json.loads(name))] = str(json.loads(value, parse_float=str, parse_int=str))
        except json.JSONDecodeError:
            continue  # a broken escape: this pair is lost, the others stand
    return found


def _slot_line(slot: Wanted) -> str:
    unit = f" ({printed(slot.unit, _VALUE)})" if slot.unit else ""
    values = "; ".join(text for value in slot.values if (text := printed(value, _VALUE)))
    return f"- {printed(slot.name, _VALUE)}{unit}" + (f": {values}" if values else "")


def _example(shown: Shown) -> str:
    spans: Mapping[str, str] = {printed(name, _VALUE): printed(span, _VALUE) for name, span in shown.spans.items()}
    return f"Text: {printed(shown.title, _TITLE)}\nAnswer:\n{json.dumps(spans, ensure_ascii=False)}\n"


def text_of(title: str, description: str = "") -> str:
    """A product's text as a model gets it."""
    return ". ".join(text for text in (printed(title, _TITLE), printed(description, _TEXT)) if text)


def _key(name: str) -> str:
    """A slot's name as answers may spell it."""
    return re.sub(r"[\W_]+", " ", printed(name, _VALUE)).strip().lower()
