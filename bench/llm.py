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
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from aisle.cli import options as cli
from aisle.settings import USES, Settings
from bench.common import quantile, report, shop_db
from bench.model.answers import Said, meaning
from bench.model.noted import Note, Noted
from bench.model.quality import played
from bench.model.server import Serving, Speed, serving
from bench.turn import WARM_UP
from chatbot.asking import Model
from chatbot.events import Finished, Suggested, Tracked, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from llm.limits import Limits
from llm.spec import open_llm
from llm.types import Call

TALKS = Path(__file__).parent / "model" / "talks.yaml"
AT_ONCE = 50
SPEED = Speed()
SETTINGS = Settings.read()
LIMITS = {"calls": 2, "prompt": 1_800, "completion": 200, "cached": 0.6, "overhead_ms": 15.0}


Bots = Mapping[str, Chatbot]


@dataclass(frozen=True, slots=True)
class Talk:
    shop: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One turn. Seconds from the message: to the first card (None where none came) and to the end."""

    place: int  # in its talk, from 1
    message: str
    turn: Turn
    notes: tuple[Note, ...]
    first_card: float | None
    seconds: float
    cpu: float  # seconds of computing in the turn's own thread, the reading of the model's stream among it

    @property
    def overhead(self) -> float:
        """Milliseconds that are ours: all but the waiting for the model."""
        return 1000 * self.seconds - self.turn.ms.get("model", 0.0)


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


def hold(bot: Chatbot, talk: Talk, noted: Noted | None = None) -> Iterator[Measured]:
    """The turns of one talk, one after the other."""
    state = DialogueState()
    for place, message in enumerate(talk.messages, 1):
        measured, state = one(bot, state, message, place, talk.messages[0])
        yield replace(measured, notes=tuple(noted.take())) if noted else measured


def one(bot: Chatbot, state: DialogueState, message: str, place: int, session: str) -> tuple[Measured, DialogueState]:
    begun, computed, first = time.perf_counter(), time.thread_time(), None
    for event in bot.turn(state, message, Call(session=session)):
        if isinstance(event, Suggested) and first is None:
            first = time.perf_counter() - begun
    assert isinstance(event, Finished)
    seconds, cpu = time.perf_counter() - begun, time.thread_time() - computed
    return Measured(place, message, event.turn, (), first, seconds, cpu), event.state


def readings(bot: Chatbot, talk: Talk) -> Iterator[Said]:
    """What each message of a talk means to the embedded tracker, for a model that talks sense."""
    state = DialogueState()
    for message in talk.messages:
        before = state
        for event in bot.turn(state, message):
            if isinstance(event, Tracked):
                yield message, meaning(event.update, before)
            elif isinstance(event, Finished):
                state = event.state


def figures(turns: Sequence[Measured]) -> dict[str, float]:
    """The figures of one way of asking, over all its talks."""
    spent = [m.turn.tokens for m in turns]
    later = [m.turn.tokens for m in turns if m.place > 1]
    answered = [m.turn for m in turns if m.turn.llm_calls]
    shown = [m for m in turns if m.first_card is not None and m.turn.ranked_by == "llm"]
    overhead = [m.overhead for m in turns]
    return {
        "turns": len(turns),
        "asked": round(len(answered) / len(turns), 3),
        "degraded": sum(m.turn.degraded for m in turns),
        "calls_mean": round(statistics.mean(m.turn.llm_calls for m in turns), 2),
        "calls_max": max(m.turn.llm_calls for m in turns),
        "prompt_mean": round(statistics.mean(t["prompt"] for t in spent)),
        "prompt_max": max(t["prompt"] for t in spent),
        "completion_mean": round(statistics.mean(t["completion"] for t in spent)),
        "completion_max": max(t["completion"] for t in spent),
        "cached": round(sum(t["cached"] for t in later) / max(sum(t["prompt"] for t in later), 1), 3),
        "seconds_p50": round(quantile((m.seconds for m in turns), 0.5), 3),
        "seconds_p95": round(quantile((m.seconds for m in turns), 0.95), 3),
        "first_card_p50": round(quantile((m.first_card or 0.0 for m in shown), 0.5), 3),
        "end_p50": round(quantile((m.seconds for m in shown), 0.5), 3),
        "overhead_p50_ms": round(quantile(overhead, 0.5), 1),
        "overhead_p95_ms": round(quantile(overhead, 0.95), 1),
        "cpu_p50_ms": round(quantile((1000 * m.cpu for m in turns), 0.5), 1),
        "cpu_p95_ms": round(quantile((1000 * m.cpu for m in turns), 0.95), 1),
    }


def by_prompt(turns: Sequence[Measured]) -> dict[str, dict[str, float]]:
    """Tokens a call, by prompt: of all, and what was cached from each talk's second turn on."""
    found: dict[str, dict[str, float]] = {}
    for name in sorted({note.rendered.name for m in turns for note in m.notes}):
        calls = [(m.place, note.usage) for m in turns for note in m.notes if note.rendered.name == name]
        later = [usage for place, usage in calls if place > 1]
        found[name] = {
            "calls": len(calls),
            "prompt_mean": round(statistics.mean(u.prompt for _, u in calls)),
            "prompt_max": max(u.prompt for _, u in calls),
            "completion_mean": round(statistics.mean(u.completion for _, u in calls)),
            "completion_max": max(u.completion for _, u in calls),
            "cached": round(sum(u.cached for u in later) / max(sum(u.prompt for u in later), 1), 3),
        }
    return found


