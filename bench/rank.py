"""What a model's order is worth, and what a bad one costs: held to recall's scores (chatbot/rank/merge.py) or trusted.

    python -m bench.rank

Known quality: a perfect model picks by the judges' grades, a noisy one by grade plus noise, a random one by lot; each
picks five of the twenty candidates that recall hands to the ranker. Judged queries (chorus, development half): nDCG@5,
raw and condensed, of the five cards. Product searches between people (PSCon): the reciprocal rank of what was liked.

"reciprocal" adds the reciprocal ranks of both orders, "trusted" shows the model's as it is. How far the same model's picks
depend on the order in which it reads the candidates is measured in order_bias.py. Ends with one JSON line.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aisle.settings import Settings
from bench.common import report, shop_db
from bench.search import Judged
from bench.understand.pscon import as_they_did, dialogues
from chatbot.events import Recalled, Tracked
from chatbot.rank.answer import Pick
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.rank.merge import NEARLY, merged
from chatbot.scripts.shops import Shops
from chatbot.suggesting import RECALL
from chatbot.turn import CARDS, Chatbot
from chatbot.types import DialogueState, Need, Ranked
from retrieval.embedder import PackagedEncoder
from retrieval.metrics import condensed, ndcg
from retrieval.retriever import Retriever
from retrieval.types import Query

KINDS = ("perfect", "noise .5", "noise 1", "noise 2", "random")
REPEATS = 10
Grades = Mapping[str, int]
Order = Callable[[Sequence[Ranked], Sequence[int]], list[str]]
"""Candidates in recall's order and a model's picks (numbers from 1) -> item ids."""


@dataclass(frozen=True, slots=True)
class Case:
    """Candidates to rank and how good each is."""

    id: str
    text: str
    ranked: tuple[Ranked, ...]
    grades: Grades


def embedded(ranked: Sequence[Ranked], numbers: Sequence[int]) -> list[str]:
    return [one.candidate.product.id for one in ranked]


def trusted(ranked: Sequence[Ranked], numbers: Sequence[int]) -> list[str]:
    chosen = [embedded(ranked, ())[number - 1] for number in numbers]
    return chosen + [id for id in embedded(ranked, ()) if id not in chosen]


def fused(ranked: Sequence[Ranked], numbers: Sequence[int]) -> list[str]:
    """Reciprocal ranks of both orders, added (Cormack et al., 2009, with k = 0, the best of those tried)."""
    points = {number: 1 / number for number in range(1, len(ranked) + 1)}
    for place, number in enumerate(numbers, 1):
        points[number] += 1 / place
    return trusted(ranked, sorted(points, key=lambda number: -points[number]))


def held(ranked: Sequence[Ranked], numbers: Sequence[int]) -> list[str]:
    """As a turn does it."""
    return [one.candidate.product.id for one, _ in merged(ranked, map(Pick, numbers))]


ORDERS: Mapping[str, Order] = {"embedded": embedded, "trusted": trusted, "reciprocal": fused, "held": held}


def modelled(kind: str, case: Case, lot: random.Random) -> list[int]:
    """The picks of a model of this quality."""
    noise = {"perfect": 0.0, "random": 1e9}.get(kind) if not kind.startswith("noise") else float(kind.split()[1])
    assert noise is not None
    worth = [case.grades.get(one.candidate.product.id, 0) + lot.gauss(0, noise) for one in case.ranked]
    return sorted(range(1, len(worth) + 1), key=lambda number: -worth[number - 1])[:CARDS]


def judged_cases() -> list[Case]:
    judged = Judged(shop_db("electronics"), Settings.read().shared / "data" / "search")
    retriever = Retriever(judged.catalog, judged.encoder)
    ranker = EmbeddedRanker({slot.name: slot for slot in judged.catalog.slots})
    cases = []
    for id, text in judged.queries.items():
        found = retriever.retrieve(Query(text), RECALL)
        ranked = tuple(ranker.rank(Need(1, text), found, RECALL, "en"))
        cases.append(Case(id, text, ranked, judged.qrels.get(id, {})))
    return [case for case in cases if max(case.grades.values(), default=0) > 0]


def liked_cases(language: str) -> list[Case]:
    """Where people recommended something that was liked: our candidates then, the liked ones graded 1."""
    shops = Shops(Settings.read().shared / "data" / "crs", Settings.read().cache, PackagedEncoder())
    bot = Chatbot.open(shops.database(f"pscon_{language}_catalogue"))
    cases: list[Case] = []
    for dialogue in dialogues(Settings.read().shared / "data", language):
        state, turns = DialogueState(), dialogue["turns"]
        for said, reply in zip(turns, [*turns[1:], {}], strict=True):
            if said["speaker"] == "assistant":
                state = as_they_did(bot, state, said)
                continue
            events = list(bot.turn(state, said["text"]))
            state = next(e for e in events if isinstance(e, Tracked)).state
            found = next((e.retrieved.candidates for e in events if isinstance(e, Recalled)), ())
            liked = {r["id"]: 1 for r in reply.get("recommended") or () if r["label"] == "liked"}
            if liked and found:
                ranked = tuple(Ranked(candidate, "", (), "embedded") for candidate in found)
                cases.append(Case(str(len(cases)), said["text"], ranked, liked))
    return cases


def first_liked(ranking: Sequence[str], grades: Grades) -> float:
    return next((1 / place for place, id in enumerate(ranking[:CARDS], 1) if grades.get(id)), 0.0)


def known_quality(
    cases: Sequence[Case], measure: Callable[[Sequence[str], Grades], float]
) -> dict[str, dict[str, float]]:
    """order -> kind of model -> the mean of the measure over the cases."""
    table: dict[str, dict[str, float]] = {name: {} for name in ORDERS}
    for kind in KINDS:
        drawn = [
            (case, modelled(kind, case, random.Random(f"{case.id} {n}"))) for case in cases for n in range(REPEATS)
        ]
        for name, order in ORDERS.items():
            table[name][kind] = round(statistics.mean(measure(order(c.ranked, p), c.grades) for c, p in drawn), 4)
    return table


def show(what: str, table: Mapping[str, Mapping[str, float]]) -> None:
    print(f"\n{what}\n{'':12}" + "".join(f"{kind:>10}" for kind in KINDS))
    for name, row in table.items():
        print(f"{name:12}" + "".join(f"{row[kind]:10.3f}" for kind in KINDS))


def main() -> None:
    judged = judged_cases()
    tables = {
        "judged queries, nDCG@5 raw": known_quality(judged, ndcg(CARDS)),
        "judged queries, nDCG@5 condensed": known_quality(judged, condensed(ndcg(CARDS))),
    }
    for language in ("en", "zh"):
        tables[f"PSCon {language}, reciprocal rank of liked among {CARDS}"] = known_quality(
            liked_cases(language), first_liked
        )
    for what, table in tables.items():
        show(what, table)
    report("rank", "chorus development queries, PSCon", 0, {"nearly": NEARLY, "cases": len(judged), "results": tables})


if __name__ == "__main__":
    main()
