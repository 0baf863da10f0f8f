"""The words code says itself, in English and Chinese: templates only, filled with values from the record.

Knows nothing of when a thing is said; policy and turn decide that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from catalog.lexicon import Lexicon
from catalog.types import Constraint, Fact, Money, Op, Order, Scalar, Slot, write_number
from chatbot.types import Language, Text

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "greeting": "Hello! Tell me what you are looking for, and I will find it in this shop.",
        "thanks": "You're welcome. Just say so if you need anything else.",
        "bye": "Goodbye, and come back any time.",
        "chitchat": "Good to hear from you. What can I look up in this shop for you?",
        "refuse": "That is not something I can do. I help you find products in this shop.",
        "injection": "I cannot do that: names, prices and stock come from the shop's records, and I cannot change them.",
        "faq": "I have no information here on the shop's policies ({topics}), so please check with the shop directly.",
        "faq_topic": "service",
        "handoff": "I understand you want to talk to a person. I cannot connect you from this chat; "
        "please use the shop's contact page.",
        "for_what": " for {what}",
        "quoted": "“{words}”",
        "recommend": "Here is what I found{what}.",
        "recommend_all": "I found exactly {count}{what}.",
        "recommend_one": "I found exactly one{what}.",
        "yes_there": "Yes. {answer}",
        "noted": "Noted, but their records do not all say so: {wishes}.",
        "more": "Here are some others{what}.",
        "no_more": "You have seen everything I have{what}. You could loosen a wish.",
        "no_match": "Nothing here meets all of: {wishes}.",
        "no_match_near": "I found no exact match{what}. These come closest; they give up {relaxed}.",
        "not_carried": "I could not find {names} in this shop.",
        "everything": "what you asked for",
        "ask": "Do you have a preference for {slot}?",
        "ask_price": "Do you have a budget in mind?",
        "ask_category": "What kind of product are you thinking of?",
        "ask_truth": "Should it have {slot}?",
        "ask_need": "What kind of thing are you looking for?",
        "which": "Which one do you mean?",
        "cleared": "All right, I have cleared your wishes.",
        "undone": "All right, I have taken back your last change.",
        "nothing_to_undo": "There is nothing to take back.",
        "nothing_to_point": "I am not sure which product you mean. Nothing has been shown yet.",
        "accept": "Good choice: {title}{price}. I cannot place an order here; please order it on the product's page.",
        "rejected": "All right, I will not show those again.",
        "out_of_stock": "out of stock",
        "fact": "{title}: {slot} {value}.",
        "fact_yes": "{title}: {slot}, yes.",
        "fact_no": "{title}: {slot}, no.",
        "unknown_fact": "The shop's record of {title} does not say: {slot}.",
        "no_option": "The shop's record of {title} has no option with {options}.",
        "unknown_that": "The shop's record of {title} does not say that.",
        "fits": "{title} goes with {device}: its record names {values}.",
        "fits_not": "The record of {title} does not name {device}; it names {values}.",
        "by_title": "According to its title: {text}",
        "by_description": "According to its description: {text}",
        "mentions": "The shop's record of {title} says: “{quote}”",
        "which_of": "Of these, {wishes}: {titles}.",
        "which_none": "None of these: {wishes}.",
        "best_min": "Of these, {title} has the lowest {slot}: {value}.",
        "best_max": "Of these, {title} has the highest {slot}: {value}.",
        "count": "There are {count} products in this shop that match {what}.",
        "count_all": "There are {count} products in this shop.",
        "count_one": "There is one product in this shop that matches {what}.",
        "count_none": "There are no products in this shop that match {what}.",
        "values": "{slot} here: {values}.",
        "holding": "“{words}”",
        "and_more": "{values} and {count} more",
        "counted": "{value} {count}",
        "different": "There are {count} different values of {slot}: {values}.",
        "span": "{slot} goes from {low} to {high} ({count} products).",
        "span_one": "The {slot} is {value}.",
        "mean": "The average {slot} of {count} products that match {what} is {value}.",
        "overall_min": "The lowest {slot} here is {value}: {title}.",
        "overall_max": "The highest {slot} here is {value}: {title}.",
        "overall_newest": "The newest {slot} here is {value}: {title}.",
        "overall_oldest": "The oldest {slot} here is {value}: {title}.",
        "not_stated": "The shop's records of {what} do not say: {slot}.",
        "no_date": "The shop's records of {what} hold no dates, so they do not say which is newest or oldest.",
        "unknown_slot": "The shop's records do not say that: {words}.",
        "compare": "Comparing {titles}. They differ in {differences}.",
        "compare_same": "Comparing {titles}. Their records do not differ.",
        "compare_few": "Tell me which products to compare; I need at least two.",
        "explain": "I put {title} there because {reason}",
        "because": "it meets {wishes}",
        "because_words": "its record fits “{words}”",
        "because_any": "you had named no wish yet",
        "but": "but it does not meet: {wishes}",
        "unsaid": "its record does not say: {wishes}",
        "reason_join": "; ",
        "list_join": ", ",
        "and_join": " and ",
        "sentence_join": " ",
        "within": "{slot} {value} ({wish})",
        "match": "{slot} {value}",
        "yes": "yes",
        "no": "no",
        "was": "(was {price})",
        "more_button": "Show others",
        "cheaper_button": "Cheaper",
        "only_button": "Only {value}",
        "compare_button": "Compare the first two",
        "any_button": "No preference",
        "with_button": "With {slot}",
        "under_button": "under {high}{unit}",
        "over_button": "over {low}{unit}",
        "span_button": "{low} to {high}{unit}",
        "most_button": "up to {high}{unit}",
        "least_button": "at least {low}{unit}",
        "waive_button": "{slot} doesn't matter",
        "not_understood": "I did not get that. Tell me what you are looking for, in your own words.",
    },
    "zh": {
        "greeting": "您好！告诉我想找什么，我在本店里帮您找。",
        "thanks": "不客气，还需要什么随时说。",
        "bye": "再见，欢迎再来。",
        "chitchat": "您好，想让我在本店帮您找点什么？",
        "refuse": "这个我帮不上忙，我只负责帮您在本店找商品。",
        "injection": "这个我做不到：名称、价格和库存都来自商店的记录，我不能改动。",
        "faq": "我这里没有本店{topics}政策的信息，请直接向商店确认。",
        "faq_topic": "服务",
        "handoff": "您想找人工客服。我在这个对话里无法转接，请通过商店的联系方式找人工。",
        "for_what": "符合{what}的",
        "quoted": "“{words}”",
        "recommend": "为您找到这些{what}商品。",
        "recommend_all": "一共找到 {count} 款{what}商品，都在这里。",
        "recommend_one": "只找到这一款{what}商品。",
        "yes_there": "有的。{answer}",
        "noted": "已记下{wishes}，但并非每款的记录都写明了这一点。",
        "more": "再看看这些{what}商品。",
        "no_more": "{what}商品都看过了，可以放宽一点要求。",
        "no_match": "没有同时满足这些条件的商品：{wishes}。",
        "no_match_near": "没有{what}商品能满足全部要求，下面这些最接近，放宽了{relaxed}。",
        "not_carried": "本店没有找到{names}。",
        "everything": "您的要求",
        "ask": "对{slot}有要求吗？",
        "ask_price": "预算大概多少？",
        "ask_category": "想要哪一类商品？",
        "ask_truth": "需要{slot}吗？",
        "ask_need": "您想找哪一类商品？",
        "which": "您指的是哪一个？",
        "cleared": "好的，已清空您的要求。",
        "undone": "好的，已撤回上一步的改动。",
        "nothing_to_undo": "没有可以撤回的改动。",
        "nothing_to_point": "不确定您指的是哪件商品，还没有展示过商品。",
        "accept": "好眼光：{title}{price}。我不能在这里下单，请到商品页面购买。",
        "rejected": "好的，不再给您看这些。",
        "out_of_stock": "缺货",
        "fact": "{title}：{slot} {value}。",
        "fact_yes": "{title}：{slot}，有。",
        "fact_no": "{title}：{slot}，无。",
        "unknown_fact": "商店记录里没有写明{title}的{slot}。",
        "no_option": "商店对{title}的记录里没有{options}的选项。",
        "unknown_that": "商店对{title}的记录里没有写明这一点。",
        "fits": "{title}可以配{device}：记录里写着{values}。",
        "fits_not": "{title}的记录里没有写{device}，写的是{values}。",
        "by_title": "根据商品标题：{text}",
        "by_description": "根据商品描述：{text}",
        "mentions": "商店对{title}的记录写着：“{quote}”",
        "which_of": "其中{wishes}的：{titles}。",
        "which_none": "这几款里没有{wishes}的。",
        "best_min": "其中{title}的{slot}最低：{value}。",
        "best_max": "其中{title}的{slot}最高：{value}。",
        "count": "本店符合“{what}”的商品有 {count} 款。",
        "count_all": "本店一共有 {count} 款商品。",
        "count_one": "本店符合“{what}”的商品有 1 款。",
        "count_none": "本店没有符合“{what}”的商品。",
        "values": "本店的{slot}：{values}。",
        "holding": "{words}",
        "and_more": "{values}等，另有 {count} 个",
        "counted": "{value} {count} 款",
        "different": "{slot}一共有 {count} 种：{values}。",
        "span": "{slot}从 {low} 到 {high}（{count} 款）。",
        "span_one": "{slot}是 {value}。",
        "mean": "符合“{what}”的 {count} 款商品，平均{slot}是 {value}。",
        "overall_min": "{slot}最低的是 {value}：{title}。",
        "overall_max": "{slot}最高的是 {value}：{title}。",
        "overall_newest": "{slot}最新的是 {value}：{title}。",
        "overall_oldest": "{slot}最早的是 {value}：{title}。",
        "not_stated": "商店记录里没有写明“{what}”的{slot}。",
        "no_date": "商店里“{what}”的记录没有日期，看不出哪款最新或最旧。",
        "unknown_slot": "商店的记录里没有写明：{words}。",
        "compare": "对比{titles}，不同之处：{differences}。",
        "compare_same": "对比{titles}，记录里没有不同之处。",
        "compare_few": "请告诉我要对比哪几款，至少两款。",
        "explain": "推荐{title}，因为{reason}",
        "because": "满足{wishes}",
        "because_words": "商品记录符合“{words}”",
        "because_any": "您还没有提出要求",
        "but": "但不满足{wishes}",
        "unsaid": "记录里没有写明是否满足{wishes}",
        "reason_join": "；",
        "list_join": "、",
        "and_join": "和",
        "sentence_join": "",
        "within": "{slot} {value}（{wish}）",
        "match": "{slot} {value}",
        "yes": "是",
        "no": "否",
        "was": "（原价 {price}）",
        "more_button": "换一批",
        "cheaper_button": "便宜点的",
        "only_button": "只要{value}",
        "compare_button": "前两个对比一下",
        "any_button": "都可以",
        "with_button": "要{slot}",
        "under_button": "{high}{unit}以下",
        "over_button": "{low}{unit}以上",
        "span_button": "{low} 到 {high}{unit}",
        "most_button": "{high}{unit}以内",
        "least_button": "至少 {low}{unit}",
        "waive_button": "{slot}不限",
        "not_understood": "没太明白，请用自己的话说说想找什么。",
    },
}

_SLOTS: Mapping[Language, Mapping[str, str]] = {
    "en": {"price": "price", "brand": "brand", "title": "name", "rating": "rating", "availability": "availability"}
    | {"category": "kind of product", "text": "wish", "on_sale": "on sale", "list_price": "price before the sale"}
    | {"unit_price": "unit price", "tax": "tax", "adult": "for adults only", "compatible_with": "compatible with"},
    "zh": {"price": "价格", "brand": "品牌", "title": "名称", "rating": "评分", "availability": "库存"}
    | {"category": "商品类型", "text": "要求", "on_sale": "打折", "list_price": "原价", "unit_price": "单位价格"}
    | {"tax": "税", "adult": "仅限成人", "compatible_with": "适用于"},
}
_TOPICS_ZH = {"returns": "退换货", "shipping": "配送", "warranty": "保修", "payment": "付款", "hours": "营业时间"}
_WITHIN: Mapping[Language, Mapping[Op, str]] = {
    "en": {Op.LE: "at most {v}", Op.LT: "under {v}", Op.GE: "at least {v}", Op.GT: "over {v}"}
    | {Op.EQ: "{v}", Op.NE: "not {v}", Op.IN: "{v}", Op.NOT_IN: "not {v}"},
    "zh": {Op.LE: "不超过 {v}", Op.LT: "低于 {v}", Op.GE: "不低于 {v}", Op.GT: "高于 {v}"}
    | {Op.EQ: "{v}", Op.NE: "不要 {v}", Op.IN: "{v}", Op.NOT_IN: "不要 {v}"},
}


UNITS: Mapping[Language, Mapping[str, str]] = {
    "en": {"in": "inch", "l": "litres"},
    "zh": {
        "in": "英寸",
        "l": "升",
        "CNY": "元",
        "kg": "公斤",
        "g": "克",
        "h": "小时",
        "cm": "厘米",
        "mm": "毫米",
        "m": "米",
    },
}
"""Units as shoppers say them, where the plain sign would be taken for something else."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF"})
_UNIT_BEHIND = re.compile(r"(?<=\w)\s*[(（][^()（）]{1,12}[)）]$")  # "油耗(L/100km)": the value brings its unit itself


