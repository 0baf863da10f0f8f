"""Questions about the catalogue as a whole: which are such, what they ask for, and within which wishes.

A question is read as the message that it would be were it a wish; what the ledger would then hold is what the answer
is about. Knows nothing of the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from catalog.types import Constraint
from chatbot.state import apply
from chatbot.track.absent import absent_names
from chatbot.track.amounts import slot_of_order
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, share_of
from chatbot.track.pieces import keys
from chatbot.track.planning import Plan, plan_needs
from chatbot.track.questions import asked_slot, counts_things
from chatbot.track.spans import ActSpan, Span
from chatbot.types import Addition, DialogueState, Measure, Question, StateUpdate, Text

_MEASURES: dict[str, Measure] = {"least": "min", "most": "max", "min": "min", "max": "max"}
_OWN_NAME = 0.9  # weight of a reading by the slot's name or by a word of its concept
_ELSEWHERE = 0.5  # what a share among all products counts beside one among these
_SORTS = (
    "kinds",
    "type",
    "kind",
    "categories",
    "category",
    "department",
    "product",
    "种类",
    "类型",
    "分类",
    "类别",
    "商品",
)

Wishes = Callable[[Heard, Plan], Sequence[Addition]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions about the catalogue, and what they name that the shop does not carry."""

    questions: tuple[Question, ...] = ()
    absent: tuple[str, ...] = ()


def stretches(heard: Heard, acts: Sequence[ActSpan]) -> tuple[Span, ...]:
    """What each question of the message says: its clauses, up to the next question."""
    found: list[Span] = []
    for number, act in enumerate(acts):
        sentence = heard.message.sentence_at(act.start)
        clauses = [c for c in heard.message.clauses if c.touches(act.start, act.end)]
        start = min([act.start, *(c.start for c in clauses)])
        begun = ((a.start, heard.message.clause_at(a.start).start) for a in acts[number + 1 :])
        later = [clause if clause > act.start else place for place, clause in begun]
        end = min([sentence.end, *later])
        if found:
            start = max(start, found[-1].end)
        found.append(Span(start, max(end, act.end)))
    return tuple(found)


def only_asks(heard: Heard, update: StateUpdate, acts: Sequence[ActSpan]) -> bool:
    """Is the whole message a question about the catalogue ("how many sofas do you have")?"""
    covered = {heard.message.sentence_at(act.start) for act in acts}
    return bool(update.questions) and not update.remove and covered >= set(heard.message.sentences)


def ask_catalogue(
    heard: Heard, grounder: Grounder, acts: Sequence[ActSpan], state: DialogueState, wishes: Wishes
) -> Asked:
    """The questions that acts about the catalogue ask. `state`: the ledger with what else the message says in it."""
    questions: list[Question] = []
    absent: list[str] = []
    every = stretches(heard, acts)
    for act, stretch in zip(acts, every, strict=True):
        alone = _alone(heard, stretch, every)
        missing = absent_names(alone, grounder)
        if missing and act.asks == "count":  # none of it: that is a number, too
            said = " ".join(heard.lower[stretch.start : stretch.end].split())
            questions.append(Question(said, None, (), "count", (), missing))
        else:
            absent.extend(missing)
        if missing:
            continue
        scopes, mentioning = _within(alone, grounder, state, wishes)
        asked = (_question(alone, grounder, act, stretch, scope, mentioning) for scope in scopes)
        questions.extend(q for q in asked if q and q not in questions)
    return Asked(tuple(questions), tuple(dict.fromkeys(absent)))


def _alone(heard: Heard, stretch: Span, every: Sequence[Span]) -> Heard:
    """The message as if it said nothing but one question; a thing named in another question is asked of in each."""
    inside = [stretch]
    heads = [k.mention for k in heard.kinds if k.part == "head"]
    if not any(stretch.touches(m.start, m.end) for m in heads):
        inside += [Span(m.start, m.end) for m in heads if any(s.touches(m.start, m.end) for s in every)]
    closed: list[Span] = []
    at = 0
    for span in sorted(inside, key=lambda s: s.start):
        closed.append(Span(at, span.start))
        at = span.end
    closed.append(Span(at, len(heard.lower)))
    return replace(heard, closed=tuple(s for s in closed if len(s)), placed=())


