"""Reading a whole catalogue by a model: tried first, resumable, asked nothing twice, never over a record's own value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog.ingest import import_feeds
from catalog.readout.told import FILE
from catalog.store import Catalog
from catalog.types import Inferred
from errors import ImportBusy, LLMUnavailable, NoCatalog, UnknownSlot
from learning.attributes.enrich import Plan, Slots, enrich, filled, forget
from learning.attributes.llm import LLMReader
from tests.learning.attributes.models import Reads, feed, reads_wood


@pytest.fixture
def db(tmp_path: Path) -> Path:
    import_feeds([feed(tmp_path / "feed.csv")], tmp_path / "shop.db")
    return tmp_path / "shop.db"


def by_model(db: Path) -> dict[str, dict[str, Inferred]]:
    """What the catalogue has from models: slot -> value by product."""
    products = Catalog.open(db).get(["0", "100", "101", "102"])
    return {p.id: {name: one for name, one in p.inferred.items() if one.by == "model"} for p in products}


def test_what_records_leave_out_is_read_and_filters_where_it_is_sure(db: Path) -> None:
    model = Reads(reads_wood)
    done = enrich(db, LLMReader(model, "m"))
    found = by_model(db)
    assert {id: {name: one.cells for name, one in slots.items()} for id, slots in found.items()} == {
        "0": {},  # the record states it
        "100": {"finish": ("Limewood",)},
        "101": {},  # descriptions were tried on nobody: no measure, no value
        "102": {},  # teakwood stands nowhere
    }
    assert found["100"]["finish"].confidence == 0.9
    assert (done.asked, done.useless, done.unanswered, done.changed) == (43, 0, 0, True)
    assert done.slots == {"finish": Slots(1, 1)}
    (ledge,) = Catalog.open(db).get(["100"])
    assert "finish" in ledge.certain, "sure enough to filter by"


def test_a_second_run_asks_nothing_and_changes_nothing(db: Path) -> None:
    enrich(db, LLMReader(Reads(reads_wood), "m"))
    before = db.read_bytes()
    model = Reads(reads_wood)
    again = enrich(db, LLMReader(model, "m"))
    assert model.texts == []
    assert (again.asked, again.changed) == (0, False)
    assert again.slots == {"finish": Slots(1, 1)}
    assert db.read_bytes() == before


def test_a_run_that_broke_off_goes_on_where_it_stopped(db: Path) -> None:
    first = Reads(reads_wood, away_from=20)
    with pytest.raises(LLMUnavailable, match="no model server"):
        enrich(db, LLMReader(first, "m"), at_once=2)
    second = Reads(reads_wood)
    enrich(db, LLMReader(second, "m"))
    assert len(first.texts) == 20
    assert not set(first.texts) & set(second.texts)
    assert filled(db) == {"finish": Slots(1, 1)}


def test_a_limit_ends_a_run_and_the_next_goes_on(db: Path) -> None:
    model = Reads(reads_wood)
    assert enrich(db, LLMReader(model, "m"), limit=30).asked == 30
    assert enrich(db, LLMReader(model, "m"), limit=30).asked == 13
    assert len(set(model.texts)) == 43
    assert filled(db) == {"finish": Slots(1, 1)}


def test_one_bad_answer_loses_one_product(db: Path) -> None:
    def rule(text: str) -> str:
        return "I am sorry." if "Shelf 7 " in text else reads_wood(text)

    model = Reads(rule)
    done = enrich(db, LLMReader(model, "m"))
    assert (done.asked, done.useless) == (43, 1)
    assert filled(db) == {"finish": Slots(1, 1)}
    assert enrich(db, LLMReader(model, "m")).asked == 0, "it would be as bad again"


def test_a_model_that_reads_wrong_is_asked_no_further(db: Path) -> None:
    model = Reads(lambda text: json.dumps({"finish": text.split()[0]}))
    done = enrich(db, LLMReader(model, "m"))
    assert done.asked == 40, "the trial alone"
    assert done.slots == {}
    assert not any("Ledge" in text for text in model.texts)


def test_later_imports_keep_what_was_read_while_the_text_stays(db: Path, tmp_path: Path) -> None:
    enrich(db, LLMReader(Reads(reads_wood), "m"))
    rows = (tmp_path / "feed.csv").read_text(encoding="utf-8")
    (tmp_path / "feed.csv").write_text(rows.replace("Ledge in Limewood,9", "Ledge in Limewood,12"), encoding="utf-8")
    import_feeds([tmp_path / "feed.csv"], db)
    assert by_model(db)["100"]["finish"].cells == ("Limewood",)
    (tmp_path / "feed.csv").write_text(rows.replace("Ledge in Limewood", "New ledge"), encoding="utf-8")
    import_feeds([tmp_path / "feed.csv"], db)
    assert by_model(db)["100"] == {}
    (tmp_path / "feed.csv").write_text(rows.replace("Limewood,9,,", "Limewood,9,pine,"), encoding="utf-8")
    import_feeds([tmp_path / "feed.csv"], db)
    assert by_model(db)["100"] == {}, "the record says it now"


def test_another_model_counts_from_when_it_is_asked(db: Path) -> None:
    enrich(db, LLMReader(Reads(reads_wood), "one"))
    enrich(db, LLMReader(Reads(lambda text: "{}"), "other"))
    assert filled(db) == {}
    back = Reads(reads_wood)
    assert enrich(db, LLMReader(back, "one")).changed
    assert back.texts == []
    assert filled(db) == {"finish": Slots(1, 1)}


class Letters:
    """An encoder that counts letters, and how many texts it was given."""

    id = "letters"

    def __init__(self) -> None:
        self.texts = 0

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        counts = np.array([[1 + text.count(letter) for letter in "aeiou"] for text in texts], np.float32)
        units: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return units


def test_what_was_embedded_stays_embedded(tmp_path: Path) -> None:
    encoder, db = Letters(), tmp_path / "shop.db"
    import_feeds([feed(tmp_path / "feed.csv")], db, embed=encoder)
    before = Catalog.open(db).vectors
    enrich(db, LLMReader(Reads(reads_wood), "m"))
    after = Catalog.open(db).vectors
    assert before is not None
    assert after is not None
    assert np.array_equal(before, after)
    assert import_feeds([tmp_path / "feed.csv"], db, embed=encoder).embedded == 0
    assert encoder.texts == 51


def test_forgetting_leaves_the_records_as_they_are(db: Path) -> None:
    enrich(db, LLMReader(Reads(reads_wood), "m"))
    assert forget(db)
    assert filled(db) == {}
    assert (db.parent / "shop.db.d" / FILE).read_text() == ""
    assert not forget(db), "there is nothing left to drop"


def test_only_slots_that_were_asked_for_are_read(db: Path) -> None:
    assert [w.name for s in Plan.of(db, ("finish",)).subjects for w in s.wanted] == ["finish"]
    with pytest.raises(UnknownSlot, match="no slot flavour"):
        enrich(db, LLMReader(Reads(reads_wood), "m"), only=("flavour",))


def test_no_catalogue_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(NoCatalog, match="aisle import"):
        enrich(tmp_path / "none.db", LLMReader(Reads(reads_wood), "m"))


def test_two_runs_at_once_are_refused(db: Path) -> None:
    from catalog.readout.told import writing

    with writing(Path(f"{db}.d")), pytest.raises(ImportBusy):
        enrich(db, LLMReader(Reads(reads_wood), "m"))
