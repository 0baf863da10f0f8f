"""The embedded tracker: a message read by grammar and by the shop's own vocabulary, without a model.

READ `track` FIRST: it is the whole way from text to StateUpdate. Thread-safe once built; the state given never changes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from catalog.store import Catalog
from catalog.types import Constraint
from chatbot.state import apply
from chatbot.track.absent import absent_names
from chatbot.track.acts import acts_of
from chatbot.track.amounts import number_wishes, order_wishes, spans_of
from chatbot.track.bounds import find_bounds
from chatbot.track.catalogue import ask_catalogue, stretches
from chatbot.track.compounds import compounded
from chatbot.track.critiques import measured_wishes, yardsticks
from chatbot.track.descriptions import descriptions
from chatbot.track.devices import device_wishes, find_devices
from chatbot.track.encoded import Encoded
from chatbot.track.features import of_order, property_of, value_itself, wanted
from chatbot.track.general import of_the_world
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.implied import with_implied
from chatbot.track.likeness import has_value, kinds_likened, likened, of_likeness, only_asking, shared_wishes
from chatbot.track.lists import items_of_list, track_each
from chatbot.track.meaning import Meaning
from chatbot.track.normal import Message, in_talk
from chatbot.track.order import find_orders
from chatbot.track.overheard import overhear
from chatbot.track.parts import idioms, kinds_in
from chatbot.track.pending import answer_to_which, answered, declined_slot
from chatbot.track.planning import Plan, plan_needs
from chatbot.track.pointing import about, items_of, reach, sought_to_compare
from chatbot.track.purposes import likely_kinds, uses, with_meant
from chatbot.track.questions import asked_again, asks_of_it, facts_first, item_questions
from chatbot.track.references import find_references, joined
from chatbot.track.removals import removals
from chatbot.track.said import (
    POINTING,
    Asked,
    acts_said,
    asides,
    named_again,
    no_wishes,
    takes_something,
    topics_of,
    unmeant,
)
from chatbot.track.scope import find_scopes
from chatbot.track.served import offer_terms, told_amount
from chatbot.track.shop_talk import bought_before, meant_for_the_shop
from chatbot.track.spans import ActSpan, BoundSpan, Span
from chatbot.track.standing import standing_wishes
from chatbot.track.subsets import subsets
from chatbot.track.texts import but_absent, text_wishes
from chatbot.track.warming import read_word_lists, uncollected
from chatbot.track.widening import widened
from chatbot.track.wishes import value_wishes
from chatbot.types import Addition, DialogueState, StateUpdate, UserAct
from retrieval.embedder import Embedder
from retrieval.topics import topics_by

_LEADING = frozenset({UserAct.REQUEST, UserAct.COMPARE, UserAct.EXPLAIN, UserAct.REJECT, UserAct.MORE})


class EmbeddedTracker:
    """Tracker of chatbot/types.py. `embedder` reads what grammar cannot tell of a message; None: grammar alone."""

    def __init__(self, catalog: Catalog, embedder: Embedder | None = None) -> None:
        with uncollected():
            self.grounder = self._grounder = Grounder(catalog, embedder)
            self._meaning = Meaning(catalog, self._grounder.kinds, embedder)
            self._topics = topics_by(embedder)
            read_word_lists()
            self._track(DialogueState(), "warm up: 2 of 第一个 for LaserJet 1020", by_meaning=False)

    def track(self, state: DialogueState, text: str, spoken: Heard | None = None) -> StateUpdate:
        """What the message means: acts, wishes added and taken back, needs, items pointed at, questions. `spoken`: the
        message, where it was heard before."""
        items, behind = items_of_list(text)
        if items:  # no vectors for each of them: a turn can pay for those of one
            return track_each(state, items, behind, partial(self._track, by_meaning=False))
        return self._track(state, text, spoken=spoken)

    def _track(
        self, state: DialogueState, text: str, by_meaning: bool = True, spoken: Heard | None = None
    ) -> StateUpdate:
        heard = spoken or self.hear(state, text, by_meaning)
        if any(a.injected for a in heard.acts):
            return no_wishes(heard)
        if service := bought_before(heard, self._topics):
            return service
        heard = replace(heard, references=joined(heard.references, descriptions(heard, self._grounder)))
        if answer := answer_to_which(heard, self._grounder):
            return answer
        if of_the_world(heard) and not asks_of_it(heard, self._grounder):
            return StateUpdate(acts=(UserAct.OTHER,), language=heard.message.language)
        heard = self._settled(replace(heard, acts=facts_first(heard, self._grounder)))
        heard = replace(heard, acts=with_implied(heard))
        heard = replace(heard, acts=tuple(a for a in heard.acts if not unmeant(heard, a)))
        heard = replace(heard, acts=tuple(a for a in heard.acts if takes_something(heard, self._grounder, a)))
        asked = self._asked(heard)
        heard = replace(heard, closed=(*asides(heard), *asked.closed, *yardsticks(heard), *offer_terms(heard)))
        heard = with_meant(heard, self._meaning)
        reset = bool(heard.said(UserAct.RESET))
        if reset:
            heard = replace(heard, state=replace(state, needs=(), active=(), focus=(), shown=()))
        absent = absent_names(heard, self._grounder)
        plan = plan_needs(heard, self._grounder, absent)
        heard = replace(heard, placed=plan.placed)
        wider = () if plan.placed else tuple(widened(heard, self._grounder))
        added = but_absent([*self._additions(heard, plan), *(addition for _, addition in wider)], absent)
        removed, declined = ((), ()) if reset else removals(heard, self._grounder)
        waved = declined_slot(heard)
        update = StateUpdate(
            acts=(),
            add=tuple(added),
            remove=(*removed, *plan.removed),
            clear=reset,
            needs=(*plan.edits, *(edit for edit, _ in wider)),
            active=plan.active or named_again(heard),
            refers_to=asked.items,
            unclear=asked.unclear,
            questions=tuple(asked.questions),
            absent=absent if plan.placed or not heard.said(UserAct.OTHER) else (),
            declined=tuple(dict.fromkeys((*declined, *waved))),
            topics=topics_of(heard),
            language=heard.message.language,
        )
        update = self._with_catalogue(heard, update, asked)
        update = replace(update, acts=acts_said(heard, update, asked))
        return only_asking(answered(heard, self._grounder, update))

    def overhear(self, state: DialogueState, words: str, pointed: bool = False) -> DialogueState:
        """The state after another's words: the things they describe (`pointed`: as seen) count as shown."""
        return overhear(state, words, self._grounder, pointed)

    def _with_catalogue(self, heard: Heard, update: StateUpdate, asked: Asked) -> StateUpdate:
        """The update with what is asked of the catalogue, within the wishes that stand once the message is heard."""
        state = apply(heard.state, update)
        found = ask_catalogue(heard, self._grounder, asked.catalogue, state, self._additions)
        more = ask_catalogue(heard, self._grounder, asked.wider, state, self._additions).questions
        more = tuple(
            q for q in more if q.slot and self._grounder.catalog.match(q.scope).sum() > len(heard.state.latest)
        )
        absent = tuple(dict.fromkeys((*update.absent, *found.absent)))
        return replace(update, questions=(*update.questions, *found.questions, *more), absent=absent)

    def hear(self, state: DialogueState, text: str, by_meaning: bool = True) -> Heard:
        """The message word by word, before it is judged what it comes to. `by_meaning`: with the encoder at hand."""
        message = in_talk(Message.read(text), state.language)
        devices = find_devices(message, self._grounder)
        named = tuple(Span(d.start, d.end) for d in devices)
        found = (b for b in find_bounds(message) if not self._grounder.phrases_over(message, b))
        bounds = tuple(
            _said_exactly(message.lower, b) for b in found if not any(n.touches(b.start, b.end) for n in named)
        )
        grounded = self._grounder.read(message, (*spans_of(bounds), *named, *idioms(message.lower)))
        scopes = find_scopes(message)
        grounded = replace(
            grounded, mentions=tuple(m for m in grounded.mentions if not scopes.refuses_in(m.start, m.end))
        )
        orders = tuple(o for o in find_orders(message) if not value_itself(o, grounded.mentions))
        sorts = tuple(Span(o.start, o.end) for o in orders)
        is_property = property_of(state, message, self._grounder, (bounds, orders, scopes))
        like = likened(message.lower)
        things = tuple(m for m in grounded.mentions if not of_order(m, orders))
        kinds = kinds_likened(kinds_in(message.lower, things, is_property, wanted(state)), like)
        return Heard(
            state=state,
            message=message,
            bounds=bounds,
            scopes=scopes,
            orders=orders,
            acts=tuple(
                a
                for a in meant_for_the_shop(message.text, acts_of(message, orders), self._topics)
                if not told_amount(message.lower, a, bounds)
            ),
            grounded=grounded,
            kinds=compounded(message.lower, grounded.mentions, kinds, devices, state, self._grounder),
            references=find_references(message.lower, state, sorts),
            devices=devices,
            likened=(*like, *(u for u in uses(message) if not has_value(message.lower, u, grounded.mentions))),
            encoded=Encoded(message.text, self._grounder.embedder if by_meaning else None),
        )

    def _settled(self, heard: Heard) -> Heard:
        """Without the acts that point at nothing, though they would have to, and liking that only leads to something
        else ("I like the first, what does it cost?")."""
        acts = tuple(a for a in heard.acts if not a.item or items_of(heard, self._grounder, a).items)
        acts = tuple(a for a in acts if not sought_to_compare(heard, a))
        acts = tuple(a for a in acts if a.act not in POINTING or not self._of_unseen(heard, a))
        if any(a.act in _LEADING for a in acts):
            acts = tuple(a for a in acts if a.topic != "like")
        return replace(heard, acts=acts)

    def _of_unseen(self, heard: Heard, act: ActSpan) -> bool:
        """ "The cheapest kettle please", "compare the kettles" when mice are shown: something to show first."""
        stretch = reach(heard, act)
        heads = [k for k in heard.kinds if k.part == "head" and stretch.touches(k.mention.start, k.mention.end)]
        wanted = {c for k in heads for c in k.reading.values}
        if not wanted or not heard.state.shown or any(m.reading("product") for m in heard.within(stretch)):
            return False
        seen = self._grounder.catalog.get(tuple({*heard.state.latest, *heard.state.focus}))
        return not any(wanted & set(product.category) for product in seen)

    def _asked(self, heard: Heard) -> Asked:
        """What acts are about items, which stretches they close to wishes, and what is asked of the catalogue."""
        asked = Asked()
        parts = subsets(heard, self._additions)
        for part in parts:
            asked.questions.append(part.question)
            asked.items = tuple(dict.fromkeys((*asked.items, *part.question.items)))
        for act in heard.acts:
            if any(p.sentence.touches(act.start, act.end) for p in parts):
                continue
            if act.act is UserAct.REQUEST:
                self._request(heard, act, asked)
            elif act.act in POINTING and (
                heard.state.shown or heard.state.page or any(m.reading("product") for m in heard.mentions)
            ):
                self._point(heard, act, asked)
        if any(q.slot for q in asked.questions):  # "out of these, which is cheapest": nothing is asked in general
            asked.questions = [q for q in asked.questions if q.slot or q.words]
        if heard.state.active:  # something is looked for already: a question alone changes nothing in it
            asked.closed.extend(stretches(heard, asked.catalogue))
        return asked

    def _request(self, heard: Heard, act: ActSpan, asked: Asked) -> None:
        what = "wish" if of_likeness(heard, act) else about(heard, self._grounder, act)
        if what == "catalogue":
            asked.catalogue.append(act)
        if what != "items":
            return
        pointed = items_of(heard, self._grounder, act)
        if pointed.unclear:
            asked.unclear = pointed.items
        if not pointed.items:
            return
        asked.items = tuple(dict.fromkeys((*asked.items, *pointed.items)))
        found = asked_again(heard, act, pointed.items) or item_questions(heard, self._grounder, act, pointed.items)
        asked.questions.extend(found)
        if pointed.items == heard.state.latest and any(q.slot and q.measure == "value" for q in found):
            asked.wider.append(act)  # "what do they cost?": said of the whole range too, where more match
        asked.closed.append(heard.message.sentence_at(act.start))

    def _point(self, heard: Heard, act: ActSpan, asked: Asked) -> None:
        pointed = items_of(heard, self._grounder, act)
        if pointed.unclear and act.act is UserAct.ACCEPT:
            asked.unclear = pointed.items
        items = heard.state.latest if act.all else pointed.items
        asked.items = tuple(dict.fromkeys((*asked.items, *items)))
        asked.pointing.append(act.act)
        asked.closed.append(reach(heard, act))

    def _additions(self, heard: Heard, plan: Plan) -> list[Addition]:
        values, homeless = value_wishes(heard, self._grounder)
        numbers = number_wishes(heard, self._grounder)
        bounded = [a.what.slot for a in numbers if isinstance(a.what, Constraint)]
        orders = order_wishes(heard, self._grounder, bounded)
        standing = standing_wishes(heard, self._grounder)
        texts = text_wishes(heard, self._grounder, homeless)
        fitting = device_wishes(heard)
        shared = shared_wishes(heard, self._grounder)
        measured = measured_wishes(heard, self._grounder)
        likely = () if any(p.sought.categories for p in plan.placed) else likely_kinds(heard, self._meaning)
        return [*plan.additions, *likely, *values, *numbers, *orders, *measured, *standing, *shared, *fitting, *texts]


def _said_exactly(lower: str, bound: BoundSpan) -> BoundSpan:
    """ "What about a 19 inch one" says no "about 19"."""
    if bound.approximate and re.search(r"(?:what|how)\s(?:about\s)?$", lower[: bound.start]):
        return replace(bound, approximate=False, cue="bare")
    return bound
