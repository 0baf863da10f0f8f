"""schema.org products, from JSON-LD files and from saved pages, as canonical rows.

Product and its kinds, ProductGroup with its variants, wherever they stand: on their own, in a @graph, in an ItemList, as
the main entity of a page, behind an offer. References by @id are followed within the file. A broken script costs itself.
What a single product states, schema_product.py tells. Knows no SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog.feeds.encoding import whole_text
from catalog.feeds.json_text import Found, find_list, values
from catalog.feeds.pages import own_address, scripts
from catalog.feeds.rows import CANONICAL, Feed, Problem, Row
from catalog.feeds.schema_product import Around, group_values, is_group, is_product, product_values
from catalog.feeds.schema_values import Node, first, listed, text_of, types
from errors import UnreadableFeed

_IN_FILES = frozenset({"@graph", "itemlistelement", "datafeedelement"})
_IN_PAGES = frozenset({"@graph"})  # a page's lists of items are its breadcrumbs, too
_HOLDERS = ("@graph", "mainEntity", "itemListElement", "dataFeedElement", "item", "itemOffered", "hasOfferCatalog")
_NUMBERS = ("sku", "productID", "productGroupID", "gtin", "gtin14", "gtin13", "gtin12", "gtin8", "mpn")
_DEEPEST = 12
_MOST_ALIKE = 50  # products of one name among which one's like is looked for
_SHOWN = 200


def open_pages(path: Path) -> Feed:
    """A saved page with products in its scripts."""
    return Feed(path, "schema.org page", CANONICAL, lambda: _rows(path, of_page=True))


def open_json_ld(path: Path) -> Feed:
    """A file of JSON-LD: one document, or one a line."""
    return Feed(path, "schema.org json", CANONICAL, lambda: _rows(path, of_page=False))


@dataclass(slots=True)
class _Document:
    """All that a file states: its nodes by name, its products in order, what could not be read."""

    address: str | None = None
    nodes: dict[str, dict[str, object]] = field(default_factory=dict)
    products: list[tuple[int, Node]] = field(default_factory=list)
    places: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    problems: list[Row] = field(default_factory=list)

    def resolved(self, value: object) -> object:
        """The node that a reference names; anything else as it is."""
        if (
            isinstance(value, Mapping)
            and isinstance(name := value.get("@id"), str)
            and not set(value) - {"@id", "@type"}
        ):
            return self.nodes.get(name, value)
        return value


def _rows(path: Path, of_page: bool) -> Iterator[Row]:
    text = whole_text(path)
    document = _Document(own_address(text) if of_page else None)
    found = list(_page_values(path, text) if of_page else _document_values(text, _IN_FILES))
    for one in found:
        if one.problem:
            document.problems.append(Row(path.name, one.line, {}, one.problem))
        else:
            _remember(document, one.value, 0)
    if of_page and not found:
        raise UnreadableFeed(
            f'{path}: a page without products that a program can read (<script type="application/ld+json">)'
        )
    for one in found:
        if not one.problem:
            _collect(document, one.line, one.value)
    if not document.products and not document.problems:
        raise UnreadableFeed(f"{path}: its schema.org data holds no Product")
    rows = [*document.problems, *_product_rows(path, document)]
    yield from sorted(rows, key=lambda row: row.line)


def _document_values(text: str, lists: frozenset[str]) -> Iterator[Found]:
    start = len(text) - len(text.lstrip())
    begin = start + 1 if text.startswith("[", start) else find_list(text, lists, deepest=1)
    place = start if begin is None else begin
    yield from values(text, place, 1 + text.count("\n", 0, place), lenient=True)


def _page_values(path: Path, page: str) -> Iterator[Found]:
    for script in scripts(page):
        if not script.closed:
            reason = "a <script> that is never closed"
            yield Found(script.line, None, Problem.of(None, script.text.strip()[:_SHOWN], reason))
        else:
            for found in _document_values(script.text, _IN_PAGES):
                yield Found(found.line + script.line - 1, found.value, found.problem)


def _remember(document: _Document, value: object, depth: int) -> None:
    """Nodes by their @id, those that are spoken of in several places put together."""
    if depth > 3 * _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            _remember(document, part, depth + 1)
    elif isinstance(value, Mapping):
        name = value.get("@id")
        if isinstance(name, str) and set(value) - {"@id", "@type"}:
            known = document.nodes.setdefault(name, {})
            known.update({k: v for k, v in value.items() if k not in known})
        if "BreadcrumbList" in types(value):
            document.trail = document.trail or _trail(value)
        for part in value.values():
            if isinstance(part, Mapping | list):
                _remember(document, part, depth + 1)


def _trail(breadcrumbs: Node) -> tuple[str, ...]:
    steps = [s for s in listed(breadcrumbs.get("itemListElement")) if isinstance(s, Mapping)]
    steps.sort(key=lambda step: p if isinstance(p := step.get("position"), int | float) else 0)
    names = (text_of(step.get("name")) or text_of(step.get("item")) for step in steps)
    return tuple(name for name in names if name)


def _collect(document: _Document, line: int, value: object, depth: int = 0) -> None:
    """The products of a value, each once, in the order in which they stand."""
    if depth > _DEEPEST:
        return
    for part in listed(value):
        node = document.resolved(part)
        if not isinstance(node, Mapping):
            continue
        if is_product(node) or is_group(node):
            _add(document, line, document.nodes.get(str(node.get("@id")), node))
            continue
        sold = document.resolved(node.get("itemOffered"))
        if "Offer" in types(node) and isinstance(sold, Mapping) and is_product(sold):
            offer = {key: value for key, value in node.items() if key != "itemOffered"}
            _add(document, line, {**sold, "offers": [*listed(sold.get("offers")), offer]})
            continue
        for key in _HOLDERS:
            if key in node:
                _collect(document, line, node[key], depth + 1)


def _add(document: _Document, line: int, node: Node) -> None:
    """A page's shop system and its extensions each speak of the product: what they say is put together."""
    names = {(key, str(node[key])) for key in ("name", "@id", *_NUMBERS) if key in node}
    for place in sorted({place for name in names for place in document.places.get(name, ())[:_MOST_ALIKE]}):
        first_line, known = document.products[place]
        if node is known or _speaks_of(node, known):
            whole, beside = (node, known) if is_group(node) and not is_group(known) else (known, node)
            document.products[place] = (first_line, {**beside, **whole})
            return
    for name in names:
        document.places.setdefault(name, []).append(len(document.products))
    document.products.append((line, node))


