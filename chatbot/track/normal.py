"""A message made ready to be read: one spelling of characters, chat shorthand spelt out, cut into clauses and tokens.

Full width becomes half width, traditional Chinese simplified, curly quotes straight, "dont" "don't". Never fails and
never asks what words mean.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from chatbot.track.spans import Span, Token, TokenKind
from chatbot.track.wording import CJK, has_cjk, words
from chatbot.types import Language

LONGEST = 4000  # characters read of a message; the doors refuse anything near it

_BEFORE_NFKC = str.maketrans(
    {"‘": "'", "’": "'", "´": "'", "`": "'", "′": "'", "“": '"', "”": '"', "″": '"', "„": '"', "，": ", ", "—": " - "}
    | {"–": "-", "−": "-", "×": "x", "…": "... ", "、": "、"}
)
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FRACTION = re.compile(r"(\d?)([½¼¾])")
_ODD = re.compile(r"[\ud800-\udfff]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[\s]*")

_TWO_QUESTIONS = re.compile(  # "is it waterproof and can I return it?": a comma tells where the second one begins
    r"((?:^|[.?!,;]\s|\n)(?:is|are|does|do|has|can|what|what's|how)\b[^,.;?!\n]{2,80}?)\s+and\s+"
    r"(?=(?:can|could|may|when|how|what|where|is|are|does|do|will|would)\s"
    r"(?:i|you|it|they|this|that|long|much|many|soon|would|will|is|are|do|does|can)\b)",
    re.IGNORECASE,
)
_W = rf"[^\W_{CJK}]"
_TOKEN = re.compile(
    rf"(?P<cjk>[{CJK}]+)|(?P<number>\d+(?:[.,]\d+)*(?!{_W}))|(?P<word>{_W}+(?:['.\-/&+]{_W}+)*)|(?P<symbol>\S)"
)
_SENTENCE_END = re.compile(rf"\.{{2,}}\s*|!+(?=\s|$|[{CJK}])\s*|[?。;\n]+\s*|(?<!\b\w)\.(?=\s|$|[{CJK}])\s*")
_CLAUSE_END = re.compile(
    r",(?!\d)\s*|,(?<=\D,)|[()\[\]]\s*|\s-+\s|:\s+|(?<=\s)(?=(?<!anything )(?<!everything )(?<!nothing )(?<!anyone )(?<!all )(?<!brand )(?<!any colour )(?<!any color )(?<!any size )(?<!any material )(?<!any one )(?<!any other )but\b|although\b|though i\b|and (?:i|also|then|no|not|show)\b)"
    r"|(?=但是|不过|可是|但(?!凡))"
)
_ENGLISH_GLUE = re.compile(
    r"\b(?:i|i'm|i'd|i'll|the|a|an|is|are|for|with|have|do|does|you|what|which|show|me|want|need|looking|and|under|any)\b"
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as read. `text` is normalised, `lower` the same length in lower case; every span counts in them.

    `language` is the one it is mainly written in; `mixed` when words of the other occur as well. Clauses lie within
    sentences; tokens cover everything but blanks.
    """

    raw: str
    text: str
    lower: str
    language: Language
    mixed: bool
    sentences: tuple[Span, ...]
    clauses: tuple[Span, ...]
    tokens: tuple[Token, ...]

    @classmethod
    def read(cls, text: str) -> Message:
        """Reads anything a keyboard or a program can send, the empty message included."""
        normal = _TWO_QUESTIONS.sub(r"\1, and ", normalise(text))
        lower = lower_case(normal)
        language, mixed = language_of(lower)
        sentences = _cut(lower, Span(0, len(lower)), _SENTENCE_END)
        clauses = tuple(clause for sentence in sentences for clause in _cut(lower, sentence, _CLAUSE_END))
        return cls(text, normal, lower, language, mixed, sentences, clauses, _tokens(lower))

    def clause_at(self, position: int) -> Span:
        """The clause that holds the position (the whole message when none does)."""
        return _holding(self.clauses, position) or Span(0, len(self.text))

    def sentence_at(self, position: int) -> Span:
        """The sentence that holds the position (the whole message when none does)."""
        return _holding(self.sentences, position) or Span(0, len(self.text))


def normalise(text: str) -> str:
    """The text in one spelling: NFKC, simplified Chinese, no control characters, chat shorthand spelt out."""
    clean = _ODD.sub("\ufffd", text[:LONGEST]).translate(_BEFORE_NFKC)
    clean = _FRACTION.sub(lambda m: f"{m[1] or '0'}{_FRACTIONS[m[2]]}", clean)
    clean = unicodedata.normalize("NFKC", clean)[: 2 * LONGEST].translate(_BEFORE_NFKC)
    clean = _CONTROL.sub(" ", _UNSEEN.sub("", clean))
    clean = _BREAKS.sub("\n", _BLANKS.sub(" ", clean)).strip()
    if has_cjk(clean):
        return _simplified(clean)
    return _spell_out(clean)


