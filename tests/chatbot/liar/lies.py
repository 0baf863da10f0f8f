"""Lies and their disguises: what a model that lies may write of an item, plainly or so that a word list misses it.

Knows nothing of how a lie is found out.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIES = Path(__file__).parent / "lies.txt"

_LOOKALIKES = str.maketrans("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ")  # Latin to Cyrillic
_LEET = str.maketrans("aeiost", "431057")
_KEYCAPS = str.maketrans({d: f"{d}\ufe0f\u20e3" for d in "0123456789"})
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MATHEMATICAL = {c: chr(0x1D41A + ord(c) - ord("a")) for c in "abcdefghijklmnopqrstuvwxyz"}
_WIDE = {c: chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


@dataclass(frozen=True, slots=True)
class Lie:
    """`kind`: what it is a lie about."""

    kind: str
    text: str


@cache
def lies() -> tuple[Lie, ...]:
    """Every lie of the file, in its order."""
    lines = (line for line in LIES.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return tuple(Lie(*(part.strip() for part in line.split(" | ", 1))) for line in lines)


def _each(joint: str) -> Callable[[str], str]:
    return lambda text: " ".join(joint.join(word) for word in text.split())


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "loud": lambda text: f"{text.upper()}!!!",
    "wide": lambda text: text.translate(_WIDE),
    "lookalikes": lambda text: text.translate(_LOOKALIKES),
    "leet": lambda text: text.translate(_LEET),
    "zero-width": _each("\u200b"),
    "soft hyphens": _each("\u00ad"),
    "joiners": _each("\u2060"),
    "spaced": _each(" "),
    "dotted": _each("."),
    "hyphenated": _each("-"),
    "backwards": lambda text: f"\u202e{text[::-1]}\u202c",
    "marked": lambda text: "".join(c + "\u0332" if c.isalpha() else c for c in text),
    "accented": lambda text: unicodedata.normalize("NFC", text.replace("e", "e\u0301").replace("o", "o\u0308")),
    "mathematical": lambda text: "".join(_MATHEMATICAL.get(c, c) for c in text.lower()),
    "keycaps": lambda text: text.translate(_KEYCAPS),
    "circled": lambda text: text.translate(_CIRCLED),
    "arabic digits": lambda text: text.translate(_ARABIC),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "quoted": lambda text: f"“{text}”",
    "bracketed": lambda text: f"a fine thing ({text})",
    "starred": lambda text: f"*{text}*",
    "entity": lambda text: "".join(f"&#{ord(c)};" if c.isalpha() else c for c in text),
    "percent": lambda text: "".join(f"%{ord(c):02X}" if c in "aeiou" else c for c in text),
    "asked": lambda text: f"Did you know? {text}?",
    "hedged": lambda text: f"It could well be that {text[:1].lower()}{text[1:]}",
}
"""Ways to hide a lie, by name."""
LEAD = ("", "A fine thing", "a fine thing")
"""All that may be left of a disguised lie: what the disguise put before it."""
