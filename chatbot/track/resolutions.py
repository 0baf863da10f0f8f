"""What shoppers call the resolution of a display: "full HD" for 1920 x 1080, "4K" for 3840 x 2160.

Knows the names alone; which slot states pixels, the catalogue tells.
"""

from __future__ import annotations

import re

from chatbot.track.wording import words

_PIXELS = re.compile(r"(\d{3,5})\s*[x×*]\s*(\d{3,5})")


def names_of(value: str) -> tuple[str, ...]:
    """The usual names of a resolution as a record writes it."""
    found = _PIXELS.search(value)
    return tuple(words("resolutions").get(f"{found[1]}x{found[2]}", ())) if found else ()
