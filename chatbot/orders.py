"""The number of an order in a shopper's words, and whether they ask where an order stands: by form alone, no model.

What is found is taken out of the words before anything else reads them: it is no price, no wish, and no model's to see.
Knows nothing of orders themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatbot.types import StateUpdate, UserAct

TOPIC = "order_status"
PUT = "(order number)"
_NUMBER = r"(?P<number>(?=[\w-]{3,40}(?![\w-]))(?=(?:[A-Za-z_-]*\d){3})[A-Za-z\d](?:[\w-]*[A-Za-z\d])?)"
_SHORT = r"(?P<number>(?=[\w-]{1,40}(?![\w-]))(?=[\w-]*\d)[A-Za-z\d](?:[\w-]*[A-Za-z\d])?)"
_NOUN = (
    r"(?:\b(?:(?:order|purchase|parcel|package|shipment|delivery|tracking|reference|confirmation)s?\b(?:\s+(?:number|no|nr|id|code|ref(?:erence)?)\b\.?)?)"
    r"|(?:订单|訂單|单|單|包裹|快递|快遞|物流)(?:编号|編號|号码|號碼|号|號)?)"
    r"\s*(?:is|was|called|named|with|having|the|number|no\.?|nr\.?|id|是|为|為|[:：#＃№(（“\"'])*\s*[:：#＃№]?\s*"
)
_NAMED = re.compile(_NOUN + _NUMBER, re.IGNORECASE | re.ASCII)
_NAMED_SHORT = re.compile(
    _NOUN
    + _SHORT
    + r"(?:(?<=[A-Za-z][-_]\d)|(?<=[A-Za-z][-_]\d\d)|(?=\s*(?:$|[.?!,;:。？！，；、)）”\"]|[到在怎是发發什现現还還的有]))|(?=\s+(?:please|now|yet|at the moment|right now)\b))",
    re.IGNORECASE | re.ASCII,
)
"""A number of a digit or two: only where an order is asked for, and where it does not count what follows ("3 weeks late")."""
_PREFIXED = re.compile(r"(?<![\w-])(?=ord(?:er)?[-_]?\d)(?=\w+-|ord\d)" + _NUMBER, re.IGNORECASE | re.ASCII)
_TRACKED = re.compile(
    r"(?:(?:^|[.?!,;:])\s*|\b(?:please|(?:can|could|would|will) you|help me|let me|(?:want|need|like) to)\s+)(?:track|trace|locate)\s+(?:down\s+)?(?:it\s*[,:]\s*)?[#＃№]?"
    + _SHORT
    + r"(?=\s*(?:$|[.?!,;]|please\b|for me\b))",
    re.IGNORECASE | re.ASCII,
)
_BEHIND = re.compile(
    _NUMBER + r"\s*(?:这个|這個|这|這|号|號|的)*\s*(?:订单|訂單|包裹|快递|快遞)", re.IGNORECASE | re.ASCII
)
_BARE = re.compile(rf"(?<![\w.,-])[#＃№]?{_NUMBER}(?![\w-])", re.IGNORECASE | re.ASCII)
_ALONE = re.compile(
    r"(?:[\s.,;:!#＃№(（“\"'：，。]|\b(?:it'?s|it is|this is|that'?s|that is|the|my|our|order|parcel|package|tracking|confirmation|reference|number|no|nr|id|code|ref|is|was|i think|i believe|i guess|maybe|probably|should be|must be|might be|called|i have|i've got|i got|it says|here|tfound it|yes|yeah|yep|sure|ok|okay|oh|ah|um|hm+|sorry|hi|hello|please|so)\b|我的|订单|訂單|编号|編號|号码|號碼|单号|單號|号|號|应该|應該|可能|就是|是|为|為|好|嗯|哦|的)*"
    + _SHORT
    + r"(?:[\s.,;:!)）”\"'。，！]|\b(?:please|thanks|thank you|i think|i believe|i guess|is it|is my order|is the number|that's it|right)\b|谢谢|謝謝|这个|這個|号|號|吧|哦|的|呢|这|應該|应该|是)*",
    re.IGNORECASE | re.ASCII,
)
"""A number and nothing that it could count."""
_WISH = re.compile(
    r"[$€£¥￥]|\b(?:under|below|over|above|up to|at (?:most|least)|less|more|cheaper|than|max|budget|looking for|show|find|recommend|need|want|buy|usd|eur|gbp|dollars?|euros?|pounds?|bucks)\b|以下|以内|以內|左右|块|塊|元|想买|想買|推荐|推薦",
    re.IGNORECASE,
)
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
_ASKING = re.compile(
    r"\b(?:where|track|trace|locate|status|when|news|updates?|arriv\w+|shipped|late|delayed|look up|check)\b|哪|查|状态|狀態|进度|進度|什么时候|什麼時候|怎么样|怎麼樣",
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
    found = next(_numbers(text), None)
    if found is None and awaited:
        loosely = len(text.split()) <= FEW and not _WISH.search(text)
        found = _ALONE.fullmatch(text) or (_BARE.search(text) if loosely else None)
    if found is None:
        return Said(text, asks=any(_STATUS.search(part) and not _OTHERWISE.search(part) for part in _parts(text)))
    start, end = found.span("number")
    words = f"{text[:start]}{PUT}{text[end:]}"
    asks = any((PUT in part or _STATUS.search(part)) and not _OTHERWISE.search(part) for part in _parts(words))
    return Said(words, found["number"], asks)


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Where numbers of orders stand, the surest first; two may overlap."""
    for pattern in (_NAMED, _BEHIND, _PREFIXED, _TRACKED):
        yield from (found for found in pattern.finditer(text) if not _bought(text, found))
    for found in _NAMED_SHORT.finditer(text):
        around = [part for part in _parts(text) if found[0].split()[0] in part]
        if any(_STATUS.search(part) or _ASKING.search(part) for part in around) and not _bought(text, found):
            yield found


def _parts(text: str) -> list[str]:
    """A message cut where something else may be asked."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def masked(text: str) -> str:
    """The words with the number of every order put as what it is."""
    while found := next((found for found in _numbers(text) if found["number"] not in PUT), None):
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
