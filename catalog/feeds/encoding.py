"""Which text encoding a feed's bytes are in: a byte order mark, else UTF-8, else GB 18030, else Windows-1252.

Looks at bytes only; knows nothing of formats or columns.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TextIO

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 22  # bytes
_MOST_BROKEN = 0.5  # broken bytes for one good character beyond ASCII, up to which a feed is UTF-8 with faults
_BEYOND_ASCII = re.compile("[^\\x00-\\x7f]")
_MOSTLY_ZERO = 0.3  # share of zero bytes at odd (even) places from which ASCII text is in UTF-16


def decoder(path: Path) -> str:
    """The name of the encoding. A UTF-8 feed with a few broken bytes stays UTF-8: its broken rows are refused."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[offset::2].count(0) > _MOSTLY_ZERO * len(sample[offset::2]):
            return name
    return "utf-8" if _reads_as_utf8(sample) else "gb18030" if _reads_as_gb18030(sample) else "cp1252"


def open_text(path: Path, newline: str | None = None) -> TextIO:
    """The feed as text. Broken bytes come out as lone surrogates, which the rows that hold them are refused for; in
    UTF-16 and UTF-32, which have no place for them, as the replacement character."""
    encoding = decoder(path)
    broken = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return path.open(encoding=encoding, errors=broken, newline=newline)


def _reads_as_utf8(sample: bytes) -> bool:
    """Text in another encoding hardly ever holds well-formed UTF-8 sequences, a UTF-8 feed hardly anything else."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    beyond: list[str] = _BEYOND_ASCII.findall(text)
    broken = sum("\udc80" <= c <= "\udcff" for c in beyond)
    return broken <= _MOST_BROKEN * (len(beyond) - broken)


def _reads_as_gb18030(sample: bytes) -> bool:
    """Valid, and Chinese: Windows-1252 letters paired with their neighbours are valid now and then, too."""
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(sample)
    except UnicodeDecodeError:
        return False
    beyond: list[str] = _BEYOND_ASCII.findall(text)
    chinese = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in beyond)
    return chinese > 0.8 * len(beyond) and _pairs_of_high_bytes(sample)


def _pairs_of_high_bytes(sample: bytes) -> bool:
    """Common Chinese characters are two high bytes each; an accented letter mostly stands between ASCII ones."""
    pairs = len(re.findall(rb"[\xa1-\xfe]{2}", sample))
    return 2 * pairs > 0.6 * len(re.findall(rb"[\x80-\xff]", sample))
