"""What of a product is searched: its words for the keyword index, its text for the encoder. Knows no SQL."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from catalog.schema import cell_text
from catalog.types import Product

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LONGEST_TEXT = 600  # characters; the encoder reads 128 tokens
_LONGEST_KEYWORDS = 20_000
FIELDS = ("title", "brand", "category", "attributes", "description", "cjk")


def embedding_text(product: Product) -> str:
    """What the encoder reads of a product: what it is first, then what is said of it.

    Attributes only where nothing is described: beside a description they drown it, and made search worse on the
    judged queries (bench/LOG.md) and embedding five times slower.
    """
    said = product.description or ", ".join(_stated(product))
    parts = (product.title, product.kind, product.brand, said)
    return ". ".join(part for part in parts if part)[:_LONGEST_TEXT]


def keyword_fields(product: Product) -> tuple[str, ...]:
    """The texts of the keyword index, in the order of FIELDS; `cjk` holds bigrams of every Chinese run."""
    attributes = " ; ".join([f"{_spoken(name)} {value}" for name, value in _named(product)])
    plain = (product.title, product.brand, " ".join(product.category), attributes, product.description)
    cut = tuple([text[:_LONGEST_KEYWORDS] for text in plain])
    if all(map(str.isascii, cut)):
        return (*cut, "")
    return (*cut, " ".join(gram for text in cut for gram in bigrams(text)))


@lru_cache(maxsize=8192)
def _spoken(name: str) -> str:
    return name.replace("_", " ")


def bigrams(text: str) -> Iterator[str]:
    """Overlapping pairs of each run of Chinese, Japanese or Korean; a run of one is itself."""
    if text.isascii():
        return
    for run in _CJK.findall(unicodedata.normalize("NFKC", text)):
        yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))


def match_expression(text: str) -> str:
    """An FTS5 expression that finds any of the text's words; "" when there is none. Any text is safe: all is quoted."""
    folded = unicodedata.normalize("NFKC", text)
    words = dict.fromkeys(w.casefold() for w in _WORD.findall(_CJK.sub(" ", folded)))
    wanted = [w for w in words if w not in _STOPWORDS] or list(words)
    latin = [f'"{word}"' for word in wanted]
    chinese = [f'cjk : "{gram}"' for gram in dict.fromkeys(bigrams(folded))]
    return " OR ".join((*latin, *chinese))


def _stated(product: Product) -> Iterator[str]:
    for name, value in _named(product):
        if len(value) <= 40 and not value.replace(".", "").isdigit():
            yield _spoken(name) if value == "true" else value


def _named(product: Product) -> Iterable[tuple[str, str]]:
    """Each property with each of its values, once; what is not so is left out."""
    found: dict[tuple[str, str], None] = {}
    options = [variant.options for variant in product.variants if variant.options]
    for stated in (product.attributes, *options):
        for name, cells in stated.items():
            for cell in cells:
                text = cell if isinstance(cell, str) else cell_text(cell)
                if text != "false":
                    found[name, text] = None
    return found


_STOPWORDS = frozenset(
    """a an and any are as at be but by can could do does for from get give go got had has have hey hi how i if im in is
    it its just like looking lets maybe me my need no not of ok on one or our please show so some something that the
    their them then there these they thing this those to up us want was we what when where which who will with would you
    your""".split()
)
