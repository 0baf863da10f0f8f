"""One thing under several ids."""

from __future__ import annotations

import pytest

from catalog.doctor import duplicates
from catalog.doctor.duplicates import valid_gtin
from tests.catalog.doctor.shops import Look, lamps


@pytest.mark.parametrize("code", ["4006381333931", "012345678905", "96385074", "10012345678902"])
def test_a_right_check_figure(code: str) -> None:
    assert valid_gtin(code)
    assert not valid_gtin(code[:-1] + str((int(code[-1]) + 1) % 10))


@pytest.mark.parametrize("code", ["", "0000000000000", "12345", "40063813339３1", "4006381333931 "])
def test_no_barcode(code: str) -> None:
    assert not valid_gtin(code)


def test_one_barcode_under_two_ids(look: Look) -> None:
    rows = lamps(12, gtin={0: "4006381333931", 1: "4006381333931", 2: "1111111111111", 3: "1111111111111"}.get)
    (found,) = look(duplicates.one_barcode, rows)
    assert found.says == "1 barcode stands under several ids: 2 products"
    assert [e.id for e in found.examples] == ["L0", "L1"]


def test_one_title_under_two_ids(look: Look) -> None:
    rows = lamps(12, colour=lambda n: "red" if n else "blue")
    twin, other = {**rows[3], "id": "twin", "price": 99}, {**rows[0], "id": "other", "colour": "green"}
    (found,) = look(duplicates.same_title, [*rows, twin, other])
    assert (found.rule, found.count, [e.id for e in found.examples]) == ("same title", 1, ["L3", "twin"])


def test_the_same_words_in_another_order(look: Look) -> None:
    rows = lamps(12)
    (found,) = look(duplicates.same_title, [*rows, {**rows[3], "id": "twin", "title": "desk lamp Dune Arc"}])
    assert (found.rule, found.count) == ("same words", 1)


def test_variants_that_are_products(look: Look) -> None:
    def row(n: int, line: str, colour: str, price: float) -> dict[str, object]:
        return {
            "id": f"T{n}",
            "title": f"{line} t-shirt {colour}",
            "category": "t-shirt",
            "price": price,
            "colour": colour,
        }

    colours = ("red", "navy", "olive")
    rows = [row(n, ("Harbour", "Meadow")[n // 3], colours[n % 3], 20) for n in range(6)]
    far = [row(6 + n, "Ridge", colours[n], 20 * 3**n) for n in range(3)]  # unlike prices: unlike things
    (found,) = look(duplicates.scattered_variants, [*rows, *far])
    assert found.says == "6 products are 2 things in several colours or sizes, each a product of its own"
    assert [e.id for e in found.examples] == ["T0", "T1", "T2", "T3", "T4"]
