"""Other people's text made harmless within a prompt: one short line, without what could speak to a model.

Catalogue text and messages are material. Nothing here makes a model safe: what it answers is checked all the same.
Knows nothing of prompts, items or dialogue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from chatbot.personal import without_personal
from chatbot.types import Language

LANGUAGES: Mapping[Language, str] = {"en": "English", "zh": "Chinese"}
"""A language as a model is told which to write in."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LINK = re.compile(
    r"!?\[([^\]]*)\]\([^)]*\)|\b(?:https?|ftp|javascript|data|mailto)\s*:\S*|\bwww\.\S+|[^\s@]{1,64}@[^\s@]{1,255}\.\w+",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,200}>|&[a-z]{2,8};|&#x?[0-9a-f]{1,6};|\{\{.*?\}\}", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"<[|｜].*?[|｜]>|</?(?:start|end)_of_turn>|\[/?(?:INST|SYS)\]|<</?SYS>>|</?s>|#{2,}\s*\w*:?|```\w*", re.IGNORECASE
)
_NUMBERED = re.compile(r"[\[【〔{]\s*\d+\s*[\]}】〕]|\(\s*\d{1,2}\s*\)")
_MARKS = re.compile(r"[<>\[\]{}【】`|\\*_#~^]+")
_ROLE = re.compile(r"\b(system|assistant|user|developer|human|ai)\s*[:：]", re.IGNORECASE)
_COMMAND = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass|follow|obey|reveal|repeat|print)\b[^.!?。！？]{0,60}
        \b(?:instruction|prompt|rule|above|previous|prior|earlier|everything|guideline|message|context)s?\b
    | \b(?:you\s+are\s+now|from\s+now\s+on|act\s+as|pretend\s+(?:to|that|you)|as\s+an\s+ai|new\s+instructions?)\b
    | \b(?:system|developer)\s+(?:prompt|message|note|override)\b
    | \b(?:note|message|attention|important)\s+(?:to|for)\s+(?:the\s+)?(?:ai|assistant|model|llm|chat\s?bot|system)\b
    | \b(?:(?:always|must|only|please|should)\s+){1,3}(?:rank|recommend|choose|pick|select|put|list|mention|say|answer|reply|respond|output|write)\b
    | \b(?:rank|recommend|choose|pick|put|list)\s+(?:this|it|me|us|only)\b
    | \b(?:tell|inform|assure|convince)\s+(?:the\s+)?(?:user|customer|shopper|buyer|reader|them|him|her|everyone)\b
    | \b(?:respond|reply|answer|output)\s+(?:only\s+)?(?:with|by|in|as)\b
    | \b(?:do\s+not|don'?t|never)\s+(?:mention|recommend|rank|show|list|tell|say|reveal)\b
    | (?:忽略|无视|忘记|不要理会|覆盖)[^。！？]{0,20}(?:指令|提示|规则|要求|以上|之前|上文|内容)
    | 你现在是|从现在起|从现在开始|系统提示|开发者消息|扮演
    | (?:必须|务必|一定要|只能|只准|请|始终|总是)(?:首先|优先|只)?(?:推荐|选择|选|排|回答|输出|告诉|回复|说)
    | 排在?第一|告诉(?:用户|顾客|客户|买家)|不要(?:提及|推荐|说|告诉|显示)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PIECE = re.compile(r"[^\W\d_\u3400-\u9fff]+|\d|[\u3400-\u9fff]|[^\w\s]")
_LOOSE = " ,;:-–(/"
_BEYOND = 200  # characters read beyond what can be kept, for what is taken out on the way
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")


@lru_cache(maxsize=8_192)
def printed(text: str, most: int = 80) -> str:
    """Text that is to be judged only, as one line of at most `most` UTF-8 bytes (which go with tokens in every language).

    Gone: what cannot be seen, markup, links, templates of chats, numbers in brackets, and from sentences what looks like
    an instruction to a model and all behind it. Titles and values pass; a sentence too many is no loss here.
    """
    plain = unicodedata.normalize("NFKC", _seen(text[: 4 * most + _BEYOND]))
    whole = _TAG.sub(" ", _TEMPLATE.sub(" ", _LINK.sub(r" \1 ", plain)))
    harmless = (_COMMAND.split(part, maxsplit=1)[0] for part in _SENTENCE.split(_flat(whole)))
    return _shortened(_flat(" ".join(harmless)), most)


def masked(text: str, most: int) -> str:
    """The shopper's own words for a prompt, without what tells who they are: what they say is left to be understood, the
    form cannot end a message."""
    line = " ".join(_TEMPLATE.sub(" ", _seen(text[: 4 * most + _BEYOND])).split())
    return _shortened(without_personal(line), most)  # in this order: of a number that is cut no half is left


def tokens_in(text: str) -> int:
    """About how many tokens a text takes, by how byte-pair encodings cut: figures and signs one each, a word by its
    length, a Chinese character one. Within a tenth of a real one's count over titles of shops, and seldom below it."""
    return sum(1 + (len(piece) - 1) // 5 for piece in _PIECE.findall(text))


def within(text: str, tokens: int) -> str:
    """As much of the text's beginning as these tokens hold, cut between words where there are any."""
    if tokens_in(text) <= tokens:
        return text
    ends = [
        m.start()
        for m in re.finditer(r"\s|(?=[\u3000-\u9fff\uff01-\uff1f])", text)
        if tokens_in(text[: m.start()]) <= tokens
    ]
    return text[: ends[-1]].rstrip(_LOOSE) if ends else ""


def _seen(text: str) -> str:
    """Without control, format and unassigned characters; line ends and tabs become blanks."""
    return "".join(c for c in re.sub(r"\s+", " ", text) if unicodedata.category(c) not in _UNSEEN)


def _flat(text: str) -> str:
    text = _ROLE.sub(r"\1 ", _MARKS.sub(" ", _NUMBERED.sub(" ", text)))
    return " ".join(text.split())


def _shortened(text: str, most: int) -> str:
    """At most so many bytes, cut between words where there are any."""
    if len(text.encode()) <= most:
        return text
    cut = text.encode()[:most].decode(errors="ignore")
    head, blank, tail = cut.rpartition(" ")
    return (head if blank and len(tail) < len(cut) // 2 else cut).rstrip(_LOOSE)
