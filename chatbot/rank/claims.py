"""What may be said of an item: reads a reason and cuts every clause that the item's record does not support.

Checked: numbers with their units, prices, brands and other names, attribute values, superlatives (against the shown
set), promises, popularity, links and markup, in English and Chinese. A claim supported by nothing takes its whole
clause with it; what is left reads on without it. It errs towards cutting: a lost clause costs a nicety, a false one
a shopper's trust, and the caller has a template reason to fall back on.

Knows nothing of who wrote the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from catalog.types import Constraint
from chatbot.rank.claim_numbers import fold
from chatbot.rank.claim_prompts import recited
from chatbot.rank.claim_record import Facts, Record, claims_extreme, read
from chatbot.rank.claim_vocabulary import known
from chatbot.rank.claim_words import normal

_CODE = re.compile(r"\b(?:java|vb)script\b|\b(?:data|mailto|tel)\s*:|[a-z]\(|=|/\*|\*/", re.IGNORECASE)
_MARKUP = re.compile(
    r"https?:|www\.|\w@\w|\w\.(?:com|net|org|io|cn|shop|example)\b|[<>\[\]{}`|\\]|#(?=\s)|\*\*|__", re.IGNORECASE
)
_LINK = re.compile(r"!?\[[^\]]*\]\([^)]*\)")
_SPELLED = re.compile(
    r"(?:\b[a-z]\b[\s.\-_*]+){2,}[a-z]\b|(?:[\u3400-\u9fff][\s.\-_*]+){3,}[\u3400-\u9fff]", re.IGNORECASE
)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # what is read is not what stands there
_INSIDE = ","  # before a clause: a capital behind it begins no sentence
_FEWEST_WORDS = 2
_WORDS = re.compile(r"[\u3400-\u9fff]+|[^\W_]+")
_SAYING = ("So", "Sk", "Sm", "Mn", "Me", "No")
_HARMLESS = "+×°~®™²³½¼¾"
_SENTENCE = re.compile(r"[.!?…]+[”’\"']?(?=\s|$)|[。！？?；\n]+|;(?=\s|$)")
_CLAUSE = re.compile(
    r",(?=\s|$)|:(?=\s|$)|\s[-–—]+\s|[—–]{1,2}(?=\D)|[，、：（）()]"
    r"|\s(?=(?:and|but|plus|while|although|though|yet)\s)|(?=而且|并且|但是|同时|还有|另外|以及)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:and|but|plus|while|although|though|yet|so)\b\s*|而且|并且|但是|但|同时|还有|另外|以及|[\s,，、:：;；.。!！?？—–-])+",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\s*[(（]\s*[)）]")
_TRAILING = re.compile(r"[\s,，、:：;；—–-]+$")


@dataclass(frozen=True, slots=True)
class Checker:
    """One item's record, made ready to judge any number of clauses."""

    record: Record

    def unsupported(self, clause: str) -> list[str]:
        """What a clause claims that nothing supports; empty when it may be said."""
        plain = normal(clause)
        wrong = [*self.record.lacks(plain), *self.record.false_extremes(plain)]
        wrong += self.record.wrong_numbers(clause, plain)
        wrong += self.record.unknown_names(clause)
        wrong += recited(plain)
        wrong += disguised(clause) + _foreign(clause, self.record)
        return [w.strip() for w in wrong]

    def cut(self, reason: str) -> str:
        """The reason without the clauses that claim what nothing supports; "" when none is left."""
        clean = "" if _TURNED.search(reason) else _visible(reason)
        kept = [self._sentence(part, end) for part, end in _split(_SENTENCE, clean)]
        text = _TRAILING.sub("", _EMPTY.sub("", "".join(kept)).strip())
        return text if re.search(r"[^\W\d_]{2}|[\u3400-\u9fff]", text) else ""

    def _sentence(self, text: str, end: str) -> str:
        if _CODE.search(text) or end.strip()[-1:] in ("?", "？"):
            return ""  # of code the parts could look harmless; and a reason asks nothing
        clauses = list(_split(_CLAUSE, text))
        good = [
            (clause, mark)
            for place, (clause, mark) in enumerate(clauses)
            if clause.strip() and not self.unsupported(f"{_INSIDE}{clause}" if place else clause)
        ]
        if len(good) == sum(bool(clause.strip()) for clause, _ in clauses):
            return text + end
        good = [(clause, mark) for clause, mark in good if not _is_scrap(clause)]  # it hung on one that is gone
        rest = _flat("".join(clause + (mark if mark.strip() else ", ") for clause, mark in good))
        rest = _TRAILING.sub("", _LEADING.sub("", rest))
        if not rest:
            return ""
        lead = " " if text[:1].isspace() else ""
        return lead + (rest[0].upper() if text.strip()[:1].isupper() else rest[0]) + rest[1:] + end


