"""What may be said of goods in general, where no record can tell: words of goods, plain ones, and the question's own.

General advice cannot be checked for truth. It can be kept from speaking of anything else: no names, promises, people,
stars, links or numbers that nobody asked about. Knows nothing of items.
"""

from __future__ import annotations

import re
from functools import cache

from catalog.lexicon import Lexicon
from chatbot.rank.claim_names import value_names
from chatbot.rank.claim_numbers import is_unit, numbers
from chatbot.rank.claim_prompts import recited
from chatbot.rank.claim_vocabulary import known, latin_words, roots, uncovered
from chatbot.rank.claim_words import found, general_words, normal, plain, words
from chatbot.rank.claims import disguised

_FOREIGN = re.compile(r"[^\W\da-zà-ɏ\u3400-\u9fff]")
_HOW_OFTEN = frozenset({"twice", "half", "double", "dual", "two", "three"})
_OF_ONE = re.compile(
    r" (?:includes?|comes?|came|has|had|packed|made|speaks?|grows?|smells?|tastes?|weighs?|lowers?|runs?|contains?|survives?|"
    r"glows?|improves?|can|could|will|would|it|its|he|she|they|his|her|their) |.*\b(?:blood|child|children|baby) "
)  # what begins so speaks of one thing, whichever that is
_AMOUNT = re.compile(
    r"\bhow (?:much|many|big|large|long|heavy|warm|fast|bright|loud)\b|多[少大高长重亮宽]", re.IGNORECASE
)
_ENOUGH = re.compile(r" (?:enough|plenty|need|fine|do|least) |够|需要|至少")
_QUESTION = re.compile(r"[?？]")  # what stands behind it is no part of the question
_REPEATED = 5  # words in a row
_PARTS = re.compile(r"[(（:：;；]")
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][a-z][\w'’-]*")
_HOW_MUCH = re.compile(r" how (?:much|many|big|large|long|heavy|warm|fast|bright|loud) | enough ")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def is_general(sentence: str, question: str) -> bool:
    """May this be said as advice in answer to the question?"""
    said, asked = normal(sentence), normal(_QUESTION.split(question, maxsplit=1)[0])
    if _repeats(said, normal(question)):
        return False
    if any(_OF_ONE.match(normal(part)) for part in _PARTS.split(sentence)):
        return False
    if disguised(sentence) or recited(said) or _FOREIGN.search(said.replace("'", "")):
        return False
    ranked = said if " the most " in said else said.replace(" most ", " ")  # "enough for most photos" claims nothing
    if found(words().barred, ranked.replace(asked, " ")):
        return False
    if any(normal(name) not in asked for name in _NAME.findall(sentence)):
        return False
    measured = _AMOUNT.search(question) and _ENOUGH.search(said) and all(n.unit for n in numbers(sentence))
    return _is_of_goods(said, asked) and bool(measured or _numbers_were_asked(said, asked))


def _repeats(said: str, message: str) -> bool:
    """Does it only say back what the shopper said?"""
    words = said.split()
    runs = (" ".join(words[start : start + _REPEATED]) for start in range(len(words) - _REPEATED + 1))
    return said.strip() in message or any(f" {run} " in message for run in runs)


def _is_of_goods(said: str, asked: str) -> bool:
    wanted = frozenset(root for word in latin_words(asked) for root in roots(word))
    latin = (word for word in latin_words(said) if not (known(word) or is_unit(word)))
    if any(not roots(word) & (_goods() | wanted) for word in latin):
        return False
    own = (*_goods_zh(), *_CHINESE.findall(asked))
    return not any(uncovered(run, own) for run in _CHINESE.findall(said))


def _numbers_were_asked(said: str, asked: str) -> bool:
    """Numbers answer a question: they share a number, a unit or a thing with it, or a word where it asks how much."""
    spelled = any(w in words().numbers and w not in _HOW_OFTEN for w in said.split())
    if not spelled and not re.search(r"\d", said):
        return True
    shared = {w for w in said.split() if w in asked.split()} - plain().english
    telling = shared if _HOW_MUCH.search(asked) else {w for w in shared if w.isdigit() or not known(w)}
    return bool(telling) or bool(_CHINESE.search(asked) and _CHINESE.search(said))


@cache
def _goods() -> frozenset[str]:
    """Roots of the words of goods: kinds, properties, values that any shop may have, and how things are cared for."""
    lexicon = Lexicon.default()
    kinds = (word for kind in lexicon.kinds.values() for word in (kind.name, *kind.words))
    concepts = (word for one in lexicon.concepts.values() for word in (one.name, *one.headers, *one.words))
    text = normal(" , ".join([*kinds, *concepts, *value_names(), general_words()[0]]))
    return frozenset(root for word in latin_words(text) for root in roots(word))


@cache
def _goods_zh() -> tuple[str, ...]:
    lexicon = Lexicon.default()
    kinds = (word for kind in lexicon.kinds.values() for word in kind.words)
    concepts = (word for one in lexicon.concepts.values() for word in (*one.headers, *one.words))
    text = " ".join([*kinds, *concepts, *value_names(), general_words()[1]])
    return tuple(dict.fromkeys(_CHINESE.findall(text)))
