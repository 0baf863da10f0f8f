"""Fills the phrase book of a shop: its categories, brands, values and slots, by every way they are likely to be said.

Built from the catalogue's vocabulary and the lexicon; knows nothing of messages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from catalog.chinese import said_in_chinese
from catalog.compatibility import SLOT
from catalog.lexicon import Lexicon
from catalog.store import Catalog
from catalog.types import Slot, Term
from chatbot.track.book import Phrasebook, Reading
from chatbot.track.kinds import ShopKinds
from chatbot.track.other_names import names_of
from chatbot.track.pieces import function_words, keys, plain_words, root_of
from chatbot.track.wording import CJK, has_cjk, words

LARGEST = 500  # values of a slot beyond which single words of them mean nothing
LONGEST_VALUE = 6  # pieces of a Latin value; 14 characters of a Chinese one
MANY = 40  # values that one word may mean
HEAD, OTHER = 0.7, 0.5  # how surely the last word of a value, or another, means it
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = re.compile(r"(?<![A-Za-z])(?:IX|IV|V?I{1,3}|V)(?![A-Za-z])")
_ATTACHED = "用型式级款的色类"  # begin no word of a value
_JOINING = frozenset({"with", "and", "on", "without", "or", "for", "to"})
_SPLIT = re.compile(r"[_\-\s/().\[\]:,]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN_VALUES = frozenset(
    "yes no none other n/a na true false unknown default standard not any all various 无 有 其他 是 否 其它".split()
)


def fill_book(book: Phrasebook, catalog: Catalog, lexicon: Lexicon, kinds: ShopKinds) -> None:
    """Everything this shop's words can mean, into the book."""
    _add_kinds(book, kinds)
    _add_slots(book, catalog.slots, lexicon)
    makers = {_key(t.value) for s in catalog.slots if s.name == "brand" for t in catalog.vocabulary("brand")}
    categories = {_key(c) for c in kinds.categories}
    for slot in catalog.slots:
        if slot.kind != "category" or not slot.informable or slot.name in ("category", "title", SLOT):
            continue
        terms = catalog.vocabulary(slot.name)
        if slot.name == "brand":
            _add_brands(book, terms)
            continue
        own = [t for t in terms if not (has_cjk(t.value) and _maker_and_kind(t.value, makers, categories))]
        _add_values(book, slot.name, own)
        if len(terms) <= LARGEST:
            _add_parts(book, slot.name, own)
        if slot.concept == "colour" or _colourful(terms, lexicon):
            _add_colours(book, slot.name, terms, lexicon)
        _add_aliases(book, slot, terms)
        _add_chinese(book, slot.name, terms)
        for term in terms:
            for name in names_of(slot.concept, term.value):
                book.add(name, Reading("value", slot.name, (term.value,), name, 1.1))


def _add_kinds(book: Phrasebook, kinds: ShopKinds) -> None:
    for phrase, reading in kinds.phrases():
        book.add(phrase, reading)


def _add_slots(book: Phrasebook, slots: Iterable[Slot], lexicon: Lexicon) -> None:
    """A slot is named by its own name, its label, and the shoppers' words for its concept."""
    by_concept: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        for phrase in {_spoken(slot.name), _spoken(slot.label)} - {""}:
            book.add(phrase, Reading("slot", slot.name, weight=0.9))
        core = " ".join(k for k in keys(_spoken(slot.name)) if k not in _dull())
        if core and (slot.informable or slot.kind == "boolean"):
            book.add(core, Reading("slot", slot.name, weight=0.7))
        if slot.concept:
            by_concept[slot.concept].append(slot)
    for part, meant in _chinese_slot_parts(slots).items():
        for slot in meant:
            book.add(part, Reading("slot", slot.name, weight=0.6))
    for concept in lexicon.concepts.values():
        for slot in by_concept.get(concept.name, ()):
            for phrase in (concept.name, *concept.words):
                if keys(phrase)[:1] and keys(phrase)[0] in function_words() and len(keys(phrase)) > 1:
                    continue  # "for a laptop" would hide the laptop
                book.add(phrase, Reading("slot", slot.name, name=concept.name, weight=1.0))


def _chinese_slot_parts(slots: Iterable[Slot]) -> dict[str, list[Slot]]:
    """What Chinese slots are called for short: 显卡 for 显卡型号, 通风 for the yes or no of 座椅通风 (座椅 or 自动 alone
    wish none)."""
    parts: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        name = _spoken(slot.name)
        if not has_cjk(name):
            continue
        flag = slot.kind == "boolean" and len(name) == 4
        for part in (name[2:],) if flag else _chinese_prefixes(name):
            parts[part].append(slot)
    return parts


