"""Ranking by a model: it picks candidate numbers, best first, and words a reason for each; code does the rest.

The answer streams, one line an item, so that a card can show when its line ends. What the model leaves out, breaks off
or fails to say is filled up in the order it was given. Knows nothing of how a reason is checked before it is shown.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import prompts
from catalog.types import Constraint, Order, Slot
from chatbot.asking import Asking, Use
from chatbot.prompting import LANGUAGES, masked, printed
from chatbot.rank.answer import Pick, declines, picks
from chatbot.rank.lines import candidate_lines
from chatbot.rank.manner import becoming
from chatbot.rank.merge import is_fixed, merged, room_of
from chatbot.titles import title_in
from chatbot.types import Language, Need, Ranked, Text, Wish
from errors import LLMBadOutput, LLMUnavailable
from prompts.types import Rendered

MESSAGE = 240
"""Bytes of the shopper's message."""
WISHES = 8
WISH = 60


class LLMRanker:
    """Reorders what the embedded ranker made of the candidates. `slots` are the catalogue's, for names and units."""

    def __init__(self, slots: Mapping[str, Slot]) -> None:
        self._slots = slots

    def rank(
        self, need: Need, ranked: Sequence[Ranked], limit: int, language: Language, message: str, asking: Asking
    ) -> Iterator[Ranked]:
        """At most `limit` of `ranked`, each once; `ranked` is in the embedded order.

        The model is asked where `adds` says so and a call is left: of several needs in a turn the first has it.
        """
        fixed = is_fixed(need, ranked)
        offered = ranked[:limit] if fixed else ranked
        asked = adds(asking.use, need, offered, limit)
        rendered = self.rendered(need, offered, limit, language, message) if asked else None
        if rendered is None or not asking.allows(rendered):
            yield from ranked[:limit]
            return
        with closing(_answer(asking, rendered, len(offered), min(limit, len(offered)))) as answer:
            given: set[str] = set()
            for place, (one, pick) in enumerate(merged(offered, answer, fixed, room_of(need)), 1):
                yield _worded(one, pick, language, given) if pick else one
                if place == limit:
                    return

    def rendered(self, need: Need, ranked: Sequence[Ranked], limit: int, language: Language, message: str) -> Rendered:
        """Exactly what is sent to have these candidates ranked."""
        return prompts.load("rank").render(
            limit=min(limit, len(ranked)),
            language=LANGUAGES[language],
            profile="-",
            wishes=_wishes(need, ranked),
            message=masked(message, MESSAGE) or "-",
            candidates=candidate_lines(need, ranked, self._slots, language),
        )


def adds(use: Use, need: Need, ranked: Sequence[Ranked], limit: int) -> bool:
    """Is a model worth asking to rank these?

    always: wherever there are two. auto: where it may choose: not where an order was wished, nor where all are shown
    anyway and every wish is one that a filter carries. sparing: where it must choose by words that no filter carries.
    """
    if len(ranked) < 2 or limit < 1:
        return False
    loose = any(isinstance(wish.what, Text) or not wish.hard for wish in need.wishes)
    choice = len(ranked) > limit
    match use:
        case "always":
            return True
        case "auto":
            return not is_fixed(need, ranked) and (choice or loose)
        case "sparing":
            return not is_fixed(need, ranked) and choice and loose


def _answer(asking: Asking, rendered: Rendered, offered: int, most: int) -> Generator[Pick, None, None]:
    """The model's picks as their lines end, `most` of them; what fails on the way is noted by `asking`. That none suits is
    an answer too: then the embedded order stands."""
    found = 0
    read: list[str] = []
    with closing(asking.stream(rendered)) as pieces:
        for found, pick in enumerate(picks(_whole(asking, pieces, read), offered), 1):
            yield pick
            if found == most:
                return
    if not found and not asking.failures and not declines("".join(read)):
        asking.fail(LLMBadOutput("the model chose nothing that was offered"))


def _whole(asking: Asking, pieces: Iterator[str], read: list[str]) -> Iterator[str]:
    """The pieces, kept in `read` as well, and a last line end where the answer came to its end."""
    try:
        for piece in pieces:
            read.append(piece)
            yield piece
    except LLMUnavailable:  # noted by `asking`; what was read till then stands
        return
    if not asking.cut:
        yield "\n"


def _worded(ranked: Ranked, pick: Pick, language: Language, given: set[str]) -> Ranked:
    """The candidate with the model's reason, "" where it gave none that can be shown. It counts as the model's even where
    the order was not: what it says must be checked. `given`: reasons so far; one said twice tells nothing apart."""
    reason = becoming(pick.reason, title_in(language, ranked.candidate.product), language)
    reason = "" if reason in given else reason
    given.add(reason)
    return replace(ranked, reason=reason, plain=ranked.reason, ranked_by="llm")


def _wishes(need: Need, ranked: Sequence[Ranked]) -> str:
    """What is looked for and the latest wishes, one a line; what none of the candidates meets is said of the wish."""
    nobody = set(ranked[0].candidate.missed).intersection(*(one.candidate.missed for one in ranked))
    lines = [masked(need.query, WISH)] if need.query else []
    for wish in need.wishes[-WISHES:]:
        note = " (none meets it)" if wish.what in nobody else "" if wish.hard else " (if possible)"
        lines.append(_line(wish) + note)
    return "\n".join(dict.fromkeys(lines)) or "-"


def _line(wish: Wish) -> str:
    """A wish as the ledger writes it; slots and values are the feed's words, and made harmless as such."""
    what = wish.what
    if isinstance(what, Constraint):
        values = tuple(printed(v, WISH) if isinstance(v, str) else v for v in what.values)
        value = values if isinstance(what.value, tuple) else values[0]
        what = replace(what, slot=printed(what.slot, WISH), value=value)
    elif isinstance(what, Order):
        what = replace(what, slot=printed(what.slot, WISH))
    return masked(str(what), WISH)
