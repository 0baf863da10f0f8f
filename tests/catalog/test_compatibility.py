from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import parse_cell
from catalog.compatibility import compatible_with, device
from catalog.devices import fits, fitting, split_devices
from catalog.types import Inferred, Product


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("LaserJet 1020, 1022, 3015", ("LaserJet 1020", "LaserJet 1022", "LaserJet 3015")),
        ("HP LaserJet 1020/1022", ("HP LaserJet 1020", "HP LaserJet 1022")),
        ("WorkStar W200-W210", ("WorkStar W200-W210",)),
        (
            "Samsung Galaxy S7 / S7 Edge / S8+; Apple iPhone 8 / 8 Plus / X / XS Max",
            (
                "Samsung Galaxy S7",
                "Samsung Galaxy S7 Edge",
                "Samsung Galaxy S8+",
                "Apple iPhone 8",
                "Apple iPhone 8 Plus",
                "Apple iPhone X",
                "Apple iPhone XS Max",
            ),
        ),
        ("- Nova Jet R19 + Nova P-3000\\n- Nova Jet R20", ("Nova Jet R19", "Nova P-3000", "Nova Jet R20")),
        ("CLC1100/1150", ("CLC1100", "CLC1150")),
        ("HP Deskjet 450, Photosmart 100", ("HP Deskjet 450", "HP Photosmart 100")),
        ("Server/Workstation", ("Server", "Workstation")),
        ("华为Mate40、P40", ("华为Mate40", "P40")),
        ("Universal", ()),
        ("", ()),
    ],
)
def test_a_list_of_devices_is_taken_apart(text: str, devices: tuple[str, ...]) -> None:
    assert split_devices(text) == devices


@pytest.mark.parametrize(
    ("value", "wished", "goes"),
    [
        ("HP LaserJet 1020", "LaserJet 1020", True),
        ("LaserJet 1020", "hp laserjet 1020", True),
        ("LaserJet 1020", "LaserJet 1022", False),
        ("Canon 1020", "HP LaserJet 1020", False),
        ("iPad 2", "iPad 2018", False),
        ("iPad 2018", "iPad 2", False),
        ("Apple iPad 2", "iPad 2", True),
        ("iPad Air 2", "iPad 2", False),
        ("iPad mini 2", "iPad 2", False),
        ("iPad (3rd generation)", "iPad 3", True),
        ("iPad 9.7 (2018)", "iPad 9.7", True),
        ("iPhone 12 Pro", "iPhone 12", False),
        ("iPhone 12", "iPhone 12 Pro", False),
        ("iPhone12", "iphone 12", True),
        ("iPhone X", "iPhone XS", False),
        ("iPhone X", "iPhone X", True),
        ("Galaxy S8+", "Galaxy S8 Plus", True),
        ("Galaxy S8+", "Galaxy S8", False),
        ("Samsung Note 8", "Galaxy Note 8", True),
        ("LaserJet P2015", "HP LaserJet P2015dn", True),
        ("BJC-8200", "BJC8200", True),
        ("T430s", "T430", False),
        ("LaserJet 1020", "LaserJet", True),  # a wish for a series is met by its models,
        ("LaserJet", "LaserJet 1020", False),  # a wish for a model not by the series' name,
        ("LaserJet series", "LaserJet 1020", True),  # unless it is for the whole of it
        ("HP LaserJet 1020", "HP", True),
        ("HP", "HP LaserJet 1020", False),
        ("Notebook", "notebooks", False),
        ("Notebook", "notebook", True),
        ("", "iPad 2", False),
        ("iPad 2", "", False),
    ],
)
def test_what_is_for_a_device_goes_with_it(value: str, wished: str, goes: bool) -> None:
    assert fits(value, wished) is goes
    assert fitting((value,), wished) == ((0,) if goes else ())


def product(title: str, **attributes: object) -> Product:
    return Product("1", title, (), attributes={name: parse_cell(value) for name, value in attributes.items()})


@pytest.mark.parametrize(
    ("title", "kind", "found"),
    [
        ("Leather case for iPad 9.7", "tablet case", Inferred(("iPad 9.7",), "title", 0.95)),
        ("Acme toner for HP LaserJet 1020/1022", "toner cartridge", Inferred(("HP LaserJet 1020", "HP LaserJet 1022"), "title", 0.95)),
        ("Acme drum kit for ZX120 imaging unit 500 pages", "printer drum", Inferred(("ZX120",), "title", 0.9)),
        ("Xerox Phaser 8860 / 8860MFP toner", "toner cartridge", Inferred(("Phaser 8860", "Phaser 8860MFP"), "title", 0.95)),
        ("手机壳 适用于 iPhone 12", "phone case", Inferred(("iPhone 12",), "title", 0.95)),
        ("Acme privacy filter for 24 inch screens", "privacy filter", None),
        ("Acme bag for work", "laptop bag", None),
        ("Acme Phaser 7700 printer", "laser printer", None),
        ("Acme lens f/2.8 USM", "camera lens", None),
    ],
)  # fmt: skip
def test_a_title_tells_what_a_thing_is_for(title: str, kind: str, found: Inferred | None) -> None:
    assert compatible_with(product(title), kind) == found


def test_columns_tell_it_better_than_the_title() -> None:
    toner = product("Acme toner for LaserJet 4", compatibility="LaserJet 1020, 1022", brand_compatibility="HP")
    assert compatible_with(toner, "toner cartridge") == Inferred(
        ("LaserJet 1020", "LaserJet 1022", "HP"), "attributes", 0.97
    )


def test_a_column_of_uses_counts_where_it_names_devices() -> None:
    assert compatible_with(product("Fan", suitable_for="Processor"), None) == Inferred(
        ("Processor",), "attributes", 0.92
    )
    assert compatible_with(product("Jigsaw", suitable_for="Indoor"), None) is None
    assert compatible_with(product("Card", compatibility=True), None) is None


def test_the_fit_of_a_coat_is_no_device() -> None:
    assert compatible_with(product("Coat", fit="slim"), "jacket") is None
    assert compatible_with(product("Cartridge", fit="LaserJet 4"), None) == Inferred(
        ("LaserJet 4",), "attributes", 0.92
    )
    assert compatible_with(product("Filter", fits="Forester"), None) == Inferred(("Forester",), "attributes", 0.97)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("my LaserJet 1020, please", "LaserJet 1020"),
        ("an iPad 2", "iPad 2"),
        ("iPhone 12 Pro Max in black", "iPhone 12 Pro Max"),
        ("work", None),
        ("my 24 inch monitor", None),
        ("", None),
    ],
)
def test_the_device_that_a_wish_names(text: str, named: str | None) -> None:
    assert device(text) == named


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for name in split_devices(text):
        assert fits(name, name) in (True, False)
    compatible_with(product(text, compatibility=text, suitable_for=text), "toner cartridge")
