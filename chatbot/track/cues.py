"""The words right before and right behind a number that bound it: "at least", "or less", "raise it to", 以内.

Reads words/bounds.toml. Knows figures and their places; what a bound comes to, bounds.py decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from chatbot.track.figures import Figure
from chatbot.track.wording import CJK, alternation, named, words

_REACH = 64  # characters before a number in which its cue may begin
SOME = 5  # a bare number below this is no amount of money


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word's group, its place, whether a negation turned it round, whether it is loose ("about")."""

    group: str
    start: int
    end: int
    about: bool = False


_NEED_NOT = re.compile(r"\S+ (?:have|need) to\b|needn't")
_NEXT = re.compile(r"\s*(?:than|then|of|is)?\s*[$€£¥]?\s*\d")


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    table = words("bounds")
    before, after = table["before"], table["after"]
    fillers = rf"(?:[ :=]*{alternation(table['fillers'])})*[ :=]*$"
    strong = {
        g: before[g] for g in ("set", "between", "high_strict", "high", "low_strict", "low", "from", "about", "budget")
    }
    return {
        "before": re.compile(named({**strong, "stars": before["stars"]}) + fillers),
        "weak": re.compile(alternation(before["weak_budget"]) + fillers),
        "after": re.compile(
            r"(?P<ish>-?ish(?![a-z]))|(?: (?:wide|long|tall|high|deep|thick|heavy|across|in (?:width|length|height|depth|weight|size)))?[ ,]*(?:的)?"
            + named(after)
        ),
        "about": re.compile(alternation(table["about_words"])),
        "halves_join": re.compile(alternation(table["halves_join"]) + r"\s*"),
        "halves_of_size": re.compile(alternation(table["halves_of_size"])),
        "flip": re.compile(alternation(table["flip"]["before"]) + " ?$"),
        "refused_before": re.compile(alternation(table["flip"]["refused_before"]) + r"\s*$"),
        "refused_after": re.compile(alternation(table["flip"]["refused_after"])),
        "spend": re.compile(alternation(table["spend_questions"]) + " ?$"),
        "story": re.compile(alternation(table["stories"]["before"]) + fillers),
        "for": re.compile(alternation(table["stories"]["for"]) + rf"(?: |(?<=[{CJK}]))$"),
        "ends": re.compile(rf" ?(?:$|[?.!,;:)]|(?:{'|'.join(table['stories']['ends'])})\b)"),
        "money": re.compile(alternation(table["money_words"])),
        "stars": re.compile(alternation(table["star_words"])),
        "names": re.compile(alternation(table["names"]["before"]) + r"[ #]?$"),
        "display": re.compile(r"[ -]*(?:\w+ )?" + alternation(table["names"]["display"])),
        "corrections": re.compile(alternation(table["between"]["corrections"])),
        "alternatives": re.compile(
            r"\s*(?:" + "|".join(map(re.escape, _longest(table["between"]["alternatives"]))) + r")\s*"
        ),
    }


def _longest(entries: Iterable[str]) -> list[str]:
    return sorted(entries, key=len, reverse=True)


def cue_before(lower: str, figure: Figure) -> Cue | None:
    offset = max(0, figure.start - _REACH)
    window = lower[offset : figure.start]
    found = patterns()["before"].search(window)
    if not found:
        return _weak_cue(lower, figure, window, offset)
    group = str(found.lastgroup)
    start = offset + found.start()
    about = group != "about" and patterns()["about"].search(found[0]) is not None
    if group.endswith("_strict") and (negation := denied(lower, start)):
        start -= negation
        group = "low" if group == "high_strict" else "high"
    return Cue("about" if group == "between" else group, start, figure.start, about) if group != "between" else None


def denied(lower: str, start: int) -> int:
    """How long a negation is that ends before a bound ("I don't wish to spend"); 0 for none, or for "doesn't have to be"."""
    found = patterns()["flip"].search(lower, max(0, start - _REACH), start)
    return len(found[0]) if found and not _NEED_NOT.match(found[0]) else 0


def _weak_cue(lower: str, figure: Figure, window: str, offset: int) -> Cue | None:
    """ "for 10 dollars", "i have 300 bucks", "what can i get for 200": a budget where money is meant, or as good as said."""
    found = patterns()["weak"].search(window)
    amount = figure.money is None and figure.unit is None and figure.number.scale >= 100  # "a phone for 3k"
    if found and (figure.money or (amount and _ends_there(lower, figure))):
        about = patterns()["about"].search(found[0]) is not None
        return Cue("budget", offset + found.start(), figure.start, about)
    people = figure.unit in words("units")["people"]
    if not people and (figure.unit is not None or figure.money is not None or not _ends_there(lower, figure)):
        return None
    if figure.number.value >= SOME and not people:
        for name in ("spend", "story"):
            if told := patterns()[name].search(window):
                about = patterns()["about"].search(told[0]) is not None
                return Cue("budget", offset + told.start(), figure.start, about)
    meant = patterns()["for"].search(window)
    return Cue("for", offset + meant.start(), figure.start) if meant else None


def _ends_there(lower: str, figure: Figure) -> bool:
    """Does no noun follow that the number counts ("for 200 photos")?"""
    return patterns()["ends"].match(lower, figure.end) is not None


def cue_after(lower: str, figure: Figure) -> Cue | None:
    found = patterns()["after"].match(lower, figure.end)
    if not found:
        return None
    if found["ish"]:
        return Cue("about", figure.end, found.end())
    if re.match(r"\s*(?:,|and\b)", found[0]) and _NEXT.match(lower, found.end()):
        return None  # "size 42, max 120": it bounds the number behind it
    again = patterns()["after"].match(lower, found.end()) if found.lastgroup == "about" else None
    if again and again.lastgroup in ("high", "low"):
        return Cue(str(again.lastgroup), figure.end, again.end(), True)
    return Cue(str(found.lastgroup), figure.end, found.end())


def refused(lower: str, start: int, end: int) -> bool:
    """Is a whole bound turned round by a refusal before or behind it ("15寸以上的不要")?"""
    before = patterns()["refused_before"].search(lower[max(0, start - _REACH) : start])
    return before is not None or patterns()["refused_after"].match(lower, end) is not None


def opened_by(lower: str, start: int) -> Cue | None:
    """ "between" or "from" before a range, or the verb of "raise it from 500 to 800"."""
    offset = max(0, start - _REACH)
    found = re.search(
        r"(?P<between>\b(?:in )?(?:between|range of|ranging|anywhere|somewhere) (?:from )?|介于|在)[ :]*[$€£¥]?$|(?P<from>\bfrom |从)[$€£¥]?$",
        lower[offset:start],
    )
    if not found:
        return None
    verb = re.search(
        r"\b(?:raise|increase|change|bump|lower|drop|reduce|move|push)\b[\w ]{0,24}$",
        lower[offset : offset + found.start()],
    )
    group = "set" if verb and found["from"] else str(found.lastgroup)
    return Cue(group, offset + (verb.start() if group == "set" and verb else found.start()), start)
