"""The assistant owns up to being a program, says what it knows of itself and no more, and is kind to who is not."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from aisle.cli import main
from chatbot.asking import Model
from chatbot.context import Context, Told
from chatbot.events import Finished, Turn
from chatbot.smalltalk_words import SMALL_TALK
from chatbot.testing import ScriptedLLM
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState, Language, UserAct
from tests.chatbot.test_orders import Counter

ITSELF = "You are talking with the AI assistant of {}: a program, not a person."
ABLE = "I find, compare and explain products by the shop's records, and quote its own answers."
PERSON = "If you would rather talk to a person, say so and the shop is told."


def talk(bot: Chatbot, *messages: str, context: Context | None = None) -> Turn:
    """The last turn."""
    state, turns = DialogueState(), list[Turn]()
    for message in messages:
        *_, end = bot.turn(state, message, context=context)
        assert isinstance(end, Finished)
        turns.append(end.turn)
        state = end.state
    return turns[-1]


@pytest.fixture(scope="module")
def with_answers(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    """A shop that has written on who answers its chat, and on data."""
    folder = tmp_path_factory.mktemp("answers")
    feed, faq, db = folder / "mice.jsonl", folder / "faq.csv", folder / "Mouse House.db"
    feed.write_text('{"id": "1", "title": "Pebble Mouse", "price": 20, "category": "Mice"}\n', "utf-8")
    faq.write_text(
        'question,answer\nAm I chatting with a human?,"Not at first: Ada, our program, answers."\n'
        "What do you do with my personal data?,We use it to deliver your order.\n"
        "How long does delivery take?,Three days.\n",
        "utf-8",
    )
    done = CliRunner().invoke(main, ["import", str(feed), "--faq", str(faq), "--db", str(db), "--no-embed"])
    assert done.exit_code == 0, done.output
    return Chatbot.open(db)


def test_it_owns_up_and_says_what_it_can_do(chatbot: Chatbot) -> None:
    turn = talk(chatbot, "are you a human?")
    assert turn.text == f"{ITSELF.format('this shop')} {ABLE}"
    assert (turn.acts, turn.user_acts) == ((AgentAct.CHITCHAT,), (UserAct.CHITCHAT,))
    assert (turn.suggestions, turn.quoted, turn.handoff) == ((), (), None)
    assert (
        talk(chatbot, "你是真人吗").text
        == SMALL_TALK["zh"]["itself"].format(shop="本店") + SMALL_TALK["zh"]["abilities"]
    )


def test_shop_is_called_what_it_calls_itself(chatbot: Chatbot, with_answers: Chatbot) -> None:
    assert talk(chatbot, "who are you", context=Context(shop="Nordlicht")).text.startswith(ITSELF.format("Nordlicht"))
    assert talk(with_answers, "who are you").text == f"{ITSELF.format('Mouse House')} {ABLE}"


def test_person_is_offered_only_where_somebody_can_be_told(chatbot: Chatbot) -> None:
    def offered(counter: Counter, *before: str) -> bool:
        return PERSON in talk(chatbot, *before, "are you a bot?", context=Context(counter=counter)).text

    assert [offered(Counter()), offered(Counter(staffed=False)), offered(Counter(), "a person, please")] == [
        True,
        False,
        False,
    ]
    both = talk(chatbot, "are you a bot? I want to talk to a human", context=Context(counter=Counter()))
    assert (both.acts[:2], both.handoff) == ((AgentAct.CHITCHAT, AgentAct.HANDOFF), "kept")
    assert PERSON not in both.text


def test_what_is_kept_is_what_whoever_keeps_it_says(chatbot: Chatbot) -> None:
    kept, not_kept = (talk(chatbot, "do you save my chat?", context=Context(kept=kept)).text for kept in (True, False))
    assert kept == f"{ITSELF.format('this shop')} {SMALL_TALK['en']['kept']}"
    assert not_kept == f"{ITSELF.format('this shop')} {SMALL_TALK['en']['not_kept']}"


def test_model_is_owned_up_to_and_not_asked(chatbot: Chatbot) -> None:
    model = ScriptedLLM()
    turn = talk(chatbot.with_model(Model(model, "always")), "which model are you?")
    assert turn.text == f"{ITSELF.format('this shop')} {SMALL_TALK['en']['model']}"
    assert (turn.llm_calls, turn.tracked_by) == (0, "embedded")
    assert talk(chatbot, "which model are you?").text == f"{ITSELF.format('this shop')} {SMALL_TALK['en']['no_model']}"


def test_shop_s_own_answer_stands_behind(with_answers: Chatbot) -> None:
    turn = talk(with_answers, "am I talking to a real person?")
    own = "The shop says on “Am I chatting with a human?”: Not at first: Ada, our program, answers."
    assert turn.text == f"{ITSELF.format('Mouse House')} {ABLE} {own}"
    assert turn.acts == (AgentAct.CHITCHAT, AgentAct.FAQ)
    data = talk(with_answers, "what do you do with my data?", context=Context(kept=True))
    assert data.text == (
        f"{ITSELF.format('Mouse House')} {SMALL_TALK['en']['kept']} "
        "The shop says on “What do you do with my personal data?”: We use it to deliver your order."
    )
    assert [q.question for q in talk(with_answers, "what can you do?").quoted] == []


def test_mixed_messages_answer_both(chatbot: Chatbot, with_answers: Chatbot) -> None:
    turn = talk(chatbot, "are you a robot? show me mice under 30")
    assert turn.acts[:2] == (AgentAct.CHITCHAT, AgentAct.RECOMMEND)
    plainly = talk(chatbot, "show me mice under 30")
    assert (turn.ledger, turn.suggestions) == (plainly.ledger, plainly.suggestions)
    assert turn.text.startswith(ITSELF.format("this shop"))
    assert ABLE not in turn.text
    asked = talk(with_answers, "are you human? how long does delivery take?")
    assert asked.text.endswith("The shop says on “How long does delivery take?”: Three days.")
    assert asked.text.startswith(ITSELF.format("Mouse House"))


def test_dialogue_goes_on_behind_it(chatbot: Chatbot) -> None:
    alone = talk(chatbot, "mice under 30")
    after = talk(chatbot, "mice", "are you a bot?", "under 30")
    assert [s.candidate.product.id for s in after.suggestions] == [s.candidate.product.id for s in alone.suggestions]


@pytest.mark.parametrize("message", ["?", "...", "x", "👍", "🤖", "lol", "ok", "？", "。。。", "哈哈", "嗯"])
@pytest.mark.parametrize("before", [(), ("mice under 30",)])
def test_noise_shows_no_cards(chatbot: Chatbot, before: tuple[str, ...], message: str) -> None:
    turn = talk(chatbot, *before, message)
    assert (turn.suggestions, turn.quoted) == ((), ())
    assert set(turn.acts) <= {AgentAct.CHITCHAT, AgentAct.ELICIT}


@pytest.mark.parametrize(
    ("message", "act", "key", "language"),
    [
        ("fuck you", AgentAct.CHITCHAT, "insult", "en"),
        ("你太没用了", AgentAct.CHITCHAT, "insult", "zh"),
        ("how are you", AgentAct.CHITCHAT, "mood", "en"),
        ("do you have feelings", AgentAct.CHITCHAT, "feelings", "en"),
        ("which one do you like best", AgentAct.CHITCHAT, "taste", "en"),
        ("你真棒", AgentAct.CHITCHAT, "praise", "zh"),
        ("我很难过", AgentAct.CHITCHAT, "low", "zh"),
        ("is this medicine safe for my baby", AgentAct.REFUSE, "health", "en"),
        ("我能起诉房东吗", AgentAct.REFUSE, "law", "zh"),
        ("what time is it", AgentAct.REFUSE, "world", "en"),
        ("do you speak german", AgentAct.CHITCHAT, "tongue", "en"),
    ],
)
def test_small_talk(chatbot: Chatbot, message: str, act: AgentAct, key: str, language: Language) -> None:
    words = SMALL_TALK[language]
    turn = talk(chatbot, message)
    joint = " " if language == "en" else ""
    assert turn.text == joint.join(part for part in (words[key], words.get(f"{key}_on", "")) if part)
    assert (turn.acts, turn.suggestions) == ((act,), ())


def test_small_talk_that_the_tracker_hears(chatbot: Chatbot) -> None:
    assert talk(chatbot, "thanks").text == "You're welcome. Just say so if you need anything else."
    assert talk(chatbot, "ok").text == SMALL_TALK["en"]["ok"]


def test_who_is_in_despair_is_offered_no_goods(chatbot: Chatbot) -> None:
    for message in ("i want to kill myself", "我不想活了"):
        turn = talk(chatbot, message)
        assert (turn.quick_replies, turn.suggestions) == ((), ())
        assert turn.text == SMALL_TALK[turn.language]["crisis"]
    assert talk(chatbot, "hello").quick_replies


@pytest.mark.parametrize("told", ["kept", "told"])
@pytest.mark.parametrize("message", ["never mind", "no need any more", "cancel that, I don't need a person"])
def test_wish_for_a_person_is_taken_back(chatbot: Chatbot, told: Told, message: str) -> None:
    counter = Counter(told)
    turn = talk(chatbot, "mice", "I want to talk to a person", message, context=Context(counter=counter))
    assert (turn.text, turn.handoff, turn.acts) == (SMALL_TALK["en"]["stay"], "left", (AgentAct.CONFIRM,))
    assert (counter.waiting, len(counter.wishes)) == (False, 1)
    assert [n.query for n in turn.needs] == ["mouse"]  # no wish is undone by it


def test_it_may_be_taken_back_with_a_wish(chatbot: Chatbot) -> None:
    turn = talk(chatbot, "我要找人工", "算了，看看鼠标", context=Context(counter=Counter()))
    assert (turn.handoff, turn.acts[:2]) == ("left", (AgentAct.CONFIRM, AgentAct.RECOMMEND))
    assert turn.text.startswith(SMALL_TALK["zh"]["stay"])


def test_where_nobody_is_waited_for_it_stays_what_it_was(chatbot: Chatbot) -> None:
    assert talk(chatbot, "never mind", context=Context(counter=Counter())).text.startswith(
        "There is nothing to take back"
    )
    undone = talk(chatbot, "mice", "under 30", "never mind", context=Context(counter=Counter()))
    assert undone.text.startswith("All right, I have taken back your last change.")
    plain = talk(chatbot, "I don't need a person", context=Context(counter=Counter()))
    assert (plain.text, plain.handoff) == (SMALL_TALK["en"]["not_called"], None)


def test_both_languages_have_the_same_words() -> None:
    assert SMALL_TALK["en"].keys() == SMALL_TALK["zh"].keys()
