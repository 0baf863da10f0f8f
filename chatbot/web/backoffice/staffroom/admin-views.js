// The admin page's lists: what to fix, conversations, how things are. Each asks the server and gives a function that shows
// the answer. Knows nothing of addresses or of who is logged in.

import { call, make } from "./staff.js";
import { at, card, cell, day, facts, HAPPENED, hour, link, nothing, number, table, tag } from "./admin-parts.js";
import { words } from "./admin-words.js";

const BAD = new Set(["no_match", "disliked", "degraded"]);
let next = null;

export async function mend() {
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

export async function conversations() {
  const told = await page(null);
  const heads = [[words.when], [words.began], [words.user], [words.turns, "n"], [words.happened]];
  return () => {
    next = told.next;
    at("more").hidden = !next;
    const found = told.conversations.length ? table(heads, rows(told.conversations)) : make("p", { class: "card", text: words.none });
    at("conversations").querySelector(".rows").replaceChildren(found);
  };
}

export async function more() {
  const from = next;
  const body = at("conversations").querySelector("tbody");
  if (!from) return;
  next = null; // a second click asks for nothing twice
  const told = await page(from).catch((error) => {
    next = from;
    throw error;
  });
  if (!body.isConnected) return; // another list is shown by now
  next = told.next;
  at("more").hidden = !next;
  const kinds = [null, null, null, "n", null];
  const made = rows(told.conversations).map((row) => make("tr", {}, ...row.map((value, place) => cell(value, kinds[place]))));
  body.append(...made);
  made[0]?.querySelector("a")?.focus();
}

export async function status() {
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
  const seldom = [...HAPPENED.filter((name) => name !== "disliked"), "tokens"].filter((name) => told.days.some((each) => each[name]));
  const columns = ["conversations", "turns", ...seldom];
  const heads = [[words.day], ...columns.map((name) => [words[name], "n"])];
  const days = told.days.map((each) => [each.day, ...columns.map((name) => number(each[name] || 0))]);
  return () =>
    at("status").querySelector(".groups").replaceChildren(
      card(words.shop, "", health), card(words.catalogue, "", catalogue),
      card(words.model_title, "", make("div", {}, spent, known || make("p", { text: words.no_model }))),
      card(words.by_day, "", days.length ? table(heads, days) : nothing(), true),
    );
}
