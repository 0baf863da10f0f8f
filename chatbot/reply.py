"""What a turn says besides its cards: the moves of the plan that need no search, and the sentence above the cards.

Knows which words go with which move; knows nothing of how the plan was made or how items are found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog.lexicon import Lexicon
from catalog.store import Catalog
from catalog.types import Constraint, Product, Slot
from chatbot import answers, say, taps
from chatbot.compare import compare, compare_words
from chatbot.context import Order, Told
from chatbot.details import details
from chatbot.events import Turn
from chatbot.explain import explain
from chatbot.facts import Answer, facts_of
from chatbot.item_help import ItemHelp
from chatbot.policy import Plan
from chatbot.quoted import Quoted
from chatbot.rank.support import meets_wish
from chatbot.sought import for_what
from chatbot.titles import title_in
from chatbot.types import (
    AgentAct,
    DialogueState,
    Figure,
    ItemFact,
    Language,
    Need,
    Question,
    StateUpdate,
    Suggestion,
    Table,
    Text,
)
from retrieval.types import Retrieved

_UNWANTED = re.compile(
    r"\s*(?:我)?(?:不要|不想要|别要)((?![这那第太了])[\u4e00-\u9fff]{2,8}?)的?(?:了|吧|啊|哦)?[\s。！!,，.]*"
)
DOLLARS = ("AUD", "CAD", "HKD", "NZD", "SGD", "TWD")  # where "40 dollars" need not be American


@dataclass(slots=True)
class Reply:
    """What a turn has come to so far. The one value that grows; it lives within one call of Chatbot.turn.
    `message`: the shopper's, "" for an edit of the ledger by hand. `quiet`: this is no moment to offer anything."""

    language: Language
    message: str = ""
    acts: list[AgentAct] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    cards: list[Suggestion] = field(default_factory=list)
    facts: list[ItemFact] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    quoted: list[Quoted] = field(default_factory=list)
    to_show: list[Answer] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    relaxed: list[Constraint] = field(default_factory=list)
    found: list[tuple[Need, int]] = field(default_factory=list)
    replies: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    table: Table | None = None
    handoff: Told | None = None
    order: Order | None = None
    unknown: list[Question] = field(default_factory=list)
    quiet: bool = False

    def add(self, act: AgentAct, text: str = "") -> None:
        if act not in self.acts:
            self.acts.append(act)
        if text:
            self.said.append(text)

    def as_turn(self, state: DialogueState, update: StateUpdate, words: str, ms: Mapping[str, float]) -> Turn:
        """The finished turn; `words` are what is said."""
        return Turn(
            number=state.turn,
            user=self.message,
            language=self.language,
            user_acts=update.acts,
            acts=tuple(self.acts),
            text=words,
            ledger=state.wishes,
            dropped=tuple(d for d in state.dropped if d.turn == state.turn),
            needs=state.needs,
            active=state.active,
            refers_to=update.refers_to,
            about=tuple(dict.fromkeys(self.about)),
            relaxed=tuple(self.relaxed),
            table=self.table,
            suggestions=tuple(self.cards),
            quick_replies=self.replies,
            facts=tuple(self.facts),
            figures=tuple(self.figures),
            quoted=tuple(self.quoted),
            handoff=self.handoff,
            order=self.order,
            absent=update.absent,
            unknown=tuple(self.unknown),
            tracked_by=update.by,
            ms=ms,
        )


def done(reply: Reply) -> str:
    """What the assistant did, for a model to read of it later: acts, how many cards, what was asked. No catalogue text."""
    acts = ", ".join(reply.acts)
    cards = f"; {len(reply.cards)} items shown" if reply.cards else ""
    asked = f"; asked for {', '.join(reply.asked)}" if reply.asked else ""
    return f"{acts}{cards}{asked}"


def make_moves(
    catalog: Catalog,
    plan: Plan,
    state: DialogueState,
    update: StateUpdate,
    reply: Reply,
    can_undo: bool,
    helped: ItemHelp | None = None,
) -> None:
    """Every move about items that needs no search. `helped`: what is written of items beside their records."""
    if plan.which:
        reply.add(AgentAct.ELICIT, say.say(reply.language, "which"))
        # Said back by a tap, so that the title must be the one that references are tracked by.
        reply.replies = tuple(p.title for p in catalog.get(plan.which))
    if plan.undone:
        reply.add(AgentAct.CONFIRM, say.say(reply.language, "undone" if can_undo else "nothing_to_undo"))
    if plan.cleared:
        reply.add(AgentAct.CONFIRM, say.say(reply.language, "cleared"))
    if plan.turned_down:
        _say_rejected(plan, reply)
    if taken := catalog.get(plan.taken):
        _confirm(taken, reply)
    _answer_of_items(catalog, plan, state, reply, helped)
    if plan.pointless:
        reply.add(AgentAct.ELICIT, say.say(reply.language, "nothing_to_point"))
    if plan.alone:
        reply.add(AgentAct.ELICIT, say.say(reply.language, "compare_few"))
    reply.said.extend(_foreign_money(catalog, update))
    reply.said.extend(_unheard(plan, update, reply))
    if plan.absent:
        names = say.join(reply.language, plan.absent)
        reply.add(AgentAct.NO_MATCH, say.say(reply.language, "not_carried", names=names))


