"""What a rule of the catalogue doctor found: plain values, and the order in which a shop should read them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

SHOWN = 5  # examples of a finding
_AGAIN = 0.8  # what each further finding of one rule counts, so that one rule does not fill the first page


@dataclass(frozen=True, slots=True)
class Example:
    """A product that shows it, and the value in question."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a catalogue, and what to do about it.

    `count`: products concerned; `share`: of those that could be. `weight`: how much mending it helps shoppers, to rank
    by: how bad it is for one product (0..1) by the doublings of products.
    """

    rule: str
    slot: str | None
    kind: str | None
    count: int
    share: float
    examples: tuple[Example, ...]
    says: str
    todo: str
    weight: float


def found(
    rule: str,
    says: str,
    todo: str,
    *,
    harm: float,
    count: int,
    of: int,
    examples: Iterable[Example] = (),
    slot: str | None = None,
    kind: str | None = None,
) -> Finding:
    """A finding about `count` of `of` products; `harm`: how bad it is for one of them, 0..1."""
    weight = harm * math.log2(1 + count)
    shown = tuple(examples)[:SHOWN]
    return Finding(rule, slot, kind, count, count / max(1, of), shown, says, todo, round(weight, 4))


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most helpful first; each further finding of one rule counts less."""
    seen: Counter[str] = Counter()
    weighed = []
    for finding in sorted(findings, key=lambda f: (-f.weight, f.rule, f.slot or "", f.kind or "", f.says)):
        weighed.append(replace(finding, weight=round(finding.weight * _AGAIN ** seen[finding.rule], 4)))
        seen[finding.rule] += 1
    return tuple(sorted(weighed, key=lambda f: -f.weight))


def listed(words: Iterable[str], most: int = 4) -> str:
    """Words in one line: "a, b, c and 5 more"."""
    words = list(words)
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def doing(count: int, one: str, several: str) -> str:
    """So many products and what they do: doing(1, "has", "have") == "1 product has"."""
    return f"{many(count)} {one if count == 1 else several}"


def many(count: int, noun: str = "product") -> str:
    """A count with its noun: "1 product", "1,204 products"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