def _add_brands(book: Phrasebook, terms: Sequence[Term]) -> None:
    """Brands by name, by the name in the other language, and Chinese ones by a part that tells (大众 of 上汽大众)."""
    parts: dict[str, dict[str, int]] = defaultdict(dict)
    for term in terms:
        for spelling in (term.value, *term.also):
            book.add(spelling, Reading("value", "brand", (term.value,)))
        if has_cjk(term.value):
            for part in _chinese_parts(term.value):
                parts[part][term.value] = term.count
    aliases = words("brands")["same"]
    for group in aliases:
        present = [t.value for t in terms if _key(t.value) in {_key(a) for a in group}]
        for alias in group:
            book.add(alias, Reading("value", "brand", tuple(present), name=group[0], weight=0.95 if present else 0.1))
    for part, values in parts.items():
        book.add(part, Reading("value", "brand", tuple(values), weight=0.7))


def _add_values(book: Phrasebook, slot: str, terms: Sequence[Term]) -> None:
    for term in terms:
        for spelling in (term.value, *term.also, *_counted(term.value)):
            if _tellable(spelling):
                book.add(spelling, Reading("value", slot, (term.value,)), root=True)


def _counted(value: str) -> Iterable[str]:
    """A Chinese value numbered in Roman figures, as people say and type it: 国 VI -> 国六, 国6."""
    found = _ROMAN.search(value) if has_cjk(value) else None
    if found:
        for figures in ("一二三四五六七八九", "123456789"):
            yield value[: found.start()].rstrip() + figures[_ROMANS.index(found[0])] + value[found.end() :]


def _maker_and_kind(value: str, makers: Collection[str], categories: Collection[str]) -> bool:
    """A series called by maker and kind alone (小米 - 笔记本): who says so names these two."""
    parts = keys(value)
    cuts = range(1, len(parts))
    return any(" ".join(parts[:cut]) in makers and " ".join(parts[cut:]) in categories for cut in cuts)


def _add_parts(book: Phrasebook, slot: str, terms: Sequence[Term]) -> None:
    """Values of several words are also meant by one that tells: stripes for "vertical stripes", 银色 for 银色系."""
    heads: dict[str, dict[str, None]] = defaultdict(dict)
    others: dict[str, dict[str, None]] = defaultdict(dict)
    for term in terms:
        value = term.value
        if has_cjk(value):
            for part in (*_chinese_prefixes(value), *_chinese_endings(value)):
                heads[part][value] = None
        elif 1 < len(keys(value)) <= LONGEST_VALUE:
            *rest, last = keys(value)
            joined = bool(set(rest) & _JOINING)
            for key in (k for k in (*rest, last) if _telling(k)):
                if key == last and not joined:
                    heads[key][value] = None
                elif key not in plain_words():
                    others[key][value] = None
    for parts, weight in ((heads, HEAD), (others, OTHER)):
        for part, values in parts.items():
            if len(values) <= MANY:
                book.add(part, Reading("value", slot, tuple(values), weight=weight), root=part not in plain_words())


def _telling(key: str) -> bool:
    return len(key) >= 2 and key not in function_words() and key not in _dull() and not key.isdigit()


def _add_colours(book: Phrasebook, slot: str, terms: Sequence[Term], lexicon: Lexicon) -> None:
    """Every colour word of the lexicon means the shop's nearest colours: navy -> dark blue, blue; burgundy -> maroon."""
    families: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        family = lexicon.colour_family(term.value)
        if family:
            families[family].append(term.value)
    for word, family in lexicon.colours.items():
        meant = _nearest_colours(word, family, families, terms)
        if meant:
            book.add(word, Reading("value", slot, meant, name="colour", weight=0.9))


def _nearest_colours(
    word: str, family: str, families: Mapping[str, list[str]], terms: Sequence[Term]
) -> tuple[str, ...]:
    """The shop's own spelling of the colour and shades named after it; where it has none, and where the colour is a
    family's own name (navy is blue), the whole family."""
    said = set(keys(word))
    exact = [
        t.value for t in terms if said <= (parts := set(keys(_plain_colour(t.value)))) and len(parts) <= 2 + len(said)
    ]
    exact = [v for v in exact if not set(keys(v)) & _JOINING]
    if exact and has_cjk(word):
        exact = [v for v in exact if _plain_colour(v) in (word, word + "色", word.removesuffix("色"))] or exact
    whole = families.get(family, []) if _names_family(word, family) else []
    return tuple(dict.fromkeys([*exact, *whole])) or tuple(families.get(family, ()))