def _within(
    alone: Heard, grounder: Grounder, state: DialogueState, wishes: Wishes
) -> tuple[tuple[tuple[Constraint, ...], ...], tuple[str, ...]]:
    """The constraints that would stand for each active need were the question a wish, and the words no slot carries."""
    plan = plan_needs(alone, grounder, ())
    added = wishes(replace(alone, placed=plan.placed), plan)
    firm = tuple(replace(a, hard=True) for a in added if isinstance(a.what, Constraint))
    mentioning = tuple(dict.fromkeys(a.what.words for a in added if isinstance(a.what, Text)))
    after = apply(state, StateUpdate((), add=firm, needs=plan.edits, active=plan.active))
    scopes = [
        tuple(w.what for w in need.wishes if w.hard and isinstance(w.what, Constraint)) for need in after.active_needs
    ]
    return tuple(dict.fromkeys(scopes)) or ((),), mentioning


def _question(
    heard: Heard,
    grounder: Grounder,
    act: ActSpan,
    stretch: Span,
    scope: tuple[Constraint, ...],
    mentioning: tuple[str, ...],
) -> Question | None:
    said = " ".join(heard.lower[stretch.start : stretch.end].split()).strip("?!., ")
    kinds = tuple(str(v) for c in scope if c.slot == "category" and not c.op.negative for v in c.values)
    nothing = act.asks == "counts" and _slot_asked(heard, grounder, act, kinds) is None
    if act.asks == "count" or nothing or counts_things(heard, act):
        counted = _counted(heard, grounder, act, kinds)
        return Question(said, counted, (), "count", _without(scope, counted), mentioning)
    if act.asks in _MEASURES:
        return Question(
            said, _ordered(heard, grounder, stretch, kinds), (), _MEASURES[str(act.asks)], scope, mentioning
        )
    slot = _slot_asked(heard, grounder, act, kinds)
    if act.asks in ("range", "mean", "value"):
        number = act.asks == "mean" or (slot is not None and grounder.slots[slot].kind == "number")
        measure: Measure = "mean" if act.asks == "mean" else "range" if number else "values"
        return Question(said, slot, (), measure, scope if number else _without(scope, slot), mentioning)
    return Question(said, slot, (), "counts" if act.asks == "counts" else "values", _without(scope, slot), mentioning)


def _without(scope: tuple[Constraint, ...], slot: str | None) -> tuple[Constraint, ...]:
    """Who asks for a property's values wants more of them than the ledger allows; of kinds only those within it."""
    return tuple(c for c in scope if c.slot != slot or slot == "category")


def _counted(heard: Heard, grounder: Grounder, act: ActSpan, kinds: Sequence[str]) -> str | None:
    """The slot whose values are counted ("how many brands"), None where products are."""
    over = act.over
    if over is None or over == Span(act.start, act.end) or over.end > act.end:
        return None
    return _values_slot(heard, grounder, over, kinds)


def _slot_asked(heard: Heard, grounder: Grounder, act: ActSpan, kinds: Sequence[str]) -> str | None:
    over = act.over or Span(act.start, act.end)
    named = _values_slot(heard, grounder, over, kinds)
    if named:
        return named
    slot = asked_slot(heard, grounder, act, over, ())
    if slot or act.asks != "values":
        return slot
    words = set(keys(heard.lower[over.start : over.end]))
    thing = any(word in words or word in heard.lower[act.start : act.end] for word in _SORTS)
    return "category" if "category" in grounder.slots and (thing or over.end > act.end) else None


def _values_slot(heard: Heard, grounder: Grounder, over: Span, kinds: Sequence[str]) -> str | None:
    """The slot named there by its own name before others, then the one that most of these products fill."""
    readings = [r for m in heard.within(over) for r in m.readings if r.role == "slot" and r.slot in grounder.slots]
    named = [(r.weight >= _OWN_NAME, grounder.slots[r.slot]) for r in readings if grounder.slots[r.slot].informable]
    best = max(named, key=lambda n: (n[0], share_of(n[1], kinds) or n[1].coverage * _ELSEWHERE), default=None)
    return best[1].name if best else None


def _ordered(heard: Heard, grounder: Grounder, stretch: Span, kinds: Sequence[str]) -> str | None:
    """The slot that "cheapest", "newest", "most memory" is about."""
    order = next((o for o in heard.orders if stretch.touches(o.start, o.end)), None)
    return slot_of_order(heard, order, grounder, kinds) if order else None
