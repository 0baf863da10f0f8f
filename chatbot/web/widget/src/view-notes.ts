// A person of the shop in the conversation: their words, and whether they are waited for or there.
import { html, nothing } from "lit/html.js";
import { icons } from "./icons";
import type { Note } from "./types";
import type { View } from "./view";

/** What the shopper wrote to a person stands in the turn already. */
export const note = (v: View, n: Note) =>
  n.sender === "shopper"
    ? nothing
    : html`<div class="note" part="note" data-note=${n.number}><p class="who">${icons.person}${n.name || v.t("someone")}</p>${n.text.split("\n").map((l) => html`<p dir="auto">${l}</p>`)}</div>`;

export const presence = (v: View) => {
  const state = v.s.handoff?.state;
  if (state !== "waiting" && state !== "human") return nothing;
  const name = v.s.handoff?.agent || v.t("someone");
  return html`<div class="presence" part="handoff"><p>${icons.person}${state === "human" ? v.t("joined", { name }) : v.t(v.s.handoff?.told ? "waiting" : "waiting_kept")}</p>
    <button type="button" part="back-to-assistant" @click=${() => v.store.toBot()}>${v.t("to_bot")}</button></div>`;
};
