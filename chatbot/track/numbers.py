"""Numbers as people say them: "2k", "a hundred", "half a", "1,299.00", "一万二", "5千", full width.

Digits inside names ("MX1000", "i7", "2080Ti", "1920x1080"), ordinals ("2nd", "第二") and the "one" of "this one" are no
numbers. Knows of units only which ones may stick to a number ("16gb"); says nothing of what a number is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from math import gcd

from chatbot.track.normal import Message
from chatbot.track.spans import NumberSpan
from chatbot.track.stretches import find_stretches
from chatbot.track.unit_words import unit_words
from chatbot.track.wording import alternation, words

MOST = 1e15  # a number from here on is a code, a slip of the keyboard or mischief
_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "fourty", "ninty")
_ONES = {word: float(n) for n, word in enumerate(_DIGIT_WORDS)}
_SMALL = _ONES | {word: float(n) for n, word in enumerate(_TEENS, 10)}
_SMALL |= {word: 10.0 * n for n, word in enumerate(_TENS[:8], 2)} | {"fourty": 40.0, "ninty": 90.0}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "grand": 1e3, "k": 1e3, "million": 1e6, "dozen": 12.0}
_LEADS = {"half": 0.5, "couple": 2.0, "few": 3.0}

_FIGURE = r"(?:\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}|\d+(?:\.\d+)?|\.\d+)(?![\d])"
_RUN = re.compile(r"[$€£¥₹]?[a-z0-9.][a-z0-9]*(?:[.,/&+_!-]?[$€£¥₹]?[a-z0-9]+)*")
_IN_RUN = re.compile(rf"(?P<figure>{_FIGURE})(?P<k>k(?![a-z]))?")
_ZH_SCALE = r"(?:百|千(?![克瓦米兆卡])|万(?!像素|向|能(?!买|够|拿|搞|选|看|提|入|到|有))|亿|十)"
_FIGURE_ZH = re.compile(
    rf"{_FIGURE}多?{_ZH_SCALE}+(?:{_FIGURE}{_ZH_SCALE})*(?:[1-9一二三四五六七八九](?![\da-z.零-龥]{{0,1}}[\da-z]))?"
)
_SCALE_WORD = re.compile(r"(?: |-)?(hundred|thousand|grand|million|dozen)\b")

_ZH_DIGITS = {c: float(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0.0, "两": 2.0, "俩": 2.0}
_ZH_SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_ZH = re.compile(
    r"(?<![第星百周])(?!万一|千万别|十分|百度|百事|千兆|万能|万向|百公里|一[下点些样般起直定共会致]|三星(?!级|以上|及)|四川|五菱|七夕|百搭)"
    r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+)?(?![克瓦兆])|(?<!\w)半(?=个?[a-z])|半(?=个?[tg]\b)|[双单](?=人)"
)
_ZH_PART = re.compile(rf"(?P<figure>{_FIGURE})|(?P<digit>[零〇一二两俩三四五六七八九])|(?P<scale>[十百千万亿])")

_SIMPLE = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_DIGIT_WORDS[1:])}))?|{'|'.join(_TEENS)}|{'|'.join(_ONES)})"
_ENGLISH = re.compile(
    rf"\b(?:(?P<half>half(?! an? (?:grand|hundred|thousand|million|dozen))(?: of)?(?: an?)?(?= (?P<halved>\w+)))"
    rf"|(?P<big>{_SIMPLE} hundred(?:(?: and)? {_SIMPLE})? thousand)(?:(?: and)? (?P<after>{_SIMPLE}(?: hundred(?:(?: and)? {_SIMPLE})?)?))?"
    rf"|(?:(?P<lead>(?:an? )?(?:couple|few)(?: of)?|half an?|an?|{_SIMPLE}(?: and a half)?) )?"
    rf"(?P<scale>hundred|thousand|grand|k|million|dozen)(?: (?P<more>thousand))?"
    rf"(?:(?: and)? (?P<rest>{_SIMPLE}(?: hundred(?: and)?(?: {_SIMPLE})?)?)(?!(?: |-)(?:hundred|thousand|grand)))?"
    rf"|(?P<pair>(?:one|two|three|four|five|six|seven|eight|nine) (?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?)"
    rf"|(?P<simple>{_SIMPLE})(?P<and> and a half)?)\b"
)


@cache
def sticking_units() -> frozenset[str]:
    """Unit and currency words that may stick to a number, in lower case."""
    units = unit_words()
    return frozenset((*units.tight, *units.loose, *(w for w in words("units")["money"] if w.isascii())))


def find_numbers(message: Message) -> tuple[NumberSpan, ...]:
    """Every number of the message, in order, none overlapping."""
    lower = message.lower
    found = [*_figures(lower), *_written_apart(lower), *_chinese(lower), *_english(lower)]
    found += find_stretches(lower, found)
    sane = (n for n in found if n.value < MOST)
    return _without_overlap(sorted(sane, key=lambda n: (n.start, -n.end, n.most is None)))


def _without_overlap(found: list[NumberSpan]) -> tuple[NumberSpan, ...]:
    kept: list[NumberSpan] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return tuple(kept)


def _figures(lower: str) -> list[NumberSpan]:
    found = []
    for run in _RUN.finditer(lower):
        if any(c.isdigit() for c in run[0]) and _is_quantity(run[0]):
            found += [_figure(lower, run.start() + m.start(), m) for m in _IN_RUN.finditer(run[0])]
    return found


def _written_apart(lower: str) -> Iterator[NumberSpan]:
    """ "1 200 dollars", "€ 2 500,00", "3/4 inch", "1 1/2 ft": one number in two or three pieces."""
    for found in _apart().finditer(lower):
        if found["under"]:
            part, whole = float(found["top"]) / float(found["under"]), float(found["whole"] or 0)
            if part < 1 and gcd(int(found["top"]), int(found["under"])) == 1:
                yield NumberSpan(found.start(), found.end(), whole + part)
        else:
            figure = found["spaced"] or found["priced"] or found["bound"]
            end = found.end() if not found["spaced"] else found.end("spaced")
            yield NumberSpan(end - len(figure), end, read_figure(figure.replace(" ", "")))


@cache
def _apart() -> re.Pattern[str]:
    """Blanks part thousands only by a currency or behind a word that bounds: "iphone 15 256 gb" is two numbers."""
    money, bounds = words("units")["money"], words("bounds")
    thousands = r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?![\d.,]*\d)"
    latin = "|".join(re.escape(w) for w in sorted(money, key=len, reverse=True))
    units = "|".join(re.escape(u) for u in sorted(sticking_units(), key=len, reverse=True))
    cues = [
        w for group in ("high_strict", "high", "low_strict", "low", "about", "budget") for w in bounds["before"][group]
    ]
    measured = rf'(?=[ -]?(?:(?:{units})(?![a-z])|"|\'\'|寸|英寸))'
    return re.compile(
        rf"(?<![\w.,/])(?:(?P<spaced>{thousands}) ?(?:{latin})(?![a-z])"
        rf"|(?:(?P<whole>\d{{1,3}})[ -])?(?P<top>\d)/(?P<under>2|3|4|8|16)(?![\d/.,]){measured})"
        rf"|[$€£¥₹] ?(?P<priced>{thousands})|{alternation(cues)} (?P<bound>{thousands})(?! ?(?:{units})(?![a-z]))"
    )


@cache
def _quantity() -> re.Pattern[str]:
    units = "|".join(re.escape(u) for u in sorted(sticking_units() | {"star", "stars"}, key=len, reverse=True))
    one = rf"(?:[$€£¥₹]|us\$|rmb|usd|eur)?{_FIGURE}(?:k(?:usd|eur|rmb)?|(?:{units}))?"
    return re.compile(rf"{one}(?:[-/&+]{one})*(?:-[a-z]+){{0,2}}(?:ish)?[.,]?")


def _is_quantity(run: str) -> bool:
    """Is a run of letters and digits an amount ("16gb", "$100-300", "14-inch") and no name ("mx1000", "i7-9700")?"""
    return _quantity().fullmatch(run) is not None and not re.fullmatch(r"\d+-in-\d+|\d+(?:st|nd|rd|th)", run)


def _figure(lower: str, start: int, found: re.Match[str]) -> NumberSpan:
    """A figure with the multiplier behind it: k, a scale word, or Chinese scales ("1万2")."""
    end = start + len(found[0])
    if chinese := _FIGURE_ZH.match(lower, start):
        value, scale = _chinese_value(chinese[0].replace("多", ""))
        return NumberSpan(start, chinese.end(), value, scale)
    value = read_figure(found["figure"])
    if found["k"]:
        return NumberSpan(start, end, value * 1e3, 1e3)
    if word := _SCALE_WORD.match(lower, end):
        scale = _SCALES[word[1]]
        return NumberSpan(start, word.end(), value * scale, scale)
    return NumberSpan(start, end, value)


def read_figure(figure: str) -> float:
    """The value of digits with separators: "1,299.50", "1.299,50", "4,5", "8,000"."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d+,\d{1,2}", figure):
        return float(figure.replace(".", "").replace(",", "."))
    return float(figure.replace(",", ""))


