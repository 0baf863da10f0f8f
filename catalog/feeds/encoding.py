"""A feed's bytes as text: a byte order mark tells the encoding, else UTF-8, else GB 18030, else Windows-1252.

Looks at bytes only; knows nothing of formats or columns.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from catalog.feeds.guard import open_bytes, read_whole

LONGEST_LINE = 1 << 24
"""Characters. A longer line comes out one character longer than this, the rest of it left out."""

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
    with open_bytes(path) as file:
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
    return io.TextIOWrapper(open_bytes(path), encoding, _broken(encoding), newline)


def lines(path: Path, newline: str | None = None) -> Iterator[str]:
    """The feed's lines with their endings; None reads every ending as a plain one. A line takes bounded memory."""
    with open_text(path, newline) as file:
        while line := file.readline(LONGEST_LINE + 1):
            yield line
            while len(line) > LONGEST_LINE and not line.endswith("\n"):
                line = file.readline(LONGEST_LINE + 1)


def whole_text(path: Path) -> str:
    """All of the feed as text, for formats that cannot be read piece by piece."""
    encoding = decoder(path)
    return read_whole(path).decode(encoding, _broken(encoding))


def _broken(encoding: str) -> str:
    return "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


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
