"""How long the pages of /admin take over a file of many turns. Ends in one JSON line.

    python -m bench.insights [--turns 20000]

The turns are real ones of the demo shop, said again in any order in conversations of five.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

from bench.common import report
from catalog.demo import FEED
from catalog.ingest import import_feeds
from chatbot.events import Finished
from chatbot.memory.insights import Show, Wanted
from chatbot.memory.records import Document, Impression
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from chatbot.wire import turn_to_json

SAID = (
    "a tent for two under 300", "a quiet kettle", "how heavy is the first one?", "is it dishwasher safe?", "a red one",
    "a backpack under 5 dollars", "not that one", "do you have bananas?", "what is your return policy?", "compare them",
    "something light for hiking", "cheaper", "let me talk to a person", "a stove from Bose", "thanks",
)  # fmt: skip
TIMES = 9
A_TALK = 5


def main() -> None:
    """Make the file, ask for each page some times, tell the median and the worst in milliseconds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--turns", type=int, default=20_000)
    count = asked.parse_args().turns
    memory = Path("/dev/shm")
    # Where memory is a folder the file is made there: each turn would wait for the disk twice.
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        folder = Path(made)
        with People.open(folder / "people.db") as people:
            begun = time.perf_counter()
            some = _fill(people, _turns(folder), count)
            size = sum(file.stat().st_size for file in folder.glob("people.db*"))
            print(f"{count:,} turns, {size / 1e6:.0f} MB, made in {time.perf_counter() - begun:.0f} s")
            pages = {name: _measured(page) for name, page in _pages(people, some).items()}
    for name, (median, worst) in pages.items():
        print(f"{name:30} median {median:7.1f} ms · worst {worst:7.1f} ms")
    most = max(worst for _, worst in pages.values())
    report("insights", "demo", 6, {"turns": count, "megabytes": round(size / 1e6), "worst_ms": most, "pages": pages})


def _turns(folder: Path) -> list[tuple[Document, list[Impression]]]:
    """One dialogue with the demo shop, as documents."""
    import_feeds([FEED], folder / "shop.db")
    chatbot, state = Chatbot.open(folder / "shop.db"), DialogueState()
    made = []
    for text in SAID:
        *_, last = chatbot.turn(state, text)
        if isinstance(last, Finished):
            state = last.state
            made.append((turn_to_json(last.turn, ""), [Impression.of(s) for s in last.turn.suggestions]))
    return made


def _fill(people: People, turns: list[tuple[Document, list[Impression]]], count: int) -> str:
    """Conversations of five turns, with a dislike in every tenth; the id of one of them."""
    rng, session = random.Random(6), ""
    for number in range(count):
        place = number % A_TALK
        if not place:
            session = people.start("en")[0].id
        document, shown = rng.choice(turns)
        own = [replace(card, id=f"{place}-{card.id}") for card in shown]
        received = people.receive(session, str(place), document["user"])
        people.finish(received, document | {"turn": place + 1}, {}, own)
        if own and rng.random() < 1 / 10:
            people.feedback(session, own[0].id, "dislike")
    return session


def _pages(people: People, session: str) -> dict[str, Callable[[], object]]:
    insights = people.insights
    lists = {show or "all": Wanted(show=show) for show in get_args(Show)} | {"Chinese": Wanted(language="zh")}
    listed = {f"conversations, {name}": partial(insights.conversations, wanted) for name, wanted in lists.items()}
    return listed | {
        "one conversation": partial(insights.conversation, session),
        "what to mend": partial(insights.to_mend, 30),
        "days": partial(insights.days, 30),
    }


def _measured(page: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds: the median and the most of some times."""
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        page()
        times.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(times), 1), round(max(times), 1)


if __name__ == "__main__":
    main()
