from __future__ import annotations

from collections.abc import Sequence

import pytest

from catalog.cells import parse_cell
from catalog.kinds import Kinds, categories, role
from catalog.lexicon import Lexicon
from catalog.titles import TitleReader
from catalog.types import Product

READER = TitleReader(Lexicon.default())


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ('Acme Swift 14 Notebook Silver 35.6 cm (14") Full HD 8 GB 256 GB SSD', "notebook"),
        ("Acme 15.6 inch laptop bag, black", "laptop bag"),
        ("Acme N15 notebook spare part battery", "notebook battery"),
        ("Acme TN-100 toner cartridge Original Black", "toner cartridge"),
        ("Acme printer drum for LaserStar printers", "printer drum"),
        ("Acme mouse pad with wrist rest", "mouse pad"),
        ("Acme USB to PS/2 Adapter - Keyboard and Mouse", "cable adapter"),
        ("Acme 3 ft Cat5e Snagless Patch Cable networking cable Orange", "networking cable"),
        ("Leather case for tablet", "tablet case"),
        ("Battery for notebook", "battery"),
        ("Acme flat panel wall mount", "tv mount"),
        ("Acme 3 year on-site service, notebooks", "service"),
        ("Acme 7189 screen protector Mobile phone/Smartphone", "screen protector"),
        ("Acme wireless keyboard and mouse set", "keyboard and mouse"),
        ("Acme LaserJet 4300dtn 1200 x 1200 DPI A4", "laser printer"),
        ("笔记本电脑包 15 英寸", "laptop bag"),
        ("无线鼠标", "mouse"),
        ("Acme SmartFit monitor & laptop mounting arm", "monitor arm"),
        ("Acme flat panel monitor arm, black", "monitor arm"),
        ("Acme laptop internal UK keyboard for D410", "computer spare part"),
        ("Acme Easy Riser laptop cooling stand", "laptop stand"),
        ("Acme 17'' overnight laptop roller - black", "laptop bag"),
        ("Acme SVGA / VGA monitor easy pull cable with audio", "video cable"),
        ("Acme bluetooth printer card", "printer accessory"),
        ("Acme digital camera black sport case", "camera case"),
        ("Acme flat screen TV floorstand (black)", "tv mount"),
        ("Acme wired optical mouse, laptop size", "mouse"),
        ("Acme 24 inch monitor with stand", "monitor"),
        ("Acme HDMI cable signal cable 3 m", "hdmi cable"),
        ("Acme 24-port 1U rack-mount Cat6 patch panel", "patch panel"),
        ("Acme Smart battery pack uninterruptible power supply", "battery"),
        ("Acme unit for C96/98 fuser 1000 pages", "printer kit"),
        ("Acme gigabit fiber adapter card", "network card"),
        ("Acme printer 36-pin converter cable", "cable"),
        ("Acme fan computer cooling component computer case", "computer cooling"),
        ("Acme DVI-D monitor with USB cable", "monitor"),
        ("Zork 3000", None),
        ("", None),
    ],
)
def test_the_head_of_a_title_tells_the_kind(title: str, kind: str | None) -> None:
    assert READER.kind(title) == kind


def infer_kinds(products: Sequence[Product]) -> list[str | None]:
    kinds = Kinds(products)
    return [kinds.kind(product) for product in products]


def product(number: int, title: str, **attributes: object) -> Product:
    return Product(str(number), title, (), attributes={name: parse_cell(value) for name, value in attributes.items()})


def test_a_title_that_tells_nothing_is_known_by_its_company() -> None:
    monitors = [product(n, f"Vista V{n} monitor", display_diagonal=20.0 + n, panel="IPS", hdmi=True) for n in range(12)]
    kettles = [product(20 + n, f"Brew B{n} kettle", water_tank=1.0 + n / 10, cordless=True) for n in range(12)]
    unnamed = product(40, "Vista V99", display_diagonal=27.0, panel="IPS", hdmi=True)
    stranger = product(41, "Zork", wibble=3.0)
    kinds = infer_kinds([*monitors, *kettles, unnamed, stranger])
    assert kinds == ["monitor"] * 12 + ["kettle"] * 12 + ["monitor", None]


def test_of_a_thing_and_its_accessory_in_one_title_the_record_decides() -> None:
    laptops = [product(n, f"Swift {n} laptop", ram=8.0 + n, display=14.0) for n in range(6)]
    adapters = [product(20 + n, f"Volt {n} power adapter", watts=60.0 + n, plug="C14") for n in range(6)]
    both = product(40, "Volt laptop 12-24V 90W power adapter", watts=90.0, plug="C14")
    bundle = product(41, "Swift 9 laptop 12-24V 90W power adapter", ram=16.0, display=14.0)
    kinds = infer_kinds([*laptops, *adapters, both, bundle])
    assert kinds[-2:] == ["power adapter", "notebook"]


