// What the admin page's views are made of: tables, cards, tags, lists of facts. Texts reach the page by textContent alone.
// Knows nothing of what the server tells.

import { language, make } from "./staff.js";
import { words } from "./admin-words.js";

export const at = (id) => document.getElementById(id);
export const HAPPENED = ["no_match", "disliked", "rejected", "fact", "faq", "unmatched", "absent", "handoff", "degraded", "model"];

export const hour = (time) =>
  time ? new Date(time).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }) : "";
export const number = (value) => Number(value).toLocaleString(language);
export const day = (time) => new Date(time).toLocaleDateString(language, { month: "short", day: "numeric" });
export const cell = (value, kind) => {
  const made = make("td", kind === "n" ? { class: "n" } : {});
  made.append(value instanceof Node ? value : String(value ?? ""));
  return made;
};
export const link = (id, text) => make("a", { href: "#conversations/" + encodeURIComponent(id), text });
export const tag = (text, bad) => make("span", { class: bad ? "tag bad" : "tag", text });

/** A table: heads are [text, kind] pairs, kind "n" for numbers. */
export function table(heads, rows) {
  const head = make("tr", {}, ...heads.map(([text, kind]) => make("th", { scope: "col", class: kind, text })));
  const body = rows.map((row) => make("tr", {}, ...row.map((value, place) => cell(value, heads[place][1]))));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}

export function card(title, about, content, wide) {
  const told = about ? [make("p", { text: about })] : [];
  return make("div", { class: wide ? "card wide" : "card" }, make("h3", { text: title }), ...told, content);
}

export const nothing = () => make("p", { text: words.none });

export function facts(list, pairs) {
  for (const [name, value] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    const told = make("dd", {});
    told.append(value instanceof Node ? value : String(value));
    list.append(make("dt", { text: name }), told);
  }
  return list;
}
