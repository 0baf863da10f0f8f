"""Numbers a wish can rest on, with the words that bound them: "30 bucks tops", "between 300 and 700", "八千以内".

Looks right before and right behind each number for cues (words/bounds.toml), pairs the ends of ranges, and lets a
self-correction or a restatement drop what it repeats. Which slot a bound is about it does not know; `money` says only what words tell.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from catalog.units import convert, normalise
from chatbot.track.cues import Cue, cue_after, cue_before, denied, opened_by, patterns, refused
from chatbot.track.figures import Figure, find_figures
from chatbot.track.normal import Message
from chatbot.track.shifts import alone
from chatbot.track.spans import BoundCue, BoundSpan, Span
from chatbot.track.wording import words
from chatbot.track.years import find_years

_STARS_BEHIND = re.compile(r"\+ ?stars?\b")
_ONE_OF = re.compile("一[台款个辆件部双条把张种只家]")
FEW = 16  # a number up to this counts the things named behind it
_THINGS = re.compile(
    r" (?:[a-z-]+ )?(?!(?:stars|bucks|dollars|euros|pounds|pesos|tops|less|plus|minus|perhaps|always|times|this|his|its)\b)[a-z-]{3,}s\b(?<!ss)"
)
_AMOUNT_ZH = re.compile("[百千万]$")  # 六千的笔记本, "suv 二十万": nothing but money is told so
_ALONE_ZH = re.compile(r"\s*(?:的(?!像素|分辨率|转)|$|[,.!?;]|档|价位|级别|吧|呢)")
FAR = 64  # times by which alternatives of one list ("8, 16 or 32 gb") differ at most
_HIGH, _LOW = ("high_strict", "high"), ("low_strict", "low", "from")


@lru_cache(maxsize=16)  # asked again by the reader of orders
def find_bounds(message: Message) -> tuple[BoundSpan, ...]:
    """Every bound, range and quantity of the message, in order, corrected ones left out."""
    years = tuple(find_years(message.lower))
    figures = tuple(f for f in find_figures(message) if not any(y.start < f.end and f.start < y.end for y in years))
    found: list[BoundSpan] = []
    position = 0
    while position < len(figures):
        pair = _range(message, figures, position)
        bound = pair or _single(message, figures[position], figures[position + 1 :])
        if bound:
            found.append(_other_half(message.lower, found[-1], bound) if found else bound)
        position += 2 if pair else 1
    if years:
        found = sorted((*found, *years), key=lambda b: b.start)
    return _corrected(message.lower, tuple(found))


def _other_half(lower: str, first: BoundSpan, second: BoundSpan) -> BoundSpan:
    """ "bigger than 24 inches but smaller than 30": the second end is in the unit of the first."""
    opposite = first.cue == second.cue == "limit" and (first.low is None) != (second.low is None)
    if not opposite or not first.unit or first.money or second.unit or second.money:
        return second
    between = lower[first.end : second.start]
    sized = patterns()["halves_of_size"].match(lower, second.start)
    return (
        replace(second, unit=first.unit, money=False)
        if sized and patterns()["halves_join"].fullmatch(between)
        else second
    )


def _range(message: Message, figures: tuple[Figure, ...], position: int) -> BoundSpan | None:
    """The range that begins with this figure, if one does."""
    if position + 1 >= len(figures):
        return None
    first, second = _in_one_unit(figures[position], figures[position + 1])
    joiner = message.lower[first.end : second.start].strip()
    if not joiner and not (first.number.end == second.start and first.number.words and second.number.words):
        return None
    opened = opened_by(message.lower, first.start)
    if not _joins(joiner, opened) or not _alike(first, second):
        return None
    low, high = _ends(first, second)
    if low > high:
        if joiner in ("-", "~"):
            return None
        low, high = high, low
    whole = _merged(first, second)
    start = opened.start if opened else first.start
    if opened and opened.group == "set":
        return _bound(message, whole, None, second.number.value, start, "set")
    after = re.match(r" ?(?:之间|的?范围|的?区间|之内| range)", message.lower[whole.end :])
    end = whole.end + (len(after[0]) if after else 0)
    return replace(_bound(message, whole, low, high, start, "range"), end=end)


def _single(message: Message, figure: Figure, following: tuple[Figure, ...]) -> BoundSpan | None:
    """The bound around one figure; None for a bare number that belongs to a name or a position."""
    if _ONE_OF.match(message.lower, figure.number.start) and not figure.unit and figure.money is None:
        return None  # 最贵的一台
    figure = _borrowed(message.lower, figure, following)
    before, after = cue_before(message.lower, figure), cue_after(message.lower, figure)
    after = after or (Cue("low", figure.end, figure.end) if figure.more else None)
    if before is None and after is None:
        if figure.unit is None and figure.money is None and _AMOUNT_ZH.search(message.lower[: figure.end]):
            figure = replace(figure, money=_ALONE_ZH.match(message.lower, figure.end) is not None or None)
        return (
            None
            if _part_of_name(message, figure)
            else _bound(message, figure, *_own_ends(figure), cue="range" if figure.number.most else "bare")
        )
    if after and following and _opens_next(message.lower, after, following[0]):
        after = None  # "15 inch max 600": the word is the next number's
    start = before.start if before else figure.start
    end = after.end if after else figure.end
    if before and before.group == "stars":
        figure = replace(figure, unit="stars", money=False, stars=True)
    if after and after.group == "stars":
        figure = replace(figure, unit="stars", money=False, stars=True)
    bound = _read(message, figure, before, after)
    behind = after is not None and after.group in (*_HIGH, *_LOW) and denied(message.lower, start)
    if bound.cue == "limit" and (behind or refused(message.lower, start, end)):
        bound = _turned(bound)
    return replace(bound, start=start, end=end, approximate=bound.approximate or _is_about(before, after))


def _opens_next(lower: str, after: Cue, following: Figure) -> bool:
    """Does a cue behind one number stand right before the next, and bound that as well?"""
    before = cue_before(lower, following) if not lower[after.end : following.start].strip() else None
    return before is not None and before.group == after.group and before.start < after.end


def _read(message: Message, figure: Figure, before: Cue | None, after: Cue | None) -> BoundSpan:
    """Low and high as the cues on both sides have it; the surer cue wins."""
    value, groups = figure.number.value, [c.group for c in (before, after) if c]
    for group in groups:
        if group in _HIGH:
            replaces = "set" in groups
            return replace(
                _bound(message, figure, None, figure.number.most or value, cue="limit"),
                high_strict=group.endswith("strict"),
                replaces=replaces,
            )
        if group in _LOW:
            return replace(_bound(message, figure, value, None, cue="limit"), low_strict=group.endswith("strict"))
    if figure.number.most:
        return _bound(message, figure, *_own_ends(figure), cue="range")
    if "for" in groups:
        return _bound(message, figure, value, value, cue="for")
    if "set" in groups:
        low = value if figure.money is False else None
        return replace(_bound(message, figure, low, value, cue="set"), replaces=True)
    if "budget" in groups:
        budget = replace(figure, money=True) if figure.unit is None else figure
        if _is_about(before, after):
            return _bound(message, budget, value, value, cue="about")
        low = value if budget.money is False else None
        return _bound(message, budget, low, value, cue="bare" if low is not None else "budget")
    return _bound(message, figure, value, value, cue="about" if "about" in groups else "bare")


def _turned(bound: BoundSpan) -> BoundSpan:
    """The other side: who wants nothing from 15 inches up wants less than 15."""
    if bound.high is None:
        return replace(bound, low=None, high=bound.low, high_strict=not bound.low_strict, low_strict=False)
    return replace(bound, low=bound.high, high=None, low_strict=not bound.high_strict, high_strict=False)


def _own_ends(figure: Figure) -> tuple[float, float]:
    """Both ends of a number that is a stretch by itself (三百多), twice a plain one."""
    return figure.number.value, figure.number.most or figure.number.value


def _is_about(before: Cue | None, after: Cue | None) -> bool:
    return any(c is not None and (c.about or c.group == "about") for c in (before, after))


def _bound(
    message: Message, figure: Figure, low: float | None, high: float | None, start: int = -1, cue: BoundCue = "bare"
) -> BoundSpan:
    start = figure.start if start < 0 else start
    money, stars = figure.money, figure.stars
    if (
        money is None
        and figure.unit is None
        and figure.number.value <= FEW
        and _THINGS.match(message.lower, figure.end)
    ):
        money = False  # "at least 3 hdmi ports"
    elif money is None and figure.unit is None:
        behind = _STARS_BEHIND.match(message.lower, figure.end) is not None  # "4+ stars"
        stars = figure.number.value <= 10 and (behind or _speaks_of("stars", message, start))
        money = False if stars else (True if _speaks_of("money", message, start) else None)
    return BoundSpan(
        start=start,
        end=figure.end,
        low=low,
        high=high,
        unit=figure.unit or ("stars" if stars else None),
        money=money,
        currency=figure.currency if money is not False else None,
        approximate=cue == "about",
        stars=stars,
        percent=figure.percent,
        age=figure.age,
        cue=cue,
        replaces=cue == "set",
        number=Span(figure.start, figure.end),
    )


# Figures together -----------------------------------------------------------------------------------------------------


def _joins(joiner: str, opened: Cue | None) -> bool:
    table = words("bounds")["between"]
    if not joiner:  # "两三千"
        return True
    if joiner in table["with_and"]:
        return opened is not None and opened.group == "between"
    return joiner in table["joiners"]


def _alike(first: Figure, second: Figure) -> bool:
    """Can the two be ends of one range?"""
    units = {f.unit for f in (first, second)} - {None}
    moneys = {f.money for f in (first, second)} - {None}
    plain = not (first.number.words and second.number.words and max(first.number.value, second.number.value) < 10)
    return len(units) <= 1 and len(moneys) <= 1 and (plain or bool(units))


def _in_one_unit(first: Figure, second: Figure) -> tuple[Figure, Figure]:
    """ "500gb to 1tb": the first end in the unit of the second, where one can be told in the other."""
    if not first.unit or not second.unit or first.unit == second.unit:
        return first, second
    value = convert(first.number.value, first.unit, second.unit)
    if value is None or first.stars or second.stars:
        return first, second
    return replace(first, unit=second.unit, number=replace(first.number, value=value)), second


def _ends(first: Figure, second: Figure) -> tuple[float, float]:
    low, high, scale = first.number.value, second.number.value, second.number.scale
    if first.number.scale < scale and low < scale and low * scale < high:
        low *= scale  # "15到18万", "二十到三十万", "1 to 2k"
    return low, high


def _merged(first: Figure, second: Figure) -> Figure:
    """One figure over both ends, with what either says of unit and currency."""
    money = first.money if second.money is None else second.money
    currency = second.currency or first.currency
    return replace(second, start=first.start, unit=second.unit or first.unit, money=money, currency=currency)


def _borrowed(lower: str, figure: Figure, following: tuple[Figure, ...]) -> Figure:
    """ "8 or 16 gb": a bare number takes the unit of the alternative that follows."""
    if figure.unit or figure.money or not following:
        return figure
    other = following[0]
    between = lower[figure.end : other.start]
    if "," in between and (
        cue_before(lower, figure) or not 1 / FAR < figure.number.value / (other.number.value or 1) < FAR
    ):
        return figure  # "under 700, 16gb": two wishes
    if (other.unit or other.money) and patterns()["alternatives"].fullmatch(between):
        return replace(figure, unit=other.unit, money=other.money, currency=other.currency, stars=other.stars)
    return figure


def _corrected(lower: str, bounds: tuple[BoundSpan, ...]) -> tuple[BoundSpan, ...]:
    """Without the bounds that a later one takes the place of: "20 quid or so... i mean 20 dollars max"."""
    kept: list[BoundSpan] = []
    for bound in bounds:
        if kept and _said_again(kept[-1], bound):
            continue
        if (
            kept
            and _same_sort(kept[-1], bound)
            and patterns()["corrections"].search(lower, kept[-1].end, bound.number.start)
        ):
            bound = _in_place_of(kept.pop(), bound)
        kept.append(bound)
    return tuple(kept)


def _said_again(earlier: BoundSpan, later: BoundSpan) -> bool:
    """ "at least half a terabyte, 512 gb": a bare quantity within a tenth of the bound before it says the same."""
    first, second = earlier.high if earlier.low is None else earlier.low, later.low
    if earlier.cue != "limit" or later.cue != "bare" or not (first and second and earlier.unit and later.unit):
        return False
    one, other = normalise(first, earlier.unit), normalise(second, later.unit)
    return one is not None and other is not None and one[1] == other[1] and abs(one[0] / other[0] - 1) < 0.1


def _in_place_of(earlier: BoundSpan, later: BoundSpan) -> BoundSpan:
    """The later reading; a bare number takes over the direction: "at least 16 gb, no wait, 32"."""
    if later.cue != "bare" or earlier.cue not in ("limit", "budget"):
        return later
    low = later.low if earlier.low is not None else None
    high = later.high if earlier.high is not None else None
    unit, money = later.unit or earlier.unit, earlier.money if later.money is None else later.money
    return replace(later, low=low, high=high, cue=earlier.cue, unit=unit, money=money, stars=earlier.stars)


def _same_sort(first: BoundSpan, second: BoundSpan) -> bool:
    plain = second.cue == "bare" and second.unit is None and second.money is None
    if not plain and (first.money is False or second.money is False):
        return first.money is second.money and (first.unit == second.unit or None in (first.unit, second.unit))
    return True


def _speaks_of(matter: str, message: Message, start: int) -> bool:
    """Does the clause speak of money, or of ratings, shortly before?"""
    clause = message.clause_at(start)
    if matter == "money" and not message.lower[clause.start : clause.end].strip("$€£¥ .0123456789k"):
        clause = Span(message.sentence_at(start).start, clause.end)  # "my budget's tight, 150, for ..."
    return patterns()[matter].search(message.lower, max(clause.start, start - 30), start) is not None


def _part_of_name(message: Message, figure: Figure) -> bool:
    """Is a number without unit and cue part of a name ("iPhone 15"), a position, or a display's sharpness ("4k")?"""
    if figure.unit or figure.money:
        return False
    number = figure.number
    if alone(message.lower, figure.start, figure.end):
        return False
    if number.words and (number.scale == 1 or number.value < 100):
        return True
    digits = message.lower[number.start : number.end]
    if digits in ("2k", "4k", "5k", "8k", "4000") and patterns()["display"].match(message.lower, figure.end):
        return True
    if digits.isdigit() and (len(digits) > 5 or digits.startswith("0")):
        return True
    window = message.lower[max(0, figure.start - 16) : figure.start]
    return patterns()["names"].search(window) is not None or _after_name(message, figure.start)


def _after_name(message: Message, start: int) -> bool:
    """Does a capitalised or mixed word stand right before, not at the start of its sentence?"""
    word = re.search(r"([A-Za-z][\w!.&-]*|\w*\d\w*[A-Za-z]\w*) $", message.text[max(0, start - 24) : start])
    if not word or message.text.isupper():
        return False
    begin = start - len(word[0])
    first = begin == message.sentence_at(start).start
    mixed = re.search(r"\d|.[A-Z]|!\w", word[1]) is not None
    return mixed or (word[1][0].isupper() and word[1] != "I" and not first)