def test_no_products_have_no_kinds() -> None:
    assert infer_kinds([]) == []
    assert infer_kinds([product(1, "Zork")]) == [None]


def test_a_product_line_tells_which_printer_it_is() -> None:
    assert infer_kinds(
        [product(1, "HP LaserJet 1020 printer"), product(2, "Acme printer", print_technology="Laser")]
    ) == [
        "laser printer",
        "laser printer",
    ]


def test_a_printer_that_copies_and_scans_is_a_multifunction_printer_and_a_laser_printer() -> None:
    both = product(1, "HP LaserJet 3055", copying="Mono", scanning="Colour", faxing="Mono")
    assert categories([both]) == [("laser printer", "multifunction printer")]


def test_what_it_is_for_tells_ink_from_toner() -> None:
    inks = [product(n, f"Acme {n}X ink cartridge", compatibility="Acme Deskjet 450, 460") for n in range(8)]
    toners = [product(20 + n, f"Acme {n}A toner cartridge", compatibility="Acme LaserJet 1020, 1022") for n in range(8)]
    terse = [product(40, "Acme 9A Original", compatibility="Acme LaserJet 3015"), product(41, "Acme 9X Original")]
    assert infer_kinds([*inks, *toners, *terse])[-2] == "toner cartridge"


def test_a_type_column_and_a_description_name_what_the_title_does_not() -> None:
    typed = product(1, "Zork 17", product_type="Jigsaw puzzle")
    told = Product("2", "Zork TB-1 2600 pages", (), "Waste toner container for Zork printers. Black.")
    assert infer_kinds([typed, told]) == ["puzzle", "printer kit"]


def test_what_is_made_for_a_product_line_is_an_accessory_of_its_device() -> None:
    titles = ["HP LaserJet custom media cassette", "Zork 17 tower cassette", "Zork 18"]
    for_named = product(9, "Zork ET-60", compatibility="Zork 75 mm, Zork 90")
    assert infer_kinds([*(product(n, title) for n, title in enumerate(titles)), for_named]) == [
        "printer accessory",
        "accessory",
        None,
        "accessory",
    ]


def test_a_feeds_own_category_stands_where_it_names_a_kind() -> None:
    rows = [
        Product("1", "Slim jeans", (), category=("Clothing", "Men")),
        Product("1b", "Zork", (), category=("Clothing", "Men")),
        Product("1c", "Laptop bag", (), category=("Clothing", "Men")),
        Product("2", "Blue", (), category=("Clothing", "Jeans & Denim")),
        Product("3", "Acme boot jeans", ()),
        Product("4", "Acme laptop", ()),
        Product("5", "Thing", (), brand="Zork", category=("Shoes", "Zork")),
        Product("6", "Rain coat", (), category=("Sale",)),
        Product("7", "Zork", (), category=("New",)),
    ]
    assert categories(rows) == [
        ("Clothing", "Jeans & Denim"),
        ("Clothing",),
        ("Clothing",),
        ("Clothing", "Jeans & Denim"),
        ("Clothing", "Jeans & Denim"),
        ("notebook",),
        ("Shoes",),
        ("Clothing", "coat"),
        (),
    ]


def test_of_a_large_catalogue_a_sample_is_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.kinds._LEARNT", 20)
    monkeypatch.setattr("catalog.kinds._SAMPLE", 10)
    monitors = [product(n, f"Vista V{n} monitor", display_diagonal=20.0 + n, panel="IPS", hdmi=True) for n in range(40)]
    unnamed = product(41, "Vista V99", display_diagonal=27.0, panel="IPS", hdmi=True)
    assert infer_kinds([*monitors, unnamed]) == ["monitor"] * 41


@pytest.mark.parametrize(
    ("title", "kind", "bought_as"),
    [
        ("Acme 15 laptop", "notebook", "main"),
        ("Acme laptop bag", "laptop bag", "accessory"),
        ("Acme toner", "toner cartridge", "consumable"),
        ("Acme projector lamp", "projector lamp", "part"),
        ("Acme 3 year service", "service", "service"),
        ("Acme replacement case fan", "computer cooling", "part"),
        ("Acme replacement charger", "charger", "accessory"),
        ("Zork", None, "main"),
    ],
)
def test_a_thing_is_told_from_what_serves_it(title: str, kind: str | None, bought_as: str) -> None:
    assert role(product(1, title), kind, Lexicon.default()) == bought_as


def test_a_part_number_that_shoppers_use_as_a_word_is_no_kind() -> None:
    assert READER.kind("Nordlund DV-77 developer unit black") == "printer drum"
