"""One thing under several ids: one barcode, one title, the same words in another order; and variants sold as products.

Two products are the same only where everything else that both state agrees, too; a title alone names whole series.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from catalog.doctor.finding import Finding, doing, found, many
from catalog.doctor.survey import Survey, example
from catalog.lexicon import plain
from catalog.schema import cell_text, product_cells
from catalog.types import Product

_GTINS = frozenset({"gtin", "ean", "upc", "barcode", "gtin13", "gtin14", "gtin12", "gtin8", "ean13", "条码", "条形码"})
_IDS = _GTINS | {"sku", "mpn", "part number", "article number", "model number", "release date", "item group id"}
_SIZES = frozenset("xxs xs s m l xl xxl xxxl 2xl 3xl 4xl small medium large".split())
_GROUP = 3  # products from which unlike only in colour or size they look like variants; two may be chance
_PRICES = 1.25  # times that the dearest of a group may cost of the cheapest
_FEWEST = 2  # groups of them


def one_barcode(survey: Survey) -> Iterator[Finding]:
    """A valid GTIN under several ids."""
    by_code: defaultdict[str, list[Product]] = defaultdict(list)
    for product in survey.products:
        for code in {code for code in _codes(product) if valid_gtin(code)}:
            by_code[code].append(product)
    shared = {code: products for code, products in by_code.items() if len(products) > 1}
    count = sum(len(products) for products in shared.values())
    if shared:
        yield found(
            "one barcode",
            f"{many(len(shared), 'barcode')} {'stands' if len(shared) == 1 else 'stand'} under several ids: {many(count)}",
            "keep one product a barcode, its options as variants; else a shopper is shown one thing twice",
            harm=0.5,
            count=count - len(shared),
            of=len(survey),
            examples=(example(p, f"{code} ({p.title})") for code, products in shared.items() for p in products[:2]),
        )


def _codes(product: Product) -> Iterator[str]:
    for name, cells in product.attributes.items():
        if plain(name).replace(" ", "") in _GTINS or plain(name) in _GTINS:
            yield from (cell_text(cell).strip() for cell in cells)


def valid_gtin(code: str) -> bool:
    """Does a code of 8, 12, 13 or 14 figures end in the right check figure?"""
    if len(code) not in (8, 12, 13, 14) or not (code.isascii() and code.isdigit()) or not int(code):
        return False
    weighed = (int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(reversed(code)))
    return sum(weighed) % 10 == 0


def same_title(survey: Survey) -> Iterator[Finding]:
    """One title and brand under several ids, with nothing that tells them apart; and the words in another order."""
    exact = _alike(survey.products, lambda p: (plain(p.title), plain(p.brand)))
    if exact:
        yield _same(
            survey, exact, "same title", "the title of another, and nothing but price or rating tells them apart"
        )
    told = {id(product) for group in exact for product in group}
    rest = [p for p in survey.products if id(p) not in told]
    near = [
        group
        for group in _alike(rest, lambda p: (tuple(sorted(plain(p.title).split())), plain(p.brand)))
        if len(plain(group[0].title).split()) > 2
    ]
    if near:
        yield _same(
            survey, near, "same words", "the words of another's title in another order, and the same attributes"
        )


def _same(survey: Survey, groups: Sequence[Sequence[Product]], rule: str, told: str) -> Finding:
    count = sum(len(group) - 1 for group in groups)
    return found(
        rule,
        f"{doing(count, 'has', 'have')} {told} ({many(len(groups), 'group')})",
        "remove the second of each, or let title and attributes say how they differ: a shopper is shown one thing twice",
        harm=0.45,
        count=count,
        of=len(survey),
        examples=(example(p, f"{p.title}{_at_price(p)}") for group in groups for p in group[:2]),
        slot="title",
    )


def _at_price(product: Product) -> str:
    return f" ({product.price.amount:g} {product.price.currency})" if product.price else ""


def _alike(products: Sequence[Product], key: Callable[[Product], Hashable]) -> list[list[Product]]:
    """Products of one key which no fact tells apart."""
    by_key: defaultdict[Hashable, list[Product]] = defaultdict(list)
    for product in products:
        by_key[key(product)].append(product)
    groups = ([p for p in group if _agree(p, group[0])] for group in by_key.values() if len(group) > 1)
    return sorted((group for group in groups if len(group) > 1), key=lambda group: -len(group))


def _agree(one: Product, other: Product) -> bool:
    """Does all that both state agree (ids, barcodes and prices set aside)?"""
    a, b = _facts(one), _facts(other)
    return plain(one.description) == plain(other.description) and all(
        a[name] == b[name] for name in a.keys() & b.keys()
    )


def _facts(product: Product) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(sorted(plain(cell_text(cell)) for cell in cells))
        for name, cells in product_cells(product)
        if plain(name) not in _IDS and plain(name).replace(" ", "") not in _GTINS
    }


def scattered_variants(survey: Survey) -> Iterator[Finding]:
    """Products that differ in a colour or size word of the title only: variants of one product."""
    groups = variant_groups(survey)
    count = sum(map(len, groups))
    if len(groups) >= _FEWEST:
        yield found(
            "scattered variants",
            f"{many(count)} are {len(groups)} things in several colours or sizes, each a product of its own",
            "give each group one item_group_id (or Handle): one card then offers the colours and sizes",
            harm=0.35,
            count=count - len(groups),
            of=len(survey),
            examples=(example(p) for group in groups for p in group[:_GROUP]),
            slot="title",
        )


def variant_groups(survey: Survey) -> list[list[Product]]:
    """Groups of products that are one but for colours and sizes in their titles, the largest first."""
    by_key: defaultdict[Hashable, list[tuple[Product, frozenset[str]]]] = defaultdict(list)
    for product in survey.products:
        words = plain(product.title).split()
        options = frozenset(word for word in words if word in _SIZES or survey.lexicon.colour_family(word))
        kept = tuple(word for word in words if word not in options)
        if options and len(kept) > 1 and len(product.variants) == 1:
            by_key[kept, plain(product.brand), product.kind].append((product, options))
    groups = []
    for pairs in by_key.values():
        unlike = {options for _, options in pairs}
        products = [product for product, _ in pairs]
        alike = len(unlike) == len(products) >= _GROUP and _one_price(products)
        if alike and _options_only(survey, products):
            groups.append(products)
    return sorted(groups, key=lambda group: -len(group))


def _one_price(products: Sequence[Product]) -> bool:
    """Do they cost about the same? Unlike prices tell unlike things, whatever the titles say."""
    amounts = [p.price.amount for p in products if p.price]
    return not amounts or max(amounts) <= _PRICES * min(amounts)


def _options_only(survey: Survey, products: Sequence[Product]) -> bool:
    """Do they differ in colours and sizes only?"""
    first, *others = (
        {
            n: v
            for n, v in _facts(p).items()
            if (survey.slots.get(n) and survey.slots[n].concept) not in ("colour", "size")
        }
        for p in products
    )
    return all(first[n] == facts[n] for facts in others for n in first.keys() & facts.keys())
