"""Next-item recommendation: the first film that a user liked after what the model is told, among sampled others.

    python -m bench.recommend [--llm SPEC] [--users 60] [--styles sequential recency in_context] [--rounds 1 3]

Films of MovieLens (small), split by each user's own time. A case is a user's liked films before the split, and twenty
candidates: the first liked film behind the split and 19 that the user rated nowhere, drawn by popularity (harder: the
most taken is no longer a clue) or evenly. Baselines rank the very same cases, on all users and on those that the model
is asked about. Without --llm scripted models show that the bench measures what it should: one that knows, one that
guesses, one that repeats the list, and one that leans to the top of the list. Ends with one JSON line.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from aisle.settings import Settings
from bench.common import report
from bench.recommend_models import guessing, knowing, leaning, repeating
from errors import LLMError
from learning.recommend.baselines import Content, ItemKNN, Popularity, Recommender
from learning.recommend.llm import STYLES, LLMRecommender, Ranking, Style, as_told
from llm.types import LLM, Call, Usage
from retrieval.metrics import Qrels, by_query, ndcg, recall

LIKED = 4.0  # stars from which a film counts as liked
CANDIDATES = 20
ITEMS = "movielens_small_items.jsonl"
MEASURES = {"R@1": recall(1, 1), "R@5": recall(5, 1), "R@10": recall(10, 1), "nDCG@10": ndcg(10)}
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One user's question: `history` the oldest first, `target` is one of the candidates."""

    id: str
    history: tuple[str, ...]
    target: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Films:
    """Who took what, the oldest first, and what each film is. `seen`: all that a user rated, liked or not."""

    liked: Mapping[str, tuple[str, ...]]
    next: Mapping[str, str]
    seen: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    genres: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, folder: Path) -> Films:
        items = [json.loads(row) for row in (folder / ITEMS).read_text(encoding="utf-8").splitlines()]
        before, after = (_ratings(folder / f"movielens_small_{part}.open.tsv") for part in ("train", "valid"))
        liked = {user: tuple(item for item, stars in rated if stars >= LIKED) for user, rated in before.items()}
        first = {user: next((i for i, stars in rated if stars >= LIKED), None) for user, rated in after.items()}
        seen = {user: frozenset(i for i, _ in [*before[user], *after.get(user, ())]) for user in before}
        return cls(
            {user: taken for user, taken in liked.items() if taken},
            {user: item for user, item in first.items() if item},
            seen,
            {item["id"]: item["title"] for item in items},
            {item["id"]: tuple(item["genres"]) for item in items},
        )

    def cases(self, seed: int, negatives: str) -> list[Case]:
        """A case of every user who liked something on both sides of the split."""
        counts = Counter(item for taken in self.liked.values() for item in taken)
        items = sorted(self.titles)
        weights = [float(counts[item]) if negatives == "popularity" else 1.0 for item in items]
        found = []
        for user in sorted(self.next.keys() & self.liked.keys(), key=int):
            draw = random.Random(f"{seed} {user}")
            others: dict[str, None] = {}
            while len(others) < CANDIDATES - 1:
                drawn = draw.choices(items, weights)[0]
                if drawn not in self.seen[user]:
                    others[drawn] = None
            candidates = [self.next[user], *others]
            draw.shuffle(candidates)
            found.append(Case(f"{seed}/{user}", self.liked[user], self.next[user], tuple(candidates)))
        return found


