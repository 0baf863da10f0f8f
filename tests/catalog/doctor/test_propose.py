"""Proposals of words: always a file that import reads, whatever the shop's names hold; accepted ones are not made again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.doctor.propose import proposals
from catalog.ingest import ImportOptions
from catalog.shop_words import KindWords, ShopWords
from tests.catalog.doctor.shops import lamps, opened

_NAMES = st.text(min_size=1, max_size=20).map(lambda text: f"q{text}") | st.sampled_from(
    ['a"b', "a\\b", "a\nb # c", "'''", '"""', "]", "[kinds]", "# = []", "a.b", "外设", "\u007f", "\u2028x", "a=b", " "]
)


@settings(max_examples=20)
@given(st.lists(_NAMES, min_size=2, max_size=4, unique=True), _NAMES)
def test_any_names_make_a_readable_file(names: list[str], title: str) -> None:
    rows = [row for n, name in enumerate(names) for row in _family(n, name, title)]
    with TemporaryDirectory() as folder:
        text, _ = proposals(opened(Path(folder), rows))
    ShopWords.parse(text)


def _family(number: int, name: str, title: str) -> list[dict[str, object]]:
    """Three products of one strange category, maker, colour and id."""
    return [
        {"id": f"{name}-{number}-{n}", "title": f"{title} thing {number}{n}", "category": f"{name} zibel", "price": 5,
         "brand": (name, f"{name} Ltd.")[n % 2], "colour": name}
        for n in range(3)
    ]  # fmt: skip


def test_what_the_words_say_stays_in_the_file_and_is_not_proposed_again(tmp_path: Path) -> None:
    words = ShopWords(
        kinds={"night light": KindWords(words=("glow lamp",), under=("lamp",))},
        umbrella={"glowing things": ("desk lamp",)},
        synonyms={"zibeline": ("fluff",)},
        joins={"brand": {"Lumo": ("Lumo Ltd.",)}},
        kind_of={"L0": "night light"},
    )
    rows = lamps(
        12,
        category=lambda n: "zibeline" if n in (1, 2) else "frotteuse" if n in (3, 4) else "desk lamp",
        brand=lambda n: ("Lumo", "Lumo Ltd.", "Acme")[n % 3],
    )
    text, count = proposals(opened(tmp_path, rows, ImportOptions(words=words)))
    assert ShopWords.parse(text) == words
    assert count == 1
    assert '# frotteuse = ["another word for frotteuse"]' in text
