"""Numbers that cannot be compared."""

from __future__ import annotations

from catalog.doctor import measures
from tests.catalog.doctor.shops import Look, lamps


def modules(bare: bool) -> list[dict[str, object]]:
    """Memory modules in gigabytes, every fourth in megabytes; `bare`: in gigabytes all."""
    sizes = (2, 4, 8, 16)
    rows = []
    for n in range(32):
        size = sizes[n // 4 % 4]
        odd = not bare and n % 4 == 0
        rows.append({
            "id": f"M{n}", "title": f"Kestrel {size} GB memory module, line {n}", "category": "memory module",
            "price": 30 + n, "internal_memory": size * 1024 if odd else size,
        })  # fmt: skip
    return rows


def test_two_units_in_one_column(look: Look) -> None:
    (found,) = look(measures.mixed_units, modules(bare=False))
    assert (found.rule, found.slot, found.kind, found.count) == ("mixed units", "internal_memory", "memory module", 8)
    assert found.says.startswith("internal_memory holds MB among GB without saying so: 8 products")
    assert found.examples[0].value == "2048 (Kestrel 2 GB memory module, line 0)"


def test_one_unit_is_no_fault(look: Look) -> None:
    assert look(measures.mixed_units, modules(bare=True)) == []


def test_two_sizes_of_a_thing_are_no_two_units(look: Look) -> None:
    """Table lamps of 43 and floor lamps of 430, both in millimetres or both in what they are: no text says otherwise."""
    rows = lamps(40, height=lambda n: 43 + n % 3 if n < 20 else 430 + n % 3)
    assert look(measures.mixed_units, rows) == []


def test_a_kind_in_another_unit_than_all_others(look: Look) -> None:
    rows: list[dict[str, object]] = [
        {"id": f"N{n}", "title": f"Tern notebook {n}, {2 + n % 3 / 10} GHz", "category": "notebook", "price": 500,
         "processor_frequency": 2 + n % 3 / 10}
        for n in range(20)
    ]  # fmt: skip
    rows += [
        {"id": f"P{n}", "title": f"Tern laser printer {n}", "category": "laser printer", "price": 200,
         "processor_frequency": (400, 600, 800)[n % 3]}
        for n in range(15)
    ]  # fmt: skip
    (found,) = look(measures.odd_kinds, rows)
    assert (found.rule, found.count) == ("a kind in another unit", 15)
    assert "600 for laser printer" in found.says


def test_ranges_that_overlap(look: Look) -> None:
    rows = lamps(20, battery_life=lambda n: ("5-7 h", "6-8 h", "over 7 h", "9 h")[n % 4])
    (found,) = look(measures.ranges_only, rows)
    assert (found.rule, found.slot, found.count) == ("overlapping ranges", "battery_life", 15)


def test_ranges_of_what_is_a_range_are_no_fault(look: Look) -> None:
    """From two to four players is what a game is for."""
    assert look(measures.ranges_only, lamps(20, players=lambda n: ("2-4", "3-6", "2-8")[n % 3])) == []
