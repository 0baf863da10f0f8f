"""The words of the page and of the API's notice, in English and Chinese. What the assistant says is in say.py."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.types import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "notice": "This conversation is kept so that you can come back to it. You can delete it at any time.",
        "hello": "What are you looking for?",
        "invite": "Describe it the way you would to a person in the shop. I know all {count} products here "
        "and only say what their records say.",
        "starter": "I'm looking for {kind}",
        "starter_price": "{kind} under {price}",
        "starter_brand": "{kind} by {brand}",
        "starter_best": "the best rated {kind}",
        "placeholder": "Tell me what you need…",
        "message": "Your message",
        "send": "Send",
        "new": "Start over",
        "new_hint": "Delete this conversation and begin a new one",
        "language": "中文",
        "language_hint": "切换到中文",
        "understood": "What I understood",
        "take_off": "Remove: {wish}",
        "soft": "nice to have",
        "replies": "Suggested answers",
        "stage_track": "Reading your message…",
        "stage_recall": "Looking through {count} products…",
        "stage_rank": "Choosing the best matches…",
        "you_removed": "Removed: {wishes}",
        "you_added": "Added: {wishes}",
        "like": "I like this one",
        "dislike": "Not for me",
        "rated": "Rated {rating}",
        "was": "before: {price}",
        "age_restricted": "For adults only (18 and over)",
        "stock": "{count} in stock",
        "in_stock": "In stock",
        "out_of_stock": "Out of stock",
        "preorder": "Pre-order",
        "unanswered": "This message has no answer yet.",
        "again": "Try again",
        "leave": "Stop",
        "too_long": "That is too long: at most {limit} characters.",
        "unreadable": "That text cannot be read. Please type it again.",
        "busy": "Another message of this conversation is being answered. Please try again in a moment.",
        "trouble": "That did not work. Please try again.",
    },
    "zh": {
        "notice": "这段对话会被保存，方便您下次继续。您可以随时删除。",
        "hello": "您想找什么？",
        "invite": "像和店员聊天一样说就好。本店 {count} 件商品我都了解，只按商品资料回答。",
        "starter": "我想找{kind}",
        "starter_price": "{price}以内的{kind}",
        "starter_brand": "{brand}的{kind}",
        "starter_best": "评分最高的{kind}",
        "placeholder": "说说您的要求……",
        "message": "您的消息",
        "send": "发送",
        "new": "重新开始",
        "new_hint": "删除这段对话，开始新的对话",
        "language": "English",
        "language_hint": "Switch to English",
        "understood": "我的理解",
        "take_off": "去掉：{wish}",
        "soft": "最好有",
        "replies": "可以这样回答",
        "stage_track": "正在理解您的要求……",
        "stage_recall": "正在 {count} 件商品中查找……",
        "stage_rank": "正在挑选最合适的……",
        "you_removed": "已去掉：{wishes}",
        "you_added": "已加上：{wishes}",
        "like": "喜欢",
        "dislike": "不喜欢",
        "rated": "评分 {rating}",
        "was": "原价：{price}",
        "age_restricted": "仅限成人（18 岁以上）",
        "stock": "现货 {count} 件",
        "in_stock": "有货",
        "out_of_stock": "缺货",
        "preorder": "可预订",
        "unanswered": "这条消息还没有回答。",
        "again": "重试",
        "leave": "停止",
        "too_long": "太长了，最多 {limit} 个字符。",
        "unreadable": "无法识别这段文字，请重新输入。",
        "busy": "这段对话的另一条消息正在回答，请稍后再试。",
        "trouble": "出了点问题，请再试一次。",
    },
}


def language_of(locale: str) -> Language:
    """The interface language for a locale or an Accept-Language header: the first one named that we speak."""
    for part in locale.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag == "zh" or tag.startswith(("zh-", "zh_")):
            return "zh"
        if tag == "en" or tag.startswith(("en-", "en_")):
            return "en"
    return "en"


def word(language: Language, name: str, **values: object) -> str:
    """One phrase, filled in. The values are plain text: whoever puts them on a page escapes them."""
    return WORDS[language][name].format(**values)
