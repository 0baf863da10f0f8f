"""What to do with a turn, decided from the state and what the message meant. Pure; knows no catalogue, no words."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types import DialogueState, Question, StateUpdate, UserAct


@dataclass(frozen=True, slots=True)
class Plan:
    """The moves of one turn, in the order they are made.

    `which`: products between which an ambiguous reference must be settled first. `fresh`: show only what was not
    shown yet. `turned_down`, `taken`: products rejected and accepted. `pointless`: a reference was needed and none
    could be found. `alone`: a comparison was asked for, and there are no two products to compare. `again`: wishes
    changed as well, or only some of the list were rejected, so that rather than nothing what was shown is shown again. `exists`: it was asked whether the shop
    has what was just wished for. `ideas`: it was asked what is looked for, and the answer named nothing.
    `details`: products whose whole record is asked for. `beside`: products that what is shown is to be like; none of
    them is shown.
    """

    refuse: bool = False
    chitchat: bool = False
    handoff: bool = False
    faq: bool = False
    which: tuple[str, ...] = ()
    undone: bool = False
    cleared: bool = False
    turned_down: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    compare: tuple[str, ...] = ()
    explain: tuple[str, ...] = ()
    pointless: bool = False
    alone: bool = False
    absent: tuple[str, ...] = ()
    recommend: bool = False
    fresh: bool = False
    elicit: bool = False
    ideas: bool = False
    again: bool = False
    exists: bool = False
    details: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def decide(before: DialogueState, after: DialogueState, update: StateUpdate, tapped: bool = False) -> Plan:
    """The plan of a turn. `before` is the state the message met, `after` the state once its edits are applied.

    `tapped`: nothing was said. Who taps an item away wants the rest of the list as it was, filled up; who says so of one
    wants to see others."""
    acts = set(update.acts)
    edited = bool(update.add or update.remove or update.needs or update.active is not None)
    edited = edited or bool(update.harden or update.soften)
    if update.unclear:
        return Plan(which=update.unclear, absent=update.absent, recommend=edited and bool(after.active))
    compare = _compared(before, update) if UserAct.COMPARE in acts else ()
    questions = update.questions if UserAct.REQUEST in acts or update.questions else ()
    taken = (update.refers_to or before.focus[:1]) if UserAct.ACCEPT in acts and not compare else ()
    turned_down = _turned_down(before, update, edited) if UserAct.REJECT in acts else ()
    explain = (update.refers_to or before.latest or before.focus)[:1] if UserAct.EXPLAIN in acts else ()
    pointless = bool(acts & {UserAct.ACCEPT, UserAct.EXPLAIN}) and not (taken or explain or compare or edited)
    wants_items = edited or bool(acts & {UserAct.MORE, UserAct.REJECT, UserAct.UNDO})
    bare_inform = UserAct.INFORM in acts and not (questions or taken or compare or explain)
    recommend = (wants_items or bare_inform) and not (update.clear and not after.active)
    recommend = recommend and not (update.absent and not edited)
    fresh = UserAct.MORE in acts or (bool(turned_down) and not tapped)
    cleared = update.clear and not after.active
    return Plan(
        refuse=UserAct.OTHER in acts and not (recommend and after.active),
        chitchat=acts == {UserAct.CHITCHAT},
        handoff=UserAct.HANDOFF in acts,
        faq=UserAct.FAQ in acts,
        undone=UserAct.UNDO in acts,
        cleared=cleared,
        turned_down=turned_down,
        taken=taken,
        questions=questions,
        compare=compare if len(compare) > 1 else (),
        explain=explain,
        pointless=pointless,
        alone=UserAct.COMPARE in acts and len(compare) < 2 and not questions,
        absent=update.absent,
        recommend=recommend and bool(after.active),
        fresh=fresh,
        elicit=cleared or (recommend and not after.active),
        ideas=recommend and not after.active and "category" in before.asked and UserAct.UNDO not in acts,
        again=fresh and (edited or _leaves_some(before, update, turned_down)),
        exists=edited and "exists" in update.topics,
        details=update.details,
        beside=_beside(before, update, tapped),
    )


def _beside(before: DialogueState, update: StateUpdate, tapped: bool) -> tuple[str, ...]:
    """Others like one that is open or was tapped are not that one."""
    if UserAct.MORE not in update.acts:
        return ()
    page = (before.page,) if before.page and before.focus[:1] == (before.page,) else ()
    like = update.refers_to if "similar" in update.topics and (tapped or before.page) else ()
    return (*page, *like)


def _turned_down(before: DialogueState, update: StateUpdate, edited: bool) -> tuple[str, ...]:
    """Those pointed at, else the whole list; but "no, plain ones only" corrects the wish, it turns nothing down."""
    pointed = update.refers_to or before.latest
    return () if edited and set(pointed) >= set(before.latest) else pointed


def _leaves_some(before: DialogueState, update: StateUpdate, turned_down: tuple[str, ...]) -> bool:
    """Is one of several rejected, and no more asked for? The others are as good as they were."""
    return bool(turned_down) and bool(set(before.latest) - set(turned_down)) and UserAct.MORE not in update.acts


def _compared(before: DialogueState, update: StateUpdate) -> tuple[str, ...]:
    """Those pointed at; one alone is compared with the top of the list; none: the first two."""
    pointed = update.refers_to
    if len(pointed) > 1:
        return pointed
    rest = tuple(i for i in before.latest or before.focus if i not in pointed)
    return (*pointed, *rest)[:2]
