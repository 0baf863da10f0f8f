"""Files made to do harm, and files nobody meant to be feeds: refused or read row by row, quickly and in little memory."""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.feeds.open import open_feed
from catalog.feeds.rows import Row
from catalog.ingest import import_feeds
from catalog.store import Catalog
from errors import UnreadableFeed

SOON = 10.0  # seconds on a busy machine; what these files aim at is hours


def rows(path: Path, content: bytes) -> list[Row]:
    path.write_bytes(content)
    begun = time.process_time()
    try:
        return list(open_feed(path).rows())
    finally:
        assert time.process_time() - begun < SOON


def refusal(path: Path, content: bytes) -> str:
    with pytest.raises(UnreadableFeed) as refused:
        rows(path, content)
    return str(refused.value).removeprefix(str(path)).lstrip(":, ")


def reasons(found: list[Row]) -> list[str | None]:
    return [row.problem.reason if row.problem else None for row in found]


LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))


@pytest.mark.parametrize(
    "content",
    [
        f"<?xml version='1.0'?><!DOCTYPE rss [{LAUGHS}]><rss><channel><item><title>&l19;</title></item></channel></rss>",
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>',
        '<!DOCTYPE rss SYSTEM "https://shop.example/evil.dtd"><rss><item/></rss>',
        f"<rss><!DOCTYPE rss [{LAUGHS}]><item><title>&l19;</title></item></rss>",
    ],
)
def test_a_document_type_is_refused_with_every_entity_of_its_own(tmp_path: Path, content: str) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = refusal(tmp_path / "feed.xml", content.encode())
    assert "document type" in message or "XML, but no product feed" in message or "not well-formed XML" in message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - usage < 100 << 10  # kilobytes


def test_xml_nested_a_hundred_thousand_deep(tmp_path: Path) -> None:
    deep = b"<rss><channel><item>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</item></channel></rss>"
    refusal(tmp_path / "feed.xml", deep)


