"""Which unit words a number may carry in a message: the catalogue's spellings, but for those that mean other things in
speech ("the X", 个), and some of speech's own (words/units.toml). What a unit means, the catalogue says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from catalog.units import spellings
from chatbot.track.wording import has_cjk, words

SHORT = 4  # letters of a unit that sticks to its number more often than not ("16gb")


@dataclass(frozen=True, slots=True)
class UnitWords:
    """`tight` are short and may stick to the number, `loose` follow it after a blank or a hyphen, or stick; `spaced`: those
    of both that mean a unit after a blank, too; `signs` are no letters; `zh` follow at once."""

    tight: tuple[str, ...]
    loose: tuple[str, ...]
    spaced: tuple[str, ...]
    signs: tuple[str, ...]
    zh: tuple[str, ...]


@cache
def unit_words() -> UnitWords:
    """The unit words of both languages, read once."""
    table = words("units")
    known = [w for w in dict.fromkeys((*spellings(), *table["more"])) if w not in set(table["never"])]
    latin = [w for w in known if w.isascii() and w[0].isalpha()]
    tight = tuple(w for w in latin if len(w) <= SHORT and w.isalnum())
    loose = tuple(w for w in latin if w not in set(tight))
    spaced = tuple(w for w in latin if w not in set(table["stuck"]))
    return UnitWords(tight, loose, spaced, tuple(table["signs"]), tuple(w for w in known if has_cjk(w)))
