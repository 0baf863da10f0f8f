"""Questions and answers as tables and as JSON: which names their fields may have, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.faq.passage import Passage
from catalog.faq.read import FaqFiles, read_faq
from errors import UnreadableFeed

FULL = Passage("Is it loud?", "No, 40 dB.", "faq", "/loud", "m1", "en", ("how loud is it", "noise?"))


def read(tmp_path: Path, name: str, text: str) -> FaqFiles:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_faq([path])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("faq", "Question,Answer,Link,Product,Lang,More phrasings\nIs it loud?,\"No, 40 dB.\",/loud,m1,en,how loud is it|noise?\n"),
        ("faq", "问题\t答案\t链接\t商品\t语言\t相似问\nIs it loud?\tNo, 40 dB.\t/loud\tm1\ten\thow loud is it|noise?\n"),
        ("faq", json.dumps([{"question": "Is it loud?", "answer": "No, 40 dB.", "url": "/loud", "item": "m1", "also": ["how loud is it", "noise?"]}])),
        ("faq", json.dumps({"shop": "x", "faq": [{"q": "Is it loud?", "a": "No, 40 dB.", "link": "/loud", "sku": "m1", "asked": "how loud is it|noise?"}]})),
    ],
    ids=["csv", "tsv", "json list", "json object"],
)  # fmt: skip
def test_the_format_is_told_by_the_content(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path, name, text) == FaqFiles((FULL,))


def test_a_page_of_schema_org_loses_its_markup(tmp_path: Path) -> None:
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": "Who &amp; what?", "url": "https://shop.example/#who",
             "acceptedAnswer": {"@type": "Answer", "text": "<p>We are <b>we</b>.</p><ul><li>One</li><li>Two</li></ul>"}},
            {"@type": "Question", "name": "Why?"},
        ],
    }  # fmt: skip
    found = read(tmp_path, "page.json", json.dumps(page))
    assert found.passages == (Passage("Who & what?", "We are we.\nOne\nTwo", "page.json", "https://shop.example/#who"),)
    assert [(r.problem.field, r.problem.reason) for r in found.rejects] == [
        ("answer", "is missing: a question needs one")
    ]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("<p>Yes <script>alert(1)</script>here</p>", "Yes here"),
        ("<p>One.</p>Two.<style>p{color:red}</style> <b>Th</b>ree", "One.\nTwo. Three"),
        ("<div>a</div><div>b</div>c<ul><li>d</li></ul>e", "a\nb\nc\nd\ne"),
        ("<p>seen</p><template>no</template><!-- nor this --><noscript>nor that", "seen"),
        ("<b>x</b><script>no end", "x"),
        ("<table><tr><th>Where</th><th>Days</th></tr><tr><td>Here<script>no</script></td><td>2</td></tr></table>", "Where: Here, Days: 2"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("schema", [True, False])
def test_of_html_what_its_reader_would_see_is_kept(tmp_path: Path, written: str, read_as: str, schema: bool) -> None:
    asked = {"@type": "Question", "name": "Why?", "acceptedAnswer": {"@type": "Answer", "text": written}}
    page: object = {"@type": "FAQPage", "mainEntity": [asked]} if schema else [{"question": "Why?", "answer": written}]
    assert [p.answer for p in read(tmp_path, "page.json", json.dumps(page)).passages] == [read_as]


@pytest.mark.parametrize("text", ["if a < b and c > d", "size <M>, not <L>", "write <br> yourself"])
def test_what_is_no_html_is_left(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, "faq.json", json.dumps([{"question": "Why?", "answer": text}]))
    assert [p.answer for p in found.passages] == [text]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"question": "", "answer": "Yes."}, "question", "is missing"),
        ({"question": "Why?", "answer": ["Yes."]}, "answer", "not a text"),
        ({"question": "Why?", "answer": True}, "answer", "not a text"),
        ({"question": "W" * 501, "answer": "Yes."}, "question", "501 characters; it may have 500"),
        ({"question": "Why\0?", "answer": "Yes."}, "question", "holds a NUL byte"),
        ({"question": "Why?", "answer": "Yes.", "also": [3]}, "also", "not a text of up to 500 characters"),
        ({"question": "Why?", "answer": "Yes.", "url": "javascript:x"}, "url",
         "not an address that a page may link to: https://..., or a path of the shop"),
        ({"question": "Why?", "answer": "Yes.", "item": {}}, "item", "not a text"),
        (17, None, "not a JSON object: a question is {...}"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_field_and_the_rest_is_kept(
    tmp_path: Path, row: object, field: str | None, reason: str
) -> None:
    found = read(tmp_path, "faq.json", json.dumps([{"question": "Who?", "answer": "We."}, row], indent=0))
    assert [p.question for p in found.passages] == ["Who?"]
    assert [(r.problem.field, r.problem.reason) for r in found.rejects] == [(field, reason)]
    assert all(r.file == "faq.json" and r.line > 1 for r in found.rejects)


def test_a_table_without_answers_says_which_columns_it_has(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFeed, match="no column is called 'answer'; its columns are 'question', 'reply by'"):
        read(tmp_path, "faq.csv", "question,reply by\nWhy?,Friday\n")


def test_an_empty_file_and_dev_null_hold_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "faq.md", " \n") == FaqFiles()
    assert read_faq([Path("/dev/null")]) == FaqFiles()


@given(
    text=st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from(["{", "}", "[", "]", '"question":', '"answer"', ",", ":", '"a"', "null", "# A\n", "**b?** c\n", "question,answer\n", "|"]), max_size=30).map("".join),
    ),
    name=st.sampled_from(["faq", "faq.md", "faq.csv", "faq.json"]),
)  # fmt: skip
def test_any_file_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    refused, found = "", FaqFiles()
    try:
        found = read_faq([path])
    except UnreadableFeed as error:
        refused = str(error)
    assert refused.startswith(str(path)) if refused else all(p.question and p.answer for p in found.passages)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("faq.csv", 'question,answer\nSizes?,"All of them:\n\n| size | cm |\n|---|---|\n| S | 40 |\n| M | 45 |"\n'),
        ("faq.json", json.dumps([{"question": "Sizes?", "answer": "All of them:\n\n| size | cm |\n|---|---|\n| S | 40 |\n| M | 45 |"}])),
    ],
)  # fmt: skip
def test_a_table_of_markdown_in_an_answer_becomes_lines(tmp_path: Path, name: str, text: str) -> None:
    assert [p.answer for p in read(tmp_path, name, text).passages] == [
        "All of them:\n\nsize: S, cm: 40\nsize: M, cm: 45"
    ]


def test_a_table_of_html_in_an_answer_becomes_lines(tmp_path: Path) -> None:
    table = (
        "<p>Sizes</p><table><tr><th>size</th><th>cm</th></tr><tr><td>S</td><td> 40\n</td></tr><tr><td>M<td>45</table>"
    )
    page = {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "Q?", "acceptedAnswer": {"text": table}}]}
    assert [p.answer for p in read(tmp_path, "faq.json", json.dumps(page)).passages] == [
        "Sizes\nsize: S, cm: 40\nsize: M, cm: 45"
    ]
