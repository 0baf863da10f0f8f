"""What is answered: messages of our own with the act, the question, the cards and the words expected after the last one.

    python -m bench.replies [--only SHOP] [--failures]

Cases: labels/replies.txt, which says how a line is read. Over the measuring shops and the demo shop; one JSON line.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aisle.settings import Settings
from bench.common import ROOT, report, shop_db
from chatbot.events import Finished, Turn
from chatbot.scripts.shops import Shops
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from retrieval.embedder import PackagedEncoder

LIST = ROOT / "bench" / "labels" / "replies.txt"
_EXPECTED = re.compile(r"(\w+)=(.*?)(?=\s+\w+=\S|$)")


@dataclass(frozen=True, slots=True)
class Case:
    """A talk and what is expected of its last answer."""

    shop: str
    messages: tuple[str, ...]
    expected: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The last answer, and what it asked for."""

    turn: Turn
    state: DialogueState
    asked: tuple[str, ...]

    @property
    def ledger(self) -> str:
        return ";".join(w.text for w in self.turn.ledger)


def cases(path: Path = LIST) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            shop, messages, expected = (part.strip() for part in line.split(" | ", 2))
            yield Case(shop, tuple(messages.split(" ; ")), tuple(_EXPECTED.findall(expected)))


def talk(bot: Chatbot, messages: tuple[str, ...]) -> Seen:
    state = before = DialogueState()
    for message in messages:
        before = state
        last = next(e for e in bot.turn(state, message) if isinstance(e, Finished))
        state = last.state
    return Seen(last.turn, state, tuple(s for s in state.asked if s not in before.asked))


def _acts(seen: Seen, wanted: str) -> bool:
    acts = {a.value for a in seen.turn.acts}
    return any(set(one.split(",")) <= acts for one in wanted.split("|"))


def _replies(seen: Seen, wanted: str) -> bool:
    return any(wanted in ("+", reply) or wanted in reply for reply in seen.turn.quick_replies)


MET: Mapping[str, Callable[[Seen, str], bool]] = {
    "acts": _acts,
    "replies": _replies,
    "asked": lambda seen, wanted: seen.asked == (wanted,),
    "nasked": lambda seen, wanted: not set(wanted.split(",")) & set(seen.asked),
    "ledger": lambda seen, wanted: all(part in seen.ledger for part in wanted.split(";")),
    "hasntledger": lambda seen, wanted: all(w.slot != wanted for w in seen.turn.ledger),
    "declined": lambda seen, wanted: wanted in seen.state.declined,
    "cards": lambda seen, wanted: bool(seen.turn.suggestions) == (wanted != "0"),
    "relaxed": lambda seen, wanted: any(wanted in str(c) for c in seen.turn.relaxed),
    "lang": lambda seen, wanted: seen.turn.language == wanted,
    "has": lambda seen, wanted: re.search(wanted, seen.turn.text) is not None,
    "hasnt": lambda seen, wanted: re.search(wanted, seen.turn.text) is None,
}


def database(shop: str, encoder: PackagedEncoder) -> Path:
    """The catalogue of a measuring shop, or of the demo shop."""
    if shop != "demo":
        return shop_db(shop)
    return Shops(ROOT / "catalog" / "demo", Settings.read().cache, encoder).database(shop)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="one shop")
    parser.add_argument("--failures", action="store_true", help="print every answer that is not as expected")
    options = parser.parse_args()
    encoder, bots = PackagedEncoder(), dict[str, Chatbot]()
    right, total = Counter[str](), Counter[str]()
    for case in cases():
        if options.only not in ("", case.shop):
            continue
        if case.shop not in bots:
            bots[case.shop] = Chatbot.open(database(case.shop, encoder), embedder=encoder)
        seen = talk(bots[case.shop], case.messages)
        missed = [f"{name}={wanted}" for name, wanted in case.expected if not MET[name](seen, wanted)]
        total[case.shop] += 1
        right[case.shop] += not missed
        if missed and options.failures:
            print(
                f"{case.shop}: {' ; '.join(case.messages)}\n  {' '.join(missed)}\n  {seen.ledger}\n  {seen.turn.text}"
            )
    for shop, n in total.items():
        print(f"{shop:14} {right[shop]:>3} / {n}")
    report("replies", str(LIST.relative_to(ROOT)), None, {shop: [right[shop], n] for shop, n in total.items()})


if __name__ == "__main__":
    main()
