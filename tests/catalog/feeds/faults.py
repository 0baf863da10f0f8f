"""Forty ways in which shops' feeds go wrong, in eight formats: how to write a good row, and how to spoil one.

A fault makes one row of its format, of which nothing may land; `field` and `reason` are what the import must say of it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.catalog.feeds.workbooks import written

Record = Mapping[str, object] | bytes
"""A row by its columns, or its bytes as they stand in the file."""

MONEY = "not an amount of money of zero or more, such as 24.90 or 24.90 USD"
LINK = "a link starts with http:// or https://"
STOCK = "not a count of things in stock"
RATING = "not a rating, such as 4.5"
NO_ID, NO_TITLE = "a product needs an id", "a product needs a title"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to spoil a row: `spoil` makes row number n of it."""

    format: str
    name: str
    field: str | None
    reason: str
    spoil: Callable[[int], Record]


def lamp(n: int) -> dict[str, object]:
    """A good product in plain columns."""
    return {
        "id": f"P{n}", "title": f"Lamp № {n}, café", "price": "19.90", "stock": "5", "rating": "4.5",
        "url": f"https://shop.example/{n}", "image": f"https://shop.example/{n}.jpg", "colour": "red",
    }  # fmt: skip


def merchant(n: int) -> dict[str, object]:
    """A good product in Google's columns."""
    return {
        "id": f"G{n}", "title": f"Lamp number {n}", "link": f"https://shop.example/{n}",
        "image_link": f"https://shop.example/{n}.jpg", "price": "19.90 EUR", "availability": "in_stock",
        "condition": "new", "gtin": "", "expiration_date": "",
    }  # fmt: skip


def tee(n: int) -> dict[str, object]:
    """A good product in Shopify's columns."""
    return {
        "Handle": f"tee-{n}", "Title": f"Tee number {n}", "Body (HTML)": "<p>Soft</p>", "Vendor": "Lino",
        "Published": "TRUE", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": f"T{n}",
        "Variant Inventory Qty": "4", "Variant Price": "19.90", "Variant Compare At Price": "",
        "Image Src": f"https://shop.example/{n}.jpg", "Status": "active",
    }  # fmt: skip


def cap(n: int) -> dict[str, object]:
    """A good product in WooCommerce's columns."""
    return {
        "ID": str(n), "Type": "simple", "SKU": f"C{n}", "Name": f"Cap number {n}", "Published": "1",
        "Visibility in catalog": "visible", "Short description": "", "Description": "", "In stock?": "1", "Stock": "4",
        "Sale price": "", "Regular price": "19.90", "Categories": "Caps", "Images": f"https://shop.example/{n}.jpg",
        "Parent": "", "Date sale price starts": "", "Date sale price ends": "",
    }  # fmt: skip


def node(n: int) -> dict[str, object]:
    """A good product as schema.org JSON-LD."""
    return {
        "@context": "https://schema.org", "@type": "Product", "sku": f"S{n}", "name": f"Lamp number {n}",
        "url": f"https://shop.example/{n}", "image": [f"https://shop.example/{n}.jpg"],
        "offers": {"@type": "Offer", "price": 19.9, "priceCurrency": "EUR"},
    }  # fmt: skip


def _line(text: str) -> Callable[[int], bytes]:
    return lambda n: text.replace("#", str(n)).encode()


def _but(good: Callable[[int], dict[str, object]], **columns: object) -> Callable[[int], Record]:
    """A good row but for some columns."""
    return lambda n: good(n) | columns


def _with(good: Callable[[int], dict[str, object]], columns: dict[str, object]) -> Callable[[int], Record]:
    return lambda n: good(n) | columns