def _chinese(lower: str) -> list[NumberSpan]:
    found = []
    for m in _ZH.finditer(lower):
        if m[0] == "半":
            found.append(NumberSpan(m.start(), m.end() + (lower[m.end() : m.end() + 1] == "个"), 0.5, words=True))
            continue
        if m[0] in "双单":
            found.append(NumberSpan(m.start(), m.end(), 1.0 + (m[0] == "双"), words=True))
            continue
        start = m.start() + (1 if _two_neighbours(m[0]) else 0)
        value, scale = _chinese_value(m[0][start - m.start() :])
        if start > m.start():  # "两三千": two to three thousand; "三四十万": three to four hundred thousand
            step = max(10 ** (len(str(int(value))) - 1), 1)
            found.append(NumberSpan(m.start(), start, _ZH_DIGITS[m[0][0]] * step, words=True))
        found.append(NumberSpan(start, m.end(), value, scale, words=True))
    return found


def _two_neighbours(text: str) -> bool:
    two = re.match(r"([一二两三四五六七八])([二两三四五六七八九])[十百千万]", text)
    return two is not None and (_ZH_DIGITS[two[1]] + 1 == _ZH_DIGITS[two[2]] or two[1] + two[2] == "三五")


def _chinese_value(text: str) -> tuple[float, float]:
    """Value and last scale of "一万二" (12000), "1万2", "三百零五", "十五", "二零二四", "三点五"."""
    if "点" in text:
        whole, part = text.split("点", 1)
        digits = "".join(str(int(_ZH_DIGITS[c])) for c in part)
        return _chinese_value(whole)[0] + float(f"0.{digits}"), 1.0
    if all(c in _ZH_DIGITS for c in text):
        return float("".join(str(int(_ZH_DIGITS[c])) for c in text)), 1.0
    return _scaled_value([(str(m.lastgroup), m[0]) for m in _ZH_PART.finditer(text)])


