// The inbox: who waits for a person, the conversation, and the way to speak in it. Asks the server, shows the answer.

import { call, enter, language, leave, listen, make, me, stay, translate } from "./staff.js";

const WORDS = {
  en: {
    inbox: "Inbox", leave: "Log out", name: "Your name, as shoppers see it", password: "Password", enter: "Log in",
    conversations: "Conversations", list: "All conversations", take: "Take over", return: "Hand back to the assistant",
    close: "Close", wishes: "What the assistant understood", items: "Shown last", liked: "Liked", answer: "Your answer",
    send: "Send", hint: "Enter sends, Shift+Enter begins a new line.", choose: "Choose a conversation.",
    waiting: "Waiting", mine: "With me", others: "With colleagues", closed: "Closed", empty: "Nobody",
    shopper: "Shopper", assistant: "Assistant", nothing: "Nothing yet", live: "Live", offline: "No connection; trying again",
    unread: "{n} unread", since: "since {time}", with: "with {name}", wait: "Too many attempts. Try again in {n} s.",
    wrong: "That is not the password.", trouble: "That did not work. Please try again.", gone: "This conversation has been deleted.",
    entered: "A person is in the conversation: {name}", signed: "signed in as {name}", unanswered: "not answered yet",
    takeover: "{name} is in this conversation. Take it over from them?", page: "on {page}",
  },
  zh: {
    inbox: "收件箱", leave: "退出登录", name: "您的名字（顾客可见）", password: "密码", enter: "登录",
    conversations: "对话", list: "全部对话", take: "接手", return: "交还给助手",
    close: "结束", wishes: "助手的理解", items: "最近展示的商品", liked: "喜欢的商品", answer: "您的回复",
    send: "发送", hint: "按 Enter 发送，Shift+Enter 换行。", choose: "请选择一个对话。",
    waiting: "等待中", mine: "我接手的", others: "同事接手的", closed: "已结束", empty: "无",
    shopper: "顾客", assistant: "助手", nothing: "暂无", live: "已连接", offline: "连接中断，正在重试",
    unread: "{n} 条未读", since: "自 {time}", with: "{name} 接手", wait: "尝试次数过多，请 {n} 秒后再试。",
    wrong: "密码不正确。", trouble: "出了点问题，请再试一次。", gone: "这段对话已被删除。",
    entered: "人工客服已加入：{name}", signed: "已登录为 {name}", unanswered: "尚未回答",
    takeover: "{name} 正在这段对话中。要接手吗？", page: "页面：{page}",
  },
};

const at = (id) => document.getElementById(id);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
let words = translate(WORDS, language);
let listed = [];
let open = null; // the number of the conversation that is shown
let sent = null; // what was sent and not confirmed
let shown = ""; // what of it is on the page already
let low = true; // is the thread read to its end? Then what comes is brought into view
let over = new AbortController();
const drafts = new Map(); // number of a conversation -> words not sent yet: nobody gets another's
const seen = new Map(); // number of a conversation -> words of the shopper that were seen unanswered

const hour = (time) =>
  new Date(time).toLocaleString(language, { hour: "2-digit", minute: "2-digit", month: "short", day: "numeric" });

const group = (handoff) =>
  handoff.closed ? "closed" : handoff.state === "waiting" ? "waiting" : handoff.agent === me() ? "mine" : "others";

function unread(handoff) {
  if (handoff.closed) return 0;
  const known = Math.min(seen.get(handoff.number) || 0, handoff.unanswered);
  seen.set(handoff.number, known);
  return group(handoff) === "others" ? 0 : handoff.unanswered - known;
}

async function refresh() {
  const told = await call("GET", "/handoffs");
  listed = told.handoffs;
  if (open !== null) await show();
  print();
}

function print() {
  const focused = document.activeElement && document.activeElement.dataset.number;
  const groups = ["waiting", "mine", "others", "closed"].map((name) => {
    const own = listed.filter((handoff) => group(handoff) === name);
    const rows = own.map((handoff) => make("li", {}, entry(handoff)));
    const list = rows.length ? make("ul", {}, ...rows) : make("p", { text: words.empty });
    return make("section", {}, make("h3", { text: words[name] + (rows.length ? " (" + rows.length + ")" : "") }), list);
  });
  at("groups").replaceChildren(...groups);
  if (focused) at("groups").querySelector('[data-number="' + Number(focused) + '"]')?.focus();
  const badge = listed.filter((handoff) => group(handoff) === "waiting" || unread(handoff)).length;
  document.title = (badge ? "(" + badge + ") " : "") + words.inbox;
}

