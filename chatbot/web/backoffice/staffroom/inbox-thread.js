// The thread of one conversation: what was said, in its order, read to its end or not. Knows nothing of who may speak in it.

import { language, make } from "./staff.js";
import { words } from "./inbox-words.js";

const at = (id) => document.getElementById(id);
let shown = ""; // what of it is on the page already
let low = true; // is the thread read to its end? Then what comes is brought into view

export const hour = (time) =>
  new Date(time).toLocaleString(language, { hour: "2-digit", minute: "2-digit", month: "short", day: "numeric" });

/** The words in their order: turns as the shopper saw them, notes behind the turn they stand behind. */
export function tell(told) {
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
export function settle() {
  if (low) at("log").scrollTop = at("log").scrollHeight;
}

function line(row) {
  const by = row.by + (row.time ? " · " + hour(row.time) : "");
  const item = make("li", { class: row.kind, "data-id": row.id }, make("span", { text: by, class: "by" }), make("p", { text: row.text }));
  if (row.cards && row.cards.length) item.append(make("ul", {}, ...row.cards.map((text) => make("li", { text }))));
  return item;
}

/** Another conversation is shown, or another language: nothing of it is on the page yet. */
export function forget() {
  shown = "";
}

/** Who has just written reads the end. */
export function down() {
  low = true;
}

/** Where the thread is read to. */
export function scrolled() {
  const box = at("log");
  low = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}
