"""Takes out of a shopper's words what tells who they are: e-mail addresses, telephone and card numbers, orders' numbers.

By how they are written alone; names and places are left. Knows nothing of prompts or logs.
"""

from __future__ import annotations

import re

from chatbot.orders import masked

_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_DIGITS = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().-]{0,2}\d){8,24}(?!\w)")
_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_BROKEN_UP = re.compile(r"\d ?[.()-]+ ?\d|\d{3} \d{3} \d{4}")


def without_personal(text: str) -> str:
    """The text with each such address or number put as what it is."""
    return _DIGITS.sub(_number, _E_MAIL.sub("(e-mail)", masked(text)))


def _number(found: re.Match[str]) -> str:
    """What a long number is: a card's (its check digit is right), a telephone's (by how it is written), else itself."""
    written = found[0]
    if (card := _card_in(written)) is not None:
        return f"{written[: card[0]]}(card number){written[card[1] :]}"
    digits = re.sub(r"\D", "", written)
    called = written.startswith(("+", "(", "0")) or _MOBILE.fullmatch(digits) or _BROKEN_UP.search(written)
    return "(phone number)" if called and len(digits) <= 15 else written


def _card_in(written: str) -> tuple[int, int] | None:
    """Where a card's number stands in groups of digits, other numbers beside it."""
    groups = [m.span() for m in re.finditer(r"\d+", written)]
    for first, (start, _) in enumerate(groups):
        for _, end in reversed(groups[first:]):
            digits = re.sub(r"\D", "", written[start:end])
            if 13 <= len(digits) <= 19 and _luhn(digits):
                return start, end
    return None


def _luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1)."""
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
