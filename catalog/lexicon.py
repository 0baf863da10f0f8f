"""The words for what is sold and how it is described: concepts of slots, kinds of product, colours (lexicon/*.toml).

Written by hand, English and Chinese, for any shop. Knows no catalogue: what a shop carries and how it calls it, its own
vocabulary says; the lexicon only bridges from there to the words that shoppers and other feeds use.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from catalog.shop_words import ShopWords

FOLDER = Path(__file__).parent / "lexicon"
Direction = Literal["asc", "desc"]
Role = Literal["main", "accessory", "consumable", "part", "service"]
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Concept:
    """What a slot may stand for.

    `headers`: feed headers that mean exactly this, folded, the most specific first. `words`: what shoppers call it.
    `ascending`/`descending`: words that wish for less or more of it ("lighter"; "bigger screen"). `better`: the
    direction that "best" points in, if any. `fitting`: it holds so many, and what holds just enough fits best (seats,
    persons). `dimension`: what its numbers measure (units.toml), None when they count.
    `worded`: only words state it (a colour), neither a number nor a yes.
    """

    name: str
    headers: tuple[str, ...]
    words: tuple[str, ...]
    dimension: str | None = None
    worded: bool = False
    ascending: tuple[str, ...] = ()
    descending: tuple[str, ...] = ()
    better: Direction | None = None
    fitting: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product.

    `words`: what people call it, the usual name first; `spoken` of them only shoppers say, in a title they may mean
    anything ("laser"). `titles`: product lines and phrases that tell it in a title when no plain word does. `anywhere`:
    phrases that decide wherever in a title they stand ("care pack"). `under`: wider kinds ("clothing"). `part_of`: what
    it is an accessory, consumable, spare part or service of. `role`: which of these, where it is not plain from that.
    `umbrella`: nothing is only this ("furniture"). `vague`: another word that the title has for it tells better
    ("HDMI cable signal cable"). `besides`: kinds that it may be at once (a multifunction printer is a laser printer too).
    `shown_by`: words of a record's headers that tell it from the other kinds of its family ("copy", "scan"). `broad`: its
    words name different things (a hose and a rake are garden tools): a shop that has some of it may not have that one.
    """

    name: str
    words: tuple[str, ...]
    spoken: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    role: Role | None = None
    umbrella: bool = False
    vague: bool = False
    besides: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    broad: bool = False


def fold(text: str) -> str:
    """The form in which words are compared: half width, lower case, punctuation as one blank, words in the singular."""
    return " ".join(map(singular, plain(text).split()))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Half width, lower case, underscores and punctuation as blanks: "Product_Colour " -> "product colour"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("'s", "s")
        return " ".join(_BLANK.sub(" ", text).split())
    text = text.lower().replace("'s", "s").translate(_BLANKS)  # the same for most titles, in a third of the time
    if "." in text:
        text = _LONE_DOT.sub(" ", text)
    return " ".join(text.replace("_", " ").split())


_BLANK = re.compile(r"[^\w+&#/.]+|_|(?<!\d)\.|\.(?!\w)")
_LONE_DOT = re.compile(r"(?<!\d)\.|\.(?!\w)")
_BLANKS = {code: " " for code in range(128) if not re.match(r"[\w+&#/.]", chr(code))}


