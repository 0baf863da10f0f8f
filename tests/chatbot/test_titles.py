"""A title in the talk's language: only the record's own words."""

from __future__ import annotations

import pytest

from catalog.types import Product
from chatbot.titles import is_title, title_in
from chatbot.types import Language


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("title_zh", "zh"),
        ("Title (Chinese)", "zh"),
        ("name.zh-CN", "zh"),
        ("product_name_cn", "zh"),
        ("中文标题", "zh"),
        ("商品名称（中文）", "zh"),
        ("zh_title", "zh"),
        ("title_en", "en"),
        ("name-en-US", "en"),
        ("英文名称", "en"),
        ("English name", "en"),
    ],
)
def test_names_that_feeds_give_it(name: str, language: Language) -> None:
    other: Language = "en" if language == "zh" else "zh"
    product = Product("1", "Own title", (), record={"title": "Own title", name: " Its title "})
    assert title_in(language, product) == "Its title"
    assert title_in(other, product) == "Own title"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title_zh", ""),
        ("title_zh", None),
        ("title_zh", 7),
        ("subtitle_zh", "副标题"),
        ("brand_zh", "品牌"),
        ("title", "x"),
    ],
)
def test_anything_else_leaves_the_title(name: str, value: object) -> None:
    assert title_in("zh", Product("1", "Own title", (), record={name: value})) == "Own title"


@pytest.mark.parametrize(
    ("slot", "is_one"), [("title zh", True), ("title_en", True), ("name", False), ("colour", False)]
)
def test_a_title_in_another_language_is_no_fact(slot: str, is_one: bool) -> None:
    assert is_title(slot) is is_one
