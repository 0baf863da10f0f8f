"""A model that does as it is told and tells the truth: reasons from the candidate's own line, nothing else.

The other side of the liar: what it says must get through, or the checks are of no use.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from llm.types import Call
from prompts.types import Rendered

_LINE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_PRICE = re.compile(r"^(\d[\d.]*) USD$")
_RATED = re.compile(r"^(?:rated|评分) ([\d.]+)$")


class HonestLLM:
    """Changes nothing of what was understood, keeps the order, and says one or two true things of each item."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        if rendered.name == "rank":
            yield from self._lines(rendered.messages[-1].content)
        else:
            yield '{"acts": ["inform"]}' if rendered.name == "track" else "-"

    def _lines(self, user: str) -> Generator[str, None, None]:
        chinese = "Chinese" in user
        for number, line in _LINE.findall(user):
            title, *said = line.split("; ")
            self.reasons[title] = reason(said, chinese)
            yield f"[{number}] {self.reasons[title]}\n"


def reason(said: list[str], chinese: bool) -> str:
    """A sentence from the parts of a line behind its title."""
    price = next((found[1] for part in said if (found := _PRICE.match(part))), "")
    rated = next((found[1] for part in said if (found := _RATED.match(part))), "")
    if chinese:
        parts = [f"价格{price}美元" if price else "", f"评分{rated}" if rated else "", "适合日常使用"]
        return "，".join(filter(None, parts)) + "。"
    parts = [f"costs {price} USD" if price else "", f"is rated {rated}" if rated else ""]
    return f"Suits you well: it {' and '.join(filter(None, parts))}." if any(parts) else "Suits what you look for."
