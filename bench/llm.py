"""What a model behind the turn costs: calls, tokens, what its prefix cache spares, seconds, and what it does to quality.

    python -m bench.llm                         # a scripted model of fixed speed over HTTP (bench/model/)
    python -m bench.llm --llm vllm:http://127.0.0.1:8100/v1#MODEL    # a real one
    python -m bench.llm --first 0.05 --speed 40 --tokenizer tokenizer.json

Talks of six turns (bench/model/talks.yaml) over the demo shop and, where the measuring data is, the electronics shop;
beside them the same talks without a model. Then 50 turns at once; then the development dialogues with models that talk
sense, nothing in particular and nonsense. Prints tables and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml

from aisle.cli import options as cli
from aisle.settings import USES, Settings
from bench.common import quantile, report, shop_db
from bench.model.noted import Noted
from bench.model.quality import played
from bench.model.server import Serving, Speed, serving
from bench.model.turns import (
    AT_ONCE,
    Bots,
    Measured,
    Talk,
    at_once,
    by_prompt,
    figures,
    hold,
    readings,
)
from bench.turn import WARM_UP
from chatbot.asking import Model
from chatbot.turn import Chatbot
from llm.limits import Limits
from llm.spec import open_llm

TALKS = Path(__file__).parent / "model" / "talks.yaml"
PARTS = ("talks", "crowd", "overhead", "quality")
SPEED = Speed()
SETTINGS = Settings.read()
LIMITS = {"calls": 2, "prompt": 1_800, "completion": 200, "cached": 0.6, "overhead_ms": 15.0}


def talks(shops: Iterable[str]) -> list[Talk]:
    found = yaml.safe_load(TALKS.read_text(encoding="utf-8"))
    return [Talk(talk["shop"], tuple(talk["turns"])) for talk in found if talk["shop"] in shops]


def databases() -> dict[str, Path]:
    """The shops to measure, imported with embeddings into the cache; without measuring data the demo shop alone."""
    found = {"demo": demo_db()}
    if SETTINGS.shared.is_dir():
        found["electronics"] = shop_db("electronics")
    else:
        print("no measuring data (AISLE_SHARED): the demo shop alone", file=sys.stderr)
    return found


def demo_db() -> Path:
    from catalog.demo import FEED
    from chatbot.scripts.shops import Shops
    from retrieval.embedder import PackagedEncoder

    return Shops(FEED.parent, SETTINGS.cache, PackagedEncoder()).database(FEED.stem)


def overheads(shops: Mapping[str, Path], given: Sequence[Talk], args: argparse.Namespace) -> dict[str, float]:
    """What a turn costs beside the waiting for a model that answers at once: each turn's least of three times, by an
    assistant that has met none of the texts, so that other work on the machine counts less."""
    rounds: list[list[Measured]] = []
    for _ in range(3):
        bots = {name: Chatbot.open(db) for name, db in shops.items()}
        for bot in bots.values():
            list(hold(bot, Talk("", WARM_UP)))
        with serving(Serving(Speed(0.0, 0.0, 10_000.0), "sense", args.said, args.tokenizer)) as spec:
            rounds.append(measure(spec, "always", bots, given))
    turns = list(zip(*rounds, strict=True))
    ours = [min(m.overhead for m in turn) for turn in turns]
    computing = [1000 * min(m.cpu for m in turn) for turn in turns]
    return {
        "p50_ms": round(quantile(ours, 0.5), 1),
        "p95_ms": round(quantile(ours, 0.95), 1),
        "cpu_p50_ms": round(quantile(computing, 0.5), 1),  # with reading the model's stream
        "cpu_p95_ms": round(quantile(computing, 0.95), 1),
    }


def table(title: str, columns: Mapping[str, Mapping[str, float]]) -> None:
    print(f"\n{title:18}" + "".join(f"{name:>12}" for name in columns))
    for row in next(iter(columns.values())):
        print(f"{row:18}" + "".join(f"{column.get(row, 0):>12}" for column in columns.values()))


def missed(asked: Mapping[str, float], beside: Mapping[str, float] | None) -> list[str]:
    """The limits that a way of asking does not keep."""
    kept = {
        "calls": asked["calls_max"] <= LIMITS["calls"],
        "prompt": asked["prompt_max"] <= LIMITS["prompt"],
        "completion": asked["completion_max"] <= LIMITS["completion"],
        "cached": asked["cached"] >= LIMITS["cached"],
        "overhead_ms": beside is None or beside["p50_ms"] <= LIMITS["overhead_ms"],
    }
    return [name for name, fine in kept.items() if not fine]


@contextmanager
def served(args: argparse.Namespace) -> Iterator[str]:
    """The model to measure: the one that was named, or ours."""
    if args.llm:
        yield args.llm
        return
    speed = Speed(args.first, args.prefill, args.speed)
    with serving(Serving(speed, "sense", args.said, args.tokenizer)) as spec:
        yield spec


def measure(spec: str, use: str, bots: Bots, given: Sequence[Talk], shown: bool = False) -> list[Measured]:
    """The turns of all talks with a model that is asked as readily as `use` says."""
    model = cli.model(spec, use)
    assert model
    noted = Noted(model.llm)
    asking = {shop: bot.with_model(replace(model, llm=noted)) for shop, bot in bots.items()}
    found = []
    for talk in given:
        for measured in hold(asking[talk.shop], talk, noted):
            found.append(measured)
            if shown:
                print(told(measured), flush=True)
    return found


def told(m: Measured) -> str:
    """A turn in a line, with its calls' prompt/cached/completion tokens."""
    spent = ((n.rendered.name, n.usage) for n in m.notes)
    calls = " ".join(f"{name} {u.prompt}/{u.cached}/{u.completion}" for name, u in spent)
    by = f"{m.turn.tracked_by}/{m.turn.ranked_by}{' degraded' if m.turn.degraded else ''}"
    return f"{m.place} {m.message[:44]:44} {1000 * m.seconds:7.0f} ms  {by:20} {calls}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm", metavar="SPEC", help="a real model instead of the scripted one")
    parser.add_argument("--first", type=float, default=SPEED.first, help="seconds to the scripted model's first token")
    parser.add_argument("--prefill", type=float, default=SPEED.prefill, help="seconds for a prompt token not cached")
    parser.add_argument("--speed", type=float, default=SPEED.tokens, help="tokens a second afterwards")
    parser.add_argument("--tokenizer", type=Path, help="a tokenizer.json to count with")
    parser.add_argument("--shops", default="demo,electronics")
    parser.add_argument(
        "--uses", default=",".join(USES), help="how readily it is asked (a real one's cache stays warm)"
    )
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts to measure (default: all)")
    parser.add_argument("--talks", type=int, help="only the first so many (a slow model takes its time)")
    parser.add_argument(
        "--show", action="store_true", help="print every turn, with each call's prompt/cached/completion tokens"
    )
    return parser.parse_args()


