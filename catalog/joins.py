"""Values that are one value under several spellings: "Grey", "gray" and "GREY"; "Wi-Fi", "wifi" and "wi fi".

    spelled("Space Gray") == spelled("space-grey")        spelled("1.5 l") != spelled("15 l")

What all spellings of a value share is its key: filters and vocabularies compare keys and show what the shop wrote. Case,
width, blanks and hyphens, English spellings and plurals never tell values apart; numbers always do. What else is one
value here, the shop's words say ([joins]). Knows no products.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from catalog.compatibility import SLOT as COMPATIBLE
from catalog.dates import iso
from catalog.lexicon import FOLDER, singular
from catalog.types import Slot

Aliases = Mapping[str, str]
"""Key of a spelling -> key of the value that the shop says it is."""

Joins = Mapping[str, Mapping[str, Iterable[str]]]
"""By slot or concept: value kept -> its other spellings."""

_NO_ALIASES: Aliases = MappingProxyType({})
_PART = re.compile(r"[^\W_]+|[\W_]+")
_TELLING = re.compile(r"[^+#%\"°/&]")  # signs that tell values apart: "C++" is not "C", "black/white" not "black white"
_SIGNS = str.maketrans({"’": "'", **dict.fromkeys("‐‑‒–—−", "-")})  # one spelling of each
_NAMES = frozenset({"brand", "title", "series", "model"})  # concepts whose values are names: Vans are no van


def fold_term(value: str) -> str:
    """A value without regard to case and blanks around it: how texts are compared."""
    return " ".join(value.split()).casefold()


def term_key(slot: Slot, value: str) -> str:
    """What all spellings of a slot's value share; of a date, the day as it sorts."""
    if slot.dates:
        return iso(value, slot.dates) or fold_term(value)
    if slot.kind == "text" or slot.name == COMPATIBLE:
        return fold_term(value)
    return spelled(value, names=slot.concept in _NAMES)


@lru_cache(maxsize=65536)
def spelled(value: str, names: bool = False) -> str:
    """What all spellings of a value share. `names`: it is a name, whose words are not put in the singular."""
    text = unicodedata.normalize("NFKC", value).casefold().translate(_SIGNS)
    parts = _PART.findall(re.sub(r"'s\b", "s", text))
    written = []
    for place, part in enumerate(parts):
        if part[0].isalnum():
            written.append(part if names or not part.isalpha() else _word(part))
        else:
            left = parts[place - 1][-1:] if place else ""
            right = parts[place + 1][:1] if place + 1 < len(parts) else ""
            written.append(_sign(part, left, right))
    return "".join(written) or fold_term(value)


def _sign(part: str, left: str, right: str) -> str:
    """What stands between two words: all of it between digits ("1.5" is not "15"), a minus, else what tells."""
    if left.isdigit() and right.isdigit():
        return "".join(part.split()) or "~"
    minus = "-" if right.isdigit() and part.endswith("-") and (not left or part[:-1].endswith((" ", "("))) else ""
    return _TELLING.sub("", part) + minus


def _word(word: str) -> str:
    one = singular(word)
    return _spellings().get(one, _spellings().get(word, one))


@cache
def _spellings() -> Mapping[str, str]:
    """A word's other English spelling -> the one that stands for both."""
    pairs = tomllib.loads((FOLDER / "lookalikes.toml").read_text(encoding="utf-8"))["spellings"]
    return {
        singular(other): singular(first) for first, *others in pairs for other in others if " " not in first + other
    }


def aliases(slot: Slot, joins: Joins) -> Aliases:
    """The shop's joins of a slot, by its name or by the concept it stands for."""
    said = [joins[name] for name in dict.fromkeys((slot.concept, slot.name)) if name and name in joins]
    if not said:
        return _NO_ALIASES
    return MappingProxyType({
        term_key(slot, other): term_key(slot, kept) for joined in said for kept, others in joined.items() for other in others
    })  # fmt: skip
