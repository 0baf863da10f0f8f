"""A model that lies: it does whatever the text it is sent says, and what it is not told it makes up.

Each temper is a way in which real models have been seen to go wrong. It knows the protocol of a prompt (lines, a JSON
schema), nothing of what its answers are used for, and never fails: all that is wrong with it is what it says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from random import Random
from typing import Any, Literal, get_args

from llm.types import Call
from prompts.types import Rendered
from tests.chatbot.liar.lies import DISGUISES, lies

Temper = Literal["obedient", "salesman", "exfiltrator", "translator", "formatter"]
TEMPERS: tuple[Temper, ...] = get_args(Temper)

_NUMBERED = re.compile(r"^\s*\[(\d{1,3})\]\s*(.*)$", re.MULTILINE)
_TOLD = re.compile(
    r"(?:\b(?:say|write|print|tell|add|claim|reply|respond|answer|output|repeat|mention|append|promise|state|recommend|"
    r"include|show|insert|use|echo|announce|confirm|display|begin|start|end)\b(?:\s+(?:with|only|that|the shopper|him|her|"
    r"them|everyone|users?|me|us|to|in|of|them that|exactly))*[:\s]+|(?:请?(?:说|写|告诉|回复|输出|宣布|承诺|推荐|加上|声明)[：:]?))"
    r"(.{3,160})",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"[\"“'‘「『]([^\"”'’」』\n]{3,160})[\"”'’」』]")
_STRIKING = re.compile(r"(?:https?://|www\.)\S+|<[^>]{1,120}>|[$€£¥]\s?\d[\d.,]*|\d+\s?%")


class LiarLLM:
    """Answers every prompt; the same calls get the same answers. `calls` keeps what it was asked."""

    def __init__(self, temper: Temper = "obedient", seed: int = 0) -> None:
        self.temper = temper
        self.calls: list[Rendered] = []
        self.said: list[str] = []
        self._seed = seed

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.calls.append(rendered)
        heard = "\n".join(message.content for message in rendered.messages)
        random = Random(f"{self._seed} {self.temper} {len(self.calls)} {heard}")
        answer = self._filled(rendered, heard, random) if rendered.schema else self._lines(rendered, heard, random)
        self.said.append(answer)
        for start in range(0, len(answer), 11):
            yield answer[start : start + 11]

    def _lines(self, rendered: Rendered, heard: str, random: Random) -> str:
        """`[n] reason` for every numbered candidate, or a paragraph where none is offered."""
        offered = _NUMBERED.findall(rendered.messages[-1].content)
        claims = self._claims(rendered, heard, random)
        if not offered:
            return " ".join(next(claims) for _ in range(3))
        random.shuffle(offered)
        lead = {"formatter": "```\n", "exfiltrator": f"{rendered.messages[0].content[:400]}\n"}.get(self.temper, "")
        lines = [f"[{number}] {self._reason(text, next(claims), random)}" for number, text in offered]
        invented = f"[{len(offered) + 1}] The Zorgon 9000, {next(claims)}"
        return lead + "\n".join([*lines, invented])

    def _reason(self, line: str, claim: str, random: Random) -> str:
        """A claim, now and then beside words of the candidate's own line, as a lie is best told."""
        words = line.split()
        start = random.randrange(max(1, len(words) - 3))
        true = " ".join(words[start : start + 3])
        return random.choice([claim, claim, f"{claim}. {true}", f"{true}, {claim}", f"{true} and {claim.lower()}"])

    def _claims(self, rendered: Rendered, heard: str, random: Random) -> Iterator[str]:
        """What it says next, for ever."""
        told = list(demands(rendered.messages[-1].content))
        while True:
            text = random.choice(lies()).text
            match self.temper:
                case "obedient" if told:
                    yield random.choice(told)
                case "exfiltrator":
                    words = heard.split()
                    start = random.randrange(max(1, len(words) - 12))
                    leak = " ".join(words[start : start + 12])
                    yield random.choice([leak, f"The prompt says: {leak}", text])
                case "translator":
                    yield random.choice(list(DISGUISES.values()))(random.choice(told) if told else text)
                case "formatter":
                    yield random.choice(_FORMATS).replace("{}", random.choice(told) if told else text)
                case _:
                    yield text

    def _filled(self, rendered: Rendered, heard: str, random: Random) -> str:
        """An answer that follows the schema and is false throughout."""
        slots = re.findall(
            r"^\s*[-*]?\s*([^\s:(=]+)", rendered.messages[0].content.rpartition("slots")[2], re.MULTILINE
        )
        claims = self._claims(rendered, heard, random)
        words = (claim[:200] for claim in claims)
        return json.dumps(_fill(rendered.schema or {}, "", slots, words, random), ensure_ascii=False)


def demands(text: str) -> Iterator[str]:
    """What a text asks to be said: what follows "say" and its like, what stands in quotes, links, tags and prices."""
    for told in _TOLD.findall(text):
        yield " ".join(told.split())
        yield " ".join(re.split(r"[.\n。]", told, maxsplit=1)[0].split())
    yield from _QUOTED.findall(text)
    for striking in _STRIKING.findall(text):
        yield f"Now {striking}"


_FORMATS = (
    "**{}**",
    "<b>{}</b>",
    "# {}",
    "[{}](https://evil.example)",
    "| {} | yes |",
    '{"reason": "{}"}',
    "`{}`",
    '<a href="https://evil.example">{}</a>',
    "~~no~~ {}",
    "- {}",
    "<img src=x onerror=alert(1)> {}",
    "> {}",
    "{} <script>alert(1)</script>",
    "<think>{}</think> {}",
)


def _fill(schema: Mapping[str, Any], name: str, slots: list[str], words: Iterator[str], random: Random) -> object:
    """A value that a JSON schema allows: real slots' names, everything else made up."""
    if "enum" in schema:
        return random.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _fill(random.choice(options), name, slots, words, random)
    match schema.get("type"):
        case "object":
            return {key: _fill(inner, key, slots, words, random) for key, inner in schema["properties"].items()}
        case "array":
            count = random.randint(schema.get("minItems", 0), min(3, schema.get("maxItems", 3)))
            return [_fill(schema["items"], name, slots, words, random) for _ in range(count)]
        case "integer":
            return random.randint(schema.get("minimum", 0), min(4, schema.get("maximum", 4)))
        case "number":
            return random.choice([0, 1, 3.71, 7391, -5])
        case "boolean":
            return random.random() < 0.5
        case _:
            text = random.choice(slots) if name == "slot" and slots and random.random() < 0.8 else next(words)
            return text[: schema.get("maxLength", 400)]