def _ratings(file: Path) -> Mapping[str, list[tuple[str, float]]]:
    """(item, stars) of each user by time; of one moment in the file's order."""
    rated: defaultdict[str, list[tuple[int, str, float]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            rated[row["user"]].append((int(row["timestamp"]), row["item"], float(row["rating"])))
    return {user: [(i, stars) for _, i, stars in sorted(found, key=lambda r: r[0])] for user, found in rated.items()}


def baselines(films: Films) -> Mapping[str, Recommender]:
    everybody = list(films.liked.values())
    return {
        "popularity": Popularity(everybody),
        "genres": Content(films.genres),
        "co-taken with the last": ItemKNN(everybody, decay=0.0),
        "item-kNN": ItemKNN(everybody),
        "item-kNN, recent first": ItemKNN(everybody, decay=0.9),
    }


def score(cases: Sequence[Case], orders: Sequence[Sequence[int]]) -> Row:
    """The mean of each measure over the cases, and the standard error of nDCG@10."""
    qrels: Qrels = {case.id: {case.target: 1} for case in cases}
    run = {case.id: [case.candidates[n] for n in order] for case, order in zip(cases, orders, strict=True)}
    values = {name: list(by_query(measure, qrels, run).values()) for name, measure in MEASURES.items()}
    means = {name: math.fsum(found) / len(found) for name, found in values.items()}
    spread = math.fsum((value - means["nDCG@10"]) ** 2 for value in values["nDCG@10"])
    return means | {"se": math.sqrt(spread) / len(cases)}


def by_model(films: Films, cases: Sequence[Case], model: Callable[[Case], LLM], style: Style, rounds: int, at_once: int) -> Row:  # fmt: skip
    """A model's figures. One that cannot be asked, or says nothing of use, leaves the case as it was listed.

    numbered: the share of candidates that the model itself placed; listing: the rank correlation (Spearman) of its
    answers with the order it was shown, 0 where that means nothing to it.
    """
    begun, usages = time.perf_counter(), []

    def ask(case: Case) -> Ranking | None:
        call = Call()
        recommender = LLMRecommender(model(case), style, rounds, "films", seed=int(case.id.partition("/")[0]))
        try:
            return recommender.rank(titles(films, case.history), titles(films, case.candidates), call)
        except LLMError:
            return None
        finally:
            usages.append(call.usage)

    with ThreadPoolExecutor(at_once) as pool:
        rankings = list(pool.map(ask, cases))
    asked = [one for ranking in rankings if ranking for one in ranking.rounds]
    used = sum(usages, Usage())
    told = [listing(one.answered, one.listed) for one in asked if len(one.answered) > 1]
    return score(cases, [r.order if r else range(CANDIDATES) for r in rankings]) | {
        "failed": sum(r is None for r in rankings),
        "numbered": sum(len(one.answered) for one in asked) / (CANDIDATES * rounds * len(cases)),
        "listing": sum(told) / len(told) if told else 0.0,
        "prompt_tokens": used.prompt / (rounds * len(cases)),
        "cached": used.cached / used.prompt if used.prompt else 0.0,
        "completion_tokens": used.completion / (rounds * len(cases)),
        "seconds": (time.perf_counter() - begun) / (rounds * len(cases)),
    }


def titles(films: Films, items: Sequence[str]) -> list[str]:
    return [films.titles[item] for item in items]


def listing(answered: Sequence[int], listed: Sequence[int]) -> float:
    """Spearman's correlation between the answer and the order in which its items were listed."""
    shown = {place: rank for rank, place in enumerate(listed)}
    ranks = sorted(range(len(answered)), key=lambda n: shown[answered[n]])
    n = len(answered)
    return 1 - 6 * sum((was - now) ** 2 for now, was in enumerate(ranks)) / (n * (n * n - 1))


def scripted(films: Films) -> Mapping[str, Callable[[Case], LLM]]:
    """Models that need no server; what they know of a case is its answer."""
    return {
        "knows": lambda case: knowing(as_told(films.titles[case.target])),
        "guesses": lambda case: guessing(case.id),
        "repeats the list": lambda case: repeating(),
        "leans to the top": lambda case: leaning(as_told(films.titles[case.target]), case.id),
    }


def show(name: str, row: Row) -> Row:
    told = "  ".join(f"{key} {value:.3f}" for key, value in row.items())
    print(f"  {name:<40} {told}", flush=True)
    return {key: round(value, 4) for key, value in row.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm", help="the model, as the commands take it; without one the scripted models")
    parser.add_argument("--users", type=int, help="ask the model about this many users, drawn evenly; all by default")
    parser.add_argument("--negatives", choices=("popularity", "uniform"), default="popularity")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--styles", nargs="+", choices=STYLES, default=list(STYLES))
    parser.add_argument("--rounds", type=int, nargs="+", default=[1, 3])
    parser.add_argument("--at-once", type=int, default=1, help="cases asked about at the same time")
    options = parser.parse_args()
    films = Films.read(Settings.read().shared / "data" / "interactions")
    cases = [case for seed in options.seeds for case in films.cases(seed, options.negatives)]
    some = cases[:: max(1, len(cases) // (options.users * len(options.seeds)))] if options.users else cases
    figures: dict[str, dict[str, Row]] = {}
    for part in {len(cases): cases, len(some): some}.values():
        print(f"{len(part)} cases, {CANDIDATES} candidates, others drawn by {options.negatives}")
        orders = {name: [r.rank(c.history, c.candidates) for c in part] for name, r in baselines(films).items()}
        figures[str(len(part))] = {name: show(name, score(part, found)) for name, found in orders.items()}
    models = {options.llm.partition("#")[2] or options.llm: _opened(options.llm)} if options.llm else scripted(films)
    for name, model in models.items():
        for style in options.styles if options.llm else options.styles[:1]:
            for rounds in options.rounds:
                row = by_model(films, some, model, style, rounds, options.at_once)
                figures[str(len(some))][f"{name}, {style}, rounds {rounds}"] = show(f"{name}, {style} x {rounds}", row)
    report(
        "recommend", f"movielens-small, negatives by {options.negatives}", options.seeds[0], {"ndcg_at": 10, **figures}
    )


def _opened(spec: str) -> Callable[[Case], LLM]:
    from llm.spec import open_llm
    from llm.watch import Deadlines

    opened = open_llm(spec, Settings.read().llm_key, Deadlines(connect=2.0, first=120.0, gap=60.0, total=300.0))
    if opened is None:
        raise SystemExit("--llm none asks nobody: leave it out for the scripted models")
    return lambda case: opened.llm


if __name__ == "__main__":
    main()
