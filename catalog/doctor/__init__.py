"""The catalogue doctor: what is wrong with a catalogue, ranked by how much mending it helps shoppers.

Pure rules over what was read; nothing is changed. What shoppers then lack, the dialogue knows, not the doctor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from catalog.doctor import duplicates, gaps, glued, lookalikes, measures, prices, reach, texts
from catalog.doctor.finding import Example, Finding, ranked
from catalog.doctor.gaps import coverage_by_kind
from catalog.doctor.survey import Survey

__all__ = ["RULES", "Example", "Finding", "Rule", "Survey", "coverage_by_kind", "examine"]

Rule: TypeAlias = Callable[[Survey], Iterable[Finding]]
"""Looks at everything, tells what it finds; changes nothing."""

RULES: tuple[Rule, ...] = (
    gaps.missing_properties,
    gaps.unstated_properties,
    gaps.told_in_texts,
    gaps.empty_values,
    gaps.split_columns,
    lookalikes.look_alikes,
    lookalikes.joined_spellings,
    measures.mixed_units,
    measures.odd_kinds,
    measures.ranges_only,
    prices.impossible_prices,
    prices.placeholder_prices,
    prices.far_prices,
    prices.sales_above_list,
    prices.mixed_currencies,
    prices.one_price,
    duplicates.one_barcode,
    duplicates.same_title,
    duplicates.scattered_variants,
    reach.unreached_kinds,
    reach.no_kind,
    glued.glued_titles,
    texts.shouting,
    texts.short_titles,
    texts.missing_fields,
    texts.stock_unknown,
    texts.other_language,
    texts.mixed_language_values,
    texts.future_dates,
    texts.rejected_rows,
)


def examine(survey: Survey) -> tuple[Finding, ...]:
    """Everything that the rules find, the most helpful first."""
    return ranked(finding for rule in RULES for finding in rule(survey))
