"""Makes the demo shop's feed and pictures from the kinds in kinds/*.toml: `python -m catalog.demo.make`.

The same kinds give the same bytes on every machine: each product draws from a generator seeded by its id. Values that
`rise` follow a product's place between the cheapest and the dearest of its kind, so that a dear laptop has much memory.
It knows nothing of catalogues or importing.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog.demo import FEED, PICTURES
from catalog.demo.draw import draw

KINDS = Path(__file__).parent / "kinds"
PER_KIND = 30
Spec = Mapping[str, Any]
"""One kind as its TOML file has it, or one of its attributes or options."""


def products() -> Iterator[dict[str, object]]:
    """Every product of the shop as a row of its feed, kind by kind."""
    for path in sorted(KINDS.glob("*.toml")):
        kind = tomllib.loads(path.read_text(encoding="utf-8"))
        for number, (model, brand) in enumerate(_names(kind), 1):
            yield _product(path.stem, kind, number, model, brand)


def _names(kind: Spec) -> list[tuple[str, str]]:
    """Thirty distinct (model, brand); a model belongs to one brand."""
    brands = list(kind["brands"])
    marks = kind.get("marks", [""])
    named = [
        (f"{model} {mark}".strip(), brands[position % len(brands)])
        for position, model in enumerate(kind["models"])
        for mark in marks
    ]
    return sorted(random.Random(kind["code"]).sample(named, PER_KIND))


def _product(stem: str, kind: Spec, number: int, model: str, brand: str) -> dict[str, object]:
    id = f"{kind['code']}-{number:03d}"
    rng = random.Random(id)
    tier = ((number * 7) % PER_KIND + rng.random()) / PER_KIND
    values = {"brand": brand, "model": model} | _attributes(kind, model, tier, rng)
    price = _price(kind, tier, values, rng)
    variants = list(_variants(id, kind, price, rng))
    colour = str(variants[0]["options"].get("colour") or rng.choice(kind["covers"]))
    shape = _plain(values.get("style", values.get("type")))
    stock = sum(v["stock"] for v in variants)
    row: dict[str, object] = {
        "id": id,
        "title": _fill(kind["title"], kind, values),
        "title_zh": _fill(kind["title_zh"], kind, values),
        "description": _description(kind, values, rng),
        "brand": brand,
        "category": kind["category"],
        "price": min(v["price"] for v in variants),
        "currency": "USD",
        "rating": round(min(4.9, max(3.1, rng.gauss(4.0 + 0.4 * tier, 0.35))), 1),
        "availability": "in stock" if stock else "out of stock",
        "image": f"{kind.get('drawn', {}).get(shape, stem)}-{_slug(colour)}.svg",
        "attributes": {name: _plain(value) for name, value in values.items() if name not in ("brand", "model")},
    }
    if len(variants) > 1 or variants[0]["options"]:
        return row | {"variants": variants}
    return row | {"stock": stock}


def _attributes(kind: Spec, model: str, tier: float, rng: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for spec in kind["attribute"]:
        apart = random.Random(f"{spec['name']} of {model}") if spec.get("apart") else rng  # moves no other's numbers
        value = _value(spec, tier, values, apart)
        if value is not None and all(_plain(values[name]) in those for name, those in spec.get("only", {}).items()):
            values[spec["name"]] = value
    return values


def _value(spec: Spec, tier: float, values: Mapping[str, Any], rng: random.Random) -> Any:
    """One attribute's value: by rank, by chance, several, from a range, or by another attribute's value."""
    if "rises" in spec:
        place = min(0.999, max(0.0, tier + rng.uniform(-0.15, 0.15)))
        value: Any = spec["rises"][int(place * len(spec["rises"]))]
    elif "any" in spec:
        value = rng.choice(spec["any"])
    elif "some" in spec:
        return sorted(rng.sample(spec["some"], rng.randint(2, len(spec["some"]) - 1)))
    elif "range" in spec:
        low, high, step = spec["range"]
        value = low + step * rng.randrange(int((high - low) / step) + 1)
    else:
        value = spec["values"].get(str(_plain(values.get(spec["by"], ""))))
    return _measured(spec, value, rng)


def _measured(spec: Spec, value: Any, rng: random.Random) -> Any:
    """The number with its jitter and its unit; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    step = spec.get("step", 0.1 if isinstance(value, float) else 1)
    jittered = value * rng.uniform(1 - spec.get("jitter", 0), 1 + spec.get("jitter", 0))
    number = float(f"{max(1, round(jittered / step)) * step:.10g}")
    whole = int(number) if number.is_integer() else number
    return f"{whole} {spec['unit']}" if "unit" in spec else whole


