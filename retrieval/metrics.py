"""How good a ranking is, against graded judgements. Every query that has a relevant item counts: one that the run
leaves out scores 0 instead of vanishing from the mean.

Knows nothing of how a run was made. Definitions: Järvelin and Kekäläinen, 2002 (nDCG); Burges et al., 2005 (the gain
2^grade - 1); Sakai, 2007 (condensed lists).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

Qrels = Mapping[str, Mapping[str, int]]
"""query id -> item id -> grade, 0 for judged and not relevant."""
Run = Mapping[str, Sequence[str]]
"""query id -> item ids, best first."""
Measure = Callable[[Sequence[str], Mapping[str, int]], float]
"""One query's ranking and grades -> 0..1."""


def ndcg(k: int = 10) -> Measure:
    """nDCG@k with gain 2^grade - 1 and discount log2(rank + 1); items without a judgement gain nothing."""

    def measure(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
        best = _dcg(sorted(grades.values(), reverse=True)[:k])
        return _dcg([grades.get(item, 0) for item in ranking[:k]]) / best if best else 0.0

    return measure


def recall(k: int = 100, grade: int = 2) -> Measure:
    """The share of the items of at least this grade that are among the first k."""

    def measure(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
        wanted = {item for item, found in grades.items() if found >= grade}
        return len(wanted & set(ranking[:k])) / len(wanted) if wanted else 0.0

    return measure


def reciprocal_rank(k: int = 1000, grade: int = 1) -> Measure:
    """One over the place of the first item of at least this grade; 0 when it is not among the first k."""

    def measure(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
        places = (place for place, item in enumerate(ranking[:k], 1) if grades.get(item, 0) >= grade)
        return next((1 / place for place in places), 0.0)

    return measure


def condensed(measure: Measure) -> Measure:
    """The same measure of the ranking without its unjudged items: fair to systems that fed no pool."""

    def of_judged(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
        return measure([item for item in ranking if item in grades], grades)

    return of_judged


def by_query(measure: Measure, qrels: Qrels, run: Run, grade: int = 1) -> dict[str, float]:
    """The measure for every query that has an item of at least this grade, in the judgements' order."""
    answerable = (query for query, grades in qrels.items() if max(grades.values(), default=0) >= grade)
    return {query: measure(run.get(query, ()), qrels[query]) for query in answerable}


def mean(measure: Measure, qrels: Qrels, run: Run, grade: int = 1) -> float:
    """The mean of by_query; 0 when no query has a relevant item."""
    values = by_query(measure, qrels, run, grade).values()
    return math.fsum(values) / len(values) if values else 0.0


def read_qrels(lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """TREC judgements: "query 0 item grade" a line, by any blanks. ValueError names a line of another shape."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines, 1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) != 4:
            raise ValueError(f"line {number} is not 'query 0 item grade': {line.strip()!r}")
        qrels.setdefault(fields[0], {})[fields[2]] = int(fields[3])
    return qrels


def write_run(query: str, scored: Iterable[tuple[str, float]], tag: str = "aisle") -> str:
    """One query's part of a TREC run: "query Q0 item rank score tag" a line, best first."""
    return "".join(f"{query} Q0 {item} {rank} {score:.6f} {tag}\n" for rank, (item, score) in enumerate(scored, 1))


def _dcg(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))
