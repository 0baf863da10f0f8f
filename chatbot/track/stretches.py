"""Words for a stretch of numbers: "the low 300s", "in the high hundreds", "300-odd", 几百, 三百多, 上千.

How far each reaches is a convention of ours, told in `_PARTS`. Knows no units and no slots.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from chatbot.track.spans import NumberSpan

_PARTS = {"low": (0.0, 0.4), "mid": (0.3, 0.7), "high": (0.6, 1.0)}  # shares of the stretch; overlapping, as people are
_DIGITS = {w: n for n, w in enumerate("one two three four five six seven eight nine".split(), 1)}
_TENS = {
    w: 10 * n for n, w in enumerate("twenties thirties forties fifties sixties seventies eighties nineties".split(), 2)
}
_SCALES = {"hundreds": 100.0, "thousands": 1000.0, "grands": 1000.0}
_ZH_SCALES = {"十": 10.0, "百": 100.0, "千": 1000.0, "万": 10000.0}

_ENGLISH = re.compile(
    r"\b(?:in the |into the )?(?:(?P<part>low(?:er|ish)?|mid(?:dle)?|high(?:er|ish)?|upper)(?:[ -]to[ -](?P<upto>mid|high))?[ -])?"
    r"(?:(?P<figure>[$€£]?[1-9]\d{0,2}0)'?s"
    rf"|(?:(?P<lead>{'|'.join(_DIGITS)}|[1-9])[ -])?(?P<scale>{'|'.join(_SCALES)})|(?P<tens>{'|'.join(_TENS)}))\b(?! of)"
)
_CHINESE = re.compile(
    r"(?<!第)(?P<some>好?几|数)(?P<scale>[十百千]?万|[十百千])|(?<![\d一二三四五六七八九十百千万以])上(?P<over>[百千万])(?=[块元]|的)"
)
_CHINESE_ODD = re.compile(
    r"(?:(?P<figure>[1-9]\d*0)|(?P<count>[一二三四五六七八九]?)(?P<step>[十百千]))[几多来]"
    r"(?:(?P<of>[百千万])|(?=[块元美欧英港公斤克米寸]))"
)
_ODD = re.compile(r"(?:[ -](?:something|some ?thing|odd)| and change)\b|多(?=[块元美欧英港公斤克米寸万]|的|[,。]|$)")


def find_stretches(lower: str, numbers: Iterable[NumberSpan]) -> Iterator[NumberSpan]:
    """The stretches named in a text; `numbers` are those already read in it, which a word may lengthen ("300-odd")."""
    for found in _ENGLISH.finditer(lower):
        named = found["part"] or found[0].startswith("in")
        if named and (stretch := _english(found)):
            yield NumberSpan(found.start(), found.end(), *stretch)
    for found in _CHINESE.finditer(lower):
        scale = math.prod(_ZH_SCALES[c] for c in found["scale"] or found["over"])
        low, high = (2 * scale, 9 * scale) if found["some"] else (scale, math.inf)
        yield NumberSpan(found.start(), found.end(), low, scale, True, None if math.isinf(high) else high)
    for found in _CHINESE_ODD.finditer(lower):
        scale = _ZH_SCALES.get(found["of"], 1.0)
        step = _ZH_SCALES[found["step"]] if found["step"] else _step(float(found["figure"]))
        base = float(found["figure"] or step * ("一二三四五六七八九".find(found["count"] or "一") + 1))
        yield NumberSpan(found.start(), found.end(), base * scale, scale, True, (base + step) * scale)
    for number in numbers:
        if (odd := _ODD.match(lower, number.end)) and number.value >= 20:
            step = max(_step(number.value), 1.0)
            yield NumberSpan(number.start, odd.end(), number.value, number.scale, number.words, number.value + step)


def _english(found: re.Match[str]) -> tuple[float, float, bool, float] | None:
    """(low, scale, in words, high)."""
    if found["figure"]:
        low = float(found["figure"].lstrip("$€£"))
        width = _step(low)
        if low < 100 and not found["part"]:
            return None  # "in the 70s": a decade rather than a price
    elif found["scale"]:
        scale = _SCALES[found["scale"]]
        lead = found["lead"]
        count = 0 if not lead else (int(lead) if lead.isdigit() else _DIGITS[lead])
        low, width = (scale * count, scale) if count else (scale, 9 * scale)
    else:
        low, width = float(_TENS[found["tens"]]), 10.0
    part = next((p for p in _PARTS if (found["part"] or "").startswith(p)), "high" if found["part"] else None)
    start, end = _PARTS[part] if part else (0.0, 1.0)
    if found["upto"]:
        end = _PARTS[found["upto"]][1]
    return low + start * width, 1.0, False, low + end * width


def _step(value: float) -> float:
    """The last place that is not zero: 300 -> 100, 350 -> 10."""
    step = 1.0
    while value % (step * 10) == 0 and step * 10 <= value:
        step *= 10
    return step
