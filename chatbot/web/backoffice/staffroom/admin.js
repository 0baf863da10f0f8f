// The admin page: what to fix in the catalogue, conversations, how things are. Asks the server, shows the answer by
// textContent alone; changes nothing.

import { call, enter, language, leave, make, me, stay, translate } from "./staff.js";

const WORDS = {
  en: {
    admin: "Admin", leave: "Log out", name: "Your name", password: "Password", enter: "Log in", views: "Views",
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
    admin: "管理", leave: "退出登录", name: "您的名字", password: "密码", enter: "登录", views: "视图",
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

const at = (id) => document.getElementById(id);
const VIEWS = ["mend", "conversations", "status"];
const HAPPENED = ["no_match", "disliked", "rejected", "fact", "faq", "unmatched", "absent", "handoff", "degraded", "model"];
const BAD = new Set(["no_match", "disliked", "degraded"]);
let words = translate(WORDS, language);
let next = null;
let asked = 0; // only the latest view asked for is shown

const hour = (time) =>
  time ? new Date(time).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }) : "";
const number = (value) => Number(value).toLocaleString(language);
const day = (time) => new Date(time).toLocaleDateString(language, { month: "short", day: "numeric" });
const cell = (value, kind) => {
  const made = make("td", kind === "n" ? { class: "n" } : {});
  made.append(value instanceof Node ? value : String(value ?? ""));
  return made;
};
const link = (id, text) => make("a", { href: "#conversations/" + encodeURIComponent(id), text });
const tag = (text, bad) => make("span", { class: bad ? "tag bad" : "tag", text });

/** A table: heads are [text, kind] pairs, kind "n" for numbers. */
function table(heads, rows) {
  const head = make("tr", {}, ...heads.map(([text, kind]) => make("th", { scope: "col", class: kind, text })));
  const body = rows.map((row) => make("tr", {}, ...row.map((value, place) => cell(value, heads[place][1]))));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}

function card(title, about, content, wide) {
  const told = about ? [make("p", { text: about })] : [];
  return make("div", { class: wide ? "card wide" : "card" }, make("h3", { text: title }), ...told, content);
}

const nothing = () => make("p", { text: words.none });

async function mend() {
  const told = await call("GET", "/insights/mend?days=" + at("days").value);
  const named = (id) => told.titles[id] || id;
  const group = (name) => {
    const rows = told[name].map((each) => [link(each.session, each.words), number(each.conversations), number(each.turns), day(each.latest)]);
    const heads = [[words.what], [words.people, "n"], [words.times, "n"], [words.latest]];
    return card(words["g_" + name], words["h_" + name], rows.length ? table(heads, rows) : nothing());
  };
  const facts = told.facts.map((each) => {
    const items = each.items.map((item) => make("div", { text: named(item.id) + " (" + number(item.times) + ")" }));
    return [link(each.session, each.words), make("small", {}, ...items), number(each.conversations), number(each.turns)];
  });
  const heads = [[words.what], [words.items], [words.people, "n"], [words.times, "n"]];
  const down = told.items.map((each) => [link(each.session, named(each.id)), number(each.disliked), number(each.rejected), day(each.latest)]);
  const downs = [[words.item], [words.disliked, "n"], [words.rejected, "n"], [words.latest]];
  return () =>
    at("mend").querySelector(".groups").replaceChildren(
      card(words.g_facts, words.h_facts, facts.length ? table(heads, facts) : nothing()),
      group("no_match"), group("unmatched"), group("absent"), group("faq"),
      card(words.g_items, words.h_items, down.length ? table(downs, down) : nothing()),
    );
}

const happened = (counts) =>
  make("span", {}, ...["en", "zh", ...HAPPENED].filter((name) => counts[name]).map((name) =>
    tag((words[name] || name) + (name.length > 2 || counts[name] > 1 ? " " + number(counts[name]) : ""), BAD.has(name))));

async function page(before) {
  const wanted = new URLSearchParams(new FormData(at("filter")));
  wanted.set("days", at("days").value);
  if (before) wanted.set("before", before);
  return call("GET", "/insights/conversations?" + wanted);
}

const rows = (listed) =>
  listed.map((each) => [hour(each.created), link(each.id, each.began || "…"), each.user || "", number(each.turns), happened(each.counts)]);

async function conversations() {
  const told = await page(null);
  const heads = [[words.when], [words.began], [words.user], [words.turns, "n"], [words.happened]];
  return () => {
    next = told.next;
    at("more").hidden = !next;
    const found = told.conversations.length ? table(heads, rows(told.conversations)) : make("p", { class: "card", text: words.none });
    at("conversations").querySelector(".rows").replaceChildren(found);
  };
}