def _speaks_of(node: Node, known: Node) -> bool:
    """The same article number; or the same name, and no number that tells the two apart."""
    strong = [(node[key], known[key]) for key in _NUMBERS if key in node and key in known]
    if strong:
        return all(mine == other for mine, other in strong)
    name = text_of(node.get("name"))
    if name is None or name != text_of(known.get("name")):
        return False
    numbered = [any(key in one for key in _NUMBERS) for one in (node, known)]
    if is_group(node) != is_group(known):  # a product with a number of its own is one of the group's variants
        return not numbered[is_group(node)]
    weak = [(node[key], known[key]) for key in ("@id", "url") if key in node and key in known]
    return any(numbered) or all(mine == other for mine, other in weak)


def _product_rows(path: Path, document: _Document) -> Iterator[Row]:
    """A row a product; products that are variants of a group in the same file stand in the group's row."""
    groups = [(line, node) for line, node in document.products if is_group(node)]
    singles = [(line, node) for line, node in document.products if not is_group(node)]
    members: list[list[tuple[int, Node]]] = [[] for _ in groups]
    group_of: dict[str, int] = {}
    for n, (line, group) in enumerate(groups):
        group_of |= dict.fromkeys(_names(group, "productGroupID", "@id"), n)
        for variant in map(document.resolved, listed(group.get("hasVariant"))):
            if isinstance(variant, Mapping):
                members[n].append((line, variant))
                group_of |= dict.fromkeys(_names(variant, "sku", "@id"), n)
    alone: list[tuple[int, Node]] = []
    for line, node in singles:
        of = document.resolved(first(node.get("isVariantOf")))
        named = _names(node, "inProductGroupWithID", "sku", "@id") + _names(of, "productGroupID", "@id")
        place = next((group_of[name] for name in named if name in group_of), None)
        if place is None:
            alone.append((line, node))
        elif not any(_same(node, known) for _, known in members[place]):
            members[place].append((line, node))
    is_alone = len(groups) + len(alone) == 1
    around = Around(document.resolved, document.address, is_alone, document.trail if is_alone else ())
    for line, node in alone:
        yield Row(path.name, line, product_values(node, around))
    for n, (line, group) in enumerate(groups):
        row = group_values(group, [node for _, node in members[n]], around)
        yield Row(path.name, line, row, None, tuple(place for place, _ in members[n]))


def _names(node: object, *keys: str) -> list[str]:
    """What a node is called, each name with a mark of what sort it is: an article is no group of that number."""
    if not isinstance(node, Mapping):
        return []
    sorts = {"productGroupID": "group", "inProductGroupWithID": "group"}
    return [f"{sorts.get(key, key)} {name}" for key in keys if (name := text_of(node.get(key)))]


def _same(node: Node, other: object) -> bool:
    if not isinstance(other, Mapping):
        return False
    return node is other or any(node.get(key) is not None and node.get(key) == other.get(key) for key in ("@id", "sku"))
