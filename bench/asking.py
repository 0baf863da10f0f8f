"""Asking well: simulated shoppers with one product in mind, and every tap said back.

    python -m bench.asking [--shops electronics,fashion-home,computers-zh] [--shoppers 150] [--failures]

A shopper names the kind of a product drawn at random and answers each question by its record, or does not care where
the record is silent ("caring": cares for a property only as often as people speak of it). After every answer five cards are shown, none twice. Counted: turns until the product is among
them, at most TURNS; for our question against one at random, the budget and then at random, information without regard
to what shoppers speak of, and none at all (the next five cards). Then every answer that may be tapped is put through the
tracker: does it come out as the wish it says? One JSON line at the end.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bench.common import report, shop_db
from catalog import demand
from catalog.types import Constraint, Op, Slot
from chatbot import elicit, say, taps
from chatbot.elicit import Mask
from chatbot.state import to_query
from chatbot.track.embedded import EmbeddedTracker
from chatbot.turn import CARDS, Chatbot
from chatbot.types import DialogueState, Language, Need, Pending, StateUpdate, Wish
from retrieval.embedder import PackagedEncoder
from retrieval.retriever import Retriever

SHOPS = ("electronics", "fashion-home", "computers-zh", "cars-zh")
TURNS = 8
SEED = 4
KINDS = 25  # the commonest kinds of a shop whose taps are tried
Asker = Callable[[DialogueState, Need, Mask], Slot | None]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop to ask in."""

    bot: Chatbot
    retriever: Retriever
    kinds: Mapping[str, list[int]]  # positions of the products of each kind worth asking about

    @classmethod
    def open(cls, name: str, encoder: PackagedEncoder) -> Shop:
        bot = Chatbot.open(shop_db(name), embedder=encoder)
        kinds: dict[str, list[int]] = {}
        for position, product in enumerate(bot.catalog.products()):
            if product.kind:
                kinds.setdefault(product.kind, []).append(position)
        kinds = {kind: places for kind, places in kinds.items() if len(places) > elicit.ASK_ABOVE}
        return cls(bot, Retriever(bot.catalog, encoder), kinds)


def need_of(kind: str) -> Need:
    return Need(1, kind, (Wish("w1", 1, Constraint("category", Op.EQ, kind), True, 1),))


def turns_until(shop: Shop, target: int, kind: str, ask: Asker, cares: Callable[[Slot], bool]) -> int:
    """Turns until the product is on the cards; one more than TURNS when it never is."""
    catalog, need = shop.bot.catalog, need_of(kind)
    state, seen = DialogueState(needs=(need,), active=(1,), turn=1), set[str]()
    for turn in range(1, TURNS + 1):
        found = shop.retriever.retrieve(to_query(state, need, seen), CARDS).candidates
        shown = {c.product.id for c in found}
        if catalog.ids[target] in shown:
            return turn
        seen |= shown
        mask = catalog.match(to_query(state, need).hard)
        slot = ask(state, need, mask)
        if slot is None:
            continue
        answer = truth(shop, slot, target, mask) if cares(slot) else ()
        declined = () if answer else (slot.name,)
        wishes = tuple(Wish(f"w{turn}{n}", 1, c, True, turn) for n, c in enumerate(answer))
        need = replace(need, wishes=(*need.wishes, *wishes))
        asked, waved = (*state.asked, slot.name), (*state.declined, *declined)
        state = replace(state, needs=(need,), asked=asked, declined=waved)
    return TURNS + 1


def truth(shop: Shop, slot: Slot, target: int, mask: Mask) -> tuple[Constraint, ...]:
    """What the product's record answers; nothing where it is silent."""
    catalog = shop.bot.catalog
    for answer in answers(shop, slot, mask, target):
        if catalog.match(answer)[target]:
            return answer
    return ()


def answers(shop: Shop, slot: Slot, mask: Mask, target: int) -> Iterator[tuple[Constraint, ...]]:
    if slot.kind == "number":
        yield from (bounds(slot, band) for band in elicit.bands(shop.bot.catalog, slot, mask))
    elif slot.kind == "boolean":
        yield from ((Constraint(slot.name, Op.EQ, True),), (Constraint(slot.name, Op.EQ, False),))
    else:
        alone = mask.copy()
        alone[:] = False
        alone[target] = True
        yield from ((Constraint(slot.name, Op.EQ, v),) for v, _ in shop.bot.catalog.facets(slot.name, alone, 1))


def bounds(slot: Slot, band: elicit.Band) -> tuple[Constraint, ...]:
    if band.low is not None and band.low == band.high:
        return (Constraint(slot.name, Op.EQ, band.low),)
    made = []
    if band.low is not None:
        made.append(Constraint(slot.name, Op.GE, band.low))
    if band.high is not None:
        made.append(Constraint(slot.name, Op.LE, band.high))
    return tuple(made)


