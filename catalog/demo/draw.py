"""Draws a product as a small SVG: one plain figure a kind of thing, filled with the product's colour. Knows no product."""

from __future__ import annotations

PAINT = {
    "black": "#2f3136",
    "white": "#f4f2ee",
    "navy": "#2b3f66",
    "silver": "#b9bec6",
    "sand": "#d8c4a0",
    "red": "#c0392f",
    "sage-green": "#9caf88",
    "space-grey": "#5b5f66",
    "midnight-blue": "#223354",
    "rose-gold": "#d9a79c",
    "olive-green": "#6b7340",
    "burnt-orange": "#c4642d",
    "grey": "#8b8f96",
    "burgundy": "#722f3c",
    "mustard-yellow": "#d6a827",
    "electric-blue": "#2d6cdf",
    "coral": "#f07f68",
    "lime-green": "#9fd02f",
    "purple": "#6f4a9e",
    "stainless-steel": "#c3c8cc",
    "cream": "#f1e6cc",
    "mint-green": "#a9d8bd",
    "brass": "#c8a24a",
    "pastel-pink": "#f2c6cf",
    "forest-green": "#2f5d3c",
    "khaki": "#a3966a",
    "beige": "#d9c9ab",
    "green": "#4f8a4c",
    "orange": "#e08a2c",
    "blue": "#3b6fb5",
    "brown": "#7a5236",
}
"""The fill of each colour's name."""

_LINE = 'stroke="#33363b" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"'

# Drawn on 120 x 120: {c} is the product's colour; a class-less path, so that nothing outside can restyle it.
_FIGURES = {
    "headphones": '<path d="M25 72V62a35 35 0 0 1 70 0v10" fill="none"/>'
    '<rect x="17" y="66" width="20" height="32" rx="9" fill="{c}"/>'
    '<rect x="83" y="66" width="20" height="32" rx="9" fill="{c}"/>',
    "earbuds": '<path d="M40 58v34M80 58v34" stroke-width="10"/><path d="M40 58v34M80 58v34" stroke="{c}" stroke-width="5"/>'
    '<ellipse cx="36" cy="46" rx="17" ry="16" fill="{c}"/><ellipse cx="84" cy="46" rx="17" ry="16" fill="{c}"/>'
    '<path d="M24 40v12M96 40v12"/>',
    "laptops": '<rect x="26" y="30" width="68" height="46" rx="4" fill="{c}"/>'
    '<rect x="32" y="36" width="56" height="34" fill="#dfe9f2"/><path d="M14 82h92l-6 10H20z" fill="{c}"/>',
    "backpacks": '<path d="M48 24a12 12 0 0 1 24 0" fill="none"/>'
    '<rect x="32" y="24" width="56" height="76" rx="18" fill="{c}"/>'
    '<rect x="41" y="62" width="38" height="28" rx="6" fill="#ffffff40"/><path d="M41 46h38"/>',
    "running_shoes": '<path d="M16 82V52l16 6 14-14 22 20 30 8q8 3 8 14v4H16z" fill="{c}"/>'
    '<path d="M14 90h94" stroke-width="7"/><path d="m46 60 8-6m2 14 8-6m2 13 7-6"/>',
    "coffee_makers": '<path d="M28 20h56v16H50v60H28z" fill="{c}"/><path d="M24 100h66"/>'
    '<path d="M56 60h32v20q0 14-14 14h-4q-14 0-14-14z" fill="#6b4a3566"/>'
    '<path d="M88 66q12 0 10 9t-11 7" fill="none"/><path d="M72 36v12"/>',
    "french_presses": '<path d="M60 14v18" fill="none"/><circle cx="60" cy="14" r="4" fill="{c}"/>'
    '<path d="M34 32h52" stroke-width="8"/><rect x="38" y="38" width="44" height="60" rx="4" fill="#ffffffb3"/>'
    '<rect x="38" y="62" width="44" height="36" rx="4" fill="#6b4a35cc"/><path d="M82 46q20 2 16 22t-16 18" fill="none"/>'
    '<path d="M38 58h44M38 90h44" stroke="{c}" stroke-width="6"/>',
    "desk_lamps": '<path d="M40 98 32 58l32-26" fill="none" stroke-width="5"/>'
    '<path d="m54 30 20-12 24 34-34 6z" fill="{c}"/><path d="M22 98h40" stroke-width="8"/>'
    '<path d="m78 66 4 10m8-16 8 6" stroke="#e0b93a"/>',
    "jackets": '<path d="M46 20h28l22 14 8 48-14 4-6-26v42H36V60l-6 26-14-4 8-48z" fill="{c}"/>'
    '<path d="M60 30v72M46 20l14 12 14-12M42 74h10m16 0h10" fill="none"/>',
    "tents": '<path d="M60 26 14 96h92z" fill="{c}"/><path d="M60 26 46 96h28z" fill="#ffffff59"/>'
    '<path d="M60 26v-8M6 100h108" fill="none"/>',
    "board_games": '<rect x="22" y="38" width="76" height="60" rx="5" fill="{c}"/><path d="M22 54h76"/>'
    '<circle cx="46" cy="76" r="9" fill="#f0d9a0"/><rect x="64" y="67" width="18" height="18" rx="3" fill="#f7f4ee"/>'
    '<path d="M73 76h.1" stroke-width="5"/><path d="M52 38V26h16v12" fill="#c0392f"/>',
    "office_chairs": '<rect x="38" y="16" width="44" height="44" rx="10" fill="{c}"/>'
    '<rect x="32" y="64" width="56" height="12" rx="6" fill="{c}"/><path d="M60 60v30M36 102l24-12 24 12M60 90v12"/>'
    '<path d="M28 50v16m64-16v16"/>',
}


def draw(kind: str, colour: str) -> str:
    """The picture of a kind of product in a colour, as an SVG document of under 1 KB. KeyError: nobody drew that."""
    figure = _FIGURES[kind].replace("{c}", PAINT[colour])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="240" height="240">'
        f'<rect width="120" height="120" fill="#f6f7f9"/><g {_LINE} fill="none">{figure}</g></svg>\n'
    )
