"""Which things a message looks for, and which needs of the dialogue they are: opened, narrowed, returned to.

Knows kinds of product as grounding found them and the cues around them; knows nothing of prices or values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog.types import Constraint, Op
from chatbot.track.book import Mention
from chatbot.track.parts import KindMention
from chatbot.types import DialogueState, Need


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing looked for: the categories that are meant (empty: not carried here) and the words for it."""

    categories: tuple[str, ...]
    words: str
    name: str
    mentions: tuple[Mention, ...]
    several: bool = False  # alternatives, each said

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end


@dataclass(frozen=True, slots=True)
class Placed:
    """A sought thing and its need. `fresh`: the need is new with this message."""

    need: int
    sought: Sought
    fresh: bool
    edits_category: bool


def sought_in(kinds: Sequence[KindMention]) -> tuple[Sought, ...]:
    """The things looked for; alternatives ("a sofa or a chair") are one thing, a compound takes its modifiers' words."""
    things: list[Sought] = []
    modifiers: list[Mention] = []
    for kind in kinds:
        if kind.part == "modifier":
            modifiers.append(kind.mention)
        if kind.part != "head":
            continue
        spoken = " ".join([*(m.words for m in modifiers), kind.mention.words])
        fresh = Sought(kind.reading.values, spoken, kind.reading.name, (*modifiers, kind.mention))
        modifiers = []
        if things and kind.joined == "or":
            old = things.pop()
            fresh = Sought(
                _union(old.categories, fresh.categories),
                f"{old.words} {spoken}",
                old.name,
                old.mentions + fresh.mentions,
                True,
            )
        elif things and _same(things[-1], fresh):
            if set(fresh.categories) < set(things[-1].categories):
                things[-1] = fresh  # "a car, an SUV": the narrower name tells
            continue
        things.append(fresh)
    return tuple(things)


def _same(first: Sought, second: Sought) -> bool:
    """Do two names mean the same thing (a part of the other's categories)?"""
    one, two = set(first.categories), set(second.categories)
    return bool(one) == bool(two) and (one <= two or two <= one)


def categories_of(need: Need) -> tuple[str, ...]:
    """The categories a need's hard wish allows; empty when it has none."""
    for wish in reversed(need.wishes):
        what = wish.what
        if isinstance(what, Constraint) and what.slot == "category" and what.op in (Op.EQ, Op.IN):
            return tuple(str(v) for v in what.values)
    return ()


def place(
    state: DialogueState,
    things: Sequence[Sought],
    another: bool,
    restates: Callable[[Need, Sought], bool],
    again: Callable[[Sought], bool] = lambda thing: False,
) -> tuple[Placed, ...]:
    """Which need each sought thing is: one the dialogue has of that category, the one without a category, or a new one.

    `restates`: does a thing of another kind restate the need in hand (SUV, then sedan; "a t-shirt actually")?
    `again`: is it one the message named before ("a mouse and a lamp, the mouse in black")?
    """
    placed: list[Placed] = []
    used: set[int] = set()
    for thing in things:
        before = next((p.need for p in placed if _same(p.sought, thing)), None)
        if before is not None and again(thing):
            placed.append(Placed(before, thing, False, False))
            continue
        need, called = _matching(state, thing, used), False
        if need is None and not another:
            need = _called(state, thing, used)
            called = need is not None
        if need is None and not another and len(things) == 1:
            need = _open_ended(state, thing, restates)
        if need is None:
            fresh_id = max([*(n.id for n in state.needs), *used], default=0) + 1
            placed.append(Placed(fresh_id, thing, True, bool(thing.categories)))
        else:
            old = set(categories_of(need))
            narrows = (
                not called and bool(thing.categories) and (thing.several or not old or not old <= set(thing.categories))
            )
            placed.append(Placed(need.id, thing, False, narrows))
        used.add(placed[-1].need)
    return tuple(placed)


def constraint_of(categories: Sequence[str]) -> Constraint:
    """The category wish that a sought thing makes."""
    if len(categories) == 1:
        return Constraint("category", Op.EQ, categories[0])
    return Constraint("category", Op.IN, tuple(categories))


def _matching(state: DialogueState, thing: Sought, used: set[int]) -> Need | None:
    wanted = set(thing.categories)
    candidates = [*state.active_needs, *reversed([n for n in state.needs if n.id not in state.active])]
    for need in candidates:
        have = set(categories_of(need))
        if need.id not in used and have and have & wanted:
            return need
    return None


def _called(state: DialogueState, thing: Sought, used: set[int]) -> Need | None:
    """The active need that a shorter name means: the table, where a coffee table is looked for."""
    ending = f" {thing.words}"
    return next((n for n in state.active_needs if n.id not in used and n.query.endswith(ending)), None)


def _open_ended(state: DialogueState, thing: Sought, restates: Callable[[Need, Sought], bool]) -> Need | None:
    """The one active need, where it has no category yet or the thing restates it."""
    if len(state.active_needs) != 1:
        return None
    need = state.active_needs[0]
    return need if not categories_of(need) or restates(need, thing) else None


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
