"""Which text encoding a feed's bytes are in: a byte order mark, else UTF-8, else GB 18030, else Windows-1252."""

from __future__ import annotations

import codecs
from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_FAULTS = 0.001  # share of chunks' bytes that may be broken in a feed that is UTF-8 all the same


def decoder(path: Path) -> str:
    """The name of the encoding. A UTF-8 feed with a few broken bytes stays UTF-8: its broken rows are refused."""
    with path.open("rb") as file:
        head = file.read(4)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        file.seek(0)
        sample = file.read(8 * _CHUNK)
    text = sample.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in text[: 2 * _CHUNK])
    if not broken or broken < len(text[: 2 * _CHUNK]) * _FAULTS:
        return "utf-8"
    try:
        codecs.getincrementaldecoder("gb18030")().decode(sample)
        return "gb18030"
    except UnicodeDecodeError:
        return "cp1252"