def say(language: Language, key: str, **values: object) -> str:
    """One sentence by its key, values filled in. KeyError for an unknown key or a missing value."""
    return WORDS[language][key].format(**values)


def join(language: Language, parts: Iterable[str]) -> str:
    return WORDS[language]["list_join"].join(parts)


def both(language: Language, parts: Iterable[str]) -> str:
    """Things named together: "laptops, tents and lamps"."""
    *first, last = parts
    return WORDS[language]["and_join"].join((join(language, first), last)) if first else last


def sentences(language: Language, parts: Iterable[str]) -> str:
    return WORDS[language]["sentence_join"].join(p for p in parts if p)


def slot_name(language: Language, slot: Slot | str) -> str:
    """A slot's name for people: our word for the common ones, else the feed's own header, readable; for a header in the
    other language what it stands for, where that is known."""
    name = slot if isinstance(slot, str) else slot.name
    if name in _SLOTS[language]:
        return _SLOTS[language][name]
    label = name if isinstance(slot, str) else (slot.label or name)
    foreign = bool(_CHINESE.search(label)) != (language == "zh")
    if foreign and (known := common_name(language, slot)):
        return known
    return _UNIT_BEHIND.sub("", label).replace("__", " ").replace("_", " ").strip() or label


def common_name(language: Language, slot: Slot | str) -> str | None:
    """What people call what a slot stands for: "screen size", 屏幕尺寸; None where that is not known."""
    lexicon = Lexicon.default()
    known = lexicon.concept_of_header(slot) if isinstance(slot, str) else lexicon.concepts.get(slot.concept or "")
    if known is None:
        return None
    if language == "en":
        return known.name.replace("_", " ")
    return next((word for word in (*known.headers, *known.words) if _CHINESE.search(word)), None)