def _answer_of_items(catalog: Catalog, plan: Plan, state: DialogueState, reply: Reply, helped: ItemHelp | None) -> None:
    """What is asked of items, from their records; what these do not state, from what is written beside."""
    for question in plan.questions:
        answered = answers.answer(catalog, question, reply.language)
        if helped and not answered.facts and (found := helped.answer(question, reply.message, reply.language)):
            _take(found, AgentAct.INFORM, reply)
            continue
        _take(answered, AgentAct.INFORM, reply)
        told = {f.item for f in answered.facts}
        silent = tuple(id for id in question.items if id not in told)
        if question.measure == "value" and not question.scope and (silent or not (question.items or answered.figures)):
            reply.unknown.append(replace(question, items=silent))
    for product in catalog.get(plan.details):
        _take(details(catalog, product, reply.language), AgentAct.INFORM, reply)
    if plan.compare:
        _compare(catalog, plan, state, reply)
    for product in catalog.get(plan.explain):
        _take(explain(state, product, reply.language), AgentAct.EXPLAIN, reply)


def _foreign_money(catalog: Catalog, update: StateUpdate) -> tuple[str, ...]:
    """That an amount in another currency is compared as it stands; there are no exchange rates here."""
    shop = next((s.unit for s in catalog.slots if s.name == "price"), None)
    prices = [a.what for a in update.add if isinstance(a.what, Constraint) and a.what.slot == "price"]
    foreign = next(
        (c.unit for c in prices if c.unit not in (None, shop) and (c.unit != "USD" or shop not in DOLLARS)), None
    )
    return (say.say(update.language, "foreign_money", shop=shop, foreign=foreign),) if shop and foreign else ()


def _unheard(plan: Plan, update: StateUpdate, reply: Reply) -> tuple[str, ...]:
    """That what is not wanted was not understood, where the message came to nothing but that: 不要紫檀的."""
    meant = update.add or update.remove or update.needs or update.declined or update.absent or update.topics
    refused = None if meant or plan.turned_down or plan.fresh or plan.undone else _UNWANTED.fullmatch(reply.message)
    if not plan.recommend or refused is None:
        return ()
    return (say.say(reply.language, "unheard", words=say.say(reply.language, "quoted", words=refused[1])),)


def _take(answered: Answer, act: AgentAct, reply: Reply) -> None:
    reply.add(act, answered.text)
    reply.facts.extend(answered.facts)
    reply.figures.extend(answered.figures)
    reply.about.extend(answered.about)
    reply.quoted.extend(q for q in answered.quoted if q not in reply.quoted)
    if answered.cards:
        reply.to_show.append(answered)


def _confirm(products: Sequence[Product], reply: Reply) -> None:
    named = say.join(reply.language, (_priced(p, reply.language) for p in products))
    reply.add(AgentAct.CONFIRM, say.say(reply.language, "accept", named=named))
    reply.about.extend(p.id for p in products)


def _priced(product: Product, language: Language) -> str:
    price = f" ({say.price(product.price, language)})" if product.price else ""
    return f"{title_in(language, product)}{price}"


def _compare(catalog: Catalog, plan: Plan, state: DialogueState, reply: Reply) -> None:
    products = catalog.get(plan.compare)
    wishes = tuple(dict.fromkeys(w.slot for w in state.wishes))
    reply.table = compare(catalog, products, wishes, reply.language)
    reply.add(AgentAct.COMPARE, compare_words(catalog, reply.table, products, reply.language))
    reply.about.extend(p.id for p in products)