async function more() {
  const told = await page(next);
  next = told.next;
  at("more").hidden = !next;
  const body = at("conversations").querySelector("tbody");
  const kinds = [null, null, null, "n", null];
  const made = rows(told.conversations).map((row) => make("tr", {}, ...row.map((value, place) => cell(value, kinds[place]))));
  body.append(...made);
  made[0]?.querySelector("a")?.focus();
}

function facts(list, pairs) {
  for (const [name, value] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    const told = make("dd", {});
    told.append(value instanceof Node ? value : String(value));
    list.append(make("dt", { text: name }), told);
  }
  return list;
}

async function conversation(id) {
  let told;
  try {
    told = await call("GET", "/insights/conversations/" + encodeURIComponent(id));
  } catch (error) {
    if (error.status !== 404) throw error;
    return () => {
      at("conversation-name").textContent = words.gone;
      at("about").replaceChildren();
      at("turns").replaceChildren();
    };
  }
  return () => {
    at("conversation-name").textContent = told.messages.find((each) => each.text)?.text || "…";
    at("about").replaceChildren();
    const user = told.user ? told.user + (told.verified ? " (" + words.verified + ")" : "") : words.nobody;
    facts(at("about"), [[words.opened, hour(told.created)], [words.user, user], [words.locale, told.locale], [words.origin, told.origin], [words.page, told.page], [words.item, told.item]]);
    const notes = (after) => told.notes.filter((note) => note.after === after).map(noted);
    const turns = told.messages.flatMap((message) => [turned(message), ...(message.turn ? notes(message.turn.turn) : [])]);
    at("turns").replaceChildren(...notes(0), ...turns);
  };
}

const said = (who, text, kind) => make("p", { class: "said " + (kind || "") }, make("b", { text: who + " " }), text);

function noted(note) {
  const who = words[note.sender] + (note.name ? " " + note.name : "");
  return make("li", {}, make("h3", { text: hour(note.created) }), said(who, note.text, note.sender === "shopper" && "shopper-said"));
}

function turned(message) {
  const turn = message.turn;
  const head = make("h3", {}, make("span", { text: (turn ? "#" + turn.turn + " · " : "") + hour(message.asked) }));
  const made = make("li", {}, head);
  if (message.text) made.append(said(words.shopper, message.text, "shopper-said"));
  if (message.edit) made.append(said(words.edited, [...message.edit.remove.map((text) => "− " + text), ...message.edit.add.map((text) => "+ " + text)].join(" · "), "shopper-said"));
  if (message.gesture) made.append(said(words.tapped, [message.gesture.type, ...(message.gesture.items || [])].join(" · "), "shopper-said"));
  if (!turn) {
    made.append(tag(words.unanswered, true));
    return made;
  }
  head.append(...(turn.user_acts || []).map((act) => tag(act)), make("span", { text: "→" }), ...(turn.acts || []).map((act) => tag(act, act === "no_match")));
  made.append(said(words.assistant, turn.text || ""), facts(make("dl", {}), details(turn)));
  if (turn.cards.length) made.append(cards(turn.cards));
  if (turn.ms) made.append(stages(turn.ms));
  return made;
}

function details(turn) {
  const wishes = turn.ledger.map((wish) => tag(wish.text + (wish.hard ? "" : " (" + words.soft + ")") + (wish.new ? " *" : "")));
  const unknown = (turn.unknown || []).map((gap) => gap.slot || gap.words).join(" · ");
  const by = words.understood + " " + turn.tracked_by + " · " + words.ranked + " " + turn.ranked_by;
  const tokens = turn.llm_calls ? number(turn.tokens.prompt + turn.tokens.completion) : "";
  return [
    [words.wishes, wishes.length ? make("span", {}, ...wishes) : null],
    [words.gone_wishes, turn.dropped.map((gone) => gone.text + " (" + gone.by + ")").join(" · ")],
    [words.given_up, (turn.relaxed || []).join(" · ")],
    [words.absent, (turn.absent || []).join(" · ")],
    [words.unknown, unknown],
    [words.quoted, turn.quoted.map((quote) => quote.question + " (" + quote.source + ")").join(" · ")],
    [words.model_title, by + (turn.llm_calls ? " · " + number(turn.llm_calls) + " " + words.calls + " · " + tokens + " " + words.tokens : "") + (turn.degraded ? " · " + words.degraded : "")],
  ];
}

function cards(shown) {
  const heads = [[words.rank, "n"], [words.cards], [words.price, "n"], [words.reason], [words.did]];
  return table(heads, shown.map((each) => [
    number(each.rank), make("span", {}, each.title, make("small", { text: " " + each.id })),
    each.price === null ? "" : number(each.price) + " " + (each.currency || ""), each.reason,
    make("span", {}, ...each.feedback.map((type) => tag(type, type === "dislike"))),
  ]));
}

