"""What of a turn is kept for the shop's people."""

from __future__ import annotations

from typing import Any

from chatbot.memory.findings import MOST, Finding, findings


def test_a_turn_that_found_what_was_wished_says_only_its_language() -> None:
    turn = {"turn": 1, "language": "zh", "acts": ["recommend"], "user_acts": ["inform"], "ledger": []}
    assert findings(turn) == (Finding("language", "zh"),)


def test_a_turn_of_an_older_aisle_is_read_as_well() -> None:
    assert findings({}) == (Finding("language", "en"),)


def test_a_turn_passed_on_to_a_person_says_nothing() -> None:
    turn = {"turn": 2, "language": "en", "acts": ["handoff"], "text": "", "handoff": "joined"}
    assert findings(turn) == ()
    asked = turn | {"text": "Mira is here already.", "handoff": "joined"}
    assert findings(asked) == (Finding("language", "en"), Finding("handoff"))


def test_what_was_wished_in_vain_is_counted_by_words_and_hard_wishes_whatever_their_order() -> None:
    def turn(*wishes: str) -> dict[str, Any]:
        ledger = [_wish(text, hard=True) for text in wishes] + [_wish("colour = red", hard=False)]
        needs = [
            {"need": 1, "query": "Wireless  mouse", "active": True},
            {"need": 2, "query": "kettle", "active": False},
        ]
        ledger.append(_wish("capacity >= 2 l", hard=True, need=2))
        return {"turn": 2, "language": "en", "acts": ["no_match"], "needs": needs, "ledger": ledger}

    (_, found) = findings(turn("price <= 5", "brand = HP"))
    assert found == Finding("no_match", "wireless mouse · brand = hp · price <= 5")
    assert findings(turn("brand = HP", "price <= 5"))[1] == found


def test_names_not_carried_stand_for_themselves() -> None:
    turn = {"turn": 1, "language": "en", "acts": ["no_match"], "absent": ["Bananas", "Bose"]}
    assert findings(turn)[1:] == (
        Finding("no_match", "bananas · bose"),
        Finding("absent", "bananas"),
        Finding("absent", "bose"),
    )


def test_a_wish_that_no_slot_carries_counts_in_the_turn_it_was_made() -> None:
    old = _wish("quiet", slot="text", value="quiet", turn=1)
    new = _wish("For Gaming", slot="text", value="For Gaming", turn=2)
    turn = {"turn": 2, "language": "en", "acts": ["recommend"], "ledger": [old, new]}
    assert findings(turn)[1:] == (Finding("unmatched", "for gaming"),)


def test_facts_that_records_lack_are_counted_by_slot_or_words_for_each_item() -> None:
    unknown = [
        {"slot": "weight", "words": "how heavy are they", "items": ["m1", "m2"]},
        {"slot": None, "words": "Dishwasher  safe", "items": ["m1"]},
    ]
    turn = {"turn": 3, "language": "en", "acts": ["inform"], "unknown": unknown}
    assert findings(turn)[1:] == (
        Finding("fact", "weight", "m1"),
        Finding("fact", "weight", "m2"),
        Finding("fact", "dishwasher safe", "m1"),
    )


def test_a_question_about_the_shop_counts_where_nothing_was_quoted() -> None:
    turn = {"turn": 1, "language": "en", "acts": ["faq"], "user": "Do you ship to Mars?", "quoted": []}
    assert findings(turn)[1:] == (Finding("faq", "do you ship to mars?"),)
    assert findings(turn | {"quoted": [{"question": "Shipping"}]})[1:] == ()


def test_the_rest_of_what_a_turn_tells() -> None:
    turn = {"turn": 4, "language": "en", "acts": ["confirm", "handoff"], "user_acts": ["reject", "handoff"],
            "refers_to": ["m2"], "about": ["m2"], "degraded": True, "llm_calls": 1,
            "tokens": {"prompt": 900, "cached": 800, "completion": 20}}  # fmt: skip
    assert findings(turn)[1:] == (
        Finding("rejected", "", "m2"),
        Finding("degraded"),
        Finding("model", "920"),
        Finding("handoff"),
    )


def test_a_turn_keeps_a_bounded_number_of_bounded_words() -> None:
    turn = {"turn": 1, "language": "en", "acts": [], "absent": [f"{n} " + "x" * 500 for n in range(100)]}
    found = findings(turn)
    assert len(found) == MOST
    assert max(len(f.words) for f in found) == 120


def _wish(
    text: str, *, hard: bool = False, slot: str = "x", value: str = "", turn: int = 2, need: int = 1
) -> dict[str, Any]:
    return {"text": text, "hard": hard, "slot": slot, "value": value, "turn": turn, "need": need}
