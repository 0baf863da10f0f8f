"""The page behind a shared link: items with their facts as they are now, printed here, with no script and no style inline.

Everything from a record is escaped. Knows nothing of whose link it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from catalog.types import Product, Variant
from chatbot.say import fact_value, price, slot_name
from chatbot.titles import is_title, title_in
from chatbot.types import Language
from chatbot.web import media
from chatbot.web.pictures import Pictures

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Shared from {shop}",
        "gone": "{count} more of these are not listed any more.",
        "sold_out": "Sold out",
        "stock": "{count} in stock",
        "to_shop": "To the product's page",
        "chat": "Ask the assistant",
        "as_now": "Prices and stock as the shop lists them at this moment.",
        "none": "The shop does not list these products any more.",
    },
    "zh": {
        "title": "来自 {shop} 的分享",
        "gone": "另有 {count} 件商品已下架。",
        "sold_out": "已售罄",
        "stock": "现货 {count} 件",
        "to_shop": "前往商品页面",
        "chat": "咨询导购助手",
        "as_now": "价格和库存以商店此刻的资料为准。",
        "none": "这些商品已下架。",
    },
}
_LEFT_OUT = ("title", "price", "description", "availability", "adult", "on_sale", "list_price")
MOST_FACTS = 12


def page(
    shop: str, products: Sequence[Product], gone: int, language: Language, pictures: Pictures, root: str = ""
) -> str:
    """The whole document. `gone`: how many of the shared items are not listed any more; `root`: the path this shop is at."""
    words = WORDS[language]
    title = escape(words["title"].format(shop=shop[:1].upper() + shop[1:]))
    missing = words["gone"].format(count=gone) if products else words["none"]
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{root}/inbox/shared.css"><body><header><h1>{title}</h1>'
        f"<p>{escape(words['as_now'])}</p></header><main>"
        + "".join(_item(product, language, pictures, root) for product in products)
        + (f'<p class="gone">{escape(missing)}</p>' if gone else "")
        + f'</main><footer><a href="{root}/">{escape(words["chat"])}</a></footer></html>'
    )


def _item(product: Product, language: Language, pictures: Pictures, root: str) -> str:
    words = WORDS[language]
    stands = _stock(product, words)
    there = f'<p class="out">{escape(stands)}</p>' if stands else ""
    costs = f'<p class="price">{escape(price(product.price))}</p>' if product.price else ""
    url = pictures.link(product.url)
    leads = f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(words["to_shop"])}</a>' if url else ""
    return (
        f"<article>{_picture(pictures(product.image), root)}<div><h2>{escape(title_in(language, product))}</h2>{costs}{there}"
        f"{_facts(product, language)}{leads}</div></article>"
    )


def _stock(product: Product, words: dict[str, str]) -> str:
    """Whether it can be bought: how many there are of it where each option counts them, else the feed's own words."""
    if product.sold_out():
        return words["sold_out"]
    counts = [variant.stock for variant in product.variants]
    known = [count for count in counts if count is not None]
    if known and len(known) == len(counts):
        return words["stock"].format(count=sum(known))
    return product.availability or ""


def _picture(address: str | None, root: str) -> str:
    if address and address.startswith(media.MOUNT):
        address = root + address
    return f'<img src="{escape(address)}" alt="" loading="lazy" width="160" height="160">' if address else ""


def _facts(product: Product, language: Language) -> str:
    one: Variant | None = product.variants[0] if len(product.variants) == 1 else None
    facts = [f for f in product.facts(one) if f.slot not in _LEFT_OUT and not is_title(f.slot)][:MOST_FACTS]
    rows = "".join(
        f"<dt>{escape(slot_name(language, f.slot))}</dt><dd>{escape(fact_value(language, f)[:200])}</dd>" for f in facts
    )
    return f"<dl>{rows}</dl>" if rows else ""