function stages(ms) {
  const made = make("div", { class: "bars", role: "group", "aria-label": words.stages });
  const most = Math.max(1, ...Object.values(ms));
  for (const [stage, time] of Object.entries(ms)) {
    const bar = make("meter", { min: 0, max: most, value: time, "aria-label": stage });
    made.append(make("span", { text: stage }), bar, make("span", { text: number(time) + " ms" }));
  }
  return made;
}

async function status() {
  const told = await call("GET", "/insights/status?days=" + at("days").value);
  const shop = told.catalogue;
  const catalogue = facts(make("dl", {}), [
    [words.shop, shop.name], [words.products, number(shop.products)], [words.answers, number(shop.faq)],
    [words.imported, hour(shop.imported)], [words.vectors, shop.vectors ? words.yes : words.no],
    [words.spoken, shop.language + " · " + shop.currency], [words.generation, shop.generation],
  ]);
  const health = make("div", {}, tag(words["s_" + told.health.status], told.health.status !== "ready"), ...told.health.why.map((why) => make("p", { text: why })));
  const { model, ration } = told;
  const budget = ration ? number(ration.spent) + " / " + number(ration.of) : words.unlimited;
  const known = model && facts(make("dl", {}), [
    [words.state, tag(words[model.state], model.state !== "closed")], [words.running, number(model.running)],
    [words.waiting, number(model.waiting)], [words.failures, number(model.failures)], [words.why, model.why], [words.budget, budget],
  ]);
  const spent = ration && ration.spent >= ration.of ? make("p", { class: "tag bad", text: words.spent }) : "";
  const columns = ["conversations", "turns", ...HAPPENED.filter((name) => name !== "disliked"), "tokens"];
  const heads = [[words.day], ...columns.map((name) => [words[name], "n"])];
  const days = told.days.map((each) => [each.day, ...columns.map((name) => number(each[name] || 0))]);
  return () =>
    at("status").querySelector(".groups").replaceChildren(
      card(words.shop, "", health), card(words.catalogue, "", catalogue),
      card(words.model_title, "", make("div", {}, spent, known || make("p", { text: words.no_model }))),
      card(words.by_day, "", days.length ? table(heads, days) : nothing(), true),
    );
}

/** What is wider than its place can be scrolled by keyboard, too. */
function reachable() {
  for (const each of document.querySelectorAll(".card, #turns > li")) {
    const wide = each.scrollWidth > each.clientWidth;
    const name = wide && each.querySelector("h3")?.textContent;
    for (const [attribute, value] of [["tabindex", "0"], ["role", each.tagName === "LI" ? null : "group"], ["aria-label", name]]) {
      if (wide && value) each.setAttribute(attribute, value);
      else each.removeAttribute(attribute);
    }
  }
}

const MAKERS = { mend, conversations, status };

/** Show the view that the address names; `focus`: the person asked for another one. */
async function show(focus) {
  const [view, id] = decodeURIComponent(location.hash.slice(1)).split("/");
  const name = VIEWS.includes(view) ? view : "mend";
  const mine = ++asked;
  at("trouble").textContent = "";
  try {
    const print = id ? await conversation(id) : await MAKERS[name]();
    if (mine !== asked) return;
    print();
  } catch (error) {
    if (mine === asked && me()) at("trouble").textContent = words.trouble;
    return;
  }
  const section = id ? "conversation" : name;
  for (const each of [...VIEWS, "conversation"]) at(each).hidden = each !== section;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.hash === "#" + name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  reachable();
  if (focus) at(section + "-name").focus();
}

function start() {
  at("login").hidden = Boolean(me());
  at("desk").hidden = at("leave").hidden = !me();
  at("me").textContent = me() || "";
  document.title = words.admin;
  at("language").textContent = language === "zh" ? "English" : "中文";
  at("language").lang = language === "zh" ? "en" : "zh";
  if (me()) show(false);
}

at("login").querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(event.target);
  const alert = at("login").querySelector("[role=alert]");
  alert.textContent = "";
  try {
    await enter(given.get("name"), given.get("password"));
    event.target.reset();
    start();
  } catch (error) {
    alert.textContent = error.status === 429 ? words.wait.replace("{n}", error.wait) : error.status === 401 ? words.wrong : words.trouble;
  }
});
at("leave").addEventListener("click", leave);
at("language").addEventListener("click", () => {
  words = translate(WORDS, language === "zh" ? "en" : "zh");
  start();
});
at("days").addEventListener("change", () => show(false));
at("filter").addEventListener("change", () => show(false));
at("filter").addEventListener("submit", (event) => event.preventDefault());
at("more").addEventListener("click", () => more().catch(() => (at("trouble").textContent = words.trouble)));
addEventListener("resize", reachable);
addEventListener("hashchange", () => me() && show(true));
addEventListener("staff-left", () => {
  for (const each of document.querySelectorAll(".groups, .rows, #turns, #about")) each.replaceChildren();
  at("conversation-name").textContent = "";
  start();
});
if (me()) stay();
start();
