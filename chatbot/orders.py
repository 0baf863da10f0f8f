"""The number of an order in a shopper's words, and whether they ask where an order stands: by form alone, no model.

What is found is taken out of the words before anything else reads them: it is no price, no wish, and no model's to see.
Knows nothing of orders themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chatbot.types import StateUpdate, UserAct

TOPIC = "order_status"
PUT = "(order number)"
_NUMBER = r"(?P<number>(?=[\w-]{3,40}(?![\w-]))(?=(?:[A-Za-z_-]*\d){3})[A-Za-z\d](?:[\w-]*[A-Za-z\d])?)"
_NAMED = re.compile(
    r"(?:\b(?:(?:order|purchase|parcel|package|shipment|delivery|tracking|reference|confirmation)s?\b(?:\s+(?:number|no|nr|id|code|ref(?:erence)?)\b\.?)?)"
    r"|(?:订单|訂單|单|單|包裹|快递|快遞|物流)(?:编号|編號|号码|號碼|号|號)?)"
    r"\s*(?:is|was|called|named|with|having|the|number|no\.?|nr\.?|id|是|为|為|[:：#＃№(（“\"'])*\s*[:：#＃№]?\s*"
    + _NUMBER,
    re.IGNORECASE | re.ASCII,
)
_BEHIND = re.compile(
    _NUMBER + r"\s*(?:这个|這個|这|這|号|號|的)*\s*(?:订单|訂單|包裹|快递|快遞)", re.IGNORECASE | re.ASCII
)
_BARE = re.compile(rf"(?<![\w.,-])[#＃№]?{_NUMBER}(?![\w-])", re.IGNORECASE | re.ASCII)
_TO_BUY = re.compile(
    r"\b(?:to|can i|could i|may i|i'll|i will|let me|let's|please|we|i|would|and|want|in)\s+(?:also\s+)?(?:place an\s+)?(?:order|purchase)\s*$"
    r"|[想要能可以]订?$",
    re.IGNORECASE,
)
_THING = r"(?:orders?|parcels?|packages?|shipments?|purchases?|delivery|stuff)\b"
_STATUS = re.compile(
    r"\b(?:where(?:'s| is| are|s)?|track|tracking|trace|locate|status|whereabouts|eta|look up|what happened to)\b"
    rf"[^.?!\n]{{0,40}}?\b(?:my|an?|the|this|that|our)\s+(?:\w+\s+){{0,2}}?{_THING}"
    r"|\b(?:when|has|have|did|check(?: on)?|find|news|updates?|what|how long|not|never|n't|got|see|view|know)\b"
    rf"[^.?!\n]{{0,40}}?\b(?:my|our)\s+(?:\w+\s+){{0,2}}?{_THING}"
    r"|\b(?:my|our)\s+(?:order|parcel|package|shipment|delivery)\b[^.?!\n]{0,40}?\b(?:status|arriv\w+|come|came|here|late|delayed|shipped|sent|deliver\w*|dispatched|yet|get here|not|n't|never)\b"
    r"|\border (?:status|tracking)\b|\btrack(?:ing)? (?:order|number|id)\b"
    r"|(?:订单|訂單|包裹|快递|快遞|物流|我买的东西|我買的東西)[^。？！\n]{0,12}?(?:哪|状态|狀態|进度|進度|什么时候|什麼時候|何时|何時|几时|幾時|多久|发货|發貨|送到|没到|沒到|还没|還沒|怎么样|怎麼樣|怎样|到了|查|信息|情况|情況)"
    r"|(?:查|查询|查詢|查看|跟踪|追踪|追蹤|看)(?:一下|下|询|詢)?(?:我的?)?(?:订单|訂單|包裹|快递|快遞|物流)",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:pay\w*|receipts?|invoices?|bills?|address|discounts?|cancel\w*|change|modify\w*|edit\w*|corr\w*ct\w*|switch\w*|swap\w*|affr?o?rd\w*|return\w*|refund\w*|remove|add|place|placing|exchang\w*|amend)\b|取消|修改|退|换|換|更改|下单|下單",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.?!])\s+|(?<=[。？！；，])|\n|,\s|\s+(?=(?:and|also|but)\s)")
FEW = 6  # words of an answer that is a number and little else


@dataclass(frozen=True, slots=True)
class Said:
    """A message without the number of an order. `asks`: where an order stands is asked; `rest`: what else is said."""

    words: str
    number: str = ""
    asks: bool = False

    @property
    def left(self) -> str:
        """What is to be understood besides the order; all of it where there is nothing else."""
        return self.rest if self.rest.strip() else self.words

    @property
    def plain(self) -> str:
        """The words without what stands for the number."""
        return self.words.replace(PUT, "")

    @property
    def rest(self) -> str:
        """The words without the sentences that are about the order."""
        if not self.asks:
            return self.words
        return " ".join(part for part in _parts(self.words) if not (PUT in part or _STATUS.search(part)))


def apart(text: str, awaited: bool = False) -> Said:
    """The words and the order's number apart. `awaited`: the shopper was just asked for the number."""
    found = next((m for pattern in (_NAMED, _BEHIND) for m in pattern.finditer(text) if not _bought(text, m)), None)
    if found is None and awaited and len(text.split()) <= FEW:
        found = _BARE.search(text)
    if found is None:
        return Said(text, asks=any(_STATUS.search(part) and not _OTHERWISE.search(part) for part in _parts(text)))
    start, end = found.span("number")
    words = f"{text[:start]}{PUT}{text[end:]}"
    asks = any((PUT in part or _STATUS.search(part)) and not _OTHERWISE.search(part) for part in _parts(words))
    return Said(words, found["number"], asks)


def _parts(text: str) -> list[str]:
    """A message cut where something else may be asked."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def masked(text: str) -> str:
    """The words with the number of every order put as what it is."""
    for pattern in (_NAMED, _BEHIND):
        for found in reversed(list(pattern.finditer(text))):
            if not _bought(text, found):
                text = f"{text[: found.start('number')]}{PUT}{text[found.end('number') :]}"
    return text


def _bought(text: str, found: re.Match[str]) -> bool:
    """ "I want to order 500 sheets": is the number of what is to be bought?"""
    return _TO_BUY.search(text[: found.start("number")].rstrip()) is not None


def noted(update: StateUpdate, said: Said) -> StateUpdate:
    """The update of a message that was read without its order's number; where it asks for the order, that too."""
    if not said.asks:
        return update
    if not said.rest.strip():  # nothing else is said: whatever else was heard in it was the order
        update = StateUpdate((), topics=update.topics, language=update.language, by=update.by)
    edits = bool(update.add or update.remove or update.needs or update.declined or update.questions)
    beside = (UserAct.ACCEPT,) if not update.refers_to else ()
    beside = beside if edits else (*beside, UserAct.INFORM, UserAct.OTHER, UserAct.CHITCHAT)
    acts = tuple(a for a in update.acts if a not in beside and a is not UserAct.FAQ)
    topics = tuple(t for t in update.topics if t not in ("order", "shipping", TOPIC))
    return replace(update, acts=(*acts, UserAct.FAQ), topics=(*topics, "order", TOPIC), order=said.number)