function entry(handoff) {
  const about = handoff.needs.join(", ") || handoff.message || "…";
  const news = unread(handoff);
  const button = make(
    "button",
    { type: "button", "data-number": handoff.number, "aria-current": handoff.number === open && "true" },
    make("b", { text: about }),
    make("span", { text: hour(handoff.created) + (handoff.agent ? " · " + filled(words.with, { name: handoff.agent }) : "") }),
  );
  if (handoff.message && handoff.needs.length) button.append(make("i", { text: handoff.message }));
  if (news) button.append(make("strong", { text: String(news), "aria-label": filled(words.unread, { n: news }), role: "img" }));
  button.addEventListener("click", () => choose(handoff.number));
  return button;
}

async function choose(number) {
  if (open !== null) drafts.set(open, at("text").value);
  at("text").value = drafts.get(number) || "";
  open = number;
  shown = "";
  at("trouble").textContent = "";
  await tried(show);
  print();
  at("who").focus();
}

async function show() {
  const number = open;
  let told;
  try {
    told = await call("GET", "/handoffs/" + number);
  } catch (error) {
    if (error.status !== 404) throw error;
    close();
    at("state").textContent = words.gone;
    return;
  }
  if (number !== open) return;
  const handoff = listed.find((each) => each.number === number);
  if (handoff && !document.hidden) seen.set(number, handoff.unanswered);
  at("talk").hidden = false;
  at("nobody").hidden = true;
  at("room").classList.add("open");
  const mine = told.state === "human" && told.agent === me();
  at("who").textContent = told.user ? filled(words.signed, { name: told.user }) : words.shopper + " " + number;
  at("what").textContent = state(told);
  at("take").hidden = Boolean(told.closed) || mine;
  at("return").hidden = !mine;
  at("close").hidden = Boolean(told.closed);
  at("write").hidden = !mine;
  fill("wishes", told.wishes);
  fill("items", told.shown);
  fill("liked", told.summary.liked.map((item) => item.title));
  speak(told);
}

function state(told) {
  const name = told.closed ? words.closed : told.state === "waiting" ? words.waiting : filled(words.with, { name: told.agent });
  const parts = [name, filled(words.since, { time: hour(told.closed || told.joined || told.created) }), told.locale];
  return parts.concat(told.page ? [filled(words.page, { page: told.page })] : []).join(" · ");
}

function fill(id, texts) {
  const rows = texts.length ? texts : [words.nothing];
  at(id).replaceChildren(...rows.map((text) => make("li", { text })));
}

/** The words in their order: turns as the shopper saw them, notes behind the turn they stand behind. */
function speak(told) {
  const rows = [];
  const noted = (turn) =>
    told.notes.filter((note) => note.after === turn).forEach((note) => {
      const own = note.sender === "person";
      rows.push({ id: "n" + note.number, by: own ? note.name : words.shopper, text: note.text, kind: note.sender, time: note.created });
    });
  noted(0);
  for (const turn of told.turns) {
    const silent = turn.handoff === "joined" && !turn.text;
    if (!silent && turn.user) rows.push({ id: "u" + turn.turn, by: words.shopper, text: turn.user, kind: "shopper" });
    const cards = turn.cards.map((card) => card.title + (card.price === null ? "" : " · " + card.price + " " + (card.currency || "")));
    if (turn.text || cards.length) rows.push({ id: "a" + turn.turn, by: words.assistant, text: turn.text, kind: "assistant", cards });
    noted(turn.turn);
  }
  if (told.pending) rows.push({ id: "p", by: words.shopper, text: told.pending + " (" + words.unanswered + ")", kind: "shopper" });
  const ids = language + told.number + rows.map((row) => row.id).join(" ");
  if (ids === shown) return;
  const list = at("words");
  const box = at("log");
  low ||= !shown;
  const there = new Set(shown.startsWith(language + told.number) ? [...list.children].map((row) => row.dataset.id) : []);
  if (!there.size) {
    // A conversation that is opened is not read out as a whole: only what comes from now on.
    box.setAttribute("aria-live", "off");
    setTimeout(() => box.setAttribute("aria-live", "polite"), 500);
    list.replaceChildren();
  }
  for (const row of list.querySelectorAll('[data-id="p"]')) row.remove();
  for (const row of rows) if (!there.has(row.id) || row.id === "p") list.append(line(row));
  shown = ids;
  settle();
}

