"""Reads a model's ranking as it is written: pieces of text -> (number, reason), each as soon as its line ends.

The form asked for is "[3] reason". A valid answer is not thrown away over its shape: bullets, bold, list numbers before
the brackets, other brackets, JSON, bare numbers and a chain ("3 > 1 > 5") are read too, thoughts, fences and prose are
passed over. What only holds numbers is no ranking: an apology, an error, a sentence that mentions one.

Knows nothing of candidates, or of whether a reason is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST = 8_000
"""Characters of an answer that are read; five lines are some 500."""
REASON = 200
"""Characters of a reason that are kept."""

_OPEN, _SHUT = r"[\[【〔［]", r"[\]】〕］]"
_CALLED = r"(?:(?:candidate|item|option|product|number|no\.?|候选|商品|编号|选项|第)\s*[#*]*\s*)?"
_LEAD = rf"(?:[\s>•·*_`\"'“”‑–—+|#-]|\d{{1,3}}\s*[.):、](?=\s*[*_`\"']*[\[【〔［(（]))*{_CALLED}"
_BRACKETED = re.compile(
    rf"{_LEAD}(?:{_OPEN}\s*#?(?P<a>\d{{1,6}})\s*{_SHUT}|[(（]\s*(?P<b>\d{{1,6}})\s*[)）])(?P<reason>.*)",
    re.DOTALL | re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"[\s>•·*_`|#-]*{_CALLED}(?P<n>\d{{1,6}})[款个件号]?\**(?:\s*[.):：、,|-]+(?:\s+|(?=[^\s\d]))(?P<reason>.*))?",
    re.DOTALL | re.IGNORECASE,
)
_CHAIN = re.compile(
    r"(?:[\s{]*\"?(?:rank(?:ing|ed)?|order|items?|ids?|numbers?|choices?|answer|result)s?\"?\s*[:：=])?"
    r"(?P<all>(?:[\s\[\](){}【】〔〕［］,，、;>→]|->|\d++)++)\.?",
    re.IGNORECASE,
)
_JSON_NUMBER = re.compile(
    r"[\"'](?:number|num|no|n|id|item|index|candidate)(?:_?(?:id|number))?[\"']\s*:\s*[\"']?\[?\s*(\d{1,6})\b",
    re.IGNORECASE,
)
_JSON_REASON = re.compile(
    r"[\"'](?:reason|why|because|explanation|text|comment)[\"']\s*:\s*\"((?:[^\"\\]|\\.)*)(\"?)", re.IGNORECASE
)
_JSON_PAIR = re.compile(r"[{\[,\s]*(?:\"(\d{1,6})\"\s*:|\[\s*(\d{1,6})\s*,)\s*\"((?:[^\"\\]|\\.)*)(\"?)[\s,}\]]*")
_THINK = re.compile(r"<(/?)think(?:ing)?>", re.IGNORECASE)
_SORRY = re.compile(
    r"(?:i['’]?\s?a?m\s+(?:very\s+)?sorry|sorry|i\s+(?:can\s?not|can['’]?t|am unable|apologi[sz]e)|unfortunately,? i\b"
    r"|as an ai\b|error\b|exception\b|traceback\b|抱歉|对不起|很遗憾|我(?:无法|不能)|作为(?:一个)?(?:AI|人工智能))",
    re.IGNORECASE,
)
_NONE = re.compile(rf"{_LEAD}{_OPEN}\s*0\s*{_SHUT}")
_EDGES = " *_`\"'“”‘’:：-–—.、,，|>)]】"
_CLAUSE_END = re.compile(r"[,.;!?，。；！？、](?=\s|$|[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Pick:
    """A candidate's number and the reason written beside it, "" where there is none."""

    number: int
    reason: str = ""


def declines(answer: str) -> bool:
    """Does a whole answer say that no candidate suits?"""
    return _NONE.match(answer) is not None


def picks(pieces: Iterable[str], offered: int) -> Iterator[Pick]:
    """Every number from 1 to `offered` that the answer picks, once, as its line ends.

    A line that does not end was cut off: its number counts, of its reason what whole clauses are left. Whoever knows
    that the answer came to its end says so with a last line end.
    """
    seen: set[int] = set()
    for pick in _ordered(_lines(pieces)):
        if 1 <= pick.number <= offered and pick.number not in seen:
            seen.add(pick.number)
            yield pick


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    whole: bool = True


