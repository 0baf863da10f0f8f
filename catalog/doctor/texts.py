"""Titles, pictures, links and dates: what a card shows, and the rows that the last import refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from catalog.doctor.finding import Example, Finding, doing, found, listed, many
from catalog.doctor.survey import Survey, example, shortened
from catalog.lexicon import plain
from catalog.schema import cell_text
from catalog.types import Product

_CJK = re.compile(r"[\u4e00-\u9fff]")
_FEW = 0.25  # share of a shop's titles that may be odd before odd is its style
_WORDS = 3  # words of an English title that names a thing
_OTHER_LANGUAGE = 0.2
_MOST = 0.5  # share of products that have a picture before the rest lack one
_FIELDS: tuple[tuple[str, str, Callable[[Product], object], str, float], ...] = (
    ("picture", "image", lambda p: p.image, "a card without a picture is passed over", 0.5),
    ("link", "link", lambda p: p.url, "a card without a link cannot be clicked", 0.5),
    ("description", "description", lambda p: p.description, "what only a description says cannot be found", 0.2),
    ("rating", "rating", lambda p: p.rating is not None, "“the best” is answered by nothing else", 0.2),
)


def shouting(survey: Survey) -> Iterator[Finding]:
    """Titles in capitals, where most are not."""
    hits = [p for p in survey.products if _shouts(p.title)]
    if hits and len(hits) <= _FEW * len(survey):
        told = "a title in capitals throughout"
        yield _titles(
            survey,
            hits,
            "titles in capitals",
            told,
            "write them as the others: capitals hide which word is the name",
            0.1,
        )


def _shouts(title: str) -> bool:
    words = re.findall(r"[A-Za-z]{4,}", title)
    return len(words) >= 3 and title.upper() == title


def short_titles(survey: Survey) -> Iterator[Finding]:
    """Titles that do not name the thing: under three words that are words, where most have more."""
    if survey.catalog.language != "en":
        return
    hits = [p for p in survey.products if p.title and _bare(p)]
    if len(hits) <= _FEW * len(survey) and hits:
        told = "a title without a word for what they are"
        yield _titles(
            survey,
            hits,
            "short titles",
            told,
            "name the thing in the title: brand, line, what it is, what sets it apart",
            0.3,
        )


def _bare(product: Product) -> bool:
    words = plain(product.title).split()
    names = [w for w in words if w.isalpha() and len(w) > 2 and w not in plain(product.brand).split()]
    return len(words) < _WORDS and not names


def _titles(survey: Survey, hits: Sequence[Product], rule: str, told: str, todo: str, harm: float) -> Finding:
    return found(
        rule,
        f"{doing(len(hits), 'has', 'have')} {told}",
        todo,
        harm=harm,
        count=len(hits),
        of=len(survey),
        examples=(example(p) for p in hits),
        slot="title",
    )


def missing_fields(survey: Survey) -> Iterator[Finding]:
    """Pictures, links and descriptions: missing from some where most have them, or from all."""
    for name, column, of, why, harm in _FIELDS:
        without = [p for p in survey.products if not of(p)]
        if not without or _MOST * len(survey) < len(without) < len(survey):
            continue
        everywhere = len(without) == len(survey)
        yield found(
            f"no {name}",
            f"No product has a {name}"
            if everywhere
            else f"{doing(len(without), 'has', 'have')} no {name}; the others do",
            f"add a column {column}: {why}" if everywhere else f"fill {column}: {why}",
            harm=0.5 * harm if everywhere else harm,
            count=len(without),
            of=len(survey),
            examples=() if everywhere else (example(p) for p in without),
        )


def stock_unknown(survey: Survey) -> Iterator[Finding]:
    """Nothing says what can be bought."""
    told = any(
        p.availability or any(v.stock is not None or v.availability for v in p.variants) for p in survey.products
    )
    if not told and len(survey):
        yield found(
            "stock unknown",
            "No product says whether it is in stock",
            "add a column availability (in stock, out of stock) or stock: what is sold out is now offered like the rest",
            harm=0.25,
            count=len(survey),
            of=len(survey),
            slot="availability",
        )


def other_language(survey: Survey) -> Iterator[Finding]:
    """Titles in another script than the shop's."""
    chinese = [p for p in survey.products if _CJK.search(p.title)]
    others = [p for p in survey.products if not _CJK.search(p.title) and len(re.findall("[A-Za-z]{2,}", p.title)) > 2]
    odd, language = (chinese, "Chinese") if len(chinese) < len(others) else (others, "English")
    if odd and len(odd) <= _OTHER_LANGUAGE * len(survey):
        todo = "translate them, or import each language into a catalogue of its own"
        yield _titles(survey, odd, "titles in another language", f"a title in {language}, unlike the others", todo, 0.4)


