// The conversation from its first word: what was asked, what was answered, what is in the making.
import { html, nothing } from "lit/html.js";
import { address, wish } from "./format";
import { icons } from "./icons";
import type { Live } from "./state";
import type { Quote, Turn, Wish } from "./types";
import type { View } from "./view";
import { cards } from "./view-cards";
import { table } from "./view-compare";
import { note } from "./view-notes";

const paragraphs = (text: string) => text.split("\n").filter((l) => l.trim()).map((l) => html`<p dir="auto">${l}</p>`);

const bubble = (v: View, text: string) => html`<div class="asked" part="shopper"><span class="aloud">${v.t("you")}: </span>${paragraphs(text)}</div>`;

export const messages = (v: View) => {
  const { turns, live, queued, notes } = v.s;
  const numbers = turns.map((t) => t.turn);
  const first = notes.filter((n) => !numbers.includes(n.after));
  return html`<div class="scroll ${v.s.handoff?.state === "human" ? "human" : ""}" part="messages" role="log" aria-live="off" aria-busy=${live?.state === "working" ? "true" : "false"} aria-label=${v.title} tabindex="0" ?hidden=${v.s.sheet !== "talk"}>
    ${welcome(v, !turns.length && !live)}
    ${first.map((n) => note(v, n))}
    ${turns.map((t) => html`${turn(v, t, t === turns.at(-1) && !live)}${notes.filter((n) => n.after === t.turn).map((n) => note(v, n))}`)}
    ${live ? making(v, live) : nothing}
    ${queued.map((text) => html`<div class="turn queued">${bubble(v, text)}</div>`)}
  </div>`;
};

const welcome = (v: View, alone: boolean) => html`<div class="welcome ${alone ? "alone" : ""}">
  <p class="ai" part="ai-notice" dir="auto">${v.s.shop.notice || v.t("ai_notice")}</p>
  ${alone
    ? html`<h3>${v.t("hello")}</h3>
      ${replies(v, v.s.shop.starters ?? [])}`
    : nothing}
</div>`;

const turn = (v: View, t: Turn, latest: boolean) => html`<div class="turn" data-turn=${t.turn}>
  ${t.user ? bubble(v, t.user) : html`<p class="edited" part="edit">${done(v, t)}</p>`}
  <div class="answer" part="assistant" lang=${t.language === "zh" ? "zh-Hans" : "en"}>
    ${said(v, t)}
    ${t.suggestions.length ? cards(v, `t${t.turn}`, t.suggestions) : nothing}
    ${t.table ? table(v, t.table) : nothing}
    ${t.degraded ? html`<p class="small">${v.t("aside")}</p>` : nothing}
  </div>
  ${latest && (t.text || !t.handoff) ? html`${replies(v, t.quick_replies)}${steps(v)}` : nothing}
</div>`;

const steps = (v: View) =>
  v.s.handoff?.state === "human"
    ? nothing
    : html`<div class="steps">
        <button type="button" part="undo" @click=${() => v.store.gesture("undo")}>${icons.undo}${v.t("undo")}</button>
        <button type="button" part="retry" @click=${() => v.store.gesture("retry")}>${icons.redo}${v.t("retry")}</button>
      </div>`;

const making = (v: View, live: Live) => html`<div class="turn live">
  ${live.said ? bubble(v, live.said) : nothing}
  <div class="answer" part="assistant">
    ${live.text ? paragraphs(live.text) : html`<p class="stage">${stage(v, live)}</p>`}
    ${live.cards.length ? cards(v, "live", live.cards) : nothing}
  </div>
</div>`;

const stage = (v: View, live: Live) => {
  if (live.state === "working") return html`<span class="dots" aria-hidden="true"></span>${v.t(live.stage ?? "track")}`;
  const again = html`<button type="button" class="again" part="again" @click=${() => v.store.again()}>${v.t("again")}</button>`;
  if (live.state === "busy") return html`${v.t("busy")} ${v.t("wait", { n: live.wait })}`;
  if (live.state === "unsent") return html`${v.t("unsent")} ${again}`;
  if (live.state === "stopped") return html`${v.t("unanswered")} ${again}`;
  return html`${v.t(live.refused ? "refused" : "trouble")} ${again}`;
};

export const replies = (v: View, all: string[]) =>
  all.length
    ? html`<ul class="replies" aria-label=${v.t("replies")}>${all.map((text) => html`<li><button type="button" part="reply" @click=${() => v.store.say(text)}>${text}</button></li>`)}</ul>`
    : nothing;

/** What is said, and the shop's own words in boxes, each once. What a comparison's table shows is not said as well. */
const said = (v: View, t: Turn) => {
  let text = t.table && t.gesture?.type === "compare" ? "" : t.text;
  const boxes = (t.quoted ?? []).map((q) => {
    const [before, after] = text.split(q.answer);
    // The words that lead to it, and the address behind it, stand in the box.
    if (after !== undefined) text = before!.replace(/[^.!?。\n]*“[^“]*$/, "") + after.replace(/^ ?[(（]http\S+[)）]/, "");
    return quote(v, q);
  });
  return [paragraphs(text), boxes];
};

const quote = (v: View, q: Quote) => {
  const url = address(q.url, v.base);
  const source = v.t("source", { source: q.question });
  return html`<figure class="quote" part="quote">
    <blockquote>${paragraphs(q.answer)}</blockquote>
    <figcaption class="small">${url ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${source}</a>` : source}</figcaption>
  </figure>`;
};

/** What a tap did, in words. */
const done = (v: View, t: Turn) => {
  const g = t.gesture;
  if (g) {
    const items = g.items.map((id) => titles(v).get(id) ?? id).join(", ");
    const line = lines(v).get(g.wish ?? "");
    return v.t(`g_${g.type}` as "g_undo", { items, wish: line ? wish(line) : "" });
  }
  const off = t.dropped.filter((d) => d.by === "shopper").map((d) => (lines(v).has(d.wish) ? wish(lines(v).get(d.wish)!) : d.text));
  const on = t.ledger.filter((l) => (l as Wish & { turn: number }).turn === t.turn).map((l) => wish(l));
  return [off.length ? v.t("removed", { wishes: off.join(", ") }) : "", on.length ? v.t("added", { wishes: on.join(", ") }) : ""].filter(Boolean).join(" · ");
};

export const titles = (v: View) => new Map(v.s.turns.flatMap((t) => t.suggestions).map((c) => [c.id, c.title]));
const lines = (v: View) => new Map(v.s.turns.flatMap((t) => t.ledger).map((l) => [l.wish, l]));
