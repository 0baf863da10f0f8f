from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import parse_cell
from catalog.columns import Columns
from catalog.dates import Style, iso, style_of
from catalog.schema import infer_slots
from catalog.types import Product, Variant


@pytest.mark.parametrize(
    ("text", "style", "day"),
    [
        ("2024-05-31", "ymd", "2024-05-31"), ("2024/5/1", "ymd", "2024-05-01"), ("2024.05.31", "ymd", "2024-05-31"),
        ("2024-05-31T10:00:00Z", "ymd", "2024-05-31"), ("2024-05", "ymd", "2024-05"), ("2024年5月31日", "ymd", "2024-05-31"),
        ("31/05/2024", "dmy", "2024-05-31"), ("05/31/2024", "mdy", "2024-05-31"), ("1.6.2024", "dmy", "2024-06-01"),
        ("31 May 2024", "ymd", "2024-05-31"), ("May 31st, 2024", "ymd", "2024-05-31"), ("Sept 2024", "ymd", "2024-09"),
        ("31/31/2024", "dmy", None), ("2024", "ymd", None), ("1.5 kg", "dmy", None), ("May", "ymd", None),
    ],
)  # fmt: skip
def test_dates_as_feeds_write_them(text: str, style: Style, day: str | None) -> None:
    assert iso(text, style) == day


@pytest.mark.parametrize(
    ("values", "style"),
    [
        (["2024-05-31", "2023-01-02"], "ymd"), (["31/05/2024", "01/06/2024"], "dmy"), (["05/31/2024", "01/06/2024"], "mdy"),
        (["01/06/2024"], "mdy"), (["01.06.2024"], "dmy"), (["red", "2024-05-31"], None), ([], None), (["15", "16"], None),
    ],
)  # fmt: skip
def test_a_column_tells_how_it_writes_its_dates(values: list[str], style: Style | None) -> None:
    assert style_of(values) == style


@given(st.dates(date(1900, 1, 1)))
def test_there_and_back(day: date) -> None:
    assert iso(day.strftime("%d.%m.") + f"{day.year:04}", "dmy") == iso(day.isoformat(), "ymd") == day.isoformat()


def test_a_column_of_dates_sorts_by_day() -> None:
    written = ("05.06.2024", "31.12.2023", "1.1.2025")
    products = [
        Product(str(n), f"Lamp {n}", (Variant(str(n)),), attributes={"listed": parse_cell(text)})
        for n, text in enumerate(written)
    ]
    (slot,) = (slot for slot in infer_slots(products) if slot.name == "listed")
    assert (slot.kind, slot.dates, slot.informable) == ("text", "dmy", False)
    assert Columns.build(products, [slot]).ends("listed")[0].tolist() == [1, 0, 2]
