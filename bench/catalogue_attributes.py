"""Attribute values in titles: micro-F1 over attribute-value pairs, exact match, on two public sets.

Each record is read by a reader that was shown other records only (five folds), or all of `--train`. A record counts by
the attributes that its annotation names, "n/a" meaning that the title holds none (the sets' published scoring); `strict`
also counts as wrong every value given to an attribute of the category that the annotation does not name.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aisle.settings import Settings
from bench.catalogue_models import AT_ONCE, asked_readers
from catalog.cells import parse_cell
from catalog.readout.read import learn
from catalog.schema import cell_text
from catalog.types import Product
from learning.attributes.tagger import Example, Tagger

SETS = ("oa-mine", "ae-110k")
FOLDS = 5
SEED = 13
TAKEN_FROM = 0.2
"""Probability from which a tagged value is given: near half of the F1 reached, where the expected F1 is highest."""

Reader = Callable[[Example], Mapping[str, str]]
Teacher = Callable[[Sequence[Example]], Reader]


def attributes(options: argparse.Namespace) -> dict[str, object]:
    """Figures of every reader on every set, by set."""
    folder = Settings.read().shared / "data" / "attr"
    files = [Path(options.file)] if options.file else [folder / f"{name}.open.jsonl" for name in SETS]
    figures: dict[str, object] = {}
    for path in files:
        records = load(path)
        train = load(Path(options.train)) if options.train else None
        step = max(1, len(records) // options.titles) if options.titles else 1
        some = range(0, len(records), step)
        print(f"\n{path.stem}: {len(some)} titles, {sum(len(records[n].values) for n in some)} named attributes")
        found: dict[str, dict[str, float]] = {}
        asked = asked_readers(records, options.llm, options.shown)
        for name, teacher in {**READERS, **asked}.items():
            began = time.perf_counter()
            readings = _readings(records, some, train, teacher, AT_ONCE if name in asked else 1)
            row = score([records[n] for n in some], readings)
            found[name] = row | {"seconds": round(time.perf_counter() - began, 1)}
            print(f"  {name:<12}", "  ".join(f"{key} {value}" for key, value in found[name].items()), flush=True)
        figures[path.stem] = found
    return figures


def load(path: Path) -> list[Example]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Example(
            row["text"],
            row["category"],
            {name: tuple(v.strip() for v in values if v != "n/a") for name, values in row["attributes"].items()},
        )
        for row in rows
    ]


def _readings(
    records: Sequence[Example], some: Sequence[int], train: Sequence[Example] | None, teacher: Teacher, at_once: int
) -> list[Mapping[str, str]]:
    """Some records' readings, each by a reader that was not taught it; so many are read at the same time."""
    places = list(range(len(records)))
    random.Random(SEED).shuffle(places)
    folds = [set(places[fold::FOLDS]) for fold in range(FOLDS)] if train is None else [set(places)]
    readings: dict[int, Mapping[str, str]] = {}
    with ThreadPoolExecutor(at_once) as pool:
        for held in folds:
            reader = teacher(train or [record for place, record in enumerate(records) if place not in held])
            mine = [place for place in some if place in held]
            readings |= zip(mine, pool.map(reader, [records[place] for place in mine]), strict=True)
    return [readings[place] for place in some]


