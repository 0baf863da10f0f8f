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
from catalog.feeds.schema_product import group_values, is_group, is_product, product_values
from catalog.feeds.schema_values import Node, listed, text_of, types
from errors import UnreadableFeed

_IN_FILES = frozenset({"@graph", "itemlistelement", "datafeedelement"})
_IN_PAGES = frozenset({"@graph"})  # a page's lists of items are its breadcrumbs, too
_HOLDERS = ("@graph", "mainEntity", "itemListElement", "dataFeedElement", "item", "itemOffered", "hasOfferCatalog")
_DEEPEST = 12
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
            named = document.nodes.get(str(node.get("@id")), node)
            if all(named is not known for _, known in document.products):
                document.products.append((line, named))
            continue
        sold = document.resolved(node.get("itemOffered"))
        if "Offer" in types(node) and isinstance(sold, Mapping) and is_product(sold):
            offer = {key: value for key, value in node.items() if key != "itemOffered"}
            document.products.append((line, {**sold, "offers": [*listed(sold.get("offers")), offer]}))
            continue
        for key in _HOLDERS:
            if key in node:
                _collect(document, line, node[key], depth + 1)


def _product_rows(path: Path, document: _Document) -> Iterator[Row]:
    """A row a product; products that are variants of a group in the same file stand in the group's row."""
    groups = [(line, node) for line, node in document.products if is_group(node)]
    singles = [(line, node) for line, node in document.products if not is_group(node)]
    members: dict[int, list[tuple[int, Node]]] = {n: [] for n in range(len(groups))}
    for n, (line, group) in enumerate(groups):
        for variant in map(document.resolved, listed(group.get("hasVariant"))):
            if isinstance(variant, Mapping):
                members[n].append((line, variant))
    alone: list[tuple[int, Node]] = []
    for line, node in singles:
        place = _group_of(document, node, [group for _, group in groups])
        if place is None:
            alone.append((line, node))
        elif not any(_same(node, known) for _, known in members[place]):
            members[place].append((line, node))
    trail = document.trail if len(groups) + len(alone) == 1 else ()
    for line, node in alone:
        yield Row(path.name, line, product_values(node, document.resolved, document.address, trail))
    for n, (line, group) in enumerate(groups):
        variants = [node for _, node in members[n]]
        row = group_values(group, variants, document.resolved, document.address, trail)
        yield Row(path.name, line, row, None, tuple(place for place, _ in members[n]))


def _group_of(document: _Document, node: Node, groups: list[Node]) -> int | None:
    """The place of the group that a product says it is a variant of."""
    of = document.resolved(next(iter(listed(node.get("isVariantOf"))), None))
    names = {text_of(node.get("inProductGroupWithID"))}
    if isinstance(of, Mapping):
        names |= {text_of(of.get("productGroupID")), text_of(of.get("@id"))}
    names.discard(None)
    for n, group in enumerate(groups):
        if any(known is not None and known in names for known in (group.get("productGroupID"), group.get("@id"))):
            return n
        if any(_same(node, document.resolved(variant)) for variant in listed(group.get("hasVariant"))):
            return n
    return None


def _same(node: Node, other: object) -> bool:
    if not isinstance(other, Mapping):
        return False
    return node is other or any(node.get(key) is not None and node.get(key) == other.get(key) for key in ("@id", "sku"))
