"""A shop's own words: kinds, umbrella words, synonyms, joined spellings, kinds of single products; one TOML file.

    [kinds."standing desk"]        a kind of product that the lexicon lacks, or more words for one that it has
    words = ["sit-stand desk"]
    under = ["desk"]               wider kinds; a name that nothing else has becomes an umbrella word
    [umbrella]
    tops = ["shirt", "t-shirt"]    what a shopper's wide word means here
    [synonyms]
    sofa = ["settee"]              other words for a kind or for a category value
    [joins.colour]
    grey = ["gray", "gry"]         spellings of one value of a slot (its name, or the concept it stands for)
    [kind_of]
    "SKU 17" = "sofa"              what a single product is

Reads and checks; what the words then do, lexicon.py (kinds), joins.py (values) and derive.py (products) know. Knows no
catalogue: a name that the shop does not carry is no mistake, its feed may carry it tomorrow.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from errors import BadWords

Words: TypeAlias = tuple[str, ...]
_LARGEST = 4 * 1024 * 1024  # bytes of a file that people edit
_LONGEST = 200  # characters of a word; ids may be as long
_SECTIONS = ("kinds", "umbrella", "synonyms", "joins", "kind_of")
_KIND_FIELDS = ("words", "under", "part_of")


def _nothing() -> MappingProxyType[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a shop says of a kind: other words for it, wider kinds, and what it is an accessory or a part of."""

    words: Words = ()
    under: Words = ()
    part_of: Words = ()