def main() -> None:
    args = arguments()
    shops = {name: db for name, db in databases().items() if name in args.shops.split(",")}
    bots = {name: Chatbot.open(db) for name, db in shops.items()}
    given = talks(shops)[: args.talks]
    args.said = tuple(pair for talk in given for pair in readings(bots[talk.shop], talk))  # and warms them up
    found: dict[str, object] = {}
    beside = overheads(shops, given, args) if "overhead" in args.parts else None
    if "talks" in args.parts:
        found |= print_talks(args, bots, given, beside)
    if "crowd" in args.parts:
        found["at_once"] = crowds(args, bots, given)
    if beside:
        table("beside the model", {"least of 3": beside})
        found["overhead"] = beside
    if "quality" in args.parts:
        found["quality"] = played()
    how = args.llm or f"scripted, {args.first} s, {args.prefill} s a token, {args.speed} tokens/s"
    report("llm", f"{len(given)} talks of six turns: {', '.join(shops)}", None, {"model": how, **found})


def print_talks(
    args: argparse.Namespace, bots: Bots, given: Sequence[Talk], beside: Mapping[str, float] | None
) -> dict[str, object]:
    """The talks without a model and with one, asked in each way; their figures, and the limits that were missed."""
    turns = {"none": [m for talk in given for m in hold(bots[talk.shop], talk)]}
    for use in args.uses.split(","):
        with served(args) as spec:  # a server of its own: its prefix cache begins empty
            turns[use] = measure(spec, use, bots, given, args.show)
    summed = {use: figures(measured) for use, measured in turns.items()}
    prompts = {use: by_prompt(measured) for use, measured in turns.items() if use != "none"}
    table("a turn", summed)
    for use, found in prompts.items():
        table(f"a call, {use}", found)
    late = {use: missed(found, beside) for use, found in summed.items() if use != "none"}
    print("\nlimits missed:", ", ".join(f"{use}: {' '.join(names)}" for use, names in late.items() if names) or "none")
    return {"uses": summed, "prompts": prompts, "missed": late}


def crowds(args: argparse.Namespace, bots: Bots, given: Sequence[Talk]) -> dict[str, dict[str, float]]:
    """Many turns at once, with as many answers in the making as the settings allow, and with as many as shoppers."""
    found = {}
    for running in dict.fromkeys((SETTINGS.llm_running, AT_ONCE)):
        with served(args) as spec:
            model = open_llm(spec, SETTINGS.llm_key, limits=Limits(running, SETTINGS.llm_waiting))
            assert model
            asking = {shop: bot.with_model(Model(model, "always")) for shop, bot in bots.items()}
            found[f"{running} answers"] = at_once(asking, given)
    table(f"{AT_ONCE} at once", found)
    return found


if __name__ == "__main__":
    main()