def askers(shop: Shop, rng: random.Random) -> dict[str, Asker]:
    catalog = shop.bot.catalog

    def open_slots(state: DialogueState, need: Need, mask: Mask) -> list[Slot]:
        return [] if int(mask.sum()) <= elicit.ASK_ABOVE else elicit.open_slots(catalog, state, need)

    def at_random(state: DialogueState, need: Need, mask: Mask) -> Slot | None:
        found = open_slots(state, need, mask)
        return rng.choice(found) if found else None

    def price_first(state: DialogueState, need: Need, mask: Mask) -> Slot | None:
        price = next((s for s in open_slots(state, need, mask) if s.name == "price"), None)
        return price or at_random(state, need, mask)

    def most_told(state: DialogueState, need: Need, mask: Mask) -> Slot | None:
        found = open_slots(state, need, mask)
        return max(found, key=lambda s: elicit.information(catalog, s, mask), default=None)

    def budget_when_it_pays(state: DialogueState, need: Need, mask: Mask) -> Slot | None:
        found, kinds = open_slots(state, need, mask), [need.query]
        return max(found, key=lambda s: elicit.information(catalog, s, mask) * elicit.worth(s, kinds), default=None)

    return {
        "ours": lambda state, need, mask: elicit.question_for(catalog, state, need, mask),
        "at random": at_random,
        "price, then at random": price_first,
        "budget not first": budget_when_it_pays,
        "information alone": most_told,
        "never": lambda state, need, mask: None,
    }


def simulate(shop: Shop, shoppers: int) -> dict[str, dict[str, float]]:
    """Mean turns, and the share found within three and at all, by way of asking."""
    rng = random.Random(SEED)
    drawn = [
        (rng.choice(places), kind)
        for kind in rng.choices(sorted(shop.kinds), k=shoppers)
        for places in [shop.kinds[kind]]
    ]
    figures = {}
    for name, ask in askers(shop, random.Random(SEED)).items():
        turns = [turns_until(shop, target, kind, ask, lambda slot: True) for target, kind in drawn]
        choosy = [turns_until(shop, target, kind, ask, lambda slot, t=target: cares(t, slot)) for target, kind in drawn]  # type: ignore[misc]
        figures[name] = {
            "turns": round(statistics.mean(turns), 2),
            "within 3": round(sum(t <= 3 for t in turns) / len(turns), 3),
            "found": round(sum(t <= TURNS for t in turns) / len(turns), 3),
            "turns, caring": round(statistics.mean(choosy), 2),
        }
    return figures


def cares(target: int, slot: Slot) -> bool:
    """Has this shopper a wish on the slot? As often as people speak of it, against what they speak of most."""
    return random.Random(f"{target} {slot.name}").random() < demand.share(slot.concept) / demand.most()


def tapped(shop: Shop) -> Iterator[tuple[str, Slot, str, StateUpdate, bool]]:
    """Every answer that may be tapped for the commonest kinds: kind, slot, words, what they were read as, as meant?"""
    catalog = shop.bot.catalog
    tracker = EmbeddedTracker(catalog)
    language: Language = "zh" if catalog.language == "zh" else "en"
    for kind in sorted(shop.kinds, key=lambda k: -len(shop.kinds[k]))[:KINDS]:
        need = need_of(kind)
        state = DialogueState(needs=(need,), active=(1,), turn=1, language=language)
        mask = catalog.match([w.what for w in need.wishes if isinstance(w.what, Constraint)])
        for slot in elicit.open_slots(catalog, state, need):
            asked = replace(state, pending=Pending(slot=slot.name), asked=(slot.name,))
            for words in taps.replies_for(catalog, slot, need, mask, 0, language):
                update = tracker.track(asked, words)
                yield (
                    kind,
                    slot,
                    words,
                    update,
                    as_meant(
                        update, slot, words in (say.say(language, "any_button"), say.say(language, "unsure_button"))
                    ),
                )


def as_meant(update: StateUpdate, slot: Slot, waved: bool) -> bool:
    """Only wishes on the slot, or only that it does not matter."""
    if waved:
        return update.declined == (slot.name,) and not update.add
    slots = {a.what.slot for a in update.add if isinstance(a.what, Constraint)}
    return slots == {slot.name} and len(slots) == len({type(a.what) for a in update.add}) and not update.needs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", default=",".join(SHOPS))
    parser.add_argument("--shoppers", type=int, default=150)
    parser.add_argument("--failures", action="store_true", help="print every tap that is read as something else")
    options = parser.parse_args()
    encoder, figures = PackagedEncoder(), dict[str, object]()
    for name in options.shops.split(","):
        shop = Shop.open(name, encoder)
        found = simulate(shop, options.shoppers)
        read = list(tapped(shop))
        right = sum(ok for *_, ok in read)
        figures[name] = {"asking": found, "taps": [right, len(read)]}
        print(f"\n{name:<26}" + "".join(f"{column:>15}" for column in next(iter(found.values()))))
        for way, row in found.items():
            print(f"  {way:<24}" + "".join(f"{value:>15}" for value in row.values()))
        print(f"  taps read as meant: {right} of {len(read)}")
        for kind, slot, words, update, ok in read:
            if not ok and options.failures:
                print(f"    {kind} · {slot.name} · {words!r}: {[str(a.what) for a in update.add]} {update.declined}")
    report("asking", options.shops, SEED, {"shoppers": options.shoppers, "shops": figures})


if __name__ == "__main__":
    main()
