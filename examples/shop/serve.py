"""An invented shop that has the chat on its pages: a listing, product pages, a cart. Needs `aisle demo` beside it.

    aisle demo --embed-origin http://127.0.0.1:8100
    python examples/shop/serve.py --port 8100 --aisle http://127.0.0.1:8000

Shows what a shop does: one script tag, one line of policy, one listener for the cart. Knows nothing of the chat itself.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, urlsplit

from catalog.demo import FEED

HERE = Path(__file__).parent
FILES = {"/shop.css": "text/css", "/shop.js": "text/javascript"}
ON_SALE = ("BP-002", "HP-001", "DL-005", "RS-005", "OC-005", "TN-005", "JK-005", "CM-005")
WORDS = {
    "en": {
        "shop": "Larch & Loom",
        "all": "All products",
        "cart": "Cart",
        "add": "Add to cart",
        "ask": "Ask about this",
    },
    "zh": {"shop": "落叶松商店", "all": "全部商品", "cart": "购物车", "add": "加入购物车", "ask": "咨询这件商品"},
}


def policy(aisle: str) -> str:
    """What the shop's pages may load: its own files, and the chat's script, answers and pictures."""
    return (
        f"default-src 'none'; script-src 'self' {aisle}; style-src 'self'; connect-src {aisle}; "
        f"img-src 'self' data: {aisle}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


class Pages:
    """The shop's pages as HTML."""

    def __init__(self, aisle: str, key: str) -> None:
        self.aisle = aisle
        self.key = key
        self.frame = Template((HERE / "page.html").read_text(encoding="utf-8"))
        with FEED.open(encoding="utf-8") as lines:
            self.products = {product["id"]: product for product in map(json.loads, lines)}

    def page(self, path: str, asked: dict[str, list[str]]) -> str | None:
        """The page at a path; None where there is none. `?lang=zh` and `?dir=rtl` show it in other clothes."""
        language = "zh" if asked.get("lang") == ["zh"] else "en"
        product = self.products.get(path.removeprefix("/p/")) if path.startswith("/p/") else None
        if product is None and path != "/":
            return None
        words = WORDS[language]
        title = f"{self._title(product, language)} · {words['shop']}" if product else words["shop"]
        return self.frame.substitute(
            {name: escape(text) for name, text in words.items()},
            lang="zh-Hans" if language == "zh" else "en",
            dir="rtl" if asked.get("dir") == ["rtl"] else "ltr",
            query="?lang=zh" if language == "zh" else "",
            title=escape(title),
            main=self._product(product, language) if product else self._listing(language),
            aisle=escape(self.aisle),
            key=escape(self.key),
        )

    def _listing(self, language: str) -> str:
        cards = "".join(
            f'<li><a href="/p/{id}{"?lang=zh" if language == "zh" else ""}">{self._picture(self.products[id])}'
            f"<span>{escape(self._title(self.products[id], language))}</span>"
            f"<strong>${self.products[id]['price']:,.2f}</strong></a></li>"
            for id in ON_SALE
        )
        return f'<h1>{escape(WORDS[language]["all"])}</h1><ul class="listing">{cards}</ul>'

    def _product(self, product: dict[str, Any], language: str) -> str:
        words, title = WORDS[language], self._title(product, language)
        data = {"@context": "https://schema.org", "@type": "Product", "sku": product["id"], "name": title}
        told = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<script type="application/ld+json">{told}</script><article class="product">{self._picture(product)}<div>'
            f"<h1>{escape(title)}</h1><p><strong>${product['price']:,.2f}</strong></p><p>{escape(product['description'])}</p>"
            f'<button type="button" data-add="{escape(product["id"])}" data-title="{escape(title)}">{words["add"]}</button> '
            f'<button type="button" class="plain" data-ask>{words["ask"]}</button></div></article>'
        )

    def _picture(self, product: dict[str, Any]) -> str:
        return f'<img src="{escape(self.aisle)}/media/{escape(product["image"])}" alt="" width="320" height="240">'

    def _title(self, product: dict[str, Any], language: str) -> str:
        return str(product.get("title_zh") or product["title"]) if language == "zh" else str(product["title"])


class Handler(BaseHTTPRequestHandler):
    """Answers with a page, a file or 404."""

    def __init__(self, pages: Pages, *rest: Any) -> None:
        self.pages = pages
        super().__init__(*rest)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path in FILES:
            self._send(200, FILES[asked.path], (HERE / asked.path[1:]).read_text(encoding="utf-8"))
            return
        page = self.pages.page(asked.path, parse_qs(asked.query))
        self._send(404 if page is None else 200, "text/html", page or "<!doctype html><title>Not here</title>Not here.")

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy(self.pages.aisle))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: Any) -> None:
        """Says nothing of who came."""


def server(port: int, aisle: str, key: str = "") -> ThreadingHTTPServer:
    """The shop, ready to be served; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, Pages(aisle.rstrip("/"), key)))


def main() -> None:
    read = argparse.ArgumentParser(description="An example shop with the chat on its pages.")
    read.add_argument("--port", type=int, default=8100)
    read.add_argument("--aisle", default="http://127.0.0.1:8000", help="where `aisle serve` or `aisle demo` answers")
    read.add_argument("--key", default="", help="the shop's public key, where the site file has one")
    given = read.parse_args()
    with server(given.port, given.aisle, given.key) as shop:
        shop.serve_forever()


if __name__ == "__main__":
    main()
