"""The kinds that a catalogue gives its products, against labels by hand; part of bench/catalogue.py.

A kind is right when it is the labelled one or one that the annotator held to be as defensible (`also`). The role a
product is bought in (the thing itself or something for it) follows from its kind and from what it goes with. Baselines:
the commonest label; the last kind named in the title (TitleReader alone); the first kind of the lexicon with a word
anywhere in the title.
"""

from __future__ import annotations

import argparse
import csv
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aisle.settings import Settings
from catalog.ingest import ImportOptions, import_feeds
from catalog.kinds import role
from catalog.lexicon import Lexicon, fold
from catalog.store import Catalog
from catalog.titles import TitleReader
from catalog.types import Product

LABELS = {
    "test": Path(__file__).parent / "labels" / "electronics-kinds.tsv",
    "dev": Path(__file__).parent / "labels" / "electronics-kinds-dev.tsv",
}
_Z = 1.96  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says a product is."""

    kind: str
    also: frozenset[str]
    role: str

    def met_by(self, kind: str | None) -> bool:
        return kind is not None and (kind == self.kind or kind in self.also)


def labels(sample: str = "test") -> dict[str, Label]:
    with LABELS[sample].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {
        row["id"]: Label(row["kind"], frozenset(filter(None, (row["also"] or "").split("|"))), row["role"])
        for row in rows
    }


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson's score)."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, _Z**2 / of
    middle = (share + square / 2) / (1 + square)
    spread = _Z / (1 + square) * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return round(middle - spread, 3), round(middle + spread, 3)


def imported(feed: Path) -> dict[str, Product]:
    """The feed's products as a catalogue gives them."""
    with tempfile.TemporaryDirectory() as folder:
        import_feeds([feed], Path(folder) / "shop.db", ImportOptions())
        return {product.id: product for product in Catalog.open(Path(folder) / "shop.db").products()}


def kinds(options: argparse.Namespace) -> dict[str, object]:
    lexicon = Lexicon.default()
    told = labels(options.labels)
    products = imported(Settings.read().shared / "data" / "shops" / "electronics.jsonl")
    found = {id: products[id].kind for id in told}
    rivals = {"ours": found, **baselines({id: products[id].title for id in told}, told, lexicon)}
    print(f"{'kinds':34} right of {len(told)}   share   95 % interval")
    figures: dict[str, object] = {"labels": options.labels, "labelled": len(told)}
    for name, guesses in rivals.items():
        right = sum(label.met_by(guesses[id]) for id, label in told.items())
        low, high = wilson(right, len(told))
        print(f"{name:34} {right:12}   {right / len(told):.3f}   {low:.3f}-{high:.3f}")
        figures[name] = {"accuracy": round(right / len(told), 4), "interval": [low, high]}
    figures["roles"] = roles(told, {id: products[id] for id in told}, rivals, lexicon)
    figures["without_kind"] = sum(product.kind is None for product in products.values())
    if options.by_kind:
        print_by_kind(told, found)
    return figures


def baselines(
    titles: Mapping[str, str], told: Mapping[str, Label], lexicon: Lexicon
) -> dict[str, dict[str, str | None]]:
    common = Counter(label.kind for label in told.values()).most_common(1)[0][0]
    reader = TitleReader(lexicon)
    words = {fold(word): kind.name for kind in reversed(tuple(lexicon.kinds.values())) for word in kind.words}
    return {
        "the commonest kind": dict.fromkeys(titles, common),
        "last kind named in the title": {id: reader.kind(title) for id, title in titles.items()},
        "first kind with a word anywhere": {id: _anywhere(title, words) for id, title in titles.items()},
    }


def _anywhere(title: str, words: Mapping[str, str]) -> str | None:
    text = f" {fold(title)} "
    return next((kind for word, kind in words.items() if f" {word} " in text), None)


def roles(
    told: Mapping[str, Label],
    products: Mapping[str, Product],
    rivals: Mapping[str, Mapping[str, str | None]],
    lexicon: Lexicon,
) -> dict[str, object]:
    """Things bought for themselves against those for another thing; a product without a kind counts as the former."""
    figures: dict[str, object] = {}
    print(f"\n{'main things and accessories':34} right of {len(told)}   share   95 % interval")
    for name, guesses in rivals.items():
        pairs = [(label.role != "main", serves(products[id], guesses[id], lexicon)) for id, label in told.items()]
        right = sum(said == guessed for said, guessed in pairs)
        low, high = wilson(right, len(pairs))
        print(f"{name:34} {right:12}   {right / len(pairs):.3f}   {low:.3f}-{high:.3f}")
        figures[name] = {"accuracy": round(right / len(pairs), 4), "interval": [low, high]}
        if name == "ours":
            figures["confusion"] = confusion(pairs)
    return figures


def serves(product: Product, kind: str | None, lexicon: Lexicon) -> bool:
    return role(product, kind, lexicon) != "main"


def confusion(pairs: Sequence[tuple[bool, bool]]) -> dict[str, int]:
    names = {True: "accessory", False: "main"}
    counts = Counter(pairs)
    for said in names:
        row = "  ".join(f"taken for {names[guessed]} {counts[said, guessed]:4}" for guessed in names)
        print(f"   {names[said]:10} {row}")
    return {f"{names[said]} as {names[guessed]}": counts[said, guessed] for said in names for guessed in names}


def print_by_kind(told: Mapping[str, Label], found: Mapping[str, str | None]) -> None:
    """Every labelled kind: how many, how many found, what the others were taken for."""
    by_kind: defaultdict[str, list[str | None]] = defaultdict(list)
    for id, label in told.items():
        by_kind[label.kind].append(None if label.met_by(found[id]) else str(found[id]))
    print(f"\n{'kind':28} labelled  found  taken for")
    for kind, wrong in sorted(by_kind.items(), key=lambda pair: -len(pair[1])):
        others = ", ".join(_counted(guess for guess in wrong if guess is not None))
        print(f"{kind:28} {len(wrong):8} {wrong.count(None):6}  {others}")


def _counted(guesses: Iterable[str]) -> list[str]:
    return [f"{guess} ({n})" if n > 1 else guess for guess, n in Counter(guesses).most_common()]