FAULTS = (
    # JSON lines
    Fault("jsonl", "no id", "id", NO_ID, _but(lamp, id=None)),
    Fault("jsonl", "an id that is a list", "id", NO_ID, _but(lamp, id=["1"])),
    Fault("jsonl", "an id that stands already", "id", "stands already in feed.jsonl, line 1", _but(lamp, id="P0")),
    Fault("jsonl", "an id of many pages", "id", "an id may have 200 characters", _but(lamp, id="x" * 300)),
    Fault("jsonl", "a title of blanks", "title", NO_TITLE, _but(lamp, title=" \t")),
    Fault("jsonl", "a price in words", "price", MONEY, _but(lamp, price="ask us")),
    Fault("jsonl", "an infinite price", "price", "not a finite number", _line('{"id": "P#", "title": "x", "price": 1e999}')),
    Fault("jsonl", "NaN", None, "NaN is not a number in JSON", _line('{"id": "P#", "title": "x", "price": NaN}')),
    Fault("jsonl", "an infinite property", "weight", "not a finite number", _line('{"id": "P#", "title": "x", "weight": -1e999}')),
    Fault("jsonl", "a script as a link", "url", LINK, _but(lamp, url="javascript:alert(1)")),
    Fault("jsonl", "a picture in the link itself", "image", LINK, _but(lamp, image="data:image/png;base64,AAAA")),
    Fault("jsonl", "a NUL byte", "title", "holds a NUL byte", _but(lamp, title="a\0b")),
    Fault("jsonl", "half a character", "colour", "holds half a character", _line('{"id": "P#", "title": "x", "colour": "\\\\ud83d"}'.replace("\\\\", "\\"))),
    Fault("jsonl", "a book as a description", "description", "200,000 characters; a field may have 100,000", _but(lamp, description="x" * 200_000)),
    Fault("jsonl", "a line cut short", None, "not a JSON object: Unterminated string", _line('{"id": "P#", "title": "Lam')),
    Fault("jsonl", "a list as a product", None, "not a JSON object: a product is {...}", _line('["P#", "Lamp"]')),
    Fault("jsonl", "brackets without end", None, "it is nested too deeply", lambda n: b'{"id":' + b"[" * 5000),
    # CSV
    Fault("csv", "too few fields", None, "3 fields where the header names 8", _line("P#,Lamp,3")),
    Fault("csv", "too many fields", None, "9 fields where the header names 8", _line("P#,Lamp,3,1,4,,,,red")),
    Fault("csv", "a quote without end", None, "a quote is opened and never closed", _line('P#,"Lamp,3,1,4,,,')),
    Fault("csv", "bytes that are no text", "title", "holds half a character", lambda n: b"P%d,Lamp \xe9\xff,3,1,4,,,red" % n),
    Fault("csv", "a stock in words", "stock", STOCK, _but(lamp, stock="plenty")),
    Fault("csv", "half a thing in stock", "stock", STOCK, _but(lamp, stock="1.5")),
    Fault("csv", "a rating in words", "rating", RATING, _but(lamp, rating="very good")),
    Fault("csv", "a price below nothing", "price", MONEY, _but(lamp, price="-5.00")),
    Fault("csv", "a link to a file", "url", LINK, _but(lamp, url="file:///etc/passwd")),
    Fault("csv", "neither id nor title", "id", "a product needs an id and a title; this row has neither", _but(lamp, id="", title="")),
    # Google Merchant, as a table and as XML
    Fault("google.tsv", "two prices in one", "price", MONEY, _but(merchant, price="19.90 EUR 24.90 USD")),
    Fault("google.tsv", "no link but a word", "url", LINK, _but(merchant, link="see shop")),
    Fault("google.tsv", "a date that is none", "expiration_date", "not a date, such as 2026-07-11", _but(merchant, expiration_date="soon")),
    Fault("google.xml", "no id", "id", NO_ID, _but(merchant, id="")),
    Fault("google.xml", "a price in another money's words", "price", MONEY, _but(merchant, price="19.90 talers")),
    Fault("google.xml", "a picture on a server of files", "image", LINK, _but(merchant, image_link="ftp://shop.example/a.jpg")),
    # Shopify and WooCommerce
    Fault("shopify.csv", "a variant's price in words", "price", MONEY, _with(tee, {"Variant Price": "call us"})),
    Fault("shopify.csv", "no title", "title", NO_TITLE, _with(tee, {"Title": ""})),
    Fault("woocommerce.csv", "a price in words", "price", MONEY, _with(cap, {"Regular price": "on request"})),
    Fault("woocommerce.csv", "a parent that is not there", "Parent", "a variation of a product that is not in this feed",
          _with(cap, {"Type": "variation", "Parent": "id:999999"})),
    # schema.org in a saved page, a workbook
    Fault("page.html", "a script that breaks off", None, "not valid JSON", _line('{"@type": "Product", "sku": "S#", "name": }')),
    Fault("page.html", "an offer in words", "price", MONEY, _but(node, offers={"@type": "Offer", "price": "a bargain"})),
    Fault("table.xlsx", "a formula gone wrong", "price", "holds an error of its formula", _but(lamp, price="#REF!")),
)  # fmt: skip


def write(path: Path, format: str, rows: Sequence[Record]) -> list[int]:
    """Write a feed; the line on which each row begins."""
    if format == "table.xlsx":
        written(path, [list(lamp(0)), *([*row.values()] for row in rows if not isinstance(row, bytes))])
        return list(range(2, 2 + len(rows)))
    begin, end, one = WRITERS[format]
    content, lines = begin, []
    for row in rows:
        lines.append(1 + content.count(b"\n"))
        content += row + b"\n" if isinstance(row, bytes) and format != "page.html" else one(row)
    path.write_bytes(content + end)
    return lines


def _json(row: Record) -> bytes:
    assert not isinstance(row, bytes)
    return json.dumps(row).encode() + b"\n"


def _fields(delimiter: str) -> Callable[[Record], bytes]:
    def write_one(row: Record) -> bytes:
        assert not isinstance(row, bytes)
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(row.values())
        return text.getvalue().encode()

    return write_one


def _item(row: Record) -> bytes:
    assert not isinstance(row, bytes)
    return (
        b"<item>" + b"".join(f"<g:{name}>{value}</g:{name}>\n".encode() for name, value in row.items()) + b"</item>\n"
    )


def _script(row: Record) -> bytes:
    text = row if isinstance(row, bytes) else json.dumps(row).encode()
    return b'<script type="application/ld+json">' + text + b"</script>\n"


WRITERS: Mapping[str, tuple[bytes, bytes, Callable[[Record], bytes]]] = {
    "jsonl": (b"", b"", _json),
    "csv": (_fields(",")(dict(zip(lamp(0), lamp(0), strict=True))), b"", _fields(",")),
    "google.tsv": (_fields("\t")(dict(zip(merchant(0), merchant(0), strict=True))), b"", _fields("\t")),
    "google.xml": (b'<?xml version="1.0"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>\n',
                   b"</channel></rss>\n", _item),
    "shopify.csv": (_fields(",")(dict(zip(tee(0), tee(0), strict=True))), b"", _fields(",")),
    "woocommerce.csv": (_fields(",")(dict(zip(cap(0), cap(0), strict=True))), b"", _fields(",")),
    "page.html": (b"<!DOCTYPE html>\n<html>\n", b"</html>\n", _script),
}  # fmt: skip
GOOD: Mapping[str, Callable[[int], dict[str, object]]] = {
    "jsonl": lamp, "csv": lamp, "google.tsv": merchant, "google.xml": merchant, "shopify.csv": tee,
    "woocommerce.csv": cap, "page.html": node, "table.xlsx": lamp,
}  # fmt: skip
