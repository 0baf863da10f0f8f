"""What the API answers, as JSON Schema, with examples: the documents of routes whose answers are made elsewhere.

Written by hand beside wire.py and the routes; tests hold real answers against it. Knows nothing of routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}
COUNT: Json = {"type": "integer", "minimum": 0}
YES: Json = {"type": "boolean"}
TEXTS: Json = {"type": "array", "items": TEXT}
ANY: Json = {}
OBJECTS: Json = {"type": "array", "items": {"type": "object"}}


def maybe(schema: Json) -> Json:
    """The schema, or null."""
    return schema | {"type": [schema["type"], "null"]}


def listed(name: str) -> Json:
    return {"type": "array", "items": ref(name)}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def shape(description: str, required: Mapping[str, Json], **optional: Json) -> Json:
    """An object with these members; more may come."""
    return {
        "type": "object",
        "description": description,
        "required": list(required),
        "properties": {**required, **optional},
    }


def described(schema: Json, description: str) -> Json:
    return {**schema, "description": description}


SCHEMAS: Mapping[str, Json] = {
    "Wish": shape(
        "A line of the ledger: what was understood. `op` is one of = != < <= > >= in, not in, sort (an order) or ~ (words that no slot carries).",
        {
            "wish": TEXT,
            "need": COUNT,
            "slot": TEXT,
            "op": TEXT,
            "value": ANY,
            "unit": maybe(TEXT),
            "hard": described(YES, "Must be met; a soft wish only lifts what meets it."),
            "turn": COUNT,
            "text": TEXT,
        },
    ),
    "Card": shape(
        "A suggestion. Every fact is the record's; `impression` names it in feedback.",
        {
            "impression": TEXT,
            "need": COUNT,
            "rank": COUNT,
            "id": TEXT,
            "title": TEXT,
            "price": maybe(NUMBER),
            "currency": maybe(TEXT),
            "url": maybe(TEXT),
            "image": maybe(TEXT),
            "reason": described(TEXT, "Tied to the shopper's words, made of facts of the record."),
            "evidence": described(OBJECTS, "The facts behind the reason: slot, value, unit."),
            "score": NUMBER,
            "ranked_by": {"enum": ["llm", "embedded", "recall"]},
        },
        was=maybe(NUMBER),
        rating=maybe(NUMBER),
        availability=maybe(TEXT),
        sold_out=YES,
        options={"type": "object"},
        brand=maybe(TEXT),
        variant=maybe({"type": "object"}),
        variants=COUNT,
    ),
    "Turn": shape(
        "What a message came to.",
        {
            "dialogue": TEXT,
            "turn": COUNT,
            "user": TEXT,
            "language": {"enum": ["en", "zh"]},
            "user_acts": TEXTS,
            "act": described(TEXT, "The main one of `acts`."),
            "acts": described(
                TEXTS, "recommend, elicit, inform, compare, explain, no_match, faq, handoff, confirm, chitchat, refuse."
            ),
            "text": described(TEXT, "What the assistant says, without the cards."),
            "ledger": listed("Wish"),
            "dropped": OBJECTS,
            "needs": OBJECTS,
            "refers_to": described(TEXTS, "Items that the shopper pointed at."),
            "about": described(TEXTS, "Items that the answer is about."),
            "relaxed": described(TEXTS, "Wishes that the cards break, where nothing met them all."),
            "table": described(maybe({"type": "object"}), "A comparison: items, and rows of slot, values, differs."),
            "suggestions": listed("Card"),
            "quick_replies": TEXTS,
            "facts": described(OBJECTS, "What the records state, where a fact was asked for; empty: not known."),
            "tracked_by": TEXT,
            "ranked_by": TEXT,
            "degraded": described(YES, "Made without the full help of the model."),
            "llm_calls": COUNT,
            "tokens": {"type": "object"},
            "ms": {"type": "object"},
        },
        quoted=described(OBJECTS, "Answers quoted from the shop's own questions and answers."),
        gesture=maybe({"type": "object"}),
        handoff=described(
            maybe(TEXT), "What became of a wish for a person: absent, kept, told, joined; left: taken back."
        ),
        order=maybe({"type": "object"}),
        took_back=described(maybe({"type": "integer"}), "The turn whose change or message was taken back."),
        absent=described(TEXTS, "Names that this shop does not carry."),
        unknown=described(OBJECTS, "What was asked of items and their records do not say."),
    ),
    "Conversation": shape(
        "The conversation so far.",
        {
            "session": TEXT,
            "user": maybe(TEXT),
            "locale": TEXT,
            "created": TEXT,
            "ledger": listed("Wish"),
            "turns": described(listed("Turn"), "The latest 200, oldest first."),
            "pending": described(maybe({"type": "object"}), "A message that was kept and never answered."),
            "notes": OBJECTS,
            "handoff": {"type": "object"},
            "shortlist": TEXTS,
        },
    ),
    "Item": shape(
        "A product as the shop's record has it.",
        {
            "id": TEXT,
            "title": TEXT,
            "brand": maybe(TEXT),
            "category": TEXTS,
            "price": maybe(NUMBER),
            "currency": maybe(TEXT),
            "rating": maybe(NUMBER),
            "availability": maybe(TEXT),
            "description": TEXT,
            "url": maybe(TEXT),
            "image": maybe(TEXT),
            "facts": OBJECTS,
            "variants": OBJECTS,
        },
    ),
    "Shop": shape(
        "What a page says before the first word.",
        {
            "name": TEXT,
            "count": COUNT,
            "language": TEXT,
            "currency": TEXT,
            "starters": TEXTS,
            "notice": TEXT,
            "ai": YES,
            "features": {"type": "object"},
            "consent": YES,
        },
    ),
    "Kept": shape("Feedback as it was kept, and the item as it is now.", {"event": COUNT, "item": ANY, "changed": YES}),
    "ItemsNow": shape("Items as they are now; `gone`: ids no longer listed.", {"items": OBJECTS, "gone": TEXTS}),
    "Link": shape("A link to share.", {"id": TEXT, "url": TEXT}),
    "Watch": shape("What is waited for.", {"item": TEXT, "type": {"enum": ["back", "price"]}, "price": maybe(NUMBER)}),
    "Watches": shape("What has not come true yet.", {"watches": listed("Watch")}),
    "Sessions": shape("Conversations of the same customer, newest first.", {"sessions": OBJECTS}),
    "Export": shape("Everything kept.", {"sessions": OBJECTS, "reported": OBJECTS}),
    "Alive": shape("It answers.", {"status": {"enum": ["ok"]}}),
    "Ready": shape("How it is, and why.", {"status": {"enum": ["ready", "degraded", "not"]}, "why": TEXTS}),
    "Model": shape("The one model there is.", {"id": TEXT, "object": TEXT, "created": COUNT, "owned_by": TEXT}),
    "Models": shape("The one model there is.", {"object": TEXT, "data": listed("Model")}),
    "Completed": shape(
        "A completion as OpenAI's clients read it; `message.aisle` is the whole Turn.",
        {
            "id": TEXT,
            "object": {"enum": ["chat.completion"]},
            "created": COUNT,
            "model": TEXT,
            "choices": OBJECTS,
            "usage": {"type": "object"},
        },
    ),
    "OpenAIError": shape(
        "Trouble as OpenAI's clients read it.",
        {"error": shape("", {"message": TEXT, "type": TEXT, "param": maybe(TEXT), "code": maybe(TEXT)})},
    ),
}

CHAT_EVENTS: Mapping[str, str] = {
    "turn.start": "`dialogue`, `message_id`. Refusals come before it, with a status of their own.",
    "status": "`stage`: track, recall or rank; with rank, how many products `matched`.",
    "state": "`ledger`: the wishes as they stand now.",
    "card": "A suggestion, as soon as it is chosen.",
    "text.delta": "`text`: what is said, to be put behind what came before.",
    "quick_replies": "`replies`: what a shopper may tap instead of typing.",
    "handoff": "A person was wished for, and what became of it.",
    "error": "A problem document; nothing follows.",
    "turn.end": "The whole Turn; nothing follows.",
}
"""The events of a turn in the making, in their order."""

UPDATE_EVENTS: Mapping[str, str] = {
    "handoff": "`state`: bot, waiting or human; `agent`: who answers; `reason`: back, done or left; `told`.",
    "note": "`number`, `sender`, `name`, `text`, `created`, `after` (the turn it stands behind).",
}

GESTURES: Mapping[str, str] = {
    "similar": "More like these `items`.",
    "compare": "Two to five `items` beside each other, as a table.",
    "details": "All that the record of an item states.",
    "reject": "Not these `items`: they are not shown again.",
    "undo": "The ledger as it stood before the last change.",
    "retry": "The last message once more.",
    "soften": "The `wish` is nice to have.",
    "harden": "The `wish` must be met.",
    "handoff": "A person is wished for.",
}