/** The end of the thread, for who reads there: also where the box for an answer has just taken its room. */
function settle() {
  if (low) at("log").scrollTop = at("log").scrollHeight;
}

function line(row) {
  const by = row.by + (row.time ? " · " + hour(row.time) : "");
  const item = make("li", { class: row.kind, "data-id": row.id }, make("span", { text: by, class: "by" }), make("p", { text: row.text }));
  if (row.cards && row.cards.length) item.append(make("ul", {}, ...row.cards.map((text) => make("li", { text }))));
  return item;
}

function close() {
  if (open !== null) drafts.set(open, at("text").value);
  at("text").value = "";
  open = null;
  shown = "";
  at("talk").hidden = true;
  at("nobody").hidden = false;
  at("room").classList.remove("open");
}

/** Do something; what went wrong is said where it was asked for. */
async function tried(what) {
  try {
    at("trouble").textContent = "";
    await what();
  } catch (error) {
    at("trouble").textContent = error.status === 409 || error.status === 404 ? error.message : words.trouble;
  }
}

async function act(path, body) {
  await tried(async () => {
    await call("POST", "/handoffs/" + open + path, body);
    await refresh();
  });
}

async function send() {
  const text = at("text").value;
  const number = open;
  if (!text.trim()) return;
  // Sent again after a fault, the same words are the same message: it may have arrived.
  if (!sent || sent.number !== number || sent.text !== text) sent = { number, text, id: String(Date.now()) + Math.random() };
  const message = sent;
  await tried(async () => {
    at("text").value = "";
    try {
      await call("POST", "/handoffs/" + number + "/say", { text, message_id: message.id });
      sent = null;
      low = true;
    } catch (error) {
      if (open === number && !at("text").value) at("text").value = text;
      else drafts.set(number, text);
      throw error;
    }
    await refresh();
  });
  at("text").focus();
}

function arrive() {
  const inside = me() !== null;
  at("login").hidden = inside;
  at("room").hidden = !inside;
  at("leave").hidden = !inside;
  at("me").textContent = me() || "";
  over.abort();
  if (!inside) {
    close();
    listed = [];
    at("groups").replaceChildren();
    at("state").textContent = "";
    document.title = words.inbox;
    at("login").querySelector("input").focus();
    return;
  }
  over = new AbortController();
  stay();
  tried(refresh);
  listen("/updates", () => tried(refresh), (good) => (at("state").textContent = good ? words.live : words.offline), over.signal);
}

at("login").querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const alert = form.querySelector("[role=alert]");
  alert.textContent = "";
  try {
    await enter(form.elements.name.value.trim(), form.elements.password.value);
    form.elements.password.value = "";
    arrive();
  } catch (error) {
    const said = { 401: words.wrong, 429: filled(words.wait, { n: error.wait }) };
    alert.textContent = said[error.status] || words.trouble;
  }
});
at("take").addEventListener("click", async () => {
  const other = listed.find((each) => each.number === open && each.state === "human");
  if (other && !confirm(filled(words.takeover, { name: other.agent }))) return;
  await act("/take");
  at("text").focus();
});
at("return").addEventListener("click", () => act("/close", { reason: "back" }));
at("close").addEventListener("click", () => act("/close", { reason: "done" }));
at("log").addEventListener("scroll", () => {
  const box = at("log");
  low = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
});
new ResizeObserver(settle).observe(at("log"));
at("back").addEventListener("click", () => {
  close();
  print();
  at("groups").querySelector("button")?.focus();
});
at("write").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
});
at("groups").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...at("groups").querySelectorAll("button")];
  const next = buttons[buttons.indexOf(document.activeElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
at("leave").addEventListener("click", leave);
at("language").addEventListener("click", () => {
  words = translate(WORDS, language === "zh" ? "en" : "zh");
  tongue();
  shown = "";
  if (me() !== null) tried(refresh);
});
addEventListener("staff-left", arrive);
document.addEventListener("visibilitychange", () => !document.hidden && me() !== null && tried(refresh));
// While the assistant still answers, its turns are no news of the stream.
setInterval(() => {
  const handoff = listed.find((each) => each.number === open);
  if (handoff && handoff.state === "waiting" && !handoff.closed && !document.hidden) tried(show);
}, 4000);

function tongue() {
  at("language").textContent = language === "zh" ? "English" : "中文";
  at("language").lang = language === "zh" ? "en" : "zh";
}

tongue();
arrive();