@pytest.mark.parametrize("deep", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"id": "1", "a": ' + b"[" * 1_000_000])
def test_json_nested_a_million_deep(tmp_path: Path, deep: bytes) -> None:
    assert reasons(rows(tmp_path / "feed", deep)) == ["not a JSON object: it is nested too deeply"]
    found = rows(tmp_path / "feed", b'{"id": "1"}\n' + deep + b'\n{"id": "3"}\n')
    assert reasons(found) == [None, "not a JSON object: it is nested too deeply", None]


def test_a_line_of_five_megabytes(tmp_path: Path) -> None:
    long = "x" * 5_000_000
    lines = f"{json.dumps({'id': '1', 'title': long})}\n{json.dumps({'id': '2', 'title': 'Lamp'})}\n"
    path = tmp_path / "feed.jsonl"
    path.write_text(lines, encoding="utf-8")
    report = import_feeds([path], tmp_path / "shop.db")
    assert [(r.line, r.problem.field, r.problem.reason) for r in report.rejects] == [
        (1, "title", "5,000,000 characters; a field may have 100,000")
    ]
    assert Catalog.open(tmp_path / "shop.db").ids == ("2",)
    assert reasons(rows(tmp_path / "feed", b"id,title\n1," + long.encode() + b"\n2,Lamp\n")) == [None, None]
    assert refusal(tmp_path / "feed", long.encode() + b"\nid,title\n1,Lamp\n") == (
        "its first line is no header: it names a column with 5,000,000 characters"
    )


def test_a_line_without_end_takes_bounded_memory(tmp_path: Path) -> None:
    found = rows(tmp_path / "feed", b'{"id": "1"}\n{"id": "' + b"x" * (40 << 20) + b'"}\n{"id": "3"}\n')
    assert reasons(found) == [None, "a line of more than 16,777,216 characters", None]
    assert [row.line for row in found] == [1, 2, 3]


def test_a_table_of_ten_thousand_columns(tmp_path: Path) -> None:
    header = ",".join(["id", "title", *(f"c{n}" for n in range(9_998))]).encode()
    assert refusal(tmp_path / "feed", header + b"\n1,Lamp" + b"," * 9_998 + b"\n") == (
        "10,000 columns; a table may have 2,000"
    )


@pytest.mark.parametrize("line", ['1,"open', '1,"open" x', '"', '1,"a,b\n', '"",""",', '1,"' + "x" * 50_000])
def test_quotes_that_never_close_cost_no_more_than_their_lines(tmp_path: Path, line: str) -> None:
    count = 20_000 if len(line) < 100 else 200
    found = rows(tmp_path / "feed", b"id,title\n" + f"{line}\n".encode() * count + b"7,Lamp\n")
    assert dict(found[-1].values) == {"id": "7", "title": "Lamp"}


@pytest.mark.parametrize(
    "piece",
    ["<script type=application/ld+json>", "<script ", "<!--", "</script", "<link rel=canonical ", "<script type=application/ld+json>{",
     '<script type="application/ld+json">{"@type":"Product","sku":"1","name":"x"}'],
)  # fmt: skip
def test_pages_that_never_close_anything(tmp_path: Path, piece: str) -> None:
    try:
        found = rows(tmp_path / "page.html", b"<html>" + piece.encode() * 50_000)
    except UnreadableFeed:
        return
    assert [row.problem is None for row in found] == [False]


def test_nul_bytes_and_broken_text_cost_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes("id,title\n1,crème brûlée à Noël\n".encode() + b"2,a\0b\n3,\xff\xfe\n4,Lamp\n\0\0\0\n5,Rug\n")
    report = import_feeds([path], tmp_path / "shop.db")
    assert [(r.line, r.problem.reason) for r in report.rejects] == [
        (3, "holds a NUL byte"), (4, "holds half a character (a lone surrogate)"), (6, "1 fields where the header names 2"),
    ]  # fmt: skip
    assert Catalog.open(tmp_path / "shop.db").ids == ("1", "4", "5")


@pytest.mark.parametrize(
    "content",
    [
        lambda chance: chance.randbytes(100_000),
        lambda chance: bytes(100_000),
        lambda chance: b"\xff" * 100_000,
        lambda chance: b"\xef\xbb\xbf" * 1_000,
        lambda chance: b"\r" * 100_000,
        lambda chance: b"," * 100_000,
        lambda chance: b"{}" * 50_000,
        lambda chance: b"[]" * 50_000,
        lambda chance: b'{"@context": "https://schema.org"}' * 3_000,
        lambda chance: b"<" * 100_000,
        lambda chance: b"PK\x03\x04" + chance.randbytes(10_000),
        lambda chance: b"\x1f\x8b" + chance.randbytes(10_000),
    ],
)
def test_what_is_no_feed_at_all(tmp_path: Path, content: Callable[[random.Random], bytes]) -> None:
    try:
        found = rows(tmp_path / "feed", content(random.Random(7)))
    except UnreadableFeed:
        return
    assert all(row.line > 0 for row in found)


PIECES = st.sampled_from([
    b"<", b">", b"<script type=application/ld+json>", b"</script>", b"<!--", b"-->", b'{"@context":"https://schema.org"', b"{", b"}",
    b"[", b"]", b'"@type":"Product"', b'"@graph":', b'"offers":', b'"name":"x"', b'"sku":"1"', b",", b'"', b"\n", b"<rss>", b"<item>",
    b"</item>", b"id,title", b"\t", b";", b"\0", b"\xff", b"1", b"null", b'"hasVariant":', b'"@id":"#a"', b"\\", b"&", b"<!DOCTYPE html>",
])  # fmt: skip


@given(st.lists(PIECES, max_size=25).map(b"".join))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
def test_any_mixture_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "mixture"
    path.write_bytes(content)
    try:
        found = list(open_feed(path).rows())
    except UnreadableFeed:
        return
    assert all(row.line > 0 for row in found)


NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(["#a", "https://schema.org/InStock"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["@id", "@type", "name", "sku", "offers", "price", "priceSpecification", "referenceQuantity", "value", "unitCode",
                         "brand", "image", "url", "hasVariant", "isVariantOf", "variesBy", "additionalProperty", "aggregateRating",
                         "ratingValue", "itemListElement", "item", "category", "audience", "color", "valueReference"]),
        inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["name", "sku", "offers", "brand", "hasVariant", "additionalProperty", "color"]), NODES
    ),
    NODES,
)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
def test_any_json_ld_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, stated: dict[str, object], beside: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "nodes.json"
    for kind in ("Product", "ProductGroup"):
        product = {"@type": kind, "@id": "#a", **stated}
        document = {"@context": "https://schema.org", "@graph": [product, beside]}
        path.write_text(json.dumps(document), encoding="utf-8", errors="surrogatepass")
        found = list(open_feed(path).rows())
        assert found
