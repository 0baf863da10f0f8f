"""Values under several spellings, and values that only look so."""

from __future__ import annotations

from catalog.doctor import lookalikes
from tests.catalog.doctor.shops import Look, lamps


def test_makers_by_two_names(look: Look) -> None:
    rows = lamps(20, brand=lambda n: ("HP", "Hewlett-Packard", "Acme Ltd.", "Acme", "Canyon", "Canon")[n % 6])
    (found,) = look(lookalikes.look_alikes, rows)
    assert sorted(found.says.split(": ", 1)[1].split("; ")) == [
        "“Acme” 3 / “Acme Ltd.” 3",
        "“HP” 4 / “Hewlett-Packard” 4",
    ]


def test_a_slip_of_a_letter_in_a_word_that_no_text_uses(look: Look) -> None:
    rows = lamps(40, finish=lambda n: "polished" if n % 2 else ("brushed", "brushhed")[n == 0])
    (found,) = look(lookalikes.look_alikes, rows)
    assert "“brushed” 19 / “brushhed” 1" in found.says


def test_words_of_their_own_are_no_slips(look: Look) -> None:
    """One letter apart, and both in the shop's texts."""
    rows = lamps(
        40,
        mood=lambda n: ("hosting", "posting")[n == 0],
        description=lambda n: f"For posting letters at night, number {n}." if n < 8 else "For hosting guests.",
    )
    assert look(lookalikes.look_alikes, rows) == []


def test_two_words_for_one_value(look: Look) -> None:
    rows = lamps(20, gender=lambda n: ("women", "men", "ladies", "unisex")[n % 4])
    (found,) = look(lookalikes.look_alikes, rows)
    assert found.says == "gender spells one value in several ways: “ladies” 5 / “women” 5"


def test_figures_never_make_look_alikes(look: Look) -> None:
    values = ["Core i3", "Core i5", "USB 2.0", "USB 3.0", "38 EU", "39 EU", "A/B", "AB", "C", "C++", "1.5 m", "15 m"]
    assert look(lookalikes.look_alikes, lamps(24, version=lambda n: values[n % 12])) == []


def test_what_filters_join_by_themselves_is_only_told(look: Look) -> None:
    rows = lamps(20, mood=lambda n: ("Calm", "bright", "calm")[n % 3])
    assert look(lookalikes.look_alikes, rows) == []
    (found,) = look(lookalikes.joined_spellings, rows)
    assert (found.rule, found.count) == ("several spellings", 6)
    assert "“Calm” / “calm”" in found.says


def test_a_word_that_repeats_the_column_tells_nothing_apart(look: Look) -> None:
    rows = lamps(24, light_source=lambda n: ("LED light", "LED", "halogen", "light")[n % 4])
    (found,) = look(lookalikes.look_alikes, rows)
    assert found.says == "light_source spells one value in several ways: “LED” 6 / “LED light” 6"