_IRREGULAR = {
    "mice": "mouse", "shelves": "shelf", "knives": "knife", "scarves": "scarf", "loaves": "loaf", "leaves": "leaf",
    "men": "man", "mens": "man", "womens": "woman", "childrens": "child", "women": "woman", "children": "child", "feet": "foot", "people": "person", "accessories": "accessory",
    "batteries": "battery", "movies": "movie", "cookies": "cookie", "ties": "tie", "hoodies": "hoodie", "pies": "pie",
    "selfies": "selfie", "calories": "calorie", "beanies": "beanie", "onesies": "onesie", "shoes": "shoe",
    "lenses": "lens", "gases": "gas", "cases": "case", "vases": "vase", "bases": "base", "hoses": "hose",
    "axes": "axe", "toes": "toe", "canoes": "canoe",
}  # fmt: skip
_AS_IS = frozenset(
    "lens gas glass dress bus plus series species chess wireless canvas bass access address process business atlas"
    " bonus campus chassis compass corpus cosmos express focus fitness harness iris less mattress press stainless swiss"
    " tennis this virus wilderness asus basis is as its has was us yes css sms gps usb-s jeans pants shorts trousers"
    " glasses sunglasses binoculars scissors pliers leggings tights pyjamas pajamas overalls headphones earphones"
    " earbuds goggles clothes news".split()
)


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """A word without its English plural: "mice" -> "mouse", "headphones" -> "headphone". Others stay as they are."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _AS_IS and word not in _PAIRS:
        return word
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or not word.isascii():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


_PAIRS = frozenset({"headphones", "earphones", "earbuds", "leggings", "tights", "goggles", "pliers", "binoculars"})


_JOINS = frozenset({"cable", "cable accessory"})


class Lexicon:
    """Concepts, kinds and colours by their words. Immutable; `Lexicon.default()` is shared."""

    def __init__(self, concepts: Mapping[str, Concept], kinds: Mapping[str, Kind], colours: Mapping[str, str]) -> None:
        self.concepts: Mapping[str, Concept] = MappingProxyType(dict(concepts))
        self.kinds: Mapping[str, Kind] = MappingProxyType(dict(kinds))
        self.colours: Mapping[str, str] = MappingProxyType(dict(colours))
        """Every colour word as written in the file, with its family: {"navy": "blue", "银色": "silver"}."""

    @staticmethod
    @cache
    def default() -> Lexicon:
        """The lexicon that ships with the package."""
        return Lexicon(
            {concept.name: concept for concept in (_concept(*entry) for entry in _read("concepts").items())},
            {name: _kind(name, entry) for name, entry in _read("kinds").items()},
            {word: family for family, words in _read("colours").items() for word in (family, *words["words"])},
        )

    def with_words(self, words: ShopWords) -> Lexicon:
        """This lexicon with a shop's own words: new kinds, and more words and umbrellas for those that are here. A word
        that the shop gives to a kind is taken from the others."""
        if not words:
            return self
        kinds, owners = dict(self.kinds), defaultdict[str, set[str]](set)
        for name, said in words.kinds.items():
            (old,) = _named(name, kinds) or (Kind(name, words=(name,)),)
            under, part_of = _more(old.under, said.under), _more(old.part_of, said.part_of)
            kinds[old.name] = replace(old, words=_more(old.words, said.words), under=under, part_of=part_of)
            for word in (old.name, *said.words):
                owners[fold(word)].add(old.name)
        for name, others in words.synonyms.items():
            for kind in self._meant(name, kinds):
                kinds[kind.name] = replace(kind, words=_more(kind.words, others))
                for word in others:
                    owners[fold(word)].add(kind.name)
        for name, members in words.umbrella.items():
            (above, *_) = self._meant(name, kinds, umbrella=True)
            kinds.setdefault(above.name, above)
            for kind in (kind for member in members for kind in self._meant(member, kinds) if kind.name != above.name):
                kinds[kind.name] = replace(kind, under=_more(kind.under, (above.name,)))
        for name in [above for kind in kinds.values() for above in kind.under if above not in kinds]:
            kinds[name] = Kind(name, words=(name,), umbrella=True)
        return Lexicon(self.concepts, {k.name: _without(k, owners) for k in kinds.values()}, self.colours)

    def _meant(self, name: str, kinds: Mapping[str, Kind], umbrella: bool = False) -> tuple[Kind, ...]:
        """The kinds that a name means, as they stand by now; a new one where nothing has that name."""
        here = _named(name, kinds) or tuple(kinds[kind.name] for kind in self.kinds_named(name))
        return here or (Kind(name, words=(name,), umbrella=umbrella),)

    def kinds_named(self, phrase: str) -> tuple[Kind, ...]:
        """The kinds that a phrase names ("laptops", "笔记本电脑", "shoes"), without regard to plural and case."""
        return self._kinds_by_word.get(fold(phrase), ())

    def concepts_named(self, word: str) -> tuple[Concept, ...]:
        """The concepts that shoppers call by a word: "ram" -> memory, "重" -> weight."""
        return self._concepts_by_word.get(fold(word), ())

    def concept_of_header(self, name: str) -> Concept | None:
        """The concept that a feed's header means: "product_colour" -> colour, "屏幕尺寸" -> screen size."""
        return self._concepts_by_header.get(header_words(name))

    def holds(self, slot: str) -> bool:
        """Does a slot so called tell how many it holds, the least that is enough being the best?"""
        concept = self.concept_of_header(slot)
        return concept is not None and concept.fitting

    def colour_family(self, word: str) -> str | None:
        """The basic colour that a colour word belongs to: "navy" -> "blue", "dark brown" -> "brown"."""
        folded = plain(word)
        found = self._families.get(folded)
        if found:
            return found
        last = folded.rpartition(" ")[2]
        return self._families.get(last) or (self._families.get(folded.removesuffix("系")) if folded else None)

    def serves(self, name: str) -> bool:
        """Is a kind there for another's sake: an accessory, a consumable, a spare part, a cable or an adapter?"""
        return name in self._serving

    @cached_property
    def _serving(self) -> frozenset[str]:
        served = (k for k in self.kinds.values() if k.part_of or not _JOINS.isdisjoint(self.wider(k.name)))
        return frozenset(kind.name for kind in served)

    def role(self, name: str) -> Role:
        """What a kind is bought as: the thing itself ("main"), or something for a thing that the buyer has."""
        kind = self.kinds.get(name)
        return kind.role if kind and kind.role else "accessory" if self.serves(name) else "main"

    def is_accessory(self, name: str) -> bool:
        """Is a kind bought for a thing that the buyer has, rather than for itself?"""
        return self.role(name) != "main"

    def wider(self, name: str) -> tuple[str, ...]:
        """A kind's umbrellas, near to far, without itself."""
        return self._wider.get(name, ())

    @cached_property
    def _wider(self) -> Mapping[str, tuple[str, ...]]:
        return {name: self._above(name) for name in self.kinds}

    def _above(self, name: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        queue = list(self.kinds[name].under)
        while queue:
            above = queue.pop(0)
            if above not in found and above in self.kinds:
                found[above] = None
                queue.extend(self.kinds[above].under)
        return tuple(found)

    def narrower(self, name: str) -> tuple[str, ...]:
        """All kinds under an umbrella, without itself."""
        return self._narrower.get(name, ())

    @cached_property
    def _narrower(self) -> Mapping[str, tuple[str, ...]]:
        below: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.kinds:
            for above in self.wider(name):
                below[above].append(name)
        return {name: tuple(names) for name, names in below.items()}

    @cached_property
    def _kinds_by_word(self) -> Mapping[str, tuple[Kind, ...]]:
        return _index((fold(word), kind) for kind in self.kinds.values() for word in (kind.name, *kind.words))

    @cached_property
    def _concepts_by_word(self) -> Mapping[str, tuple[Concept, ...]]:
        return _index((fold(word), c) for c in self.concepts.values() for word in (c.name, *c.words))

    @cached_property
    def _concepts_by_header(self) -> Mapping[str, Concept]:
        return {header_words(header): c for c in self.concepts.values() for header in (c.name, *c.headers)}

    @cached_property
    def _families(self) -> Mapping[str, str]:
        return {plain(word): family for word, family in self.colours.items()}


@lru_cache(maxsize=16384)
def header_words(name: str) -> str:
    """A header's words: "Cable__Length (cm)" -> "cable length", "screenSize" -> "screen size"."""
    name = re.sub(r"[(\[（【].*?[)\]）】]", " ", name)
    return fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def _index(pairs: Iterable[tuple[str, _Entry]]) -> Mapping[str, tuple[_Entry, ...]]:
    found: defaultdict[str, list[_Entry]] = defaultdict(list)
    for word, entry in pairs:
        if entry not in found[word]:
            found[word].append(entry)
    return {word: tuple(entries) for word, entries in found.items()}


def _named(name: str, kinds: Mapping[str, Kind]) -> tuple[Kind, ...]:
    """The kind of just this name, if any."""
    return next(((kind,) for kind in kinds.values() if fold(kind.name) == fold(name)), ())


def _without(kind: Kind, owners: Mapping[str, set[str]]) -> Kind:
    """A kind without the words that the shop gave to others; `owners`: folded word -> kinds."""

    def kept(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if kind.name in owners.get(fold(word), (kind.name,)))

    return replace(kind, words=kept(kind.words), spoken=kept(kind.spoken), titles=kept(kind.titles))


def _more(words: tuple[str, ...], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*words, *others)))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _concept(name: str, entry: Mapping[str, Any]) -> Concept:
    return Concept(
        name.replace("_", " "),
        headers=tuple(entry.get("headers", ())),
        words=tuple(entry.get("words", ())),
        dimension=entry.get("dimension"),
        worded=entry.get("values") == "words",
        ascending=tuple(entry.get("ascending", ())),
        descending=tuple(entry.get("descending", ())),
        better=entry.get("better"),
        fitting=bool(entry.get("fitting", False)),
    )


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    return Kind(
        name,
        words=(*entry.get("words", ()), *entry.get("spoken", ())) or (name,),
        spoken=tuple(entry.get("spoken", ())),
        titles=tuple(entry.get("titles", ())),
        anywhere=tuple(entry.get("anywhere", ())),
        under=tuple(entry.get("under", ())),
        part_of=tuple(entry.get("part_of", ())),
        role=entry.get("role"),
        umbrella=bool(entry.get("umbrella", False)),
        vague=bool(entry.get("vague", False)),
        besides=tuple(entry.get("besides", ())),
        shown_by=tuple(entry.get("shown_by", ())),
        broad=bool(entry.get("broad", False)),
    )