def _scaled_value(parts: list[tuple[str, str]]) -> tuple[float, float]:
    total = section = 0.0
    number: float | None = None
    scale, zero = 1.0, False
    for kind, part in parts:
        if kind != "scale":
            number, zero = (read_figure(part) if kind == "figure" else _ZH_DIGITS[part]), zero or part in "零〇"
            continue
        scale, zero = _ZH_SCALES[part], False
        if scale >= 1e4:
            total = (total + section + (number if number is not None else float(not (total or section)))) * scale
            section = 0.0
        else:
            section += (1.0 if number is None else number) * scale
        number = None
    last = number or 0.0
    return total + section + (last if zero or last >= 10 else last * max(scale / 10, 1.0)), scale


def _english(lower: str) -> list[NumberSpan]:
    found = []
    for m in _ENGLISH.finditer(lower):
        number = _english_number(lower, m)
        if number:
            found.append(number)
    return found


def _english_number(lower: str, m: re.Match[str]) -> NumberSpan | None:
    start, end = m.span()
    if m["half"]:
        unit = m["halved"] in sticking_units()
        return NumberSpan(start, m.end("half"), 0.5, words=True) if unit else None
    if m["big"]:  # "two hundred and five thousand three hundred"
        value = _hundreds(m["big"].removesuffix(" thousand")) * 1e3 + (_hundreds(m["after"]) if m["after"] else 0.0)
        return NumberSpan(start, end, value, 1e3, words=True)
    if m["scale"]:
        return _english_scaled(m)
    if m["pair"]:
        first, rest = m["pair"].split(" ", 1)
        return NumberSpan(start, end, _ONES[first] * 100 + _simple(rest), words=True)
    if m["simple"] == "one" and not m["and"] and not _unit_follows(lower, end):
        return None
    return NumberSpan(start, end, _simple(m["simple"]) + (0.5 if m["and"] else 0.0), words=True)


def _english_scaled(m: re.Match[str]) -> NumberSpan | None:
    lead, scale = m["lead"], _SCALES[m["scale"]]
    if not lead and m["scale"] not in ("hundred", "thousand"):
        return None
    value = _lead_value(lead) * scale * (1e3 if m["more"] else 1.0)
    rest = m["rest"]
    if rest:
        value += _hundreds(rest)
    return NumberSpan(m.start(), m.end(), value, scale * (1e3 if m["more"] else 1.0), words=True)


def _hundreds(text: str) -> float:
    """ "forty", "two hundred and five"."""
    head, _, tail = text.partition(" hundred")
    tail = tail.removeprefix(" and").strip()
    return _simple(head) * (1e2 if " hundred" in text else 1.0) + (_simple(tail) if tail else 0.0)


def _lead_value(lead: str | None) -> float:
    if not lead:
        return 1.0
    for word in ("half", "couple", "few"):
        if re.match(rf"(?:an? )?{word}\b", lead):
            return _LEADS[word]
    if lead in ("a", "an"):
        return 1.0
    simple = lead.removesuffix(" and a half")
    return _simple(simple) + (0.5 if lead.endswith("and a half") else 0.0)


def _simple(text: str) -> float:
    return sum(_SMALL[word] for word in re.split(r"[ -]", text) if word)


def _unit_follows(lower: str, end: int) -> bool:
    follows = re.match(r"[ -]([a-z]+)", lower[end:])
    return follows is not None and follows[1] in sticking_units()
