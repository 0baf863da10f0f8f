"""WooCommerce's product CSV as canonical rows: variations join their parent, wherever in the file they stand.

What a column becomes is told in docs/importing.md. Knows the English headers only, no files, no SQL and no currencies
(the file names none).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from catalog.feeds.groups import compact, products_of, shared
from catalog.feeds.rows import Problem, Row
from catalog.feeds.sales import asked, within

_TELLING = frozenset({"in stock?", "parent", "visibility in catalog", "is featured?", "attribute 1 name", "tax status"})
_TOLD_ELSEWHERE = frozenset(
    "id|type|sku|name|published|is featured?|visibility in catalog|short description|description|date sale price starts"
    "|date sale price ends|tax status|tax class|in stock?|stock|low stock amount|backorders allowed?|sold individually?"
    "|allow customer reviews?|purchase note|sale price|regular price|categories|tags|shipping class|images|download limit"
    "|download expiry days|parent|grouped products|upsells|cross-sells|external url|button text|position|brands".split(
        "|"
    )
)
_ATTRIBUTE = re.compile(r"attribute (\d+) (name|value\(s\)|visible|global|default)")
_MEASURE = re.compile(r"(weight|length|width|height) \((\w+)\)")
_META = re.compile(r"meta: (?!_)(.+)", re.IGNORECASE)
_FILE = re.compile(r"(download|grouped products) .*|meta: _.*|swatches .*")
_GUARDED = re.compile(r"'(?=[=+\-@])")  # put by the exporter before what a spreadsheet would take for a formula
_COMMA = re.compile(r"(?<!\\),")
_DRAFTS = {"0": "private", "-1": "a draft"}
_TAX = {"none": "no tax", "shipping": "tax on shipping only"}  # "taxable" does not say if the price includes it
_Told = Mapping[str, str]


def fits(headers: Sequence[str]) -> bool:
    """Are these the columns of a WooCommerce export?"""
    names = {header.strip().casefold() for header in headers}
    return {"type", "name", "regular price"} <= names and bool(names & {"id", "sku"}) and bool(names & _TELLING)


def canonical(rows: Callable[[], Iterator[Row]], today: date) -> Callable[[], Iterator[Row]]:
    """Products of raw rows. `today`: the day on which sale prices are judged."""
    return products_of(rows, _keys, lambda group: _product([(row, _plain(row.values)) for row in group], today))


def _keys(rows: Iterator[Row]) -> list[str | None]:
    """Variations and their parents by the parent's id; a variation may name it by "id:44" or by its SKU."""
    keys: list[str | None] = []
    ids: dict[str, str] = {}
    for row in rows:
        told = _plain(row.values)
        if _is(told, "variation"):
            keys.append(told.get("parent"))
        elif _is(told, "variable"):
            own = f"id:{told['id']}" if "id" in told else told.get("sku")
            if "sku" in told and own:
                ids[told["sku"]] = own
            keys.append(own)
        else:
            keys.append(None)
    return [ids.get(key, key) if key else None for key in keys]


def _is(told: _Told, kind: str) -> bool:
    """Types come in lists ("variation, downloadable") and from extensions ("variable-subscription")."""
    types = told.get("type", "").casefold()
    return kind in types if kind == "variation" else "variable" in types


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    """Column -> text where there is one, without what the exporter puts around texts for spreadsheets' sake."""
    told = {}
    for header, value in values.items():
        if value in (None, ""):
            continue
        text = value.strip() if isinstance(value, str) else str(value)
        if text:
            told[_plain_header(header)] = _GUARDED.sub("", text, 1) if text[0] == "'" else text
    return told


@lru_cache(maxsize=4096)
def _plain_header(header: str) -> str:
    """Columns with a meaning are compared without case; the others keep the name that the shop gave them."""
    name = " ".join(header.split())
    folded = name.casefold()
    known = folded in _TOLD_ELSEWHERE or any(p.fullmatch(folded) for p in (_ATTRIBUTE, _MEASURE, _FILE))
    return folded if known else name


def _product(group: Sequence[tuple[Row, _Told]], today: date) -> Iterator[Row]:
    """The product of a group, after the variations of it that are not for sale or cannot be read."""
    parents = [(row, told) for row, told in group if not _is(told, "variation")]
    variations = [(row, told) for row, told in group if _is(told, "variation")]
    if not parents:
        yield from (_refused(row, told, _orphan(told)) for row, told in variations)
        return
    (row, parent), *others = parents
    yield from (_refused(r, t, Problem.of("ID", _id(t), "stands already in this file")) for r, t in others)
    problem = _not_for_sale(parent)
    if problem:
        yield _refused(row, parent, problem)
        return
    offers, faults = [], False
    for each, told in variations:
        offer = _offer_or_problem(told, today)
        if isinstance(offer, Problem):
            faults |= offer.fault
            yield _refused(each, told, offer, _id(parent))
        else:
            offers.append((each, told, offer))
    if offers or not variations:
        yield _parent(row, parent, offers, today)
    elif not faults:
        yield _refused(row, parent, Problem("Type", parent.get("type"), "not for sale: no variation is", fault=False))


def _refused(row: Row, told: _Told, problem: Problem, product: str | None = None) -> Row:
    return Row(row.file, row.line, {"id": _id(told)}, problem, product=product)


