"""Proposals for a shop's file of words (shop_words.py): what the shop's own data suggests, for a person to accept.

What is sure stands as an entry; what a person must fill in or decide stands as a comment. What the catalogue's words say
already is not proposed again. Writes text only.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from catalog.doctor.lookalikes import groups
from catalog.doctor.reach import unreached
from catalog.doctor.survey import Survey
from catalog.lexicon import fold, plain
from catalog.shop_words import is_word
from catalog.store import Catalog
from catalog.types import Product

_UNSURE = 40  # products without a kind that are listed; more than that wants a category column
_LEAST = 2  # categories of one last word that make an umbrella
_HEAD = """# Words for {name}, proposed by aisle inspect. Strike or mend what is wrong; fill in what begins with "#"
# and take the "#" away. Then: aisle import FEED --db {db} --words THIS_FILE
"""


def proposals(catalog: Catalog) -> tuple[str, int]:
    """The file's text, and how many entries are proposed in it. What the shop's words say by now stands in it, too."""
    survey = Survey(catalog)
    joins, umbrella = _joins(survey), _umbrella(survey)
    asked, kinds = [kind for kind in unreached(survey) if is_word(kind) and not _in(kind, umbrella)], _unsure(survey)
    words = catalog.words
    lines = [_HEAD.format(name=catalog.name, db=catalog.path)]
    for name, said in words.kinds.items():
        lines += ["", f"[kinds.{_key(name)}]"]
        lines += [f"{f} = {_list(v)}" for f in ("words", "under", "part_of") if (v := getattr(said, f))]
    lines += _section("umbrella", {**words.umbrella, **umbrella}, "What a shopper's wide word means here.")
    todo = [f'# {_key(kind)} = ["another word for {_plain_comment(kind)}"]' for kind in asked]
    lines += _section("synonyms", words.synonyms, "Other words that shoppers say for a category.", todo)
    for slot in dict.fromkeys((*words.joins, *joins)):
        both = {**joins.get(slot, {}), **words.joins.get(slot, {})}
        lines += _section(f"joins.{_key(slot)}", both, "Spellings of one value.")
    lines += _kind_of(words.kind_of, kinds)
    count = len(umbrella) + len(asked) + sum(map(len, joins.values())) + len(kinds)
    return "\n".join(lines) + "\n", count


def _section(name: str, entries: Mapping[str, Sequence[str]], told: str, comments: Sequence[str] = ()) -> list[str]:
    if not (entries or comments):
        return []
    return [
        "",
        f"[{name}]  # {told}",
        *(f"{_key(key)} = {_list(values)}" for key, values in entries.items()),
        *comments,
    ]


def _kind_of(known: Mapping[str, str], unsure: Mapping[str, str]) -> list[str]:
    if not (known or unsure):
        return []
    lines = [f"{_key(id)} = {_text(kind)}" for id, kind in known.items()]
    asked = [f'# {_key(id)} = ""  # {_plain_comment(title)}' for id, title in unsure.items()]
    return ["", "[kind_of]  # What single products are.", *lines, *asked]


def _joins(survey: Survey) -> dict[str, dict[str, tuple[str, ...]]]:
    """Slot -> value kept -> other spellings, for look-alikes that neither filters nor the shop's words join."""
    found: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for group in groups(survey):
        slot = survey.slots[group.slot]
        said = {
            **survey.catalog.words.joins.get(slot.concept or "", {}),
            **survey.catalog.words.joins.get(slot.name, {}),
        }
        known = {spelling for kept, others in said.items() for spelling in (kept, *others)}
        others = tuple(value for value in dict.fromkeys(group.others) if value not in known and is_word(value))
        if others and group.kept not in known and is_word(group.kept) and is_word(slot.name):
            found[group.slot][group.kept] = others
    return dict(found)


def _umbrella(survey: Survey) -> dict[str, tuple[str, ...]]:
    """Categories out of reach that end in one word ("bath towel", "beach towel"): the word means them all."""
    last: defaultdict[str, list[str]] = defaultdict(list)
    for kind in filter(is_word, unreached(survey)):
        words = plain(kind).split()
        if len(words) > 1 and words[-1].isalpha() and words[-1].isascii():
            last[fold(words[-1])].append(kind)
    known = {fold(word) for word in survey.catalog.words.umbrella}
    return {
        word: tuple(kinds)
        for word, kinds in last.items()
        if len(kinds) >= _LEAST and word not in known and not survey.lexicon.kinds_named(word)
    }


def _in(kind: str, umbrella: Mapping[str, Sequence[str]]) -> bool:
    return any(kind in kinds for kinds in umbrella.values())


def _unsure(survey: Survey) -> dict[str, str]:
    """Products of no kind, id -> title, those with the commonest title words first: one answer may help many."""
    if "category" not in survey.slots:
        return {}
    without = [p for p in survey.products if not p.kind and is_word(p.id) and p.id not in survey.catalog.words.kind_of]
    common = Counter(word for p in without for word in _telling(p))
    without.sort(key=lambda p: -max((common[word] for word in _telling(p)), default=0))
    return {p.id: p.title for p in without[:_UNSURE]}


def _telling(product: Product) -> set[str]:
    """Words of a title that may name the thing: no figures, not the maker's name."""
    return {word for word in plain(product.title).split() if word.isalpha()} - set(plain(product.brand).split())


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _text(name)


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"


def _text(value: str) -> str:
    """A TOML string: JSON's, but for the delete character, which TOML wants escaped, too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain_comment(text: str) -> str:
    """A text that ends with its line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
