"""Google Merchant product data as canonical rows: the published attributes, rows of one item_group_id as one product.

The same for tables (headers with blanks or underscores) and for XML (google_xml.py). What a column becomes is told in
docs/importing.md. Knows no files, no SQL and no currencies.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import takewhile

from catalog.feeds.groups import by_column, compact, products_of, shared
from catalog.feeds.rows import LONGEST_FIELD, ODD, Problem, Row, bad_value
from catalog.feeds.sales import asked, within
from catalog.offers import Bad, adult

_TELLING = frozenset(
    "additional_image_link availability condition google_product_category gtin identifier_exists image_link"
    " item_group_id link mpn product_type sale_price_effective_date shipping unit_pricing_measure".split()
)
_LISTS = {"color": "/", "material": "/", "additional_image_link": ",", "product_highlight": ","}
_TOLD_ELSEWHERE = frozenset(
    "id title description link image_link additional_image_link availability price sale_price brand product_type"
    " item_group_id unit_pricing_measure unit_pricing_base_measure adult tax product_detail quantity"
    " structured_title structured_description expiration_date".split()
)
_BOOKKEEPING = re.compile(
    "ads_.*|adwords_.*|auto_pricing_min_price|canonical_link|cost_of_goods_sold|custom_label_[0-4]|disclosure_date"
    "|display_ads_.*|excluded_destination|external_seller_id|identifier_exists|included_destination|link_template"
    "|author|comments|contributor|enclosure|guid|pubdate|published|rights|source|updated"  # of RSS and Atom
    "|lifestyle_image_link|mobile_link(_template)?|pause|promotion_id|shopping_ads_excluded_country|sell_on_google_.*"
)
_NO_OPTION = re.compile(
    "gtin|mpn|product_highlight|.*_date|shipping.*|installment|subscription_cost|loyalty_.*|.*_label|.*_time"
)
"""Columns that may differ between the variants of a product without being what one chooses by."""
_TAX = re.compile(r"([A-Z]{2}):([^:]*):(\d+(?:\.\d+)?)(?::[yn]?)?")
_SIGNS = "-–—,;:/|()[]"
_DETAIL = re.compile(r"(?:^|,)[^:,]*:([^:]+):(.*?)(?=,[^:,]*:[^:,]+:|$)", re.DOTALL)
_Told = Mapping[str, object]


@lru_cache(maxsize=4096)
def plain_header(header: str) -> str:
    """ "Item Group ID", "g:item_group_id", "shipping(country:price)" -> the attribute's published name."""
    name = header.strip().casefold().removeprefix("g:").partition("(")[0]
    return re.sub(r"[\s\-]+", "_", name.strip())


@lru_cache(maxsize=4096)
def _is_attribute(name: str) -> bool:
    return name not in _TOLD_ELSEWHERE and not _BOOKKEEPING.fullmatch(name)


@lru_cache(maxsize=4096)
def _is_option(name: str) -> bool:
    return not _NO_OPTION.fullmatch(name)


def fits(headers: Sequence[str]) -> bool:
    """Are these the columns of a Google Merchant feed? An id and a title alone are everybody's."""
    names = {plain_header(header) for header in headers}
    return {"id", "title"} <= names and len(names & _TELLING) >= 4


def canonical(rows: Callable[[], Iterator[Row]], today: date) -> Callable[[], Iterator[Row]]:
    """Products of raw rows. `today`: the day on which sale prices and expiry dates are judged."""
    keys = by_column(lambda header: plain_header(header) == "item_group_id")
    return products_of(rows, keys, lambda group: _product([(row, _plain(row.values)) for row in group], today))


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {plain_header(name): value for name, value in values.items() if value not in (None, "")}


def _product(group: Sequence[tuple[Row, _Told]], today: date) -> Iterator[Row]:
    """The product of a group, after the rows of it that are not for sale or cannot be read."""
    offers: list[tuple[Row, _Told, dict[str, object]]] = []
    for row, values in group:
        product = _text(values, "item_group_id") or None
        told = (_fault(values) if product else None) or _offer_or_problem(values, today)
        if isinstance(told, Problem):
            yield Row(row.file, row.line, {"id": values.get("id")}, told, product=product)
        else:
            offers.append((row, values, told))
    if offers:
        yield _with_variants(offers) if _text(offers[0][1], "item_group_id") else _one(offers)


def _one(offers: Sequence[tuple[Row, _Told, dict[str, object]]]) -> Row:
    ((row, values, offer), *_) = offers
    return Row(row.file, row.line, compact(_general(values) | offer | {"attributes": _attributes(values)}))


def _with_variants(offers: Sequence[tuple[Row, _Told, dict[str, object]]]) -> Row:
    row, first, _ = offers[0]
    common, differing = shared([_attributes(values) for _, values, _ in offers])
    variants = []
    for (_, values, own), told in zip(offers, differing, strict=True):
        options = {name: value for name, value in told.items() if _is_option(name)}
        others = {name: value for name, value in told.items() if name not in options}
        variants.append(compact({"id": values.get("id"), **own, **others, "options": options}))
    stated = [_general(values) for _, values, _ in offers]
    product = {field: next((each[field] for each in stated if each[field]), None) for field in stated[0]}
    product |= {"id": first["item_group_id"], "title": common_title([each["title"] for each in stated], differing)}
    product["adult"] = next((each["adult"] for each in stated if each["adult"] not in (None, "no", "false")), None)
    product |= {"attributes": common, "variants": variants}
    return Row(row.file, row.line, compact(product), lines=tuple(row.line for row, _, _ in offers))