def _names_family(word: str, family: str) -> bool:
    """ "blue", 蓝, 蓝色, 蓝色系."""
    return word == family or (has_cjk(word) and len(_plain_colour(word).removesuffix("色")) == 1)


def _add_aliases(book: Phrasebook, slot: Slot, terms: Sequence[Term]) -> None:
    """The same value in the other language or under another name (words/values.toml): 四驱, 4wd, all wheel drive."""
    by_key = {_key(t.value): t.value for t in terms}
    for group in _same_values():
        present = tuple(dict.fromkeys(by_key[k] for k in group.values() if k in by_key))
        if present:
            alike = (r for k in group.values() if k in by_key for r in book.readings_of(k) if r.slot == slot.name)
            meant = tuple(dict.fromkeys((*present, *(v for r in alike if r.weight >= HEAD for v in r.values))))
            for alias, key in group.items():
                if key not in by_key:
                    book.add(alias, Reading("value", slot.name, meant, weight=0.85), root=not alias.endswith("ed"))


def _add_chinese(book: Phrasebook, slot: str, terms: Sequence[Term]) -> None:
    """What Chinese shoppers call a value that the shop writes in Latin letters: 藏青色 for navy."""
    named: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for name in said_in_chinese(term.value):
            named[name].append(term.value)
    for name, values in named.items():
        book.add(name, Reading("value", slot, tuple(values), name=name, weight=1.0))


@cache
def _same_values() -> tuple[Mapping[str, str], ...]:
    """Each group of words/values.toml: name -> key."""
    return tuple({alias: _key(alias) for alias in group} for group in words("values")["same"])


def lexical_words(lexicon: Lexicon) -> frozenset[str]:
    """Keys of every word in the lexicon's names and in the names of values: rightly spelt, whatever the shop holds."""
    named = [
        *(w for c in lexicon.concepts.values() for w in c.words),
        *(w for k in lexicon.kinds.values() for w in k.words),
    ]
    return frozenset(k for phrase in (*named, *(a for group in _same_values() for a in group)) for k in keys(phrase))


def _colourful(terms: Sequence[Term], lexicon: Lexicon) -> bool:
    some = terms[:12]
    known = sum(lexicon.colour_family(t.value) is not None for t in some)
    return len(some) >= 3 and known >= 0.7 * len(some)


def _plain_colour(value: str) -> str:
    """灰色系 -> 灰色."""
    return value.removesuffix("系")


def _tellable(value: str) -> bool:
    parts = keys(value)
    if (
        not parts
        or value.casefold() in _PLAIN_VALUES
        or parts[0] in ("any", "all")
        or all(p.replace(".", "").isdigit() for p in parts)
    ):
        return False
    spoken = (*parts, *value.casefold().split())  # "men" is no "man"
    if all(p in function_words() for p in spoken):
        return value.isupper() and len(value) <= 3  # sizes: S, M
    return len(parts) <= (14 if has_cjk(value) else LONGEST_VALUE)


def _chinese_parts(value: str) -> Iterable[str]:
    for run in re.findall(f"[{CJK}]+", value):
        for size in range(2, len(run)):
            yield run[:size]
            yield run[-size:]


def _chinese_prefixes(value: str) -> Iterable[str]:
    for run in re.findall(f"[{CJK}]+", value):
        if 3 <= len(run) <= 8:
            for size in range(2, len(run) + (run != value)):
                yield run[:size]
        elif len(run) == 2 and value.startswith(f"{run} "):
            yield run  # 途观 L


def _chinese_endings(value: str) -> Iterable[str]:
    """What a Chinese value is, without what says which: 全景影像 of 度全景影像, never 用电脑 of 商用电脑."""
    for run in re.findall(f"[{CJK}]+", value):
        if 4 <= len(run) <= 10:
            yield from (run[-size:] for size in range(3, len(run)) if run[-size] not in _ATTACHED)


def _spoken(name: str) -> str:
    """A header as words: internal_memory -> internal memory, "油耗(L/100km)" -> 油耗."""
    if has_cjk(name):
        return re.sub(r"[(（].*$", "", name).strip()
    return " ".join(p for p in _SPLIT.split(_CAMEL.sub(" ", name).lower()) if p)


def _dull() -> frozenset[str]:
    """Words of slot names that do not tell which slot it is."""
    return frozenset(words("slots")["dull"].split())


def _key(text: str) -> str:
    return " ".join(keys(text))


def roots(text: str) -> frozenset[str]:
    """The loose keys of a text."""
    return frozenset(root_of(k) for k in keys(text))
