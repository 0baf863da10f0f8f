"""PSCon: product searches between two people, in English and in Chinese, replayed turn by turn.

The shopper's messages are tracked with what the human assistant really did in between: the products shown and the
properties asked for become the state. Measured at every message: the shopper's intent, the words kept of what is looked
for, what the assistant does next (asks or shows), and whether the products then liked are found. The shop is their
catalogue, which holds titles alone: no price, no attribute, so that most wishes can only be kept as text.

Their intents come from a taxonomy for searching (reveal a new need, interpret it by answering a question, revise it
...), put on by the people who talked; the table below is our reading of it. Knows no sentence of the data.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aisle.settings import Settings
from bench.understand import Described, Scores, f1
from catalog.lexicon import Lexicon
from chatbot import state as states
from chatbot.events import Finished, Recalled, Tracked, Turn
from chatbot.scripts.shops import Shops
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState, StateUpdate, Suggestion, UserAct
from retrieval.embedder import Embedder
from retrieval.types import Candidate
from retrieval.words import content_words

LANGUAGES = ("en", "zh")
DEPTH = 10
DESCRIBED = Described(
    name="pscon",
    what="115 English and 449 Chinese product searches between people: intent, ask or show, keywords, items liked",
    trained="nothing",
    published="a Transformer trained on 80 % of it (SIGIR 2025); its figures are not at hand. BM25 of all the shopper's "
    "words, Recall@10 of liked items: .67 en, .69 zh (the data's README)",
    aims={},
)
ACTIONS: Mapping[AgentAct, str] = {
    AgentAct.RECOMMEND: "Recommend",
    AgentAct.COMPARE: "Recommend",
    AgentAct.ELICIT: "Clarify",
    AgentAct.CHITCHAT: "Chitchat",
    AgentAct.CONFIRM: "Chitchat",
    AgentAct.NO_MATCH: "No answer",
}
TALK = {UserAct.CHITCHAT, UserAct.OTHER}


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a shopper with all that came of it, and what the people did."""

    said: Mapping[str, Any]
    before: DialogueState
    update: StateUpdate
    after: DialogueState
    turn: Turn
    found: tuple[str, ...]  # ids, best first
    replied: Mapping[str, Any] | None  # what the human assistant did next, when the floor was handed over
    words: str  # all the shopper said so far


@dataclass(slots=True)
class Tally:
    """Sums of one language; a mean is written where there is anything to take it of."""

    sums: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, value: float) -> None:
        self.sums[name] += value  # type: ignore[assignment]
        self.of[name] += 1

    def means(self) -> dict[str, float]:
        return {name: self.sums[name] / n for name, n in self.of.items()}


def majority(data: Path) -> Scores:
    """The commonest intent and the commonest action of each language; every question asked, every word kept."""
    scores: dict[str, float] = {}
    for language in LANGUAGES:
        turns = [t for d in dialogues(data, language) for t in d["turns"]]
        intents = Counter(t["intent"] for t in turns if t["speaker"] == "user")
        actions = Counter(t["action"] for t in turns if t["speaker"] == "assistant")
        shown = {name: n for name, n in actions.items() if name in ("Clarify", "Recommend")}
        scores[f"{language} intent accuracy"] = max(intents.values()) / intents.total()
        scores[f"{language} intent macro-F1"] = macro_f1(
            [(i, intents.most_common(1)[0][0]) for i in intents.elements()]
        )
        scores[f"{language} ask or show accuracy"] = max(shown.values()) / sum(shown.values())
    return scores


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    """Our scores by language; the columns "BM25" are the reference: all the shopper's words as one query."""
    scores: dict[str, float] = {}
    shops = Shops(data / "crs", Settings.read().cache, embedder)
    for language in LANGUAGES:
        bot = Chatbot.open(shops.database(f"pscon_{language}_catalogue"), embedder=embedder)
        tally, intents = Tally(), list[tuple[str, str]]()
        for dialogue in dialogues(data, language):
            for heard in replayed(bot, dialogue):
                wanted, ours = heard.said["intent"], intent_of(heard)
                intents.append((wanted, ours))
                if wanted != ours and failures > 0:
                    failures -= 1
                    print(f"{wanted} read as {ours}: {heard.said['text']!r} {heard.update.acts}", file=sys.stderr)
                score(bot, heard, tally)
        means = tally.means() | {
            "intent accuracy": sum(a == b for a, b in intents) / len(intents),
            "intent macro-F1": macro_f1(intents),
        }
        scores |= {f"{language} {name}": value for name, value in sorted(means.items())}
    return scores


