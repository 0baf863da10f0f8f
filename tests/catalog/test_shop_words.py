"""A shop's words: read, checked with file, line and field, kept as JSON, and what they do to the lexicon."""

from __future__ import annotations

import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.lexicon import Lexicon
from catalog.shop_words import KindWords, ShopWords
from errors import BadWords

FILE = """
[kinds."standing desk"]
words = ["sit-stand desk"]
under = ["desk"]

[umbrella]
"party wear" = ["blouse", "kaftan"]

[synonyms]
sofa = ["davenport"]

[joins."main colour"]
grey = ["gray", "gry"]

[kind_of]
"SKU 17" = "sofa"
"""


def test_every_section_is_read() -> None:
    assert ShopWords.parse(FILE) == ShopWords(
        kinds={"standing desk": KindWords(words=("sit-stand desk",), under=("desk",))},
        umbrella={"party wear": ("blouse", "kaftan")},
        synonyms={"sofa": ("davenport",)},
        joins={"main colour": {"grey": ("gray", "gry")}},
        kind_of={"SKU 17": "sofa"},
    )


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text("# nothing yet\n", encoding="utf-8")
    words = ShopWords.read(tmp_path / "words.toml")
    assert words == ShopWords()
    assert not words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n[umbrela]\ntops = ['shirt']", "w.toml, line 2: umbrela is not known; did you mean 'umbrella'?"),
        ("[umbrella]\ntops = 'shirt'", 'w.toml, line 2: umbrella.tops needs a list of words: tops = ["..."]'),
        ("[umbrella]\ntops = [1]", "w.toml, line 2: umbrella.tops needs a text in quotes, not 1"),
        ("[umbrella]\ntops = ['tops']", "w.toml, line 2: umbrella.tops lists 'tops' itself; leave it out"),
        (
            "[joins.colour]\ngrey = ['gry']\n\ngreige = ['gry']",
            "w.toml, line 4: joins.colour.greige 'gry' is already joined as 'grey'; keep one of the two",
        ),
        (
            "[joins.colour]\ngrey = ['gray']\ngray = ['gry']",
            "w.toml, line 2: joins.colour.grey 'gray' is already joined as 'gray'; keep one of the two",
        ),
        ("[kinds.desk]\nword = ['x']", "w.toml, line 2: kinds.desk.word is not known; did you mean 'words'?"),
        (
            "[kind_of]\nx = ' '",
            "w.toml, line 2: kind_of.x needs a text of 1 to 200 characters on one line, not ' '",
        ),
        (
            '["joins"]\n"a b" = 3',
            'w.toml, line 2: joins."a b" is a table: write [joins."a b"] and value = ["spelling"] below',
        ),
        ("kinds = 3", "w.toml, line 1: kinds is a table: write [kinds] and its entries below"),
    ],
)
def test_a_mistake_names_file_line_and_field(text: str, told: str) -> None:
    with pytest.raises(BadWords) as raised:
        ShopWords.parse(text, "w.toml")
    assert str(raised.value) == told


def test_what_is_no_file_of_words_is_said(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes("[umbrella]\ncafé = []".encode("latin-1"))
    for path, told in ((tmp_path / "none.toml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(BadWords, match=told):
            ShopWords.read(path)
    with pytest.raises(BadWords, match="not UTF-8 at byte 14"):
        ShopWords.read(tmp_path / "latin.toml")
    with pytest.raises(BadWords, match="not TOML: .*line 1"):
        ShopWords.parse("tops [", "w.toml")


_WORD = st.text(string.ascii_letters + " 外设'\"\\-é", min_size=1, max_size=12).map(str.strip).filter(bool)
_LISTS = st.dictionaries(_WORD, st.lists(_WORD.map("+{}".format), unique=True).map(tuple), max_size=4)


@given(_LISTS, _LISTS, st.dictionaries(_WORD, _WORD, max_size=3))
def test_kept_words_read_back_the_same(
    umbrella: dict[str, tuple[str, ...]], synonyms: dict[str, tuple[str, ...]], kind_of: dict[str, str]
) -> None:
    words = ShopWords(umbrella=umbrella, synonyms=synonyms, kind_of=kind_of)
    assert ShopWords.from_json(words.to_json()) == words


@given(st.text(max_size=80))
def test_any_text_is_words_or_a_told_mistake(text: str) -> None:
    with suppress(BadWords):
        assert isinstance(ShopWords.parse(text), ShopWords)


def test_words_widen_the_lexicon() -> None:
    default = Lexicon.default()
    lexicon = default.with_words(ShopWords.parse(FILE))
    assert [kind.name for kind in lexicon.kinds_named("sit-stand desks")] == ["standing desk"]
    assert "desk" in lexicon.wider("standing desk")
    assert lexicon.narrower("party wear") == ("blouse", "kaftan")
    assert [kind.name for kind in lexicon.kinds_named("Davenport")] == ["sofa"]
    assert default.kinds_named("davenport") == ()
    assert default.with_words(ShopWords()) is default


def test_a_word_given_to_one_kind_is_taken_from_the_others() -> None:
    default = Lexicon.default()
    assert [kind.name for kind in default.kinds_named("couch")] == ["sofa"]
    lexicon = default.with_words(ShopWords(kinds={"day bed": KindWords(words=("couch",))}))
    assert [kind.name for kind in lexicon.kinds_named("couch")] == ["day bed"]
