"""Questions about the catalogue: how many of bench/questions.jsonl are answered right, by set and by what is asked.

    python -m bench.questions              # all of them, then one JSON line
    python -m bench.questions --failures   # every wrong one with what was said

Each line asks one question behind the messages in `before`, and says what would be right in terms of the catalogue:
`want` (count, counts by value, values, distinct ones, range, mean, min, max, newest, or that nothing is known) of `slot`
over the products that meet one of the lists in `within`. Right is: the act is inform, the figures stand in the reply, no
value of other products does, the item named is the one meant, and a ledger that stood before stands unchanged. "first" was
there while the answers were written; "second" and "third" were asked once each before anything was mended for them.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aisle.settings import Settings
from bench.common import ROOT, report
from catalog.store import Catalog, Mask
from catalog.types import Constraint, Order
from chatbot.events import Finished, Turn
from chatbot.facts import facts_of, number_in
from chatbot.scripts.shops import Shops
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState

LIST = Path(__file__).with_name("questions.jsonl")
MOST_FREQUENT = 6  # values that a reply must name at least


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's answer beside what was wanted."""

    want: dict[str, Any]
    catalog: Catalog
    turn: Turn
    moved: frozenset[str]  # wishes that came or went with the question

    @property
    def numbers(self) -> list[float]:
        return [float(n.replace(",", "")) for n in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", self.turn.text)]

    def says(self, number: float) -> bool:
        near = any(abs(number - n) <= max(0.006, 0.0005 * abs(number)) for n in self.numbers)
        words = {0: ("no ", "没有"), 1: ("one ",)}.get(int(number), ()) if float(number).is_integer() else ()
        return near or any(word in self.turn.text for word in words)

    @property
    def slot(self) -> str:
        return _slot(self.catalog, self.want["slot"])

    def masks(self) -> Iterator[Mask]:
        return (self.mask(within) for within in self.want["within"])

    def mask(self, within: Sequence[str]) -> Mask:
        read = map(Constraint.parse, within)
        return self.catalog.match([Constraint(_slot(self.catalog, c.slot), c.op, c.value, c.unit) for c in read])


def _slot(catalog: Catalog, name: str) -> str:
    return next(s.name for s in catalog.slots if name in (s.name, s.label))


@cache
def bot(shop: str) -> Chatbot:
    settings = Settings.read()
    folder = ROOT / "catalog" / "demo" if shop == "demo" else settings.shared / "data" / "shops"
    return Chatbot.open(Shops(folder, settings.cache).database(shop))


def ask(want: dict[str, Any]) -> Asked:
    state, turn = DialogueState(), None
    for message in (*want["before"], want["ask"]):
        before = frozenset(w.text for w in state.wishes)
        *_, end = bot(want["shop"]).turn(state, message)
        assert isinstance(end, Finished)
        state, turn = end.state, end.turn
    assert turn is not None
    moved = before ^ frozenset(w.text for w in state.wishes) if want["before"] else frozenset()
    return Asked(want, bot(want["shop"]).catalog, turn, moved)


def wrong(asked: Asked) -> str | None:
    """What is not right about an answer; None when all is."""
    if asked.want["want"] == "exists":
        having = any(mask.any() for mask in asked.masks())
        return None if having != (AgentAct.NO_MATCH in asked.turn.acts) else "is there any, or not"
    if AgentAct.INFORM not in asked.turn.acts:
        return "no answer"
    if asked.moved:
        return f"the ledger changed: {', '.join(sorted(asked.moved))}"
    kind = asked.want["want"]
    if kind == "nodate":
        return "something is claimed" if asked.turn.facts else None
    if kind == "counts":
        counted = {value: int(asked.mask(within).sum()) for value, within in asked.want["each"].items()}
        return None if all(map(asked.says, counted.values())) else f"wanted {counted}"
    checks = {"values": _values, "by": _values, "min": _end, "max": _end, "newest": _newest}
    told = [checks.get(kind, _figure)(asked, mask) for mask in asked.masks()]
    return next(filter(None, told), None) if all(told) else None


def _figure(asked: Asked, mask: Mask) -> str | None:
    """A count, a number of different values, both ends of a range, a mean."""
    kind = asked.want["want"]
    if kind == "count":
        wanted: tuple[float, ...] = (int(mask.sum()),)
    elif kind == "distinct":
        wanted = (len(asked.catalog.facets(asked.slot, mask, len(asked.catalog) + 1)),)
    elif kind == "range":
        wanted = asked.catalog.span(asked.slot, mask) or ()
    else:
        wanted = (float(asked.catalog.numbers(asked.slot, mask).mean()),)
    return None if all(map(asked.says, wanted)) else f"wanted {', '.join(f'{n:g}' for n in wanted)}"


def _values(asked: Asked, mask: Mask) -> str | None:
    """The most frequent values, with their counts where these were asked for, and none of other products."""
    own = asked.catalog.facets(asked.slot, mask, len(asked.catalog) + 1)
    if asked.slot == "category":
        own = [(t.value, t.count) for t in asked.catalog.vocabulary("category") if t.value in t.kinds]
    said = asked.turn.text.casefold()
    for value, count in own[:MOST_FREQUENT]:
        if value.casefold() not in said or (asked.want["want"] == "by" and not asked.says(count)):
            return f"wanted {value} {count}"
    names = {value.casefold() for value, _ in own}
    others = {t.value.casefold() for t in asked.catalog.vocabulary(asked.slot)} - names
    strange = (o for o in others if len(o) > 3 and o in said and not any(o in name for name in names))
    foreign = next(strange, None) if asked.slot != "category" else None
    return f"{foreign} is of others" if foreign else None


def _end(asked: Asked, mask: Mask) -> str | None:
    """The least or the most: its number is said, and the item in hand has it."""
    order = Order(asked.slot, "asc" if asked.want["want"] == "min" else "desc")
    best = asked.catalog.get([asked.catalog.ids[p] for p in asked.catalog.order(mask, order, 1)])[0]
    shown = asked.turn.about or tuple(s.candidate.product.id for s in asked.turn.suggestions)
    slot = asked.catalog.slot(asked.slot)
    ends = [{number_in(f, slot.unit) for f in facts_of(p, slot)} for p in (best, *asked.catalog.get(shown[:1]))]
    wanted = [n for n in ends[0] if n is not None]
    if len(ends) < 2 or not ends[0] & ends[1] or not any(map(asked.says, wanted)):
        return f"wanted {best.title} {wanted}"
    return None


def _newest(asked: Asked, mask: Mask) -> str | None:
    days = {str(f.value) for p in asked.catalog.get(asked.catalog.ids[i] for i in mask.nonzero()[0])
            for f in facts_of(p, asked.catalog.slot(asked.slot))}  # fmt: skip
    return None if max(days) in asked.turn.text else f"wanted {max(days)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", action="store_true", help="print every wrong answer")
    args = parser.parse_args()
    right, total = Counter[str](), Counter[str]()
    for line in LIST.read_text(encoding="utf-8").splitlines():
        want = json.loads(line)
        asked = ask(want)
        trouble = wrong(asked)
        for group in (want["set"], want["want"]):
            total[group] += 1
            right[group] += trouble is None
        if trouble and args.failures:
            print(f"{want['shop']} {want['before']} {want['ask']}\n  {asked.turn.text}\n  {trouble}")
    for group in total:
        print(f"{group:10} {right[group]:>3} / {total[group]}")
    report("questions", str(LIST.relative_to(ROOT)), None, {g: [right[g], n] for g, n in total.items()})


if __name__ == "__main__":
    main()