def check(
    reason: str,
    facts: Facts,
    constraints: Iterable[Constraint] = (),
    shown: Iterable[Facts] = (),
    names: Collection[str] = (),
    asked: Iterable[str] = (),
    said: str = "",
) -> str:
    """The reason without what is not supported; "" when nothing is left.

    `facts`: Product.facts of the item. `constraints`: the wishes that the item meets (a limit of the shopper's may be
    repeated as such; the words of other wishes need the record). `shown`: facts of every item that it is chosen from,
    read only for "the cheapest" and its like. `names`: brands of the shop, which a reason may borrow only when the record has them. `asked`:
    the shopper's words: what a thing is for may be told in them. `said`: what code says of the item itself.
    Checking twice changes nothing more.
    """
    beside = shown if claims_extreme(normal(reason)) else ()
    checker = Checker(read(facts, constraints, beside, names, asked, said))
    text, before = checker.cut(reason), None
    while text != before:
        text, before = checker.cut(text), text
    return text


def disguised(text: str) -> list[str]:
    """Links, markup, code, and what says something otherwise than in plain words: letters s p e l l e d, stars."""
    return [
        *_MARKUP.findall(text),
        *_SPELLED.findall(text),
        *_CODE.findall(text),
        *_TURNED.findall(text),
        *_signs(text),
    ]


def _split(pattern: re.Pattern[str], text: str) -> Iterable[tuple[str, str]]:
    """(part, separator behind it) for each part; put together they are the text."""
    start = 0
    for mark in pattern.finditer(text):
        yield text[start : mark.start()], mark[0]
        start = mark.end()
    yield text[start:], ""


def _visible(text: str) -> str:
    """Without control and format characters, in which words can hide; line ends become blanks."""
    text = re.sub(r"[\r\n\t]+", " ", _LINK.sub(" ", text))
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def _is_scrap(clause: str) -> bool:
    """Does it say nothing without the clause before it ("and lunch")?"""
    said = _WORDS.findall(_LEADING.sub("", clause).casefold())
    return len(said) < _FEWEST_WORDS and all(map(known, said))


def _foreign(clause: str, record: Record) -> list[str]:
    """Words with letters that are neither Latin nor Chinese and that the record does not have."""
    odd = re.findall(r"[^\W\d_]*[^\W\d_a-zà-ɏ\u3400-\u9fff][^\W\d_]*", fold(clause))
    return [word for word in odd if word not in record.squashed]


def _signs(clause: str) -> list[str]:
    """Pictures, stars, arrows, loose accents, letters in disguise: what says something without a plain word."""
    plain = unicodedata.normalize("NFC", clause)
    odd = [c for c in plain if unicodedata.category(c) in _SAYING and c not in _HARMLESS]
    return odd + [c for c in plain if c.isalpha() and not c.isascii() and unicodedata.normalize("NFKC", c).isascii()]


def _flat(text: str) -> str:
    """Without brackets, whose other half may be gone; the pause they made stays."""
    text = re.sub(r"\s*[()]+\s*", ", ", text).replace("（", "，").replace("）", "，")
    text = re.sub(r"(?:\s*([,，])\s*){2,}", r"\1 ", text)
    return re.sub(r",(?=[^\s\d])", ", ", text)