def _parent(row: Row, told: _Told, offers: Sequence[tuple[Row, _Told, dict[str, object]]], today: date) -> Row:
    own = _offer_or_problem(told, today)
    if isinstance(own, Problem):
        return _refused(row, told, own)
    own_columns, attributes = dict(_own_columns(told)), dict(_attributes(told))
    if not offers:
        codes = {"SKU": told.get("sku")} if "id" in told else {}
        attributes = compact(own_columns | attributes | codes)
        return Row(row.file, row.line, compact(_general(told) | own | {"attributes": attributes}))
    common, differing = shared([dict(_own_columns(told)) for _, told, _ in offers])
    attributes = compact(own_columns | common | attributes)
    variants = [
        compact({"id": _id(told), "SKU": told.get("sku"), **offer, "options": dict(_attributes(told)) | others})
        for (_, told, offer), others in zip(offers, differing, strict=True)
    ]
    general = _general(told) | {"image": own.get("image"), "attributes": attributes, "variants": variants}
    return Row(row.file, row.line, compact(general), lines=tuple(row.line for row, _, _ in offers))


def _id(told: _Told) -> str | None:
    return told.get("id") or told.get("sku")


def _orphan(told: _Told) -> Problem:
    return Problem.of("Parent", told.get("parent"), "a variation of a product that is not in this feed")


def _not_for_sale(told: _Told) -> Problem | None:
    published = told.get("published", "1")
    if published in _DRAFTS:
        return Problem("Published", published, f"not for sale: {_DRAFTS[published]}", fault=False)
    if told.get("visibility in catalog", "").casefold() == "hidden":
        return Problem("Visibility in catalog", "hidden", "not for sale: hidden from the shop's own pages", fault=False)
    return None


def _offer_or_problem(told: _Told, today: date) -> dict[str, object] | Problem:
    """What one purchasable thing states."""
    unsold = _not_for_sale(told)
    if unsold:
        return unsold
    start, end = told.get("date sale price starts", ""), told.get("date sale price ends", "")
    try:
        on_sale = within(start, end, today)
    except ValueError:
        return Problem.of("Date sale price starts", f"{start} - {end}", "not dates, such as 2026-07-11")
    images = _listed(told.get("images", ""))
    prices = asked(told.get("regular price"), told.get("sale price"), on_sale)
    return compact(prices | _stock(told) | {"image": images[0] if len(images) == 1 else images})


def _stock(told: _Told) -> dict[str, object]:
    """A count where WooCommerce keeps one ("parent": the parent's). What may be ordered when none is left is on backorder."""
    said = told.get("in stock?", "").casefold()
    words = {"1": "in stock", "0": "out of stock", "backorder": "backorder", "yes": "in stock", "no": "out of stock"}
    written = told.get("stock", "")
    if written == "parent":
        written = ""
    oversold = bool(re.fullmatch(r"-\d+(\.\d+)?|0+(\.0*)?", written))
    if oversold and (said == "backorder" or told.get("backorders allowed?", "0").casefold() in ("1", "notify", "yes")):
        return {"availability": "backorder"}
    return {"stock": "0" if oversold else written, "availability": words.get(said, said)}


def _general(told: _Told) -> dict[str, object]:
    """What a product states once for all its variations."""
    texts = [_unescaped(told[name]) for name in ("short description", "description") if name in told]
    paths = _listed(told.get("categories", ""))
    return {
        "id": _id(told),
        "title": told.get("name"),
        "description": "\n".join(dict.fromkeys(texts)),
        "brand": ", ".join(_listed(told.get("brands", ""))),
        "category": paths[0] if len(paths) == 1 else paths,
        "url": told.get("external url"),
        "tax": _TAX.get(told.get("tax status", "")),
    }


def _attributes(told: _Told) -> Iterator[tuple[str, object]]:
    """(name, value or values) of the numbered attributes."""
    for column, name in told.items():
        kind, number = _meaning(column)
        if kind == "attribute":
            values = _listed(told.get(f"attribute {number} value(s)", ""))
            if values:
                yield name, values[0] if len(values) == 1 else values


def _own_columns(told: _Told) -> Iterator[tuple[str, object]]:
    """Tags, measures with their unit, custom fields, and the columns of extensions."""
    for column, text in told.items():
        kind, name = _meaning(column)
        if kind == "list":
            yield name, _listed(text)
        elif kind == "measure":
            yield name, f"{text} {column.partition('(')[2].rstrip(')')}"
        elif kind == "own":
            yield name, _unescaped(text)


@lru_cache(maxsize=4096)
def _meaning(column: str) -> tuple[str, str]:
    """What a column that is no field of a product's own carries, and under which name or number."""
    numbered, measure, meta = (pattern.fullmatch(column) for pattern in (_ATTRIBUTE, _MEASURE, _META))
    if numbered:
        return ("attribute", numbered[1]) if numbered[2] == "name" else ("", "")
    if column == "tags":
        return "list", "Tags"
    if measure:
        return "measure", measure[1].capitalize()
    if meta:
        return "own", meta[1]
    return ("", "") if column in _TOLD_ELSEWHERE or _FILE.fullmatch(column) else ("own", column)


def _listed(text: str) -> list[str]:
    """The parts of a list; a comma inside a part is written with a backslash."""
    return [part.strip().replace("\\,", ",") for part in _COMMA.split(text) if part.strip()]


def _unescaped(text: str) -> str:
    """Line ends are written as backslash and n."""
    return text.replace("\\n", "\n").replace("\\,", ",")