@dataclass(frozen=True, slots=True)
class ShopWords:
    """All that a shop's file says. Falsy when it says nothing."""

    kinds: Mapping[str, KindWords] = field(default_factory=_nothing)
    umbrella: Mapping[str, Words] = field(default_factory=_nothing)  # wide word -> kinds or category values
    synonyms: Mapping[str, Words] = field(default_factory=_nothing)  # kind or category value -> its other words
    joins: Mapping[str, Mapping[str, Words]] = field(default_factory=_nothing)  # slot -> value kept -> spellings
    kind_of: Mapping[str, str] = field(default_factory=_nothing)  # product id -> kind

    def __bool__(self) -> bool:
        return any((self.kinds, self.umbrella, self.synonyms, self.joins, self.kind_of))

    @classmethod
    def read(cls, path: str | Path) -> ShopWords:
        """The words in a file; an empty file says nothing. BadWords names file, line and field."""
        path = Path(path)
        try:
            if path.exists() and path.is_file() and path.stat().st_size > _LARGEST:
                raise BadWords(f"{path}: larger than {_LARGEST >> 20} MB; a file of words is not that long")
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise BadWords(f"{path}: cannot be read ({error.strerror}); give --words a TOML file") from error
        except UnicodeDecodeError as error:
            raise BadWords(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, name: str = "words") -> ShopWords:
        """The words in a TOML text; `name` is what mistakes are told to be in."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadWords(f"{name}: not TOML: {error}") from error
        return _Checker(name, text).words(document)

    @classmethod
    def from_json(cls, text: str) -> ShopWords:
        """What `to_json` wrote."""
        return _Checker("the catalogue's words", "").words(json.loads(text))

    def to_json(self) -> str:
        """One spelling for equal words."""
        document = {
            "kinds": {k: {f: getattr(w, f) for f in _KIND_FIELDS if getattr(w, f)} for k, w in self.kinds.items()},
            "umbrella": dict(self.umbrella),
            "synonyms": dict(self.synonyms),
            "joins": {slot: dict(values) for slot, values in self.joins.items()},
            "kind_of": dict(self.kind_of),
        }
        kept = {section: entries for section, entries in document.items() if entries}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def is_word(text: str) -> bool:
    """Can a file of words name it: not blank, on one line, not too long, without control characters?"""
    return bool(text.strip()) and len(text) <= _LONGEST and not any(unicodedata.category(c) == "Cc" for c in text)


class _Checker:
    """Reads one document; a mistake names its file, line and field."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = text.splitlines()

    def words(self, document: Mapping[str, Any]) -> ShopWords:
        for section in document:
            self._known(section, _SECTIONS, (section,))
        read: ShopWords = ShopWords(
            kinds=self._table(document, "kinds", self._kind),
            umbrella=self._table(document, "umbrella", self._members),
            synonyms=self._table(document, "synonyms", self._members),
            joins=self._table(document, "joins", self._join),
            kind_of=self._table(document, "kind_of", self._word),
        )
        return read

    def _table(self, document: Mapping[str, Any], section: str, read: Callable[[Any, Words], Any]) -> Mapping[str, Any]:
        entries = document.get(section, {})
        if not isinstance(entries, dict):
            raise self._bad((section,), f"is a table: write [{section}] and its entries below")
        return MappingProxyType(
            {self._word(key, (section, key)): read(v, (section, key)) for key, v in entries.items()}
        )

    def _kind(self, value: Any, at: Words) -> KindWords:
        if not isinstance(value, dict):
            raise self._bad(at, f'is a table: write [kinds."{at[-1]}"] and words = [...] below')
        for name in value:
            self._known(name, _KIND_FIELDS, (*at, name))
        return KindWords(**{name: self._members(value[name], (*at, name), at[-1]) for name in value})

    def _join(self, value: Any, at: Words) -> Mapping[str, Words]:
        if not isinstance(value, dict):
            raise self._bad(at, f'is a table: write [joins."{at[-1]}"] and value = ["spelling"] below')
        joined = {self._word(key, (*at, key)): self._members(v, (*at, key)) for key, v in value.items()}
        home: dict[str, str] = {}
        for kept, spellings in joined.items():
            for spelling in spellings:
                other = spelling if spelling in joined else home.setdefault(spelling, kept)
                if other != kept:
                    raise self._bad((*at, kept), f"{spelling!r} is already joined as {other!r}; keep one of the two")
        return MappingProxyType(joined)

    def _members(self, value: Any, at: Words, owner: str | None = None) -> Words:
        if not isinstance(value, list):
            raise self._bad(at, f'needs a list of words: {_key(at[-1])} = ["..."]')
        found = tuple(dict.fromkeys(self._word(word, at) for word in value))
        if (owner or at[-1]) in found and at[-1] != "words":
            raise self._bad(at, f"lists {owner or at[-1]!r} itself; leave it out")
        return found

    def _word(self, value: Any, at: Words) -> str:
        if not isinstance(value, str):
            raise self._bad(at, f"needs a text in quotes, not {value!r}")
        if not is_word(value):
            raise self._bad(at, f"needs a text of 1 to {_LONGEST} characters on one line, not {value[:60]!r}")
        return value.strip()

    def _known(self, name: str, names: Words, at: Words) -> None:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, 0.5)
            meant = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(names)}"
            raise self._bad(at, f"is not known; {meant}")

    def _bad(self, at: Words, reason: str) -> BadWords:
        line = self._line(at)
        where = f"{self._name}, line {line}" if line else self._name
        return BadWords(f"{where}: {'.'.join(map(_key, at))} {reason}")

    def _line(self, at: Words) -> int | None:
        """Where an entry stands; TOML readers do not tell. The line of the deepest part of its name that is found."""
        found, start = None, 0
        for depth in range(1, len(at) + 1):
            for number, line in enumerate(self._lines[start:], start + 1):
                if _header(line)[:depth] == at[:depth] or _entry(line) == at[depth - 1]:
                    found, start = number, number - 1 if _header(line) else number
                    break
        return found


_PART = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+"


def _header(line: str) -> Words:
    """[joins."main colour"] -> ("joins", "main colour"); () for another line."""
    found = re.match(rf"\s*\[\s*((?:{_PART})(?:\s*\.\s*(?:{_PART}))*)\s*\]", line)
    return tuple(_parts(found[1])) if found else ()


def _entry(line: str) -> str | None:
    """grey = ["gray"] -> "grey"."""
    found = re.match(rf"\s*({_PART})\s*=", line)
    return next(_parts(found[1]), None) if found else None


def _parts(text: str) -> Iterator[str]:
    for part in re.findall(_PART, text):
        if part.startswith("'"):
            yield part[1:-1]
        elif part.startswith('"'):
            try:
                yield str(tomllib.loads(f"k = {part}")["k"])
            except tomllib.TOMLDecodeError:
                yield part
        else:
            yield part


def _key(name: str) -> str:
    """A key as TOML wants it written."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