def dialogues(data: Path, language: str) -> Iterator[dict[str, Any]]:
    with (data / "crs" / f"pscon_{language}_dialogues.open.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def replayed(bot: Chatbot, dialogue: Mapping[str, Any]) -> Iterator[Heard]:
    """Every message of a dialogue, heard after what the people had said and shown until then."""
    state, words = DialogueState(), ""
    turns = dialogue["turns"]
    for place, said in enumerate(turns):
        if said["speaker"] == "assistant":
            state = as_they_did(bot, state, said)
            continue
        words = f"{words} {said['text']}".strip()
        events = list(bot.turn(state, said["text"]))
        tracked = next(e for e in events if isinstance(e, Tracked))
        finished = next(e for e in events if isinstance(e, Finished))
        found = [c.product.id for e in events if isinstance(e, Recalled) for c in e.retrieved.candidates]
        following = turns[place + 1] if place + 1 < len(turns) else None
        replied = following if following and following["speaker"] == "assistant" else None
        yield Heard(said, state, tracked.update, tracked.state, finished.turn, tuple(found), replied, words)
        state = tracked.state


def as_they_did(bot: Chatbot, state: DialogueState, said: Mapping[str, Any]) -> DialogueState:
    """The state with what the human assistant showed and asked for in place of our own answer."""
    need = state.active[0] if state.active else 0
    shown = bot.catalog.get(r["id"] for r in said.get("recommended") or ())
    cards = tuple(
        Suggestion(f"i{n}", need, n, Candidate(p, None, 1.0), "", (), "recall") for n, p in enumerate(shown, 1)
    )
    return states.remember(state, cards, asked=asked_for(said))


def asked_for(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The properties that the human assistant asked for, as far as the lexicon knows them."""
    headers = (re.split(r"[:：(（]", name)[0] for name in said.get("clarifying_attribute") or ())
    concepts = (Lexicon.default().concept_of_header(header) for header in headers)
    return tuple(dict.fromkeys(concept.name for concept in concepts if concept))


def intent_of(heard: Heard) -> str:
    """Our acts and edits in their taxonomy: a new need reveals, a wish ended revises, talk before any need is chitchat."""
    update, acts = heard.update, set(heard.update.acts)
    known = {n.id for n in heard.before.needs}
    if UserAct.RESET in acts or any(e.id not in known for e in update.needs) or (update.add and not known):
        return "Reveal"
    if acts <= TALK and not known:
        return "Chitchat"
    if not known:
        return "Reveal" if UserAct.INFORM in acts or update.absent else "Inquire"
    if any(d.turn == heard.after.turn for d in heard.after.dropped):
        return "Revise"
    return "Inquire" if acts == {UserAct.REQUEST} else "Interpret"


def action_of(turn: Turn) -> str:
    """Cards count as showing, whatever is asked beside them."""
    if turn.suggestions:
        return "Recommend"
    return next((ACTIONS[act] for act in turn.acts if act in ACTIONS), "Inquire")


def score(bot: Chatbot, heard: Heard, tally: Tally) -> None:
    """What is kept of the shopper's words, what would be done next, and whether it finds what was liked."""
    if heard.said.get("keywords"):
        wanted, ours = words_of(" ".join(heard.said["keywords"])), kept(heard.after)
        tally.add("keyword F1", f1(len(wanted & ours), len(ours), len(wanted)))
    if heard.replied is None:
        return
    action = heard.replied["action"]
    if action in ("Clarify", "Recommend"):
        tally.add("ask or show accuracy", action_of(heard.turn) == action)
        tally.add("a question where they ask", (AgentAct.ELICIT in heard.turn.acts) == (action == "Clarify"))
    liked = {r["id"] for r in heard.replied.get("recommended") or () if r["label"] == "liked"}
    if liked:
        best = [bot.catalog.ids[at] for at, _ in bot.catalog.keywords(heard.words, 20)]
        for name, ranked in (("", heard.found), ("BM25 ", best)):
            tally.add(f"{name}Recall@{DEPTH} of liked", len(liked & set(ranked[:DEPTH])) / len(liked))
            tally.add(f"{name}MRR of liked", reciprocal_rank(ranked, liked))


def kept(state: DialogueState) -> set[str]:
    """The words of what is looked for and of every wish that stands."""
    needs = state.active_needs
    values = [str(v) for n in needs for w in n.wishes for v in getattr(w.what, "values", (w.text,))]
    return words_of(" ".join([n.query for n in needs] + values))


def words_of(text: str) -> set[str]:
    """Words of content; of Chinese every two neighbouring characters."""
    return set(content_words(text))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of the labels that occur: of (theirs, ours)."""
    labels = sorted({wanted for wanted, _ in pairs})
    scores = []
    for label in labels:
        hit = sum(a == label == b for a, b in pairs)
        scores.append(f1(hit, sum(b == label for _, b in pairs), sum(a == label for a, _ in pairs)))
    return sum(scores) / max(len(scores), 1)


def reciprocal_rank(ranked: Sequence[str], liked: set[str]) -> float:
    return next((1 / place for place, id in enumerate(ranked, 1) if id in liked), 0.0)