def score(records: Sequence[Example], readings: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """Precision, recall and F1 over all pairs; a value given where there is none is wrong, one not given is missed."""
    right = wrong = astray = missed = unnamed = 0
    for record, reading in zip(records, readings, strict=True):
        for name, values in record.values.items():
            given = reading.get(name)
            right += given in values
            wrong += given is not None and bool(values) and given not in values
            astray += given is not None and not values
            missed += given is None and bool(values)
        unnamed += len(reading.keys() - record.values.keys())
    precision, recall = right / max(1, right + wrong + astray), right / max(1, right + wrong + missed)
    strict = right / max(1, right + wrong + astray + unnamed)
    figures = {"p": precision, "r": recall, "f1": _f1(precision, recall), "strict_f1": _f1(strict, recall)}
    return {name: round(figure, 3) for name, figure in figures.items()}


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(1e-9, precision + recall)


def _majority(train: Sequence[Example]) -> Reader:
    """Always the category's most frequent value of the attribute."""
    counts: defaultdict[tuple[str, str], Counter[str | None]] = defaultdict(Counter)
    for example in train:
        for name, values in example.values.items():
            counts[example.category, name].update(values or (None,))
    usual = {key: found.most_common(1)[0][0] for key, found in counts.items()}

    def read(example: Example) -> Mapping[str, str]:
        return {name: value for (of, name), value in usual.items() if of == example.category and value}

    return read


_PATTERNS = {
    r"brand": r"^\W*([A-Z][\w'&.-]*(?: [A-Z][\w'&.-]*)?)",
    r"gender": r"\b(Men's|Women's|Men|Women|Mens|Womens|Boys|Girls|Unisex|Kids)\b",
    r"colou?r": r"\b(Black|White|Red|Blue|Green|Grey|Gray|Brown|Pink|Purple|Yellow|Orange|Navy|Silver|Gold|Beige)\b",
    r"pack size|quantity": r"\b([Pp]acks? of \d+|\d+[- ]?[Pp]acks?|\d+ ?[Pp]cs(?:/lot)?)\b",
    r"net content|volume|weight|dosage": r"\b(\d+(?:\.\d+)?[- ]?(?:fl\.? oz|[Oo]z|[Oo]unces?|[Ll]bs?|ml|mL|kg|g|mg|[Cc]ount|[Cc]t))\b",
    r"^size$": r"\b(\d+(?:\.\d)? [A-Z](?: US)?|X{0,3}[SL]|M)\b",
    r"length|height|width": r"\b(\d+(?:\.\d+)?(?:mm|cm|m))\b",
    r"model": r"\b([A-Z]+-?\d+[A-Z\d-]*)\b",
    r"protection": r"\b(SPF ?\d+\+?)",
    r"material": r"\b(Cotton|Leather|Nylon|Polyester|Bamboo|Plastic|Wood|Metal|Silicone|Carbon|Mahogany|Rosewood)\b",
    r"flavou?r|scent": r"\b(Vanilla|Chocolate|Strawberry|Lavender|Lemon|Mint|Coconut|Original|Unscented|Hazelnut)\b",
    r"age": r"\b(Adults?|Kids|Toddlers?|Children|Baby)\b",
}


def _expressions(train: Sequence[Example]) -> Reader:
    """Regular expressions by hand, one a group of attribute names."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for example in train:
        names[example.category].update(example.values)

    def read(example: Example) -> Mapping[str, str]:
        tried = ((name, pattern) for name in names[example.category] for words, pattern in _PATTERNS.items()
                 if re.search(words, name.lower()))  # fmt: skip
        found = ((name, re.search(pattern, example.text)) for name, pattern in tried)
        return {name: match[1] for name, match in found if match}

    return read


def _imported(train: Sequence[Example]) -> Reader:
    """As an import reads: what the other products of the kind state, where that proves sure."""
    products = [_product(example, stated=True) for example in train]
    readout = learn(products)

    def read(example: Example) -> Mapping[str, str]:
        return {name: cell_text(found.cells[0]) for name, found in readout.of(_product(example, stated=False)).items()}

    return read


def _product(example: Example, stated: bool) -> Product:
    cells = {name: parse_cell(list(values), many=False) for name, values in example.values.items() if values}
    return Product("", example.text, (), category=(example.category,), attributes=cells if stated else {})


def _tagged(train: Sequence[Example]) -> Reader:
    """The tagger taught by the other records."""
    tagger = Tagger(train)

    def read(example: Example) -> Mapping[str, str]:
        found = tagger.read(example.text, example.category)
        return {name: value for name, (value, probability) in found.items() if probability >= TAKEN_FROM}

    return read


READERS: Mapping[str, Teacher] = {
    "majority": _majority, "expressions": _expressions, "import": _imported, "tagger": _tagged,
}  # fmt: skip
