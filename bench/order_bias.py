"""Does a model's choice depend on the order in which it reads the candidates? The same ones, in four orders.

    python -m bench.order_bias --bias 2                                        # a model made for it, of noise 1
    python -m bench.order_bias --llm vllm:http://127.0.0.1:8100/v1#NAME [--queries 12] [--scores] [--show]

Judged queries (chorus, development half), twenty candidates each: in recall's order, backwards, shuffled twice. Counted:
answers that are read as a ranking; first picks that are merely the first line; pairs of orders with the same first item,
in the model's own order and once it is held to recall's scores (chatbot/rank/merge.py); nDCG@5 of both and of the orders
of two askings fused. --bias makes the first line worth so many grades more than the last. --scores puts recall's score into each line. Ends with one JSON line.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations

from bench.common import report
from bench.rank import Case, embedded, held, judged_cases, trusted
from chatbot.asking import Budget, Model
from chatbot.rank.answer import picks
from chatbot.rank.llm import LLMRanker
from chatbot.turn import CARDS
from chatbot.types import Need, Ranked
from errors import LLMUnavailable
from llm.spec import open_llm
from llm.types import LLM, Usage
from llm.watch import Deadlines
from prompts.types import Message, Rendered
from retrieval.metrics import ndcg

AT_ONCE = 4
SECONDS = 900
ORDERS = ("recall", "backwards", "shuffled", "shuffled again")
Picks = list[int]
"""Numbers in recall's order, best first."""


def orders_of(case: Case) -> Mapping[str, list[int]]:
    numbers = list(range(1, len(case.ranked) + 1))
    lot = random.Random(case.id)
    return dict(zip(ORDERS, (numbers, numbers[::-1], *(lot.sample(numbers, len(numbers)) for _ in "12")), strict=True))


def asked(llm: LLM, case: Case, order: Sequence[int], scores: bool) -> tuple[Picks, Usage, str]:
    """The model's picks of the candidates read in this order, what they cost, and its answer."""
    shown = [case.ranked[number - 1] for number in order]
    rendered = LLMRanker({}).rendered(Need(1, case.text), shown, CARDS, "en", case.text)
    asking = Model(llm, "always", Budget(SECONDS, calls=1)).asking()
    try:
        text = asking.complete(with_scores(rendered, shown) if scores else rendered)
    except LLMUnavailable as trouble:
        return [], asking.usage, str(trouble)
    chosen = [order[pick.number - 1] for pick in picks([text, "\n"], len(shown))]
    return chosen[:CARDS], asking.usage, text


def biased(case: Case, order: Sequence[int], bias: float) -> Picks:
    """The picks of a model that judges with noise 1, the same in every order, and favours what it reads first."""
    lot = random.Random(f"{case.id} noise")
    worth = {n: case.grades.get(id, 0) + lot.gauss(0, 1) for n, id in enumerate(embedded(case.ranked, ()), 1)}
    seen = {number: worth[number] - bias * place / len(order) for place, number in enumerate(order)}
    return sorted(seen, key=lambda number: -seen[number])[:CARDS]


def with_scores(rendered: Rendered, shown: Sequence[Ranked]) -> Rendered:
    """The same prompt with recall's score behind each candidate."""
    system, user = rendered.messages
    head, _, lines = user.content.partition("Candidates:\n")
    scored = (f"{line}; match {one.candidate.score:.2f}" for line, one in zip(lines.split("\n"), shown, strict=False))
    return replace(rendered, messages=(system, Message("user", head + "Candidates:\n" + "\n".join(scored))))


def fused(one: Picks, other: Picks) -> Picks:
    """Two askings' picks by the sum of their reciprocal ranks."""
    points: dict[int, float] = {}
    for chosen in (one, other):
        for place, number in enumerate(chosen, 1):
            points[number] = points.get(number, 0.0) + 1 / place
    return sorted(points, key=lambda number: -points[number])[:CARDS]


def figures(cases: Sequence[Case], found: Mapping[tuple[str, str], Picks]) -> dict[str, float]:
    def firsts(case: Case, hold: bool) -> list[str]:
        made = (found[case.id, order] for order in ORDERS)
        return [(held if hold else trusted)(case.ranked, chosen)[0] for chosen in made if chosen]

    def same(hold: bool) -> float:
        pairs = [a == b for case in cases for a, b in combinations(firsts(case, hold), 2)]
        return statistics.mean(pairs) if pairs else 0.0

    made: Mapping[str, Callable[[Case], list[str]]] = {
        "embedded": lambda c: embedded(c.ranked, ()),
        "trusted": lambda c: trusted(c.ranked, found[c.id, "recall"]),
        "held": lambda c: held(c.ranked, found[c.id, "recall"]),
        "shuffled": lambda c: trusted(c.ranked, found[c.id, "shuffled"]),
        "shuffled_held": lambda c: held(c.ranked, found[c.id, "shuffled"]),
        "two_fused": lambda c: trusted(c.ranked, fused(found[c.id, "recall"], found[c.id, "backwards"])),
        "two_fused_held": lambda c: held(c.ranked, fused(found[c.id, "recall"], found[c.id, "backwards"])),
    }
    quality = {
        f"ndcg5_{name}": statistics.mean(ndcg(CARDS)(ranking(case), case.grades) for case in cases)
        for name, ranking in made.items()
    }
    read = [(case, order) for case in cases for order in ORDERS if found[case.id, order]]
    first_line = statistics.mean(found[c.id, o][0] == orders_of(c)[o][0] for c, o in read) if read else 0.0
    return {
        "read": len(read) / max(len(found), 1),
        "first_pick_is_first_line": first_line,
        "same_first_item": same(hold=False),
        "same_first_item_held": same(hold=True),
    } | quality


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm", default="none")
    parser.add_argument("--bias", type=float, default=0.0)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--scores", action="store_true")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    llm = open_llm(options.llm, deadlines=Deadlines(5, SECONDS, SECONDS, SECONDS))
    cases = [case for case in judged_cases() if len(case.ranked) > 2 * CARDS][: options.queries]
    wanted = [(case, name, order) for case in cases for name, order in orders_of(case).items()]

    def answered(one: tuple[Case, str, list[int]]) -> tuple[Picks, Usage, str]:
        case, _, order = one
        return asked(llm, case, order, options.scores) if llm else (biased(case, order, options.bias), Usage(), "")

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(answered, wanted))
    seconds = time.perf_counter() - started
    if options.show:
        for (case, name, _), (chosen, _, text) in zip(wanted, answers, strict=True):
            print(f"{case.text} | {name} | {chosen} | {text!r}")
    said = figures(cases, {(case.id, name): a[0] for (case, name, _), a in zip(wanted, answers, strict=True)})
    usage = sum((a[1] for a in answers), Usage())
    for name, value in said.items():
        print(f"{name:28}{value:8.3f}")
    cost = {"prompt": usage.prompt / len(answers), "completion": usage.completion / len(answers), "seconds": seconds}
    rounded = {name: round(value, 3) for name, value in (said | cost).items()}
    head = {"model": options.llm, "bias": options.bias, "scores": options.scores, "cases": len(cases)}
    report("order_bias", "chorus development queries", 0, head | rounded)


if __name__ == "__main__":
    main()
