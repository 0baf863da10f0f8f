"""What stands above the box: who answers, what was understood as chips, what was picked for a comparison.

Knows nothing of sessions; every chip is printed from a ledger line of the Turn's JSON.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from html import escape

from chatbot.types import Language
from chatbot.web.page.pieces_parts import Json, attribute, button, wish
from chatbot.web.words import word

PICKED = (2, 5)
"""How many cards may be compared."""


def dock(
    lines: Iterable[Json],
    language: Language,
    active: Container[int] = (),
    dropped: Iterable[Json] = (),
    person: tuple[str, str] = ("bot", ""),
) -> str:
    """`dropped`: ledger lines that the latest turn let go. `person`: a handoff's state and the person's name."""
    return f"{_person(*person, language)}{_picked(language)}{ledger(lines, language, active, dropped)}"


def ledger(lines: Iterable[Json], language: Language, active: Container[int] = (), dropped: Iterable[Json] = ()) -> str:
    """The wishes that stand, as chips that can be clicked off: need by need, those of the `active` needs first."""
    ordered = sorted(lines, key=lambda line: (line["need"] not in active, line["need"]))
    chips = "".join(
        f'<li class="{"apart" if before and before["need"] != line["need"] else "along"}">{_chip(line, language)}</li>'
        for before, line in zip([None, *ordered], ordered, strict=False)
    )
    chips += "".join(f"<li>{_gone(line, language)}</li>" for line in dropped)
    name = escape(word(language, "understood"))
    return f'<div class="ledger"><span>{name}</span><ul aria-label="{name}">{chips}</ul></div>' if chips else ""


def _chip(line: Json, language: Language) -> str:
    """A wish: its words, how much it counts (a tap changes that), and a cross that takes it off."""
    text = wish(line, language)
    off = word(language, "take_off", wish=text)
    kind = "chip" if line["hard"] else "chip soft"
    return (
        f'<span class="{kind}"><span class="wish">{escape(text)}</span>{_weight(line, text, language)}'
        f"{button('take_off', '×', hint=off, kind='off', wish=line['wish'])}</span>"
    )


def _weight(line: Json, text: str, language: Language) -> str:
    """Must it be met, or is it nice to have? An order is neither, and words that no record states cannot be a must."""
    if line["op"] == "sort":
        return ""
    if line["op"] == "~":
        return f"<small>{escape(word(language, 'soft'))}</small>"
    change, now = ("soften", "hard") if line["hard"] else ("harden", "soft")
    hint = word(language, change, wish=text)
    return button("gesture", word(language, now), hint=hint, kind="weight", type=change, wish=line["wish"])


def _gone(line: Json, language: Language) -> str:
    """A wish that the latest turn let go: shown once, and a tap puts it back where it can be put back."""
    text = wish(line, language)
    struck = f"<s{attribute('aria-label', word(language, 'let_go', wish=text))}>{escape(text)}</s>"
    if line["op"] in ("~", "sort"):
        return f'<span class="chip gone">{struck}</span>'
    hint = word(language, "put_back_this", wish=text)
    back = button("put_back", word(language, "put_back"), hint=hint, kind="weight", text=line["text"])
    return f'<span class="chip gone">{struck}{back}</span>'


def _picked(language: Language) -> str:
    """The cards picked: the page's script counts them, and shows this when there are any."""
    low, high = PICKED
    compare = (
        f'<button type="button" data-event="gesture" data-type="compare" data-low="{low}" data-high="{high}">'
        f"{escape(word(language, 'compare'))} <b></b></button>"
    )
    clear = f'<button type="button" data-unpick>{escape(word(language, "unpick"))}</button>'
    return f'<div class="picked" hidden><span>{escape(word(language, "picked"))}</span>{compare}{clear}</div>'


def _person(state: str, name: str, language: Language) -> str:
    """Who is asked for, or who answers, where that is a person."""
    if state not in ("waiting", "human"):
        return ""
    text = word(language, f"person_{state}", name=name or word(language, "person"))
    back = button("back", word(language, "back_to_assistant"))
    return f'<div class="person {state}"><span>{escape(text)}</span>{back}</div>'