def common_title(titles: Sequence[object], options: Sequence[_Told]) -> object:
    """What the titles of a product's variants say but for their options, or begin with, in two words or more.

    "Linen shirt - red, S" and "Linen shirt - blue, M" -> "Linen shirt"; the first title where they share too little.
    """
    words = [str(title or "").split() for title in titles]
    bare = [_trimmed(_without(title, told)) for title, told in zip(words, options, strict=True)]
    if bare[0] and len(set(bare)) == 1:
        return bare[0] if words[0][0][0].islower() else bare[0][0].upper() + bare[0][1:]
    begin = takewhile(lambda alike: len(set(alike)) == 1, zip(*words, strict=False))
    title = _trimmed([alike[0] for alike in begin])
    return title if " " in title else titles[0]


def _without(words: Sequence[str], options: _Told) -> list[str]:
    stated = {
        word.strip(_SIGNS).casefold()
        for value in options.values()
        for v in _listed(value, None)
        for word in str(v).split()
    }
    return [word for word in words if word.strip(_SIGNS).casefold() not in stated]


def _trimmed(words: Sequence[str]) -> str:
    """Without the signs that stood between the title and what is gone."""
    return re.sub(rf"(?:\s+[{re.escape(_SIGNS)}]+)+$", "", " ".join(words)).rstrip("-–—,;:/|([")


def _fault(values: _Told) -> Problem | None:
    """What would spoil the product of a whole group costs its own row: its texts and flags are those of any row."""
    try:
        adult(values.get("adult"))
    except Bad as bad:
        return bad.problem
    texts = "".join(value for value in values.values() if isinstance(value, str))
    harmless = len(texts) <= LONGEST_FIELD and (texts.isascii() or not ODD.search(texts)) and "\0" not in texts
    return None if harmless and not any(isinstance(v, list | dict) for v in values.values()) else bad_value(values)


def _offer_or_problem(values: _Told, today: date) -> dict[str, object] | Problem:
    """What one purchasable item states; a past expiration_date takes it out of sale, as it does at Google."""
    window, expiry = _text(values, "sale_price_effective_date"), _text(values, "expiration_date")
    try:
        if expiry and not within("", expiry, today):
            return Problem("expiration_date", expiry, "not for sale: it expired", fault=False)
    except ValueError:
        return Problem.of("expiration_date", expiry, "not a date, such as 2026-07-11")
    try:
        start, _, end = window.partition("/")
        on_sale = within(start, end, today)
    except ValueError:
        return Problem.of("sale_price_effective_date", window, "not two dates with a slash between them")
    measure = {"measure": values.get("unit_pricing_measure"), "base": values.get("unit_pricing_base_measure")}
    images = [*_listed(values.get("image_link"), None), *_listed(values.get("additional_image_link"), ",")]
    return compact(
        {
            **asked(values.get("price"), values.get("sale_price"), on_sale),
            "stock": values.get("quantity"),
            "availability": _text(values, "availability").replace("_", " "),
            "url": values.get("link"),
            "image": images[0] if len(images) == 1 else images,
            "unit_price": compact(measure) if measure["measure"] else None,
        }
    )


def _general(values: _Told) -> dict[str, object]:
    """What a product states once for all its variants."""
    return {
        "id": values.get("id"),
        "title": values.get("title") or _generated(values.get("structured_title")),
        "description": values.get("description") or _generated(values.get("structured_description")),
        "brand": values.get("brand"),
        "category": values.get("product_type") or values.get("google_product_category"),
        "adult": values.get("adult"),
        "tax": "; ".join(_tax(part) for part in _listed(values.get("tax"), ",")),
    }


def _tax(part: object) -> str:
    """ "US:CA:7.25:y" (country, region, rate, also on shipping) in words; anything else as the shop wrote it."""
    found = _TAX.fullmatch(str(part))
    return f"{found[3]} % tax in {found[2] or found[1]}" if found else str(part)


def _generated(value: object) -> object:
    """The text of "trained_algorithmic_media:Linen shirt" or of the element that says the same."""
    return value.get("content") if isinstance(value, dict) else str(value or "").partition(":")[2].strip(' "')


def _attributes(values: _Told) -> dict[str, object]:
    """Every other column under its published name, and product details under the names that the shop gave them."""
    told: dict[str, object] = {}
    for name, value in values.items():
        if _is_attribute(name):
            listed = _listed(value, _LISTS[name]) if name in _LISTS else [value]
            told[name] = listed[0] if len(listed) == 1 else listed
    if not values.get("product_type"):
        told.pop("google_product_category", None)  # it is the category
    if not values.get("sale_price"):
        told.pop("sale_price_effective_date", None)
    for name, value in _details(values.get("product_detail")):
        told[name] = value if told.get(name) in (None, "", [], value) else [*_listed(told[name], None), value]
    return told


def _details(value: object) -> Iterator[tuple[str, str]]:
    """(attribute, value) of "section:attribute:value, section:attribute:value" or of the elements that say the same."""
    details = value if isinstance(value, list) else [value] if value else []
    for detail in details:
        if isinstance(detail, dict):
            found = [(_text(detail, "attribute_name"), _text(detail, "attribute_value"))]
        else:
            found = [(name.strip(), stated.strip(' ",')) for name, stated in _DETAIL.findall(str(detail))]
        yield from ((name, stated) for name, stated in found if name and stated)


def _listed(value: object, mark: str | None) -> list[object]:
    """The values of a cell that may hold several, by the column's own mark between them; quotes hold one together."""
    if isinstance(value, str) and mark:
        quoted = csv.reader([value], delimiter=mark, skipinitialspace=True)
        return [part.strip() for part in (next(quoted, []) if '"' in value else value.split(mark)) if part.strip()]
    values: Iterable[object] = value if isinstance(value, list) else (value,)
    return [part for part in values if part not in (None, "")]


def _text(values: _Told, name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
