"""What else a fact of a record may be called, in English and Chinese: its slot, its kind, its colour, its value.

Only names of the same thing: who has a laptop in the record may say notebook and 笔记本, who has navy may say blue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from catalog.lexicon import Concept, Kind, Lexicon, fold
from catalog.types import Fact
from chatbot import say
from chatbot.rank.claim_words import terms
from chatbot.track.wording import has_cjk
from chatbot.track.wording import words as listed

_LONGEST = 120  # characters of a value that is one, not prose
_SOLD_OUT = re.compile(r"out|sold|unavailable|discontinued|缺|无货|售", re.IGNORECASE)
_GONE = ["out of stock", "sold out", "unavailable", "缺货", "无货", "售罄"]
_THERE = ["in stock", "available", "有货", "现货"]
_COLOURS_ZH = tuple(f"{c}色" for c in "黑白灰红蓝绿黄橙紫粉棕褐米金银青")


def other_names(fact: Fact) -> str:
    """The names, separated by commas; "" where there are none."""
    return _names(fact.slot, fact.value if isinstance(fact.value, str) else None)


@lru_cache(maxsize=16_384)
def _names(slot: str, value: str | None) -> str:
    lexicon = Lexicon.default()
    concept = lexicon.concept_of_header(slot)
    found = _slot_names(slot, concept, stated=value is not None)
    if slot == "category" and value:
        found += [word for kind in lexicon.kinds_named(value) for word in _kind_names(kind)]
    elif slot == "availability" and value:
        found += _GONE if _SOLD_OUT.search(value) else _THERE
    elif concept and concept.name == "colour" and value:
        family = lexicon.colour_family(value)
        found += [family] if family else []
        found += [word for word in _COLOURS_ZH if family and lexicon.colour_family(word) == family]
    if value and len(value) < _LONGEST:
        found += _same_values(value)
    return " , ".join(found)


def _kind_names(kind: Kind) -> list[str]:
    """What any shop calls such a thing; its other words may name a special one (a bomber is a jacket)."""
    return [kind.name, kind.words[0], *[word for word in kind.words if has_cjk(word)][:1]]


def _slot_names(slot: str, concept: Concept | None, stated: bool) -> list[str]:
    """What a slot's property is called: "RAM" and 内存 for memory, and "light" for a weight, as far as words can tell. Of
    what only is so or not (not `stated`), nothing that comes near it."""
    called = [say.slot_name("en", slot), say.slot_name("zh", slot), *_same_values(slot.replace("_", " "))]
    if concept is None:
        return called
    if stated or concept.dimension:
        return [*called, *concept.headers, *concept.words, *concept.ascending, *concept.descending]
    same = fold(concept.name) == fold(slot)
    return called + [word for word in (*concept.headers, *concept.words) if same and has_cjk(word)]


def _same_values(value: str) -> list[str]:
    """Other names of every value that the text holds whole."""
    parts, most = fold(value).split(" "), _longest_name()
    spans = (" ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(len(parts), i + most) + 1))
    return [word for span in dict.fromkeys(spans) for word in _groups().get(span, ())]


@cache
def _longest_name() -> int:
    """Words of the longest name of a value."""
    return max(said.count(" ") + 1 for said in _groups())


@cache
def _groups() -> Mapping[str, tuple[str, ...]]:
    groups = [*listed("values")["same"], *terms()]
    return {
        said: tuple(w for g in groups if said in map(fold, g) for w in g)
        for said in {fold(w) for g in groups for w in g}
    }


def value_names() -> tuple[str, ...]:
    """Every name of a value or property that has one in both languages."""
    return tuple(dict.fromkeys(word for group in _groups().values() for word in group))
