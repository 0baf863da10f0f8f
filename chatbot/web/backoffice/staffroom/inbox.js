// The inbox: who waits for a person, the conversation, and the way to speak in it. Asks the server, shows the answer.

import { call, enter, language, leave, listen, make, me, stay } from "./staff.js";
import { down, forget, hour, scrolled, settle, tell } from "./inbox-thread.js";
import { filled, speak, words } from "./inbox-words.js";

const DRAFTS = "aisle-staff-drafts";
const at = (id) => document.getElementById(id);
let listed = [];
let latest = null; // the list that was asked for last: no earlier one is shown after it
let open = null; // the number of the conversation that is shown
let sent = null; // what was sent and not confirmed
let busy = null; // the number of the conversation in which somebody comes or goes just now
let sending = Promise.resolve(); // one after the other: they arrive in the order in which they were written
let over = new AbortController();
const drafts = new Map(kept()); // number of a conversation -> words not sent yet: nobody gets another's
const seen = new Map(); // number of a conversation -> words of the shopper that were seen unanswered

const group = (handoff) =>
  handoff.closed ? "closed" : handoff.state === "waiting" ? "waiting" : handoff.agent === me() ? "mine" : "others";

function unread(handoff) {
  if (handoff.closed) return 0;
  const known = Math.min(seen.get(handoff.number) || 0, handoff.unanswered);
  seen.set(handoff.number, known);
  return group(handoff) === "others" ? 0 : handoff.unanswered - known;
}

/** Words that were not sent outlive a reload of this tab. */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFTS) || "[]");
  } catch {
    return [];
  }
}

function draft(number, text) {
  if (text) drafts.set(number, text);
  else drafts.delete(number);
  if (drafts.size) sessionStorage.setItem(DRAFTS, JSON.stringify([...drafts]));
  else sessionStorage.removeItem(DRAFTS);
}

function refresh() {
  const mine = call("GET", "/handoffs").then(async (told) => {
    if (mine !== latest) return latest; // what was asked for since is newer
    listed = told.handoffs;
    if (open !== null) await show();
    print();
  });
  return (latest = mine);
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
  if (open !== null) draft(open, at("text").value);
  at("text").value = drafts.get(number) || "";
  open = number;
  forget();
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
  tell(told);
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

function close() {
  if (open !== null) draft(open, at("text").value);
  at("text").value = "";
  open = null;
  forget();
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

/** Whatever changes who speaks is asked for once, however often it is clicked. */
async function act(path, body) {
  const number = open;
  if (busy === number) return;
  busy = number;
  await tried(async () => {
    await call("POST", "/handoffs/" + number + path, body);
    await refresh();
  });
  busy = null;
}

function send() {
  const text = at("text").value;
  const number = open;
  at("text").focus();
  if (!text.trim()) return;
  at("text").value = "";
  draft(number, "");
  sending = sending.then(() => say(number, text));
}

async function say(number, text) {
  // Sent again after a fault, the same words are the same message: it may have arrived.
  if (!sent || sent.number !== number || sent.text !== text) sent = { number, text, id: String(Date.now()) + Math.random() };
  const message = sent;
  await tried(async () => {
    try {
      await call("POST", "/handoffs/" + number + "/say", { text, message_id: message.id });
      sent = null;
      down();
    } catch (error) {
      const since = open === number ? at("text").value : drafts.get(number);
      const back = since ? text + "\n" + since : text;
      if (open === number) at("text").value = back;
      draft(number, back);
      throw error;
    }
    await refresh();
  });
}

function arrive() {
  const inside = me() !== null;
  at("login").hidden = inside;
  at("room").hidden = !inside;
  at("leave").hidden = at("other").hidden = !inside;
  at("me").textContent = me() || "";
  over.abort();
  if (!inside) {
    close();
    sessionStorage.removeItem(DRAFTS);
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
at("log").addEventListener("scroll", scrolled);
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
at("text").addEventListener("input", () => draft(open, at("text").value));
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
  speak(language === "zh" ? "en" : "zh");
  tongue();
  forget();
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
