"""A Turn as the JSON of CONTRACTS.md. Bytes only; decides nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from catalog.types import Constraint, Fact, Order, Product, UnitPrice, Value, Variant
from chatbot.events import Turn
from chatbot.gestures import Gesture
from chatbot.quoted import Quoted
from chatbot.say import fact_value, slot_name, standing_words, wish_words
from chatbot.types import Dropped, Figure, ItemFact, Language, Suggestion, Table, Wish


def turn_to_json(turn: Turn, dialogue: str, currency: str = "") -> dict[str, Any]:
    """The Turn document. `currency` is the unit of a price wish that names none."""
    acts = [str(a) for a in turn.acts]
    sorted_ = {w.need for w in turn.ledger if isinstance(w.what, Order)}
    return {
        "dialogue": dialogue,
        "turn": turn.number,
        "user": turn.user,
        "language": turn.language,
        "user_acts": [str(a) for a in turn.user_acts],
        "act": acts[0] if acts else "chitchat",
        "acts": acts,
        "text": turn.text,
        "ledger": [wish_to_json(w, currency, turn.language, w.need in sorted_) for w in turn.ledger],
        "dropped": [_dropped(d) for d in turn.dropped],
        "needs": [{"need": n.id, "query": n.query, "active": n.id in turn.active} for n in turn.needs],
        "refers_to": list(turn.refers_to),
        "about": list(turn.about),
        "relaxed": [str(c) for c in turn.relaxed],
        "table": _table(turn.table, turn.language),
        "suggestions": [suggestion_to_json(s, turn.language) for s in turn.suggestions],
        "quick_replies": list(turn.quick_replies),
        "facts": [_item_fact(f, turn.language) for f in turn.facts],
        "figures": [_figure(f) for f in turn.figures],
        "quoted": [_quoted(q) for q in turn.quoted],
        "gesture": _gesture(turn.gesture),
        "handoff": turn.handoff,
        "order": asdict(turn.order) if turn.order else None,
        "absent": list(turn.absent),
        "unknown": [{"items": list(q.items), "slot": q.slot, "words": q.words} for q in turn.unknown],
        "took_back": turn.took_back,
        "tracked_by": turn.tracked_by,
        "ranked_by": turn.ranked_by,
        "degraded": turn.degraded,
        "llm_calls": turn.llm_calls,
        "tokens": dict(turn.tokens),
        "ms": dict(turn.ms),
    }


def wish_to_json(wish: Wish, currency: str = "", language: Language = "en", ordered: bool = False) -> dict[str, Any]:
    """A ledger line; `words`: as people say it. `ordered`: its need has an order of its own."""
    op, value, unit = _what(wish, currency)
    return {
        "wish": wish.id,
        "need": wish.need,
        "slot": wish.slot,
        "op": op,
        "value": value,
        "unit": unit,
        "hard": wish.hard,
        "turn": wish.turn,
        "text": wish.text,
        "words": (wish_words if ordered else standing_words)(language, wish.what),
    }


def _what(wish: Wish, currency: str) -> tuple[str, object, str | None]:
    what = wish.what
    if isinstance(what, Constraint):
        return str(what.op), _value(what.value), what.unit or (currency or None if what.slot == "price" else None)
    if isinstance(what, Order):
        return "sort", what.direction, None
    return "~", what.words, None


def _value(value: Value) -> object:
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def suggestion_to_json(suggestion: Suggestion, language: Language = "en") -> dict[str, Any]:
    """A card; every fact on it comes from the record."""
    product, variant = suggestion.candidate.product, suggestion.candidate.variant
    price = variant.price if variant and variant.price else product.price
    was = variant.was if variant else None
    return {
        "impression": suggestion.id,
        "need": suggestion.need,
        "rank": suggestion.rank,
        "id": product.id,
        "title": suggestion.title,
        "price": _value(price.amount) if price else None,
        "currency": price.currency if price else None,
        "was": _value(was.amount) if was else None,
        "unit_price": _unit_price(variant.unit_price if variant else None),
        "tax": product.tax or None,
        "age_restricted": product.adult,
        "url": (variant.url if variant else None) or product.url,
        "image": (variant.image if variant else None) or product.image,
        "brand": product.brand or None,
        "rating": product.rating,
        "availability": (variant.availability if variant else None) or product.availability,
        "sold_out": product.sold_out(variant),
        "variant": _variant(variant),
        "options": _choices(product, variant),
        "variants": len(product.variants),
        "reason": suggestion.reason,
        "evidence": [fact_to_json(f) | {"name": slot_name(language, f.slot)} for f in suggestion.evidence],
        "score": round(suggestion.candidate.score, 4),
        "ranked_by": suggestion.ranked_by,
    }


def _variant(variant: Variant | None) -> dict[str, Any] | None:
    if variant is None or not variant.options:
        return None
    return {"id": variant.id, "stock": variant.stock, "options": _options(variant)}


def _choices(product: Product, variant: Variant | None) -> dict[str, list[Any]]:
    """Those of the options in which the product's variants differ: what there is to choose."""
    several = len(product.variants) > 1
    told = {n for n in variant.options if len({v.options.get(n) for v in product.variants}) > 1} if variant else set()
    return {name: values for name, values in _options(variant).items() if not several or name in told}


def _options(variant: Variant | None) -> dict[str, list[Any]]:
    """What the variant shown is: its options as the shop wrote them."""
    chosen = variant.options if variant else {}
    return {name: [getattr(cell, "text", cell) for cell in cells] for name, cells in chosen.items()}


def _unit_price(each: UnitPrice | None) -> dict[str, Any] | None:
    if each is None:
        return None
    price = {"price": _value(each.price.amount), "currency": each.price.currency}
    return price | {"amount": _value(each.amount), "unit": each.unit}


def _dropped(dropped: Dropped) -> dict[str, Any]:
    return {"wish": dropped.wish.id, "text": dropped.wish.text, "by": dropped.by, "turn": dropped.turn}


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """One thing the record states."""
    return {"slot": fact.slot, "value": _value(fact.value)} | ({"unit": fact.unit} if fact.unit else {})


def _item_fact(fact: ItemFact, language: Language) -> dict[str, Any]:
    """A fact of an item; `name` and `words`: its slot and value as people read them."""
    told = fact.fact
    plain = {"id": fact.item, "slot": told.slot, "value": _value(told.value), "unit": told.unit}
    return plain | {"name": slot_name(language, told.slot), "words": fact_value(language, told)}


def _figure(figure: Figure) -> dict[str, Any]:
    """A number of the catalogue; counts by value and values as an object from name to number."""
    plain = [_value(v) for v in figure.values]
    value = dict(zip(figure.names, plain, strict=True)) if figure.names else plain if len(plain) != 1 else plain[0]
    return {"measure": figure.measure, "slot": figure.slot, "value": value, "unit": figure.unit} | {
        "within": list(figure.within)
    }


def _quoted(quoted: Quoted) -> dict[str, Any]:
    return asdict(quoted) | {"item": quoted.item or None, "score": round(quoted.score, 4)}


def _gesture(gesture: Gesture | None) -> dict[str, Any] | None:
    """What was tapped; a message that was typed has none."""
    if gesture is None:
        return None
    return {"type": gesture.type, "items": list(gesture.items), "wish": gesture.wish or None}


def _table(table: Table | None, language: Language) -> dict[str, Any] | None:
    if table is None:
        return None
    rows = [
        {"slot": r.slot, "name": slot_name(language, r.slot), "values": list(r.values), "differs": r.differs}
        for r in table.rows
    ]
    return {"items": list(table.items), "rows": rows}
