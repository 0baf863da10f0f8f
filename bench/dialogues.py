"""Scripted dialogues over the measuring shops: turns and dialogues passed, by tag and by shop, then one JSON line.

    python -m bench.dialogues                        # everything, with the keyword baseline beside it
    python -m bench.dialogues --failures             # every failing turn with its reasons
    python -m bench.dialogues --failures --only fh-  # only where the name, shop or a tag holds "fh-"
    python -m bench.dialogues --show e-dev-04        # whole transcripts
    python -m bench.dialogues --faq                  # with questions and answers in every shop, which must change nothing
    python -m bench.dialogues --paraphrases          # the same dialogues said in other words, three ways (or FILE ...)

A turn passes when all its expectations hold; each turn is run whatever happened before it. Tags overlap.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aisle.settings import Settings
from bench.common import ROOT, quantile, report
from bench.keyword_bot import KeywordBot
from bench.paraphrases import reworded
from catalog.demo import FAQ
from chatbot.scripts.report import outcome_lines
from chatbot.testing import Outcome, Result, Script, Shops, Stage, load_all
from retrieval.embedder import PackagedEncoder

PARAPHRASES = ROOT / "tests" / "dialogues" / "paraphrases"


@dataclass(slots=True)
class Tally:
    passed: int = 0
    of: int = 0

    def add(self, passed: bool) -> None:
        self.passed += passed
        self.of += 1

    def __str__(self) -> str:
        return f"{self.passed:>3} / {self.of:<3} {100 * self.passed / max(self.of, 1):5.1f} %"


Groups = Callable[[Result], Iterable[str]]


def shops_of(result: Result) -> Iterable[str]:
    return (result.script.shop or "-",)


def tags_of(result: Result) -> Iterable[str]:
    return result.script.tags


def turns_by(results: Iterable[Result], groups: Groups) -> dict[str, Tally]:
    """Turns passed, by whatever a dialogue belongs to."""
    found: dict[str, Tally] = defaultdict(Tally)
    for result in results:
        for group in groups(result):
            for outcome in answered(result):
                found[group].add(outcome.passed)
    return found


def dialogues_by(results: Iterable[Result], groups: Groups) -> dict[str, Tally]:
    """Dialogues passed whole, by whatever they belong to."""
    found: dict[str, Tally] = defaultdict(Tally)
    for result in results:
        for group in groups(result):
            found[group].add(result.passed)
    return found


def answered(result: Result) -> Iterator[Outcome]:
    return (outcome for outcome in result.outcomes if outcome.step.event is None)


def by_expectation(results: Iterable[Result]) -> dict[str, Tally]:
    """Single expectations met, by their key: where turns break."""
    found: dict[str, Tally] = defaultdict(Tally)
    for result in results:
        for outcome in answered(result):
            failed = {(failure.line, failure.expected) for failure in outcome.failures}
            for expectation in outcome.step.expect:
                met = (expectation.line, str(expectation)) not in failed
                found[expectation.key].add(outcome.seen is not None and met)
    return found


def table(title: str, **columns: dict[str, Tally]) -> None:
    first = next(iter(columns.values()))
    print(f"\n{title:24} " + "  ".join(f"{name:>17}" for name in columns))
    for row in sorted(first, key=lambda name: (-first[name].of, name)):
        print(f"{row:24} " + "  ".join(f"{column.get(row, '')!s:>17}" for column in columns.values()))


def print_tables(ours: list[Result], theirs: list[Result]) -> None:
    for title, groups in {"shop": shops_of, "tag (they overlap)": tags_of}.items():
        table(
            title, turns=turns_by(ours, groups), dialogues=dialogues_by(ours, groups), keywords=turns_by(theirs, groups)
        )
    table("expectation", ours=by_expectation(ours), keywords=by_expectation(theirs))


def totals(results: list[Result]) -> dict[str, float]:
    turns = [outcome for result in results for outcome in answered(result)]
    passed, dialogues = sum(o.passed for o in turns), sum(r.passed for r in results)
    milliseconds = [1000 * o.seconds for o in turns]
    return {
        "turns_passed": passed,
        "turns": len(turns),
        "turn_rate": round(passed / max(len(turns), 1), 4),
        "dialogues_passed": dialogues,
        "dialogues": len(results),
        "p50_ms": round(quantile(milliseconds, 0.5), 1),
        "p95_ms": round(quantile(milliseconds, 0.95), 1),
    }


def print_failures(results: Iterable[Result]) -> None:
    for result in results:
        for outcome in answered(result):
            if not outcome.passed:
                print(f"\n## {result.script.name} turn {outcome.step.number}  {' '.join(result.script.tags)}")
                print("\n".join(outcome_lines(outcome, result.script.file.name)))


def print_gap(stage: Stage, scripts: Sequence[Script], given: list[Result], args: argparse.Namespace) -> None:
    """Turns passed as given and in each of the rewordings, and by how much those fall behind."""
    files = args.paraphrases or sorted(PARAPHRASES.glob("*.yaml"))
    said = {file.stem: [stage.play(script) for script in reworded(scripts, file)] for file in files}
    if args.failures:
        for results in said.values():
            print_failures(results)
    for title, groups in {"shop": shops_of, "tag (they overlap)": tags_of}.items():
        columns = {name: turns_by(results, groups) for name, results in said.items()}
        table(title, given=turns_by(given, groups), **columns)
    figures = {name: totals(results) for name, results in {"given": given, **said}.items()}
    rates = [figures[name]["turn_rate"] for name in said]
    mean = round(sum(rates) / max(len(rates), 1), 4)
    gap = round(figures["given"]["turn_rate"] - mean, 4)
    print(f"\ngiven {figures['given']['turn_rate']:.3f}, in other words {mean:.3f}: {gap:.3f} less\n")
    report("paraphrases", str(args.paths[0]), None, {"only": args.only, **figures, "paraphrased": mean, "gap": gap})


def options() -> argparse.Namespace:
    settings = Settings.read()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[settings.shared / "data" / "dialogues"])
    parser.add_argument("--shops", type=Path, default=settings.shared / "data" / "shops")
    parser.add_argument("--cache", type=Path, default=settings.cache)
    parser.add_argument("--only", default="", help="only dialogues whose name, shop or tag holds this")
    parser.add_argument(
        "--paraphrases",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="the dialogues in other words (default: all of ours)",
    )
    parser.add_argument("--failures", action="store_true", help="print every failing turn")
    parser.add_argument("--show", action="store_true", help="print whole transcripts")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--no-embed", action="store_true", help="without vectors")
    parser.add_argument("--faq", action="store_true", help="every shop has the demo shop's questions and answers")
    parser.add_argument("--stale", action="store_true", help="take the newest database whatever importer made it")
    return parser.parse_args()


def chosen(scripts: Iterable[Script], only: str) -> list[Script]:
    return [s for s in scripts if only in s.name or only in (s.shop or "") or only in s.tags]


def main() -> None:
    args = options()
    started = time.perf_counter()
    scripts = chosen(load_all(args.paths), args.only)
    if not scripts:
        sys.exit(f"no dialogue matches {args.only!r}")
    encoder = None if args.no_embed else PackagedEncoder()
    shops = Shops(args.shops, args.cache, encoder, stale=args.stale, faq=FAQ[:2] if args.faq else ())
    stage = Stage(shops=shops, encoder=encoder)
    ours = [stage.play(script) for script in scripts]
    theirs = (
        []
        if args.no_baseline or args.paraphrases is not None
        else [stage.play(s, lambda bot: KeywordBot(bot.catalog)) for s in scripts]
    )
    if args.paraphrases is not None:
        print_gap(stage, scripts, ours, args)
        return
    if args.show:
        for result in ours:
            print(f"\n## {result.script.name}")
            for outcome in result.outcomes:
                print("\n".join(outcome_lines(outcome, result.script.file.name)))
    elif args.failures:
        print_failures(ours)
    print_tables(ours, theirs)
    figures = {"only": args.only, "seconds": round(time.perf_counter() - started, 1)}
    figures |= {"ours": totals(ours), "keywords": totals(theirs) if theirs else None}
    figures |= {"by_tag": {tag: [t.passed, t.of] for tag, t in sorted(turns_by(ours, tags_of).items())}}
    print()
    report("dialogues", str(args.paths[0]), None, figures)


if __name__ == "__main__":
    main()