def _lines(pieces: Iterable[str]) -> Iterator[_Line]:
    """The answer's lines without thoughts and blanks, up to MOST characters of it."""
    waiting, read, thinking = "", 0, False
    for piece in pieces:
        piece = piece[: MOST - read]
        read += len(piece)
        waiting += piece
        *ended, waiting = waiting.split("\n")
        for line in ended:
            said, thinking = _aloud(line, thinking)
            if said:
                yield _Line(said)
        if read >= MOST:
            break
    said, thinking = _aloud(waiting, thinking)
    if said:
        yield _Line(said, whole=False)


def _aloud(line: str, thinking: bool) -> tuple[str, bool]:
    """The line, blanks single, without what stands in <think> tags, and whether such thoughts go on in the next."""
    said, start = "", 0
    for tag in _THINK.finditer(line):
        said += "" if thinking else line[start : tag.start()]
        thinking, start = not tag[1], tag.end()
    return " ".join((said + ("" if thinking else line[start:])).split()), thinking


def _ordered(lines: Iterable[_Line]) -> Iterator[Pick]:
    """The picks of all lines. Numbers without brackets are held back till it is clear that they do not merely count the
    lines (1, 2, 3 ...): then they say nothing, and a reason beside them may be another item's."""
    held: list[Pick] = []
    counting = True
    number: int | None = None  # of a JSON object whose reason is still to come
    for line in lines:
        if found := _bracketed(line):
            yield from found
        elif found := _json(line, number):
            number = None
            yield from found
        elif key := _JSON_NUMBER.search(line.text):
            number = int(key[1])
        elif plain := _plain(line):
            held.append(plain)
            counting = counting and plain.number == len(held)
            if not counting:
                yield from held
    if held and counting:
        yield from (Pick(pick.number) for pick in held)


def _bracketed(line: _Line) -> list[Pick]:
    """[3] reason; or a chain of numbers: 3, 1, 5."""
    chain = _CHAIN.fullmatch(line.text)
    numbers = re.findall(r"(?<!\d)\d{1,6}(?!\d)", chain["all"]) if chain else []
    if len(numbers) > 1:
        return [Pick(int(number)) for number in (numbers if line.whole else numbers[:-1])]
    found = _BRACKETED.fullmatch(line.text)
    if not found or _SORRY.match(found["reason"].lstrip(_EDGES)):
        return []
    return [Pick(int(found["a"] or found["b"]), _reason(found["reason"], line.whole))]


def _json(line: _Line, number: int | None) -> list[Pick]:
    """{"number": 3, "reason": "..."}, one or several in a line or over several lines, {"3": "..."} and [3, "..."]."""
    numbers = [int(found[1]) for found in _JSON_NUMBER.finditer(line.text)] or ([number] if number else [])
    reasons = [(_unescaped(found[1]), bool(found[2])) for found in _JSON_REASON.finditer(line.text)]
    if numbers and reasons:
        return [Pick(n, _reason(text, whole)) for n, (text, whole) in zip(numbers, reasons, strict=False)]
    found, end = [], 0
    while pair := _JSON_PAIR.match(line.text, end):
        found.append(Pick(int(pair[1] or pair[2]), _reason(_unescaped(pair[3]), bool(pair[4]))))
        end = pair.end()
    return found


def _plain(line: _Line) -> Pick | None:
    """3. reason; 3: reason; or a number alone."""
    found = _PLAIN.fullmatch(line.text)
    if not found or (found["reason"] is None and not line.whole):
        return None
    return Pick(int(found["n"]), _reason(found["reason"] or "", line.whole))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: " " if m[1] in "ntr" else m[1], text)


def _reason(text: str, whole: bool) -> str:
    """The reason without the marks around it; of one that was cut off, or is too long, the clauses that are whole."""
    bare = text.strip(_EDGES) if whole else text.lstrip(_EDGES)
    if whole and len(bare) <= REASON:
        return f"{bare}." if text.rstrip("*_`\"' |").endswith(".") else bare
    ends = [mark.end() for mark in _CLAUSE_END.finditer(bare[:REASON])]
    return bare[: ends[-1]].rstrip(",;，；、 ") if ends else ""
