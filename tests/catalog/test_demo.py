"""The demo shop is what its generator makes, and a shop worth talking about."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree as ET

from catalog.demo import FEED, PICTURES
from catalog.demo.draw import PAINT, draw
from catalog.demo.make import products

ROWS = [json.loads(line) for line in FEED.read_text(encoding="utf-8").splitlines()]


def test_committed_feed_is_what_the_generator_makes() -> None:
    assert list(products()) == ROWS


def test_committed_pictures_are_what_the_feed_names() -> None:
    named = {row["image"] for row in ROWS}
    assert {path.name for path in PICTURES.iterdir()} == named
    for name in named:
        kind, _, colour = name.removesuffix(".svg").partition("-")
        assert (PICTURES / name).read_text(encoding="utf-8") == draw(kind, colour)


def test_three_hundred_products_in_ten_kinds() -> None:
    assert Counter(Counter(row["category"] for row in ROWS).values()) == {30: 10}
    assert len({row["id"] for row in ROWS}) == len({row["title"] for row in ROWS}) == len(ROWS) == 300


def test_every_product_has_a_chinese_title_and_something_to_say() -> None:
    assert all(re.search(r"[\u4e00-\u9fff]{2}", row["title_zh"]) for row in ROWS)
    assert all(40 < len(row["description"]) < 400 for row in ROWS)
    assert not [row["title"] for row in ROWS if re.search(r"[{}|]|  |True|False|None", row["title"] + row["title_zh"])]


def test_prices_stock_and_variants_agree() -> None:
    for row in ROWS:
        variants = row.get("variants", [{"price": row["price"], "stock": row.get("stock")}])
        assert row["price"] == min(v["price"] for v in variants) > 0
        assert row["availability"] == ("in stock" if sum(v["stock"] for v in variants) else "out of stock")
    ids = [v["id"] for row in ROWS for v in row.get("variants", ())]
    assert len(set(ids)) == len(ids)
    assert 0 < sum(row["availability"] == "out of stock" for row in ROWS) < 60


def test_dear_laptops_have_more_memory() -> None:
    laptops = sorted((r for r in ROWS if r["category"].endswith("Laptops")), key=lambda r: float(r["price"]))
    thirds = [laptops[i : i + 10] for i in (0, 10, 20)]
    means = [sum(int(r["attributes"]["memory"].split()[0]) for r in third) / 10 for third in thirds]
    assert all(low < high for low, high in pairwise(means))


def test_every_figure_is_small_and_well_formed() -> None:
    for colour in PAINT:
        svg = draw("headphones", colour)
        assert ET.fromstring(svg).attrib["viewBox"] == "0 0 120 120"
        assert len(svg) < 1_000


def test_a_bigger_tent_is_heavier() -> None:
    weights: dict[int, list[float]] = {}
    for row in ROWS:
        if row["category"].endswith("Tents"):
            figure, unit = row["attributes"]["weight"].split()
            assert unit == "kg"
            weights.setdefault(row["attributes"]["persons"], []).append(float(figure))
    sizes = [weights[persons] for persons in sorted(weights)]
    assert len(sizes) == 5
    assert all(max(light) < min(heavy) for light, heavy in pairwise(sizes))
