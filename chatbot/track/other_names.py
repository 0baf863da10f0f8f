"""Other names of a value than the record's: "full HD" for 1920 x 1080, "large" for "int:L", "4K" for 3840 x 2160.

Knows the names by the concept of a slot alone (words/other_names.toml); which slot it is, the catalogue tells.
"""

from __future__ import annotations

import re
from functools import cache

from chatbot.track.wording import words

_PIXELS = re.compile(r"(\d{3,5})\s*[x×*]\s*(\d{3,5})")
_SYSTEM = re.compile(r"^(?:int|intl|asian|size)\s*[: ]\s*")


def names_of(concept: str | None, value: str) -> tuple[str, ...]:
    """The other names of a value as a record writes it; none for most."""
    if concept == "resolution":
        found = _PIXELS.search(value)
        return tuple(words("other_names")["resolution"].get(f"{found[1]}x{found[2]}", ())) if found else ()
    if concept == "size":
        core = _SYSTEM.sub("", value.strip().lower())
        return tuple(name for name in _sizes().get(core, (core,)) if name != value.lower())
    return ()


@cache
def _sizes() -> dict[str, tuple[str, ...]]:
    return {name: tuple(names) for names in words("other_names")["size"].values() for name in names}