def at_once(bots: Bots, given: Sequence[Talk]) -> dict[str, float]:
    """Many shoppers' first messages in the same moment."""
    openings = [given[n % len(given)] for n in range(AT_ONCE)]

    def ask(n: int) -> Measured:
        state, message = DialogueState(), openings[n].messages[n // len(given) % 3]
        return one(bots[openings[n].shop], state, message, 1, f"shopper {n}")[0]

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(ask, range(AT_ONCE)))
    seconds = [m.seconds for m in done]
    return {
        "turns": len(done),
        "with_model": sum(m.turn.llm_calls > 0 and not m.turn.degraded for m in done),
        "degraded": sum(m.turn.degraded for m in done),
        "without_text": sum(not m.turn.text for m in done),
        "seconds_p50": round(quantile(seconds, 0.5), 3),
        "seconds_p95": round(quantile(seconds, 0.95), 3),
        "seconds_max": round(max(seconds), 3),
        "all_s": round(time.perf_counter() - begun, 3),
    }


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


def table(title: str, columns: dict[str, dict[str, float]]) -> None:
    print(f"\n{title:18}" + "".join(f"{name:>12}" for name in columns))
    for row in next(iter(columns.values())):
        print(f"{row:18}" + "".join(f"{column.get(row, 0):>12}" for column in columns.values()))


def missed(asked: dict[str, float], beside: dict[str, float]) -> list[str]:
    """The limits that a way of asking does not keep."""
    kept = {
        "calls": asked["calls_max"] <= LIMITS["calls"],
        "prompt": asked["prompt_max"] <= LIMITS["prompt"],
        "completion": asked["completion_max"] <= LIMITS["completion"],
        "cached": asked["cached"] >= LIMITS["cached"],
        "overhead_ms": beside["p50_ms"] <= LIMITS["overhead_ms"],
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


def measure(spec: str, use: str, bots: Bots, given: Sequence[Talk]) -> list[Measured]:
    """The turns of all talks with a model that is asked as readily as `use` says."""
    model = cli.model(spec, use)
    assert model
    noted = Noted(model.llm)
    asking = {shop: bot.with_model(replace(model, llm=noted)) for shop, bot in bots.items()}
    return [m for talk in given for m in hold(asking[talk.shop], talk, noted)]


def show(use: str, turns: Iterable[Measured]) -> None:
    print(f"\n{use}: each turn, and its calls' prompt/cached/completion tokens")
    for m in turns:
        spent = ((n.rendered.name, n.usage) for n in m.notes)
        calls = " ".join(f"{name} {u.prompt}/{u.cached}/{u.completion}" for name, u in spent)
        by = f"{m.turn.tracked_by}/{m.turn.ranked_by}{' degraded' if m.turn.degraded else ''}"
        print(f"{m.place} {m.message[:44]:44} {1000 * m.seconds:7.0f} ms  {by:20} {calls}")


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
    parser.add_argument("--no-quality", action="store_true", help="leave the development dialogues out")
    parser.add_argument("--show", action="store_true", help="print every turn")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    shops = {name: db for name, db in databases().items() if name in args.shops.split(",")}
    bots = {name: Chatbot.open(db) for name, db in shops.items()}
    given = talks(shops)
    args.said = tuple(pair for talk in given for pair in readings(bots[talk.shop], talk))  # and warms them up
    turns = {"none": [m for talk in given for m in hold(bots[talk.shop], talk)]}
    for use in args.uses.split(","):
        with served(args) as spec:  # a server of its own: its prefix cache begins empty
            turns[use] = measure(spec, use, bots, given)
        if args.show:
            show(use, turns[use])
    crowds = {}
    for running in (SETTINGS.llm_running, AT_ONCE):
        with served(args) as spec:
            guarded = open_llm(spec, SETTINGS.llm_key, limits=Limits(running, SETTINGS.llm_waiting))
            assert guarded
            asking = {shop: bot.with_model(Model(guarded, "always")) for shop, bot in bots.items()}
            crowds[f"{running} answers"] = at_once(asking, given)
    summed = {use: figures(measured) for use, measured in turns.items()}
    prompts = {use: by_prompt(measured) for use, measured in turns.items() if use != "none"}
    table("a turn", summed)
    for use, found in prompts.items():
        table(f"a call, {use}", found)
    table(f"{AT_ONCE} at once", crowds)
    beside = overheads(shops, given, args)
    table("beside the model", {"least of 3": beside})
    late = {use: missed(found, beside) for use, found in summed.items() if use != "none"}
    print("\nlimits missed:", ", ".join(f"{use}: {' '.join(names)}" for use, names in late.items() if names) or "none")
    quality = {} if args.no_quality else played()
    told = {
        "uses": summed,
        "overhead": beside,
        "prompts": prompts,
        "at_once": crowds,
        "missed": late,
        "quality": quality,
    }
    how = args.llm or f"scripted, {args.first} s, {args.prefill} s a token, {args.speed} tokens/s"
    report("llm", f"{len(given)} talks of six turns: {', '.join(shops)}", None, {"model": how, **told})


if __name__ == "__main__":
    main()
