"""Trouble with something already bought ("the lamp I got is smashed", 我买的台灯坏了): told by its form, no wish to buy one.

A message that also asks for something to buy is a wish with its story. Knows the forms, in English and Chinese; knows
nothing of products or of what the shop answers.
"""

from __future__ import annotations

import re
from dataclasses import replace

from chatbot.types import StateUpdate, UserAct

TOPIC = "complaint"
_GOT = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)?(?: just| only| recently| finally)? (?:got|bought|received|ordered|purchased|paid for)\b"
    r"|\byou(?: guys)?(?:'ve| have)?(?: just)? (?:sent|delivered|shipped|gave|sold)\b"
    r"|\b(?:came|arrived|turned up|showed up|was delivered|were delivered|got delivered|delivered to me)\b"
    r"|\b(?:my|our|the|an?) (?:new |recent |latest |whole )?(?:order|parcel|package|delivery|purchase)\b|\border \(order number\)"
    r"|(?:我|俺|刚|剛|昨天|上周|前天|上个月|在你们家|你们家)[^。！？，,]{0,6}(?:买|買|收到|订|訂|拿到|下单|下單|到手)|收到(?:的|了|货)|收到[^。！？，,]{1,8}"
    r"|你们[^。！？，,]{0,4}(?:发|發|寄|送)|买(?:来|回来|的)|到货|寄来|送来|送到|(?:今天|昨天|前天|刚刚?|上周)到的",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?<!\bfor )\b(?:my|our)\b(?! (?:old|previous|last|ex|back|neck|feet|foot|head|room|house|car)\b)|我的|我家的|我们的",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\bafter (?:only |just |less than |about )?(?:an?|one|two|three|four|five|six|a few|a couple of|\d+) (?:use|uses|time|times|wash\w*|hour|day|week|month|year)s?\b"
    r"|\balready\b|\bthe (?:first|second) (?:time|day|week|wash)\b|用了[^。！？，,]{0,6}(?:天|周|月|年|次)|才(?:用|穿|买)",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"\b(?:broke|broken|breaks|smashed|shattered|cracked|crushed|dented|defective|faulty|damaged|torn|ripped|scratched|bent|stained|dead on arrival|doa"
    r"|malfunction\w*|fell apart|came apart|came off|snapped|burnt out|leak(?:s|ed|ing)?|stuck|died|dead)\b"
    r"|\b(?:stopped|stops|quit) (?:working|charging|playing)\b|\b(?:is|are|was|were)(?:n't| not) (?:working|charging|what i ordered|as described)\b"
    r"|\b(?:do|does|did|wo|will|ca|can)(?:n't|nt| not|not) (?:work|turn on|switch on|charge|start|connect|open|close|heat|light up)\b"
    r"|坏|壞|破了|破的|裂|碎|断了|斷了|不亮|不工作|用不了|没反应|沒反應|打不开|打不開|开不了机|充不进|充不了|漏水|漏气|掉了|脱胶|开线|开胶|故障|划痕|瑕疵|质量问题|有问题",
    re.IGNORECASE,
)
_LACKING = re.compile(
    r"\b(?:came|arrived|delivered|sent|is|are|was|were) without\b|\bmissing\b|\bhas (?:a|an|some) (?:hole|crack|tear|scratch|dent|stain)s?\b|\bhas(?:n't| not) got (?:its|the)\b"
    r"|少了|缺了|缺少|漏发|少发",
    re.IGNORECASE,
)
_UNFIT = re.compile(
    r"\bwrong (?:one|item|product|colou?r|size|model|thing|kettle|lamp)\b|\bnot (?:what i|the one i|the right|as (?:described|shown|pictured))\b|\bsomething else\b"
    r"|\b(?:do|does|did)(?:n't|nt| not|not) fit\b|\btoo (?:small|big|large|tight|loose|short|long|narrow|wide)\b|\bnever (?:came|arrived)\b"
    r"|发错|發錯|寄错|寄錯|送错|拿错|不合脚|不合身|不合适|不合適|太小|太大|颜色不对|颜色错|尺码不对|和图片不一样|跟图片不|不是我(?:要|订|买)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:looking for|look for|in the market|shopping for|recommend|suggest|show me|find me|get me (?:a|an|some|another)(?! (?:person|human|manager|real|agent|refund|replacement))|new one|another one|new (?:laptop|lamp|tent|pair|jacket|chair|backpack)|upgrade|to buy|buy (?:a|an|some|another|me)|under \d|cheaper|bigger|larger|lighter|better|similar|(?:do|have) you (?:have|sell|stock|carry|got)|is there|instead of it|something|anything)\b"
    r"|\b(?:need|want|would like|'d like) (?:a|an|some|another|one|new)\b(?! (?:refund|replacement|exchange|new part|part|person|human|answer|solution|return))"
    r"|\b(?:is|are|would|will) (?:this|it|that|these|those|they|the)\b[^.?!]{0,30}\btoo\b"
    r"|想买|想買|想要|推荐|推薦|求|买个|買個|再买|再買|有没有|有沒有|找个|找一|换个新|新的|看看|预算",
    re.IGNORECASE,
)


def got(text: str) -> bool:
    """Is it told how something was got, or how long it was used?"""
    return bool(_GOT.search(text) or _SINCE.search(text))


def had(text: str) -> bool:
    """Is something told of that one has or got, and nothing asked for that could be bought? Whether it is trouble, the
    words for what went wrong are too many to list."""
    return (got(text) or bool(_OWN.search(text))) and not _WISH.search(text)


def told(text: str) -> bool:
    """Is trouble with something bought told, and nothing asked for that could be bought?"""
    got, own = bool(_GOT.search(text)), bool(_OWN.search(text))
    broken, lacking, unfit = (bool(p.search(text)) for p in (_BROKEN, _LACKING, _UNFIT))
    since = broken and bool(_SINCE.search(text))
    return ((got and (broken or lacking or unfit)) or (own and lacking) or since) and not _WISH.search(text)


def noted(update: StateUpdate, text: str) -> StateUpdate:
    """The update of a message; where it tells of such trouble, a question to the shop that wishes for nothing."""
    if not told(text):
        return update
    person = (UserAct.HANDOFF,) if UserAct.HANDOFF in update.acts else ()
    topics = tuple(dict.fromkeys((*(t for t in update.topics if t in ("returns", "warranty")), TOPIC)))
    return replace(StateUpdate((UserAct.FAQ, *person)), topics=topics, language=update.language, by=update.by)
