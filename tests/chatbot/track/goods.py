"""A small shop of everything, written for the tests of tracking: electronics, clothes and furniture, some in Chinese."""

from __future__ import annotations

from catalog.types import Cell, Money, Product, Quantity, Variant
from tests.chatbot.track.shop import MemoryShop


def product(
    id: str,
    kind: str,
    title: str,
    brand: str,
    price: float,
    rating: float = 4.0,
    currency: str = "USD",
    **slots: object,
) -> Product:
    """A product with one variant; attribute values are given plainly: text, bool, number or (number, unit)."""
    attributes = {name: _cells(value) for name, value in slots.items()}
    variant = Variant(id, Money(price, currency))
    return Product(id, title, (variant,), brand=brand, category=(kind,), rating=rating, attributes=attributes)


def _cells(value: object) -> tuple[Cell, ...]:
    if isinstance(value, list):
        return tuple(cell for part in value for cell in _cells(part))
    if isinstance(value, tuple):
        number, unit = value
        return (Quantity(number, number, unit, f"{number} {unit}"),)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (Quantity(float(value), float(value), None, str(value)),)
    assert isinstance(value, str | bool)
    return (value,)


def shop() -> MemoryShop:
    """Thirty-odd products in seven kinds."""
    return MemoryShop((*_mice(), *_notebooks(), *_sticks(), *_clothes(), *_furniture()))


def _mice() -> list[Product]:
    makers = [("Logira", "Black"), ("Logira", "Grey"), ("Kensai", "Black"), ("HP", "White"), ("Trust", "Silver")]
    return [
        product(f"m{n}", "mouse", f"{brand} wireless mouse MX{n}00 {colour}", brand, 12.0 + 9 * n, 3.5 + n / 4,
                product_colour=colour, connection="Wireless" if n % 2 else "Wired", bluetooth=n > 2, buttons=3 + n,
                weight=(90 + n, "g"))
        for n, (brand, colour) in enumerate(makers, 1)
    ]  # fmt: skip


def _notebooks() -> list[Product]:
    rows = [("HP", 8, 256, 13.3, 1300), ("Lenoro", 16, 512, 14, 1400), ("Lenoro", 16, 1024, 15.6, 1900),
            ("Delta", 32, 1024, 17.3, 2600), ("HP", 16, 512, 15.6, 2100)]  # fmt: skip
    return [
        product(f"n{n}", "notebook", f"{brand} Swift {n}S notebook {size}\" {ram} GB", brand, 400.0 + 250 * n,
                internal_memory=(ram, "GB"), total_storage=(disk, "GB"), display_diagonal=(size, "in"),
                weight=(grams, "g"), backlit_keyboard=n % 2 == 0, product_colour="Silver" if n % 2 else "Black",
                processor_family=f"Core i{5 + n % 3}")
        for n, (brand, ram, disk, size, grams) in enumerate(rows, 1)
    ]  # fmt: skip


def _sticks() -> list[Product]:
    return [
        product(f"u{n}", "usb stick", f"Verbato USB flash drive {size} GB", "Verbato", 5.0 + 3 * n,
                capacity=(size, "GB"), product_colour=["Black", "Red", "Blue"][n % 3])
        for n, size in enumerate((16, 32, 64, 128), 1)
    ]  # fmt: skip


def _clothes() -> list[Product]:
    rows = [("shirt", "white", "plain", ["S", "M"]), ("shirt", "brown", "vertical stripes", ["M", "L"]),
            ("shirt", "dark blue", "stripes", ["S", "XL"]), ("jacket", "black", "plain", ["L"]),
            ("jacket", "maroon", "plain", ["M", "XL"]), ("shirt", "red", "checkered", ["L"])]  # fmt: skip
    return [
        product(f"c{n}", kind, f"Uptown {pattern} {kind}, {colour}", "Uptown Loft" if n % 2 else "Sail & Co", 20.0 * n,
                2.5 + n / 4, colour=colour, pattern=pattern, sizes=sizes, material="cotton")
        for n, (kind, colour, pattern, sizes) in enumerate(rows, 1)
    ]  # fmt: skip


def _furniture() -> list[Product]:
    rows = [("sofa", "leather", "white"), ("sofa", "leather", "brown"), ("sofa", "fabric", "grey"), ("lamp", "metal", "white"),
            ("lamp", "wood", "black"), ("shelf", "wood", "white")]  # fmt: skip
    return [
        product(f"f{n}", kind, f"Riverside {kind}, {colour}", "Riverside", 90.0 * n, 3.0 + n / 4,
                colour=colour, material=material)
        for n, (kind, material, colour) in enumerate(rows, 1)
    ]  # fmt: skip