def _price(kind: Spec, tier: float, values: Mapping[str, Any], rng: random.Random) -> float:
    """Between the kind's cheapest and dearest on a geometric scale, then as shops write prices."""
    low, high = kind["price"]
    raw: float = low * (high / low) ** tier * kind["brands"][values["brand"]] * rng.uniform(0.93, 1.07)
    for name, factors in kind.get("factors", {}).items():
        raw *= factors.get(_plain(values[name]), 1)
    if raw < 100:
        return round(raw) - 0.01
    return float(round(raw / 10) * 10 - 1)


def _variants(id: str, kind: Spec, price: float, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Every combination of the colours and options this product comes in, each with its price and stock."""
    axes: list[list[tuple[str, str, float]]] = []
    if kind["colours"]:
        chosen = rng.sample(kind["colours"], rng.randint(1, 3))
        axes.append([("colour", colour, 0.0) for colour in chosen])
    for option in kind.get("option", ()):
        adds = option.get("adds", [0] * len(option["values"]))
        width = rng.randint(option["least"], option["most"])
        first = rng.randrange(len(option["values"]) - width + 1)
        axes.append([(option["name"], option["values"][i], adds[i] - adds[first]) for i in range(first, first + width)])
    sold_out = rng.random() < 0.05
    for number, combination in enumerate(itertools.product(*axes), 1):
        yield {
            "id": f"{id}-{number}",
            "price": round(price + sum(add for _, _, add in combination), 2),
            "stock": 0 if sold_out or rng.random() < 0.15 else rng.randint(1, 40),
            "options": {name: value for name, value, _ in combination},
        }


def _description(kind: Spec, values: Mapping[str, Any], rng: random.Random) -> str:
    """An opening, what is special about this product's values, a closing."""
    told = []
    for spec in kind["attribute"]:
        value = _plain(values.get(spec["name"]))
        told.append(spec.get("sentence", {}).get("true" if value is True else str(value)))
    return " ".join([rng.choice(kind["opening"]), *filter(None, told), rng.choice(kind["closing"])])


def _fill(template: str, kind: Spec, values: Mapping[str, Any]) -> str:
    """The title: {name} is a value in English, {name_zh} in Chinese, {name_title} as titles write it."""
    specs: dict[str, Spec] = {spec["name"]: spec for spec in kind["attribute"]}
    words: dict[str, str] = defaultdict(str)
    for name, value in values.items():
        spec = specs.get(name, {})
        english, _, chinese = _worded(spec, value).partition("|")
        words[name] = f"{english} " if value is True else english
        words[f"{name}_zh"] = chinese or english
        words[f"{name}_title"] = spec.get("title", {}).get(english, english)
    return re.sub(r"\s+", " ", template.format_map(words)).strip()


def _worded(spec: Spec, value: Any) -> str:
    """The value as words, "English|Chinese"; a boolean is its attribute's `word` or nothing."""
    if isinstance(value, bool):
        return str(spec.get("word", "")) if value else ""
    return str(value)


def _plain(value: Any) -> Any:
    """The value as the feed has it: its English half."""
    return value.partition("|")[0] if isinstance(value, str) else value


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower())


def write() -> None:
    """Write the feed and every picture it names."""
    rows = list(products())
    FEED.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    for name in sorted({Path(str(row["image"])).name for row in rows}):
        kind, _, colour = name.removesuffix(".svg").partition("-")
        (PICTURES / name).write_text(draw(kind, colour), encoding="utf-8")


if __name__ == "__main__":
    write()
