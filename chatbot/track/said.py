"""What a message's acts come to once everything else in it is read: those said in the end, and their finer labels.

A question may turn out to be a wish, taking a thing one of something to show first. Knows nothing of words beyond a few
that point; finds no items and no values.
"""

from __future__ import annotations

import re

from chatbot.track.catalogue import only_asks
from chatbot.track.ground import Grounder
from chatbot.track.heard import ASIDE_ACTS, Heard
from chatbot.track.pieces import pieces
from chatbot.track.pointing import items_of, reach
from chatbot.track.reasons import refuses_value
from chatbot.track.references import SPECIFIC
from chatbot.track.served import served_with
from chatbot.track.spans import ActSpan, Scope, Span
from chatbot.types import Question, StateUpdate, UserAct

POINTING = (UserAct.COMPARE, UserAct.EXPLAIN, UserAct.ACCEPT, UserAct.REJECT)
_DEFINITE = re.compile(r"\b(?:the|this|that|these|those|it|its|they|them|their)\b|[这那它]")
_BUT = re.compile(r"\b(?:but|though|only|except)\b|但|不过|可惜|就是")
_FEW = 3  # words that still add nothing to "ok"


def takes_something(heard: Heard, grounder: Grounder, act: ActSpan) -> bool:
    """Is there an item that an accept means? "I like the black one" wishes where nothing black was shown."""
    if act.act is not UserAct.ACCEPT or act.all or not heard.state.shown:
        return True
    sentence = heard.message.sentence_at(act.start)
    pointed = [Span(r.start, r.end) for r in heard.references if r.how in SPECIFIC]
    limits = [b for b in heard.bounds if sentence.touches(b.start, b.end)]
    if any(not any(p.touches(b.start, b.end) for p in pointed) for b in limits):
        return False  # "let's keep it to 150 at most"
    if any(o.kind == "comparative" and _BUT.search(heard.lower, act.start, o.start) for o in heard.orders):
        return False  # "the first is nice but too small"
    if items_of(heard, grounder, act).items:
        return True
    stretch = reach(heard, act)
    told = [m for m in heard.within(stretch) if m.roles & {"value", "kind"}]
    return not told


class Asked:
    """What the item acts of a message came to; filled while they are read, never handed out."""

    def __init__(self) -> None:
        self.items: tuple[str, ...] = ()
        self.unclear: tuple[str, ...] = ()
        self.questions: list[Question] = []
        self.closed: list[Span] = []
        self.catalogue: list[ActSpan] = []
        self.wider: list[ActSpan] = []
        self.pointing: list[UserAct] = []


def _of_one(heard: Heard, act: ActSpan) -> bool:
    """Is a property asked of a definite thing ("the brand of the grey jeans"), though nothing shown is that?"""
    named = act.topic is not None or (act.over is not None and any("slot" in m.roles for m in heard.within(act.over)))
    return named and act.asks == "value" and _DEFINITE.search(heard.lower, act.start) is not None


def named_again(heard: Heard) -> tuple[int, ...] | None:
    """The active needs, where the message names the kinds of all of them again ("any blouses at all?")."""
    again = {placed.need for placed in heard.placed}
    return heard.state.active if again and again == set(heard.state.active) else None


def _goes_on(heard: Heard) -> bool:
    """Does more than a word of assent stand in a message ("right, what does that leave me with")?"""
    assent = [a for a in heard.acts if a.topic == "ok"]
    rest = [c for c in heard.message.clauses if not any(a.start <= c.start < a.end for a in assent)]
    said = sum(len(pieces(heard.lower[c.start : c.end])) for c in rest)
    return bool(assent) and len(assent) == len(heard.acts) and bool(heard.state.active) and said > _FEW


def unmeant(heard: Heard, act: ActSpan) -> bool:
    """ "I'd rather not have a Lenovo" turns down no item, "I don't care which colour it is" asks nothing, "the cheapest
    first, please" takes none."""
    sorts = act.act is UserAct.ACCEPT and any(o.kind == "sort" and act.start <= o.start < act.end for o in heard.orders)
    return sorts or refuses_value(heard, act) or (act.act is UserAct.REQUEST and _waved_away(heard, act))


def _waved_away(heard: Heard, act: ActSpan) -> bool:
    return any(s.scope is Scope.TAKEN_BACK and s.over.touches(act.start, act.start + 1) for s in heard.scopes.spans)


def _of_seen(heard: Heard, act: ActSpan) -> bool:
    """Taking "the grey jacket" is said by who has seen it somewhere; "the cheapest sofa" need not have been."""
    return act.act is UserAct.ACCEPT and not any(o.kind == "superlative" for o in heard.orders)


def asides(heard: Heard) -> tuple[Span, ...]:
    """Stretches that are no wish: small talk, questions on service, things no shop does (with all that is said beside
    them, unless a thing of the shop is named)."""
    if heard.said(UserAct.OTHER) and not any(k.reading.values for k in heard.kinds):
        return (Span(0, len(heard.lower)),)
    return tuple(
        reach(heard, a) if a.act in (UserAct.FAQ, UserAct.OTHER) and not served_with(heard, a) else Span(a.start, a.end)
        for a in heard.acts
        if a.act in ASIDE_ACTS or a.act in (UserAct.RESET, UserAct.UNDO) or a.topic == "showing"
    )


def no_wishes(heard: Heard) -> StateUpdate:
    """A message that gives the assistant orders changes nothing."""
    kept = tuple(dict.fromkeys(a.act for a in heard.acts if a.act in ASIDE_ACTS))
    return StateUpdate(
        acts=kept or (UserAct.OTHER,), topics=(*topics_of(heard), "injection"), language=heard.message.language
    )


def topics_of(heard: Heard) -> tuple[str, ...]:
    """Finer labels of the acts; "exists" where it is asked whether the shop has such a thing."""
    exists = ("exists",) if any(a.asks == "exists" for a in heard.acts) else ()
    told = (*ASIDE_ACTS, UserAct.MORE, UserAct.ACCEPT, UserAct.REJECT)
    return exists + tuple(dict.fromkeys(a.topic for a in heard.acts if a.topic and a.act in told))


def acts_said(heard: Heard, update: StateUpdate, asked: Asked) -> tuple[UserAct, ...]:
    """The acts said, without requests that turned out to be wishes, with inform where the ledger is edited."""
    edits = bool(update.add or update.remove or update.needs or update.absent or update.declined)
    edits = edits and not only_asks(heard, update, asked.catalogue)
    said: list[UserAct] = []
    for act in heard.acts:
        if update.declined and act.act is UserAct.REJECT and not asked.items:
            continue  # "no" and "not really" to a question turn down no item
        if act.asks == "exists" and heard.said(UserAct.MORE):
            continue  # "do you have anything like the second": a way to ask for more
        if act.act is UserAct.REQUEST and not update.questions and not asked.unclear and not _of_one(heard, act):
            continue
        if edits and act.act in POINTING and not (heard.state.shown or asked.pointing) and not _of_seen(heard, act):
            continue  # "compare your two dearest sofas": nothing to compare yet, but something to show
        if act.act is UserAct.INFORM and not edits and len(heard.acts) > 1:
            continue
        said.append(act.act)
    if edits or (set(said) <= {UserAct.CHITCHAT} and (update.active is not None or _goes_on(heard))):
        said.insert(0, UserAct.INFORM)
    vague = heard.said(UserAct.INFORM) or heard.said(UserAct.REQUEST)  # "any ideas?"
    if not said and (vague or heard.state.active or not heard.acts):
        said.append(UserAct.INFORM)
    return tuple(dict.fromkeys(said)) or (UserAct.OTHER,)
