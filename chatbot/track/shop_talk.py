"""Which words on service mean the shop, told by the topics of service: "a laptop for doing invoices" asks for no invoice.

Acts are found by their cues; here those are dropped whose part of the message is about goods, and a question on a thing
already bought is recognised in any words ("the zip gave out after a year"). Knows no answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.help_cues import parts_of
from chatbot.track.heard import Heard
from chatbot.track.spans import ActSpan
from chatbot.trouble import TOPIC, got, had
from chatbot.types import StateUpdate, UserAct
from retrieval.faq import KNOWN
from retrieval.topics import Topics

_OF_THE_SHOP = (UserAct.FAQ, UserAct.HANDOFF)
_TROUBLE = frozenset({"damaged", "warranty", "returns", "exchange", "complaint"})
_CALLED = {"warranty": "warranty", "returns": "returns", "exchange": "returns", "refund": "returns"}
"""What the acts' cues call a topic, where they know it."""
SURELY = 0.9
"""The score from which on a story of one's own thing, not said to be got here, is a question to the shop all the same."""
_NAMED = {"en": "thing", "zh": "东西"}
"""What a thing bought is called where it only stands in for any."""


def meant_for_the_shop(text: str, acts: Sequence[ActSpan], topics: Topics) -> tuple[ActSpan, ...]:
    """The acts without those whose words on service are about goods ("so I can talk to people on calls")."""
    if not any(act.act in _OF_THE_SHOP for act in acts):
        return tuple(acts)
    parts = parts_of(text)
    topics.find_all([[text, *parts]])  # the encoder is asked once for all of them
    lower, of_goods = text.lower(), topics.find(text).of_goods
    kept = []
    for act in acts:
        if act.act in _OF_THE_SHOP:
            told = topics.find(max(parts, key=lambda part: _shared(lower, part, act), default=text))
            if told.of_goods or (of_goods and told.score < KNOWN):
                continue
        kept.append(act)
    return tuple(kept)


def _shared(lower: str, part: str, act: ActSpan) -> int:
    """How many characters a part of the message and an act's cue have in common."""
    start = lower.find(part.lower())
    return min(act.end, start + len(part)) - max(act.start, start)


def bought_before(heard: Heard, topics: Topics) -> StateUpdate | None:
    """The update of a message on service for a thing bought, whatever it is called; None: it is not that."""
    text = heard.message.text
    if not heard.kinds or heard.state.page or not had(text) or heard.said(UserAct.ACCEPT):
        return None
    parts = parts_of(text)
    *of_parts, told = topics.find_all([[*parts, _without_kinds(heard)]])[0]
    if any(about.of_goods and not got(part) for part, about in zip(parts, of_parts, strict=True)):
        return None  # "a game for my brother, do you ..."
    if told.score < (KNOWN if got(text) or heard.said(UserAct.FAQ) else SURELY) or told.of_goods:
        return None
    acts = (UserAct.FAQ, *dict.fromkeys(act.act for act in heard.said(UserAct.HANDOFF)))
    named = (_CALLED.get(told.topic, ""), TOPIC if told.topic in _TROUBLE else "")
    return StateUpdate(acts=acts, topics=tuple(filter(None, named)), language=heard.message.language)


def _without_kinds(heard: Heard) -> str:
    """The message with any thing in the place of what it is about: trouble is told alike of all."""
    text = heard.message.text
    for kind in sorted(heard.kinds, key=lambda kind: -kind.mention.start):
        text = text[: kind.mention.start] + _NAMED[heard.message.language] + text[kind.mention.end :]
    return text