def own_up(catalog: Catalog, need: Need, retrieved: Retrieved, reply: Reply) -> None:
    """Nothing meets all hard wishes: say so, what the near misses give up, and offer other ways to tap."""
    if retrieved.candidates and retrieved.relaxed:
        what = for_what([need], reply.language)
        given = say.join(reply.language, (say.wish_named(reply.language, c) for c in retrieved.relaxed))
        reply.add(AgentAct.NO_MATCH, say.say(reply.language, "no_match_near", what=what, relaxed=given))
        reply.relaxed.extend(c for c in retrieved.relaxed if c not in reply.relaxed)
        reply.replies = reply.replies or taps.ways_on(catalog, retrieved.ways, reply.language)
        return
    hard = [w.what for w in need.wishes if w.hard and isinstance(w.what, Constraint)]
    wishes = say.join(reply.language, (say.wish_words(reply.language, c) for c in hard))
    wishes = wishes or need.query or say.say(reply.language, "everything")
    reply.add(AgentAct.NO_MATCH, say.say(reply.language, "no_match", wishes=wishes))


def headline(found: Sequence[tuple[Need, int]], fresh: bool, language: Language, cards: int, yes: bool = False) -> str:
    """The sentence above the cards. `found`: the needs that cards are shown for, with how many products match each.
    `yes`: it was asked whether there is any."""
    if not found:
        return ""
    if yes:
        return say.say(language, "yes_there", answer=headline(found, fresh, language, cards))
    what = for_what([need for need, _ in found], language)
    if fresh:
        return say.say(language, "more", what=what)
    if len(found) == 1 and found[0][1] == 1:
        return say.say(language, "recommend_one", what=what)
    if len(found) == 1 and found[0][1] <= cards:
        return say.say(language, "recommend_all", what=what, count=found[0][1])
    return say.say(language, "recommend", what=what)


def unchecked(state: DialogueState, reply: Reply, lexicon: Lexicon) -> tuple[str, ...]:
    """New words of the shopper that no filter carries and that the records of what is shown do not all hold."""
    texts = [w for n in state.active_needs for w in n.wishes if isinstance(w.what, Text) and w.turn == state.turn]
    opened = [n for n in state.active_needs if all(w.turn == state.turn for w in n.wishes) and n.query.isascii()]
    opened = [n for n in opened if not lexicon.kinds_named(n.query)]  # "espresso machine" is a name, not two wishes
    words = [w.text for w in texts] + [w for n in opened for w in n.query.split() if not _names_kind(w, n, lexicon)]
    shown = [card.candidate.product for card in reply.cards]
    return tuple(w for w in dict.fromkeys(words) if shown and not all(answers.mention(p, w) for p in shown))


def _names_kind(word: str, need: Need, lexicon: Lexicon) -> bool:
    """Is it a word of the kind looked for: the shop's name ("usb stick") or one that any shop would know?"""
    kinds = [
        str(v) for w in need.wishes if w.slot == "category" and isinstance(w.what, Constraint) for v in w.what.values
    ]
    return bool(lexicon.kinds_named(word)) or any(word.casefold() in kind.casefold().split() for kind in kinds)


def noted(unsure: Sequence[str], language: Language) -> str:
    """Such words named, so that they are not taken for met."""
    if not unsure:
        return ""
    quoted = (say.say(language, "quoted", words=words) for words in unsure)
    return say.say(language, "noted", wishes=say.join(language, quoted))


def unmet(state: DialogueState, reply: Reply) -> str:
    """The new wishes that need not be met, and that no card of their need meets."""
    missed = [
        w.what
        for need in state.active_needs
        if (cards := [c.candidate for c in reply.cards if c.need == need.id])
        for w in need.wishes
        if isinstance(w.what, Constraint) and not w.hard and w.turn == state.turn
        if not any(meets_wish(c.product, c.variant, w.what) for c in cards)
    ]
    if not missed:
        return ""
    wishes = say.join(reply.language, dict.fromkeys(say.wish_words(reply.language, c) for c in missed))
    return say.say(reply.language, "none_meets", wishes=wishes)


def with_missed(reason: str, product: Product, missed: Sequence[Constraint], language: Language) -> str:
    """The reason, and behind it the wishes that the item does not meet, and those its record is silent about."""
    silent = [c for c in missed if not facts_of(product, Slot(c.slot, "text"))]
    parts = [reason]
    for key, wishes in (("but", [c for c in missed if c not in silent]), ("unsaid", silent)):
        if wishes:
            parts.append(
                say.say(language, key, wishes=say.join(language, (say.wish_words(language, c) for c in wishes)))
            )
    return say.say(language, "reason_join").join(parts)


def _say_rejected(plan: Plan, reply: Reply) -> None:
    reply.said.append(say.say(reply.language, "rejected"))
    if not plan.recommend:
        reply.add(AgentAct.CONFIRM)
        reply.about.extend(plan.turned_down)
