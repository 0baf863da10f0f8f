"""The checks of a scripted dialogue: each takes what was seen and says what is wrong, or nothing.

One small function an expectation; the loader binds its parameters. Pure.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence

from catalog.types import write_number
from chatbot.scripts import ledger, predicates
from chatbot.scripts.predicates import AnyOf, Predicate
from chatbot.scripts.types import Seen
from chatbot.types import AgentAct, ItemFact
from errors import ScriptError

_COUNT = re.compile(r"^\s*(<=|>=|!=|=|<|>)?\s*(\d+)\s*$")
_COUNTS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def act(allowed: tuple[AgentAct, ...], seen: Seen) -> str | None:
    if set(allowed) & set(seen.turn.acts):
        return None
    return f"the turn's acts are {', '.join(seen.turn.acts) or 'none'}"


def stands(wanted: ledger.Expected, seen: Seen) -> str | None:
    return None if wanted.stands_in(seen.turn.ledger) else f"the ledger holds {written_ledger(seen)}"


def absent(unwanted: ledger.Expected, seen: Seen) -> str | None:
    found = [wish.text for wish in seen.turn.ledger if unwanted.meets(wish)]
    return f"the ledger still holds {', '.join(found)}" if found else None


def exactly(wanted: Sequence[ledger.Expected], seen: Seen) -> str | None:
    missing = [str(w) for w in wanted if not w.stands_in(seen.turn.ledger)]
    extra = [wish.text for wish in seen.turn.ledger if not any(w.meets(wish) for w in wanted)]
    troubles = [f"missing: {', '.join(missing)}"] if missing else []
    troubles += [f"besides: {', '.join(extra)}"] if extra else []
    return "; ".join(troubles) or None


def written_ledger(seen: Seen) -> str:
    return ", ".join(wish.text + ("" if wish.hard else " (soft)") for wish in seen.turn.ledger) or "nothing"


def parse_count(text: str) -> Callable[[Seen], str | None]:
    """Read ">= 1" or "3". ScriptError says what is wrong."""
    found = _COUNT.match(text)
    if not found:
        raise ScriptError(f"not a count: {text!r} (write for example: '>= 1')")
    test, number = _COUNTS[found[1] or "="], int(found[2])

    def check(seen: Seen) -> str | None:
        return None if test(len(seen.items), number) else f"{len(seen.items)} shown"

    return check


def every(wanted: AnyOf, may_be_empty: bool, seen: Seen) -> str | None:
    if not seen.items:
        return None if may_be_empty else "nothing shown"
    return _breakers("does not hold for", [i for i in seen.items if not wanted.holds(i)], wanted)


def some(wanted: AnyOf, seen: Seen) -> str | None:
    if any(wanted.holds(item) for item in seen.items):
        return None
    return "met by none of the shown" if seen.items else "nothing shown"


def none(unwanted: AnyOf, seen: Seen) -> str | None:
    return _breakers("holds for", [i for i in seen.items if unwanted.holds(i)], unwanted)


def _breakers(how: str, items: Sequence[predicates.Item], wanted: AnyOf) -> str | None:
    if not items:
        return None
    fields = {choice.field for choice in wanted.choices} - {"text", "title"}
    named = [f"{item.product.id} {_short(item.product.title)}{_values(item, sorted(fields))}" for item in items]
    return f"{how} {'; '.join(named)}"


def _values(item: predicates.Item, fields: Sequence[str]) -> str:
    pairs = [f"{field}={'/'.join(predicates.values_of(item, field)) or 'missing'}" for field in fields]
    return f" ({', '.join(pairs)})" if pairs else ""


def _short(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def ids(wanted: tuple[str, ...], seen: Seen) -> str | None:
    return None if sorted(wanted) == sorted(seen.ids) else f"shown: {', '.join(seen.ids) or 'nothing'}"


def top(wanted: str, seen: Seen) -> str | None:
    first = seen.ids[0] if seen.ids else "nothing"
    return None if wanted == first else f"the top one is {first}"


def same_as(number: int, seen: Seen) -> str | None:
    earlier = seen.shown_at.get(number, ())
    return None if sorted(earlier) == sorted(seen.ids) else f"shown: {_list(seen.ids)}; then: {_list(earlier)}"


def subset_of(number: int, seen: Seen) -> str | None:
    extra = [id for id in seen.ids if id not in seen.shown_at.get(number, ())]
    return f"not shown then: {', '.join(extra)}" if extra else None


def new_since(number: int, seen: Seen) -> str | None:
    earlier = {id for at, shown in seen.shown_at.items() if at <= number for id in shown}
    again = [id for id in seen.ids if id in earlier]
    return f"shown before: {', '.join(again)}" if again else None


def _list(ids: Sequence[str]) -> str:
    return ", ".join(ids) or "nothing"


def about(places: tuple[int, ...], seen: Seen) -> str | None:
    """Places (from 1) count in the latest list of cards before this turn."""
    latest = seen.before.latest
    if any(place > len(latest) for place in places):
        return f"the latest list has only {len(latest)} cards"
    wanted = {latest[place - 1] for place in places}
    return (
        None if wanted == set(seen.turn.about) else f"it is about {_list(seen.turn.about)}, not {_list(sorted(wanted))}"
    )


def contains(needle: str, seen: Seen) -> str | None:
    return None if mentions(said(seen), needle) else "not said"


def any_of(needles: tuple[str, ...], seen: Seen) -> str | None:
    text = said(seen)
    return None if any(mentions(text, needle) for needle in needles) else "none of them said"


def not_contains(needle: str, seen: Seen) -> str | None:
    return "said" if mentions(said(seen), needle) else None


def said(seen: Seen) -> str:
    """All that the shopper reads: the reply, the reasons, the facts, the cards' titles and prices."""
    parts = [seen.turn.text]
    for suggestion in seen.turn.suggestions:
        variant, product = suggestion.candidate.variant, suggestion.candidate.product
        price = variant.price if variant and variant.price else product.price
        parts += [
            suggestion.title,
            f"{write_number(price.amount)} {price.currency}" if price else "",
            suggestion.reason,
        ]
    return "\n".join([*parts, *(written_fact(fact) for fact in seen.turn.facts)])


def written_fact(answered: ItemFact) -> str:
    return f"{answered.fact.slot} = {fact_value(answered)} {answered.fact.unit or ''}".rstrip()


def fact_value(answered: ItemFact) -> str:
    value = answered.fact.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_number(value) if isinstance(value, float | int) else value


def mentions(text: str, needle: str) -> bool:
    """Is it said, without regard to case? A number that begins or ends the needle matches whole numbers only."""
    before = r"(?<![\d])(?<!\d[.,])" if needle[:1].isdigit() else ""
    after = r"(?!\d)(?![.,]\d*[1-9])(?!,\d)" if needle[-1:].isdigit() else ""
    return re.search(before + re.escape(needle) + after, text, re.IGNORECASE) is not None


def fact(wanted: Predicate, seen: Seen) -> str | None:
    values = [fact_value(f) for f in seen.turn.facts if f.fact.slot == wanted.field]
    if predicates.compare(values, wanted.op, wanted.value):
        return None
    return f"the facts are {'; '.join(map(written_fact, seen.turn.facts)) or 'none'}"


def no_facts(seen: Seen) -> str | None:
    return f"the facts are {'; '.join(map(written_fact, seen.turn.facts))}" if seen.turn.facts else None