def mixed_language_values(survey: Survey) -> Iterator[Finding]:
    """Values of one column in two languages: "黑色" beside "black"."""
    for name, slot in survey.slots.items():
        if (
            slot.kind != "category"
            or not slot.informable
            or slot.concept not in ("colour", "material", "gender", "size", "category")
        ):
            continue
        stated = survey.filled.get(name, ())
        chinese = [f for f in stated if _CJK.search(f.text)]
        latin = [f for f in stated if re.search("[A-Za-z]{3}", f.text) and not _CJK.search(f.text)]
        odd = min(chinese, latin, key=len)
        if odd and len(odd) <= _FEW * len(stated):
            yield found(
                "values in two languages",
                f"{name} of {many(len(odd))} is written in another language than the rest",
                f"write {slot.label or name} in one language: a value of the other is not found by the shop's own words",
                harm=0.4 * survey.interest(slot) + 0.1,
                count=len(odd),
                of=len(stated),
                examples=(f.example() for f in odd),
                slot=name,
            )


def future_dates(survey: Survey) -> Iterator[Finding]:
    """Release dates to come: "newest first" shows what cannot be bought."""
    hits: dict[str, list[tuple[Product, str]]] = {}
    for name, slot in survey.slots.items():
        if slot.concept != "release date" and "date" not in plain(name).split():
            continue
        for filled in survey.filled.get(name, ()):
            for cell in filled.cells:
                text = cell_text(cell)
                if (day := _day(text)) and day > survey.today:
                    hits.setdefault(name, []).append((filled.product, text))
    for name, found_dates in hits.items():
        yield found(
            "dates to come",
            f"{name} of {many(len(found_dates))} lies in the future",
            "mark them as preorder, or mend the date: “newest” sorts them first",
            harm=0.4,
            count=len(found_dates),
            of=len(survey.filled[name]),
            examples=(example(p, f"{text} ({p.title})") for p, text in found_dates),
            slot=name,
        )


def _day(text: str) -> date | None:
    read = re.match(r"\s*(\d{4})-(\d{2})-(\d{2})", text)
    try:
        return date(*map(int, read.groups())) if read else None
    except ValueError:
        return None


def rejected_rows(survey: Survey) -> Iterator[Finding]:
    """Rows that the last import refused, by reason."""
    reasons = Counter((str(r.get("field") or "row"), str(r.get("reason"))) for r in survey.rejects)
    if reasons:
        named = listed((f"{field}: {reason} ({n:,})" for (field, reason), n in reasons.most_common()), 3)
        yield found(
            "rejected rows",
            f"The last import refused {many(reasons.total(), 'row')}: {named}",
            f"mend them in the feed; all are listed in {survey.catalog.path}.d/rejects.jsonl",
            harm=0.8,
            count=reasons.total(),
            of=reasons.total() + len(survey),
            examples=(
                Example(str(r.get("id") or f"line {r.get('line')}"), shortened(f"{r.get('field')}: {r.get('value')}"))
                for r in survey.rejects
            ),
        )