def lower_case(text: str) -> str:
    """Lower case without a change of length, so that positions stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def language_of(lower: str) -> tuple[Language, bool]:
    """Main language and whether the other one occurs: product names in Latin letters do not make Chinese English."""
    chinese = sum(1 for _ in re.finditer(f"[{CJK}]", lower))
    if not chinese:
        return "en", False
    latin = len(re.findall(r"[a-z]+", lower))
    english = len(_ENGLISH_GLUE.findall(lower))
    return ("en" if english and english * 3 >= chinese else "zh"), latin > 0


def in_talk(message: Message, language: Language) -> Message:
    """A message of no word of either language ("16GB", "DELL", "OK") is in that of the talk."""
    telling = any(
        re.fullmatch(r"[a-z']+", t.text) and (t.text in _english_words() or _ENGLISH_GLUE.fullmatch(t.text))
        for t in message.tokens
    )
    if language == message.language or message.language != "en" or telling:
        return message
    return replace(message, language=language, mixed=True)


@cache
def _english_words() -> frozenset[str]:
    """Words that only English uses: everyday ones, without those that Chinese writes in Latin letters as well."""
    common = words("common")
    said = (w for key in ("function", "plain") for w in common[key].split() if len(w) > 1)
    return frozenset(said) - frozenset(common["shared"].split())


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplified(text: str) -> str:
    """Simplified characters and the mainland's words: 螢幕 -> 屏幕, 唔要 -> 不要, 平啲 -> 便宜点."""
    text = str(_converter().convert(text))
    everywhere, marks, cantonese = _regional()
    if not _power().search(text):
        text = _ten_thousand().sub("万", text)
    for found, mainland in (*everywhere, *(cantonese if marks.search(text) else ())):
        text = found.sub(mainland, text)
    return text


@cache
def _ten_thousand() -> re.Pattern[str]:
    return re.compile(words("regional")["ten_thousand"], re.IGNORECASE)


@cache
def _power() -> re.Pattern[str]:
    return re.compile(words("regional")["power"])


_Rewritings = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _regional() -> tuple[_Rewritings, re.Pattern[str], _Rewritings]:
    table = words("regional")
    everywhere, cantonese = (
        tuple((re.compile(p, re.IGNORECASE), said) for p, said in table[part]) for part in ("words", "cantonese")
    )
    return everywhere, re.compile(table["marks"]), cantonese


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    table = words("spelling")
    always: dict[str, str] = table["always"]
    known = "|".join(re.escape(word) for word in sorted(always, key=len, reverse=True))
    before = tuple(
        (re.compile(rf"(?<![\w'/-]){re.escape(word)}(?={rest})", re.IGNORECASE), full)
        for word, (full, rest) in table["before"].items()
    )
    return re.compile(rf"(?<![\w'/&.-])(?:{known})(?![\w'/&-]| (?:shape|neck))", re.IGNORECASE), always, before


def _spell_out(text: str) -> str:
    pattern, always, before = _spellings()
    text = pattern.sub(lambda m: m[0] if m[0].isupper() else always[m[0].lower()], text)
    for found, full in before:
        text = found.sub(full, text)
    return _BLANKS.sub(" ", text)


def _cut(lower: str, whole: Span, end: re.Pattern[str]) -> tuple[Span, ...]:
    """The pieces of a stretch between ends, without the ends and blanks around; empty pieces are left out."""
    pieces, start = [], whole.start
    for found in end.finditer(lower, whole.start, whole.end):
        pieces.append((start, found.start()))
        start = found.end()
    pieces.append((start, whole.end))
    return tuple(span for a, b in pieces if (span := _trimmed(lower, a, b)))


def _trimmed(lower: str, start: int, end: int) -> Span | None:
    piece = lower[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Span(start, end) if start < end else None


def _tokens(lower: str) -> tuple[Token, ...]:
    kinds: dict[str, TokenKind] = {"cjk": "cjk", "number": "number", "word": "word", "symbol": "symbol"}
    return tuple(Token(m.start(), m.end(), m[0], kinds[m.lastgroup or "symbol"]) for m in _TOKEN.finditer(lower))


def _holding(spans: tuple[Span, ...], position: int) -> Span | None:
    return next((s for s in spans if s.start <= position <= s.end), None)
