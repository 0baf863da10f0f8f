// The admin page's words in both languages. Shared by its parts; knows nothing else.

import { language, translate } from "./staff.js";

const WORDS = {
  en: {
    admin: "Admin", inbox: "Inbox", leave: "Log out", name: "Your name", password: "Password", enter: "Log in", views: "Views",
    mend: "What to fix", conversations: "Conversations", status: "Status", days: "Days", show: "Show", all: "all",
    spoken: "Language", more: "More", back: "All conversations", no_match: "found nothing", disliked: "disliked",
    degraded: "model asked in vain", handoff: "wished for a person", fact: "record lacks it", faq: "no answer in the FAQ",
    rejected: "turned down", unmatched: "wish no slot carries", absent: "not carried", model: "model asked",
    wrong: "That is not the password.", wait: "Too many attempts. Try again in {n} s.",
    trouble: "That did not work. Please try again.", gone: "There is no such conversation, or no longer.",
    g_no_match: "Nothing found", h_no_match: "What was wished where nothing met it all.",
    g_facts: "Facts that records lack", h_facts: "Asked of items whose records do not say. Filling these in answers the next shopper.",
    g_unmatched: "Wishes that no slot carries", h_unmatched: "Kept as words; a column in the feed would make them a filter.",
    g_absent: "Not carried", h_absent: "Names that were asked for and that this shop does not have.",
    g_faq: "Questions without an answer", h_faq: "About the shop; an entry in the FAQ would answer them.",
    g_items: "Turned down", h_items: "Items that were disliked or rejected most.",
    what: "What", times: "Turns", people: "Conversations", latest: "Latest", items: "Items", item: "Item",
    none: "Nothing in these days.", when: "When", began: "Began with", happened: "What happened", turns: "Turns",
    user: "User", verified: "signed by the shop", page: "Page", origin: "Site", locale: "Locale", opened: "Opened",
    shopper: "Shopper", assistant: "Assistant", person: "Person", system: "Note", edited: "Changed by hand", tapped: "Tapped",
    unanswered: "never answered", wishes: "Wishes", gone_wishes: "Gone", cards: "Cards", given_up: "Given up", quoted: "Quoted",
    understood: "understood by", ranked: "ranked by", calls: "calls of the model", tokens: "tokens", nobody: "unnamed",
    reason: "Reason", price: "Price", did: "Shopper did", soft: "soft", rank: "Place", unknown: "Not in the record",
    catalogue: "Catalogue", products: "Products", imported: "Imported", generation: "Generation", vectors: "Vectors",
    answers: "Questions and answers", shop: "Shop", s_ready: "ready", s_degraded: "less than it was set up for", s_not: "not in service", model_title: "Model", state: "State",
    running: "Answers in the making", waiting: "Waiting", failures: "Failures in a row", why: "Latest trouble",
    no_model: "No model: the embedded parts answer.", budget: "Tokens today (UTC)", unlimited: "not measured out",
    spent: "The budget of today is spent: turns are answered without the model.", by_day: "By day (UTC)", day: "Day",
    yes: "yes", no: "no", closed: "answers", open: "does not answer", probing: "being tried", stages: "Time by stage",
  },
  zh: {
    admin: "管理", inbox: "收件箱", leave: "退出登录", name: "您的名字", password: "密码", enter: "登录", views: "视图",
    mend: "需要改进", conversations: "对话", status: "状态", days: "天数", show: "显示", all: "全部",
    spoken: "语言", more: "更多", back: "全部对话", no_match: "没有找到", disliked: "不喜欢",
    degraded: "模型未能回答", handoff: "要求人工", fact: "资料缺失", faq: "常见问题无答案",
    rejected: "被拒绝", unmatched: "无法筛选的要求", absent: "本店没有", model: "用了模型",
    wrong: "密码不正确。", wait: "尝试次数过多，请 {n} 秒后再试。",
    trouble: "出了点问题，请再试一次。", gone: "没有这段对话，或已被删除。",
    g_no_match: "没有找到的要求", h_no_match: "没有商品全部满足的要求。",
    g_facts: "资料中缺少的信息", h_facts: "顾客问到而商品资料没有写的内容。补上后就能回答下一位顾客。",
    g_unmatched: "无法筛选的要求", h_unmatched: "只作为文字保留；在商品数据中加一列就能筛选。",
    g_absent: "本店没有的商品", h_absent: "顾客问到而本店没有的名称。",
    g_faq: "没有答案的问题", h_faq: "关于本店的问题；在常见问题中加一条即可回答。",
    g_items: "不受欢迎的商品", h_items: "被点不喜欢或被拒绝最多的商品。",
    what: "内容", times: "轮次", people: "对话", latest: "最近", items: "商品", item: "商品",
    none: "这些天没有。", when: "时间", began: "开头", happened: "情况", turns: "轮次",
    user: "用户", verified: "由商店签名", page: "页面", origin: "网站", locale: "地区", opened: "开始",
    shopper: "顾客", assistant: "助手", person: "人工", system: "记录", edited: "手动修改", tapped: "点击",
    unanswered: "没有回答", wishes: "要求", gone_wishes: "已取消", cards: "商品卡片", given_up: "放宽", quoted: "引用",
    understood: "理解", ranked: "排序", calls: "次模型调用", tokens: "词元", nobody: "未具名",
    reason: "理由", price: "价格", did: "顾客操作", soft: "可放宽", rank: "位次", unknown: "资料没有",
    catalogue: "商品目录", products: "商品数", imported: "导入时间", generation: "版本", vectors: "向量",
    answers: "常见问题", shop: "商店", s_ready: "正常", s_degraded: "部分功能不可用", s_not: "无法服务", model_title: "模型", state: "状态",
    running: "正在回答", waiting: "等待", failures: "连续失败", why: "最近的问题",
    no_model: "没有模型：由内置部分回答。", budget: "今日词元（UTC）", unlimited: "不限量",
    spent: "今日预算已用完：回答不再使用模型。", by_day: "按天（UTC）", day: "日期",
    yes: "有", no: "无", closed: "正常", open: "不回答", probing: "正在试探", stages: "各阶段用时",
  },
};

/** The words of the page's language. */
export let words = translate(WORDS, language);

export function speak(other) {
  words = translate(WORDS, other);
}
