"""JSON that is not one object a line: lists, objects with a list inside, objects printed one after the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.feeds.json_text import MOST_BROKEN, find_list, values
from catalog.feeds.open import open_feed
from catalog.feeds.rows import Row

A, B = {"id": "1", "title": "Lamp"}, {"id": "2", "title": "Rug", "variants": [{"id": "2-s"}, {"id": "2-m"}]}


def rows(path: Path, content: str) -> list[Row]:
    path.write_text(content, encoding="utf-8")
    return list(open_feed(path).rows())


def told(found: list[Row]) -> list[tuple[int, object]]:
    return [(row.line, row.problem.reason if row.problem else dict(row.values)) for row in found]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([A, B]),
        json.dumps([A, B], indent=2),
        json.dumps({"products": [A, B], "total": 2}),
        json.dumps({"total": 2, "filters": [{"name": "colour"}], "products": [A, B]}, indent=2),
        json.dumps({"status": {"code": 0}, "data": {"items": [A, B]}}, indent=1),
        json.dumps({"status": "ok", "tags": ["a", "b"], "lamps and rugs": [A, B]}, indent=2),
        json.dumps(A, indent=2) + "\n" + json.dumps(B, indent=2) + "\n",
        json.dumps(A) + "\n" + json.dumps(B) + "\n",
        json.dumps(A) + ",\n" + json.dumps(B) + "\n",
        "\ufeff  " + json.dumps([A, B]),
    ],
)
def test_the_products_are_found(tmp_path: Path, content: str) -> None:
    if content.startswith('{"id": "1", "title": "Lamp"},'):
        assert [r.problem.reason for r in rows(tmp_path / "feed", content) if r.problem] == [
            "not a JSON object: Extra data at character 29 (is the line cut short?)"
        ]
        return
    assert [dict(row.values) for row in rows(tmp_path / "feed", content)] == [A, B]


def test_one_product_on_lines_of_its_own(tmp_path: Path) -> None:
    assert told(rows(tmp_path / "feed", json.dumps(A, indent=2))) == [(1, A)]
    assert told(rows(tmp_path / "feed", json.dumps(A))) == [(1, A)]


def test_each_product_has_its_line(tmp_path: Path) -> None:
    content = '{\n "products": [\n  {"id": 1},\n\n  {"id": 2,\n   "title": "x"\n  }, {"id": 3}\n ]\n}\n'
    assert told(rows(tmp_path / "feed", content)) == [(3, {"id": 1}), (5, {"id": 2, "title": "x"}), (7, {"id": 3})]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"id": 2, "price": oops, "variants": [{"id": "x", "title": "no product"}]}', "not valid JSON: Expecting value at character 20"),
        ('{"id": 2, "title": "cut', "not valid JSON: Invalid control character at at character 25"),
        ('{"id": 2 "title": "x"}', "not valid JSON: Expecting ',' delimiter at character 10"),
        ('{"id": 2,\n "title": }', "not valid JSON: Expecting value at character 11, 1 lines further down"),
        ('{"id": NaN}', "NaN is not a number in JSON"),
        ('[{"id": 2}]', "not a JSON object: a product is {...}"),
        ("2", "not a JSON object: a product is {...}"),
        ("[" * 3000 + "]" * 3000, "not a JSON object: it is nested too deeply"),
        ("9" * 5000, "not a JSON object: a number is too long"),
    ],
)  # fmt: skip
def test_a_broken_product_costs_itself(tmp_path: Path, broken: str, reason: str) -> None:
    found = rows(tmp_path / "feed", f'[\n{{"id": 1}},\n{broken},\n{{"id": 3}},\n{{"id": 4}}\n]\n')
    after = 4 + broken.count("\n")
    assert told(found) == [(2, {"id": 1}), (3, reason), (after, {"id": 3}), (after + 1, {"id": 4})]


def test_what_is_broken_all_over_is_given_up(tmp_path: Path) -> None:
    found = rows(tmp_path / "feed", "[" + '{"id": },\n' * (3 * MOST_BROKEN) + "]")
    assert len(found) == MOST_BROKEN + 1
    assert all(row.problem for row in found)


@pytest.mark.parametrize(
    ("text", "name", "deepest"),
    [
        ('{"@graph": [{"x": 1}]}', "@graph", 1),
        ('{"a": {"@graph": [{"x": 1}]}}', None, 1),
        ('{"@type": "Product", "offers": [{"x": 1}]}', None, 1),
        ('{"a": "[{", "b": [1, 2], "c": [{"x": [{}]}]}', "c", None),
        ('{"a": [{"x": 1}], "b": [{"x": 1}, {"y": 2}], "c": ["long", "longer", "the longest of all of them"]}', "b", None),
    ],
)  # fmt: skip
def test_the_list_in_an_object(text: str, name: str | None, deepest: int | None) -> None:
    place = find_list(text, frozenset({"@graph"}), deepest)
    assert (place and text[:place].rsplit('"', 2)[-2]) == name


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))  # fmt: skip


@given(
    st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=4), min_size=1, max_size=5),
    st.sampled_from([None, 0, 2]),
)
def test_what_a_list_holds_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], indent: int | None
) -> None:
    found = rows(tmp_path_factory.getbasetemp() / "list", json.dumps(records, indent=indent))
    assert [row.values for row in found] == records


@given(st.text(alphabet='{}[]",: \n\\a1', max_size=60))
def test_any_text_ends(text: str) -> None:
    found = list(values(text))
    assert all(one.line >= 1 for one in found)
    assert [one.line for one in found] == sorted(one.line for one in found)
