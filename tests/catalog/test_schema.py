from __future__ import annotations

import json

import numpy as np

from catalog.cells import parse_cell
from catalog.columns import Columns
from catalog.schema import header_unit, infer_slots, vocabulary
from catalog.slot_json import slot_from_json, slot_to_json
from catalog.types import Constraint, KindStats, Money, Op, Product, Slot, Term, Variant
from catalog.where import rows_where


def product(number: int, kind: str, title: str = "", price: float = 10, **attributes: object) -> Product:
    cells = {name: found for name, value in attributes.items() if (found := parse_cell(value))}
    variant = Variant(str(number), Money(price, "USD"), None, {})
    return Product(str(number), title or f"{kind} {number}", (variant,), category=(kind,), attributes=cells)


def slots_of(*products: Product) -> dict[str, Slot]:
    return {slot.name: slot for slot in infer_slots(products)}


def test_kinds_of_slots_follow_their_cells() -> None:
    products = [
        product(
            n,
            "lamp",
            color=("black", "white, red")[n % 2],
            wattage=f"{5 + n} W",
            dimmable=("yes", "no")[n % 2],
            touch=n % 2 == 0,
            story="A lamp that a grandmother would have loved, " * 2 + str(n),
            cores=str(n),
        )
        for n in range(20)
    ]
    slots = slots_of(*products)
    assert {name: (slot.kind, slot.many, slot.informable) for name, slot in slots.items()} == {
        "title": ("text", False, False),
        "price": ("number", False, True),
        "category": ("category", False, True),
        "color": ("category", True, True),
        "wattage": ("number", False, True),
        "dimmable": ("boolean", False, True),
        "touch": ("boolean", False, True),
        "story": ("text", False, False),
        "cores": ("number", False, True),
    }
    assert (slots["color"].concept, slots["wattage"].concept, slots["wattage"].unit) == ("colour", "power", "W")
    assert slots["price"].by_kind == {"lamp": KindStats("USD", 1.0, 10, 10)}


def test_units_are_learned_from_texts_for_each_kind() -> None:
    notebooks = [
        product(n, "notebook", f"Swift {n} notebook {1.1 + n / 10:.1f} kg {n + 4} GB", weight=1100 + 100 * n,
                internal_memory=n + 4)
        for n in range(6)
    ]  # fmt: skip
    printers = [
        product(20 + n, "printer", f"Jet {n} printer {64 * (n + 1)} MB", internal_memory=64 * (n + 1)) for n in range(5)
    ]
    slots = slots_of(*notebooks, *printers)
    assert slots["weight"].unit == "g"
    memory = slots["internal_memory"]
    assert (memory.unit_for("notebook"), memory.unit_for("printer")) == ("GB", "MB")


def test_counted_things_lend_their_unit_only_to_slots_that_name_them() -> None:
    tents = [product(n, "tent", f"Ridge tent, {n + 2} person", doors=n + 2, persons=n + 2) for n in range(6)]
    slots = slots_of(*tents)
    assert (slots["doors"].unit, slots["persons"].unit) == (None, "persons")


def test_headers_state_units() -> None:
    stated = [
        header_unit(name) for name in ("油耗(L/100km)", "weight_kg", "length (cm)", "排量（L）", "size", "model (new)")
    ]
    assert stated == ["L/100km", "kg", "cm", "l", None, None]


def test_a_range_of_words_with_few_exceptions_is_a_number() -> None:
    products = [product(n, "pc", 屏幕尺寸=("15.6 英寸", "14 英寸", "无显示器")[n % 3]) for n in range(12)]
    slot = slots_of(*products)["屏幕尺寸"]
    assert (slot.kind, slot.unit, slot.concept) == ("number", "in", "screen size")


def test_logistics_and_identifiers_are_answerable_but_not_asked() -> None:
    products = [product(n, "lamp", package_weight=n + 1.5, gtin=str(4000 + n), color="red") for n in range(10)]
    slots = slots_of(*products)
    assert [(slots[name].informable, slots[name].requestable) for name in ("package_weight", "gtin")] == [
        (False, True),
        (False, True),
    ]


def test_a_slot_of_one_kind_is_informable_for_its_coverage_there() -> None:
    lamps = [product(n, "lamp", color="red") for n in range(200)]
    cables = [product(300 + n, "cable", cable_length=float(n)) for n in range(8)]
    slots = slots_of(*lamps, *cables)
    assert slots["cable_length"].informable
    assert slots["cable_length"].by_kind["cable"] == KindStats(None, 1.0, 0, 7)


def test_a_vocabulary_counts_values_by_kind() -> None:
    products = [product(1, "lamp", color="red"), product(2, "lamp", color="red, blue"), product(3, "rug", color="blue")]
    found = vocabulary(products, infer_slots(products))
    assert found["color"] == (Term("blue", 2, {"lamp": 1, "rug": 1}), Term("red", 2, {"lamp": 2}))
    assert found["category"] == (Term("lamp", 2, {"lamp": 2}), Term("rug", 1, {"rug": 1}))


def test_nothing_is_inferred_from_nothing() -> None:
    assert infer_slots([]) == ()
    assert vocabulary([], []) == {}


def test_numbers_in_another_unit_than_their_kinds_are_told_by_the_texts() -> None:
    small = [product(n, "module", f"Module {n + 1} GB", internal_memory=n + 1) for n in range(8)]
    large = [product(20 + n, "module", f"Module {n + 1} GB", internal_memory=1024 * (n + 1)) for n in range(3)]
    silent = product(40, "module", "Module", internal_memory=2048)
    memory = slots_of(*small, *large, silent)["internal_memory"]
    stats = memory.by_kind["module"]
    assert (stats.unit, stats.low, stats.high, dict(stats.others)) == (
        "GB", 1, 8, {1024: "MB", 2048: "MB", 3072: "MB"},
    )  # fmt: skip
    assert [memory.unit_for("module", number) for number in (4, 2048, 4096)] == ["GB", "MB", "GB"]
    columns = Columns.build([*small, *large, silent], [memory])
    found = np.flatnonzero(rows_where(columns, [Constraint("internal_memory", Op.EQ, 2.0, "GB")]))
    assert found.tolist() == [1, 9, 11]
    assert slot_from_json(json.loads(json.dumps(slot_to_json(memory)))) == memory


def test_what_a_shopper_must_choose_by_can_be_asked_in_the_smallest_shop() -> None:
    sizes = tuple(Variant(f"1-{size}", options={"Size": (size,)}) for size in ("S", "M"))
    slots = slots_of(Product("1", "Shirt", sizes, category=("shirt",)), product(2, "rug"), product(3, "lamp"))
    assert slots["Size"].informable
