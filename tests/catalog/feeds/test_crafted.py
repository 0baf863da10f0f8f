"""Texts made to keep a pattern busy for hours: each is read, or refused, in the blink of an eye."""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from catalog.cells import parse_cell
from catalog.feeds.google import canonical
from catalog.feeds.json_list import list_place
from catalog.feeds.json_text import find_list
from catalog.feeds.open import open_feed
from catalog.feeds.pages import scripts
from catalog.feeds.rows import Row
from catalog.feeds.xlsx import _MERGED
from catalog.offers import Bad, Prices, plain_text
from errors import UnreadableFeed

_N = 100_000
_BLINK = 1.0  # seconds of the processor
_PAGE = '<script type="application/ld+json">{}</script>'


def _details(text: str) -> object:
    row = Row("feed.tsv", 2, {"id": "1", "title": "Lamp", "product_detail": text})
    return list(canonical(lambda: iter([row]), None)())  # type: ignore[arg-type]  # no dates in it


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (_details, "x" * _N),
        (_details, "a:b:" + ",c" * _N),
        (lambda text: list(scripts(text)), _PAGE.format(" " * _N + "x")),
        (lambda text: list(scripts(text)), _PAGE.format("{}" + "\n" * _N + "x")),
        (list_place, "{\n}" + "\n" * _N),
        (lambda text: find_list(text, frozenset()), '{"a' + '\\"' * _N),
        (lambda text: list(_MERGED.finditer(text.encode())), "<!-- " + "<mergeCell " * _N),
        (lambda text: Prices("EUR").each(text, None, "EUR"), "1" * _N),
        (lambda text: Prices("EUR").each(text, None, "EUR"), "1 x " * _N),
        (plain_text, "<script>" * (_N // 8)),
        (parse_cell, "1" + " " * _N + "x"),
    ],
)
def test_no_text_keeps_a_reader_busy(read: Callable[[str], object], text: str) -> None:
    begun = process_time()
    read(text)
    assert process_time() - begun < _BLINK


@pytest.mark.parametrize("begin", ["<?a?>", "<!---->", "<!-- a --> ", "<?xml?> <!-- a -->"])
def test_a_beginning_of_many_remarks_is_looked_through_once(tmp_path: Path, begin: str) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(begin * 50 + "<svg></svg>")
    begun = process_time()
    with pytest.raises(UnreadableFeed, match="no product feed and no page"):
        open_feed(feed)
    assert process_time() - begun < _BLINK


def test_what_wraps_a_script_is_taken_off_whatever_stands_around_it() -> None:
    wrapped = [
        "<!--\n{}\n-->",
        "//<![CDATA[\n{}\n//]]>",
        "/*<![CDATA[*/\n{}\n/*]]>*/\n \n",
        "<![CDATA[\n{}\n]]>",
        "\n{}",
    ]
    assert [s.text.strip() for text in wrapped for s in scripts(_PAGE.format(text))] == ["{}"] * len(wrapped)
    assert [s.text.count("\n{}") for text in wrapped for s in scripts(_PAGE.format(text))] == [1] * len(wrapped)


def test_markup_within_markup_is_taken_out() -> None:
    assert plain_text("Desk <script>a<b</script> lamp <style>x</style><script>") == "Desk lamp"
    with pytest.raises(Bad):
        Prices("EUR").money("price", "1 x " * _N, "EUR")


def test_a_text_of_megabytes_in_an_element_is_put_together_once(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(f"<rss><channel><item><id>1</id><title>{'x' * (16 << 20)}</title></item></channel></rss>")
    begun = process_time()
    (row,) = open_feed(feed).rows()
    assert len(str(row.values["title"])) == 16 << 20
    assert process_time() - begun < _BLINK
