// The admin page: who is logged in, and which view the address names. Changes nothing in the shop.

import { enter, language, leave, me, stay } from "./staff.js";
import { at } from "./admin-parts.js";
import { conversation } from "./admin-talk.js";
import { conversations, mend, more, status } from "./admin-views.js";
import { speak, words } from "./admin-words.js";

const VIEWS = ["mend", "conversations", "status"];
let asked = 0; // only the latest view asked for is shown

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
  at("desk").hidden = at("leave").hidden = at("other").hidden = !me();
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
  speak(language === "zh" ? "en" : "zh");
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
