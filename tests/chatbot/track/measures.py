"""A small shop of things that are measured: screens, phones, shoes, tents, kettles, toys, cables, sofas, headphones."""

from __future__ import annotations

from catalog.types import Product
from tests.chatbot.track.goods import product
from tests.chatbot.track.shop import MemoryShop


def shop(currency: str = "USD") -> MemoryShop:
    """Forty-odd products in ten kinds, every number with its unit."""
    things = (
        _monitors(),
        _phones(),
        _shoes(),
        _tents(),
        _kettles(),
        _toys(),
        _cables(),
        _sofas(),
        _headphones(),
        _cars(),
    )
    return MemoryShop([thing for kind in things for thing in kind], currency)


def _monitors() -> list[Product]:
    rows = [(21.5, "1920x1080", 60, 4.2), (24, "1920x1080", 75, 3.6), (27, "2560x1440", 144, 6.1), (27, "3840x2160", 60, 5.9),
            (32, "3840x2160", 60, 8.3), (34, "3440x1440", 144, 9.0)]  # fmt: skip
    return [
        product(f"d{n}", "monitor", f"Viewlor V{n}0 {size}\" monitor", "Viewlor", 90.0 * n, 3.4 + n / 4,
                screen_size=(size, "in"), resolution=resolution, refresh_rate=(rate, "Hz"), weight=(weight, "kg"))
        for n, (size, resolution, rate, weight) in enumerate(rows, 1)
    ]  # fmt: skip


def _phones() -> list[Product]:
    rows = [(64, 4, 4000, 2016, 180), (128, 6, 4500, 2019, 190), (128, 8, 5000, 2021, 195), (256, 12, 5000, 2023, 205),
            (512, 16, 5500, 2024, 220)]  # fmt: skip
    return [
        product(f"p{n}", "phone", f"Calla C{n} phone", "Calla" if n % 2 else "Ringo", 150.0 * n, 3.2 + n / 3,
                storage=(storage, "GB"), memory=(memory, "GB"), battery_capacity=(battery, "mAh"),
                release_date=f"{year}-06-01", weight=(grams, "g"))
        for n, (storage, memory, battery, year, grams) in enumerate(rows, 1)
    ]  # fmt: skip


def _shoes() -> list[Product]:
    return [
        product(f"s{n}", "shoes", f"Strider shoes {colour} {n}", "Strider", 40.0 + 15 * n, 3.5 + n / 5,
                size=[f"EU {n % 4 + 39}", f"EU {n % 4 + 40}", f"EU {n % 4 + 41}"], colour=colour)
        for n, colour in enumerate(("black", "white", "red", "blue") * 2, 1)
    ]  # fmt: skip


def _tents() -> list[Product]:
    return [
        product(f"t{n}", "tent", f"Fellside {sleeps} person tent", "Fellside", 80.0 * n, 3.8 + n / 5,
                sleeps=(sleeps, "persons"), weight=(1.2 * n, "kg"), packed_length=(40 + 5 * n, "cm"))
        for n, sleeps in enumerate((1, 2, 4, 6), 1)
    ]  # fmt: skip


def _kettles() -> list[Product]:
    return [
        product(f"k{n}", "kettle", f"Brewell kettle {litres} l", "Brewell", 15.0 + 12 * n, 3.3 + n / 4,
                capacity=(litres, "l"), power=(1000 + 500 * n, "W"), weight=(0.7 + n / 5, "kg"), height=(18 + 2 * n, "cm"))
        for n, litres in enumerate((0.8, 1.2, 1.7, 2.0), 1)
    ]  # fmt: skip


def _toys() -> list[Product]:
    return [
        product(f"y{n}", "toy", f"Brickly castle {pieces} pieces", "Brickly", 9.0 + 10 * n, 3.9 + n / 5,
                minimum_age=(age, "years"), pieces=(pieces, "pieces"))
        for n, (age, pieces) in enumerate(((2, 12), (4, 60), (8, 250), (12, 900)), 1)
    ]  # fmt: skip


def _cables() -> list[Product]:
    return [
        product(f"a{n}", "cable", f"Linkor HDMI cable {metres} m", "Linkor", 4.0 + 3 * n, 4.0 + n / 6,
                cable_length=(metres, "m"))
        for n, metres in enumerate((0.5, 1, 2, 3, 5), 1)
    ]  # fmt: skip


def _sofas() -> list[Product]:
    return [
        product(f"o{n}", "sofa", f"Riverside {seats} seater sofa", "Riverside", 250.0 * n, 3.6 + n / 4,
                seats=(seats, "seats"), width=(120 + 40 * seats, "cm"))
        for n, seats in enumerate((1, 2, 3, 4), 1)
    ]  # fmt: skip


def _headphones() -> list[Product]:
    return [
        product(f"h{n}", "headphones", f"Orlo headphones {n}", "Orlo", 30.0 * n, 3.1 + n / 3,
                battery_life=(hours, "h"), weight=(150 + 30 * n, "g"), bluetooth=n > 1)
        for n, hours in enumerate((12, 20, 30, 40, 60), 1)
    ]  # fmt: skip


def _cars() -> list[Product]:
    rows = [("Vento", 5, 98, 6.2), ("Vento", 7, 140, 7.9), ("Marlo", 5, 220, 8.8), ("Marlo", 4, 300, 10.5)]
    return [
        product(f"c{n}", "car", f"{brand} {n}", brand, 9000.0 * n, 3.8 + n / 5, seats=(seats, "seats"),
                horsepower=(power, "hp"), fuel_consumption=(litres, "L/100km"))
        for n, (brand, seats, power, litres) in enumerate(rows, 1)
    ]  # fmt: skip
