"""The hosts that a catalogue's pictures lie on."""

from __future__ import annotations

from dataclasses import replace

from catalog.picture_hosts import picture_hosts
from catalog.types import Product, Variant


def product(number: int, image: str | None, *variants: str) -> Product:
    return replace(
        Product(str(number), "Mouse", tuple(Variant(f"{number}-{n}", image=v) for n, v in enumerate(variants))),
        image=image,
    )


def test_most_named_come_first_and_rare_ones_not_at_all() -> None:
    common = [product(n, f"https://img.example/{n}.png") for n in range(150)]
    second = [product(n, None, "http://CDN.example:8080/a.png", "https://cdn.example:8080/b.png") for n in range(10)]
    rare = [product(0, "https://tracker.example/1.gif")]
    assert picture_hosts(common + second + rare, 5) == ("img.example", "cdn.example:8080")
    assert picture_hosts(common + second, 1) == ("img.example",)


def test_what_is_no_address_outside_names_no_host() -> None:
    odd = [
        "",
        "pictures/a.svg",
        "javascript:alert(1)",
        "data:image/png;base64,x",
        "http://[",
        "https://a@b.example/x",
        "//x/y",
        "https://x.example; script-src *; connect-src */a.png",
        "https://*/a.png",
        "https://图片.example/a.png",
        "https://x.example:port/a.png",
        "http://169.254.169.254/latest",
        "http://localhost:3000/a.png",
        "http://192.168.1.1/a.png",
        "http://127.1/a.png",
        "ht\ntps://x.example/a.png",
    ]
    assert picture_hosts([product(n, image) for n, image in enumerate(odd)], 5) == ()
    assert picture_hosts([], 5) == ()
