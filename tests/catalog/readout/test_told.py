"""What a model read in texts: kept line by line, counted only where it stands, judged by what records state."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import parse_cell
from catalog.lexicon import Lexicon
from catalog.readout.asked import Shown, Wanted, subjects
from catalog.readout.read import learn
from catalog.readout.survey import survey
from catalog.readout.told import FILE, Answer, Told, standing, text_key, write, writing
from catalog.types import Inferred, Product, Quantity, Variant
from errors import ImportBusy

WOODS = ("oak", "ash", "elm", "yew")


def product(number: int, title: str, description: str = "", **stated: str) -> Product:
    cells = {name: parse_cell(value) for name, value in stated.items()}
    return Product(str(number), title, (Variant(str(number)),), description, category=("shelf",), attributes=cells)


def shelves(silent: bool) -> list[Product]:
    """Sixty shelves that state their finish and depth; beside them three that state nothing, if asked for."""
    stating = [
        product(n, f"Shelf {n} in {WOODS[n % 4]}wood, {20 + n % 5} cm deep", finish=f"{WOODS[n % 4]}wood", depth=f"{20 + n % 5} cm")
        for n in range(60)
    ]  # fmt: skip
    bare = [
        product(100, "Ledge in limewood, 23 cm deep"),
        product(101, "Ledge", "Made of Elmwood."),
        product(102, "Ledge"),
    ]
    return stating + (bare if silent else [])


def told(spans: Mapping[str, Mapping[str, str]], products: list[Product], by: str = "model") -> Told:
    """Answers to the products of these ids."""
    texts = {p.id: text_key(p) for p in products}
    return Told(by).with_answers(Answer(texts[id], by, ("finish", "depth"), said) for id, said in spans.items())


def right(products: list[Product], wrong: int = 0) -> dict[str, Mapping[str, str]]:
    """The finish of each shelf that states it, of the first few what is none."""
    return {
        p.id: {"finish": "deep" if int(p.id) < wrong else f"{WOODS[int(p.id) % 4]}wood"} for p in products if int(p.id) < 60
    }  # fmt: skip


def test_readings_that_proved_right_are_taken_with_how_sure_they_are() -> None:
    products = shelves(silent=True)
    spans = right(products) | {"100": {"finish": "LIMEWOOD", "depth": "23 cm"}, "101": {"finish": "elmwood"}}
    readout = learn(products, told=told(spans, products))
    found = readout.of(products[60])
    assert found["finish"] == Inferred(("limewood",), "title", found["finish"].confidence, "model")
    assert found["finish"].confidence > 0.95
    assert found["depth"].by == "rules", "depth was tried on nobody"


def test_a_value_is_spelled_as_the_shop_spells_it() -> None:
    products = [*shelves(silent=False), product(100, "Ledge of OAKWOOD, painted")]
    readout = learn(products, told=told(right(products) | {"100": {"finish": "oakwood"}}, products))
    assert readout.of(products[60])["finish"].cells == ("oakwood",)


def test_what_a_model_reads_wrong_more_often_than_right_is_left_out() -> None:
    products = shelves(silent=True)
    spans = right(products, wrong=40) | {"100": {"finish": "limewood"}}
    assert "finish" not in learn(products, told=told(spans, products)).of(products[60])


def test_a_record_has_the_last_word() -> None:
    products = shelves(silent=False)
    readout = learn(products, told=told(right(products), products))
    assert [readout.of(p) for p in products if "finish" in readout.of(p)] == []


def test_the_surer_reading_wins() -> None:
    products = [product(n, f"Shelf {n}, {WOODS[n % 4]}", finish=WOODS[n % 4]) for n in range(60)]
    bare = product(100, "Ledge, ash, on elm feet")
    spans: dict[str, Mapping[str, str]] = {p.id: {"finish": WOODS[int(p.id) % 4]} for p in products}
    found = learn([*products, bare], told=told(spans | {"100": {"finish": "ash"}}, [*products, bare])).of(bare)
    assert found["finish"].cells == ("ash",)


def test_a_number_must_measure_what_the_slot_measures() -> None:
    products = shelves(silent=True)
    depths: dict[str, Mapping[str, str]] = {p.id: {"depth": f"{20 + int(p.id) % 5} cm"} for p in products[:60]}
    for said, cells in {"23 cm": (Quantity(23, 23, "cm", "23 cm"),), "Ledge": None, "limewood": None}.items():
        readout = learn(products, told=told(depths | {"100": {"depth": said}}, products))
        by_model = {name: one.cells for name, one in readout.model.of(products[60]).items()}
        assert by_model.get("depth") == cells


@pytest.mark.parametrize(
    ("span", "text", "found"),
    [
        ("navy blue", "Chair, Navy  Blue, 2 legs", "Navy  Blue"),
        ("blue", "Blueberry jam, blue jar", "blue"),
        ("blue", "Blueberry jam", ""),
        ("16 GB", "RAM 116 GB", ""),
        ("16 GB", "RAM 16 GBit", ""),
        ("16 GB", "RAM: 16 GB.", "16 GB"),
        ("黑色", "小米黑色手机", "黑色"),
        ("a.c", "abc", ""),
        (", 'Blue'; ", "Chair, blue", "blue"),
        ("", "text", ""),
        (" ", "text", ""),
        ("x" * 200, "x" * 200, ""),
    ],
)
def test_a_stretch_stands_in_a_text_as_whole_words(span: str, text: str, found: str) -> None:
    assert standing(span, text) == found


@given(st.text(max_size=40), st.text(max_size=60))
def test_what_stands_is_a_stretch_of_the_text(span: str, text: str) -> None:
    found = standing(span, text)
    assert found in text
    assert "".join(found.split()).casefold() in ("", "".join(span.strip(" ,;:\"'").split()).casefold())


def test_answers_are_kept_line_by_line_and_a_cut_line_is_none(tmp_path: Path) -> None:
    shelf = product(1, "Shelf in ash")
    first = Answer(text_key(shelf), "a", ("finish",), {"finish": "Shelf"})
    second = Answer(text_key(shelf), "a", ("depth",), {"finish": "ash"})
    with writing(tmp_path) as file:
        write(file, first)
        file.write('{"text": "切'.encode()[:-1])
    with writing(tmp_path) as file:
        write(file, second)
    read = Told.read(tmp_path)
    assert read == Told("a", {text_key(shelf): (first, second)})
    assert read.of(shelf) == {"finish": "ash"}, "the later answer counts"
    assert read.asked(shelf) == {"finish", "depth"}
    assert read.asked(product(1, "Shelf in ash, new")) == frozenset(), "other words are another text"


def test_one_reader_counts_the_last_that_was_asked(tmp_path: Path) -> None:
    shelf = product(1, "Shelf in ash")
    with writing(tmp_path) as file:
        for by, said in (("a", "ash"), ("b", "in")):
            write(file, Answer(text_key(shelf), by, ("finish",), {"finish": said}))
    assert Told.read(tmp_path).of(shelf) == {"finish": "in"}
    assert Told.read(tmp_path, "a").of(shelf) == {"finish": "ash"}
    assert not Told.read(tmp_path, "c").answers


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_answer_is_kept_as_it_is(text: str, by: str, spans: dict[str, str]) -> None:
    answer = Answer(text, by, tuple(spans), spans)
    with TemporaryDirectory() as folder:
        with writing(Path(folder)) as file:
            write(file, answer)
        assert Told.read(Path(folder)) == Told(by, {text: (answer,)})


@given(st.binary(max_size=60))
def test_any_file_can_be_read(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(content)
        assert Told.read(Path(folder)).of(product(1, "Shelf")) == {}


def test_two_cannot_read_one_catalogue_at_once(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(ImportBusy, match="reads this catalogue already"), writing(tmp_path):
        pass


def test_what_is_worth_asking_is_what_can_be_judged() -> None:
    products = shelves(silent=True)
    known = survey(products, Lexicon.default())
    (subject,) = subjects(products, known, known.readers(), {"finish"})
    assert subject.wanted == (Wanted("finish", "", ("oakwood", "ashwood", "elmwood", "yewwood")),)
    assert subject.shown == (
        Shown("Shelf 0 in oakwood, 20 cm deep", {"finish": "oakwood"}),
        Shown("Shelf 1 in ashwood, 21 cm deep", {"finish": "ashwood"}),
    )
    assert [p.id for p in subject.silent] == ["100", "101", "102"]
    assert len(subject.tried) == 40
    assert not {"0", "1", "100"} & {p.id for p in subject.tried}, "neither what is shown nor what says nothing"
    assert subject.left_out(products[60]) == {"finish"}
    assert subjects(shelves(silent=False), known, known.readers()) == [], "nothing is left out"


def test_what_no_text_tells_is_not_asked_for() -> None:
    products = [product(n, f"Shelf {n}, {20 + n % 5}cm", depth=f"{20 + n % 5} cm", gtin=f"40{n:06}") for n in range(40)]
    products.append(product(100, "Ledge, 23cm"))
    known = survey(products, Lexicon.default())
    (subject,) = subjects(products, known, known.readers())
    assert [wanted.name for wanted in subject.wanted] == ["depth"]
