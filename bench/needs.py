"""What a product is, how many of them, and which one now: needs expected after messages of our own, a share and the misses.

    python -m bench.needs                    # shares by shop, then one JSON line
    python -m bench.needs --failures         # every line whose needs differ
    python -m bench.needs --meaning          # with the encoder

A line of labels/needs.txt: messages joined by |, then => and the needs in order, joined by ";": categories joined by "/"
(each with what is under it; "+": others may be there too; "-": no category, or no need yet; "?": any), then wishes that the need must
have ("& slot ~ word": some value holds the word; "& ~words": words of any wish; "& !...": must not). A need in
parentheses stands without being what the turn is about; "absent": the thing is reported as not carried, no need opens.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aisle.settings import Settings
from bench.common import report
from catalog.lexicon import Lexicon
from catalog.store import Catalog
from chatbot.scripts.shops import Shops
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.needs import categories_of
from chatbot.types import DialogueState, Need
from retrieval.embedder import PackagedEncoder

LINES = Path(__file__).parent / "labels" / "needs.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", action="store_true", help="print every line whose needs differ")
    parser.add_argument("--meaning", action="store_true", help="match by meaning, too")
    parser.add_argument("--only", default="", help="only this shop")
    options = parser.parse_args()
    passed, of = Counter[str](), Counter[str]()
    trackers = {name: _tracker(name, options.meaning) for name in {n for n, _, _ in lines()} if options.only in name}
    for shop, messages, expected in lines():
        if shop not in trackers:
            continue
        tracker = trackers[shop]
        state, absent = DialogueState(), False
        for message in messages:
            update = tracker.track(state, message)
            state, absent = apply(state, update), bool(update.absent)
        right = meets(state, absent, expected)
        of[shop] += 1
        passed[shop] += right
        if options.failures and not right:
            print(f"{shop}: {' | '.join(messages)}\n    wanted {expected}\n    got    {described(state, absent)}")
    for shop in of:
        print(f"{shop:<14} {passed[shop]:>3} / {of[shop]:<3} {passed[shop] / of[shop]:.3f}")
    report("needs", LINES.name, None, {"right": sum(passed.values()), "of": sum(of.values())})


def lines() -> Iterator[tuple[str, list[str], str]]:
    """(shop, messages, expected needs)."""
    shop = ""
    for line in LINES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            shop = line.strip("[]")
        elif line and not line.startswith("#"):
            said, _, expected = line.partition(" => ")
            yield shop, [m.strip() for m in said.split(" | ")], expected.strip()


def meets(state: DialogueState, absent: bool, expected: str) -> bool:
    """Do the state's needs answer the description?"""
    if expected == "absent":
        return absent and not any(categories_of(n) for n in state.needs)
    wanted = [w.strip() for w in expected.split(";")]
    if wanted in (["-"], ["?"]) and not state.needs:
        return True
    if len(wanted) != len(state.needs):
        return False
    return all(_meets(need, need.id in state.active, w) for need, w in zip(state.needs, wanted, strict=True))


def _meets(need: Need, active: bool, wanted: str) -> bool:
    if wanted.startswith("(") == active:
        return False
    names, *wishes = (part.strip() for part in wanted.strip("()").split(" & "))
    return _is(categories_of(need), names) and all(_has(need, wish) for wish in wishes)


def _is(have: tuple[str, ...], names: str) -> bool:
    if names == "?":
        return True
    if names == "-":
        return not have
    wanted = set(names.removesuffix("+").strip().split("/"))
    allowed = wanted | {below for name in wanted for below in Lexicon.default().narrower(name)}
    return wanted <= set(have) and (names.endswith("+") or set(have) <= allowed)


def _has(need: Need, wish: str) -> bool:
    if wish.startswith("!"):
        return not _has(need, wish[1:])
    slot, _, word = wish.partition("~")
    if not _:
        return any(w.text == wish for w in need.wishes)
    texts = [w.text for w in need.wishes if w.slot == slot.strip() or not slot]
    return any(re.search(re.escape(word.strip()), text, re.IGNORECASE) for text in texts)


def described(state: DialogueState, absent: bool) -> str:
    told = []
    for need in state.needs:
        names = "/".join(categories_of(need)[:6]) + ("…" if len(categories_of(need)) > 6 else "")
        rest = [w.text for w in need.wishes if w.slot != "category"]
        whole = " & ".join([names or "-", *rest])
        told.append(whole if need.id in state.active else f"({whole})")
    return "; ".join(told) + (" absent" if absent else "")


def _tracker(shop: str, meaning: bool) -> EmbeddedTracker:
    settings = Settings.read()
    encoder = PackagedEncoder()
    folder = Path("catalog") / "demo" if shop == "demo" else settings.shared / "data" / "shops"
    shops = Shops(folder, settings.cache, encoder, stale=True)
    return EmbeddedTracker(Catalog.open(shops.database(shop)), encoder if meaning else None)


if __name__ == "__main__":
    main()