def topic_names(language: Language, topics: Iterable[str]) -> str:
    named = [_TOPICS_ZH.get(t, t) if language == "zh" else t for t in topics]
    return join(language, named) or WORDS[language]["faq_topic"]


def money(amount: Money) -> str:
    return f"{write_number(amount.amount)} {amount.currency}"


def price(amount: Money) -> str:
    """An amount as on a price tag, with the decimals of its currency: 18.50 EUR, 1980 JPY."""
    return f"{amount.amount:.{0 if amount.currency in WITHOUT_CENTS else 2}f} {amount.currency}"


def scalar(language: Language, value: Scalar) -> str:
    if isinstance(value, bool):
        return WORDS[language]["yes" if value else "no"]
    return write_number(value) if isinstance(value, float | int) else value


def fact_value(language: Language, fact: Fact) -> str:
    """A fact's value as the record states it: in the shop's own writing, else its unit behind it."""
    if fact.text:
        return fact.text
    text = scalar(language, fact.value)
    numeric = isinstance(fact.value, float) and not isinstance(fact.value, bool)
    return f"{text} {fact.unit}" if fact.unit and numeric else text


def wish_words(language: Language, what: Constraint | Order | Text) -> str:
    """A wish for people: "price at most 30", "not HP", "price asc" as "lowest price first"."""
    if isinstance(what, Text):
        return f"“{what.words}”"
    name = slot_name(language, what.slot)
    if isinstance(what, Order):
        if language == "zh":
            return f"{name}从{'低到高' if what.direction == 'asc' else '高到低'}"
        return f"{'lowest' if what.direction == 'asc' else 'highest'} {name} first"
    value = " / ".join(scalar(language, v) for v in _widest(what.values))
    value = f"{value} {what.unit}" if what.unit else value
    said = _WITHIN[language][what.op].format(v=value)
    return said if what.slot in ("brand", "category") else f"{name} {said}"


def _widest(values: Sequence[Scalar]) -> list[Scalar]:
    """Values without those that only narrow the first: of red, dark red and maroon red and maroon; three at most."""
    first = str(values[0]).casefold().split()
    return [v for v in values if v == values[0] or not set(first) <= set(str(v).casefold().split())][:3]
