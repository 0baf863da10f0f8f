// The panel: its head, the sheet that is open, the foot. Knows where things stand, not what is in them.
import { html, nothing } from "lit/html.js";
import { icons } from "./icons";
import { compareBar } from "./view-compare";
import { composer } from "./view-composer";
import { ledger } from "./view-ledger";
import { messages } from "./view-messages";
import { presence } from "./view-notes";
import { details, menu, shortlist } from "./view-sheets";
import type { View } from "./view";

const head = (v: View) => html`<header class="head" part="header">
  <span class="mark" aria-hidden="true">${icons.bag}</span>
  <div class="name"><h2 part="title">${v.title}</h2><p>${v.s.handoff?.state === "human" ? v.s.handoff.agent || v.t("someone") : v.t("ai")}</p></div>
  <button type="button" class="icon" part="menu-button" aria-label=${v.t("menu")} title=${v.t("menu")} aria-expanded=${v.s.sheet === "menu" ? "true" : "false"} @click=${() => v.show(v.s.sheet === "menu" ? "talk" : "menu")}>${icons.more}</button>
  ${v.inline ? nothing : html`<button type="button" class="icon" part="close" aria-label=${v.t("close")} title=${v.t("close")} @click=${v.close}>${icons.close}</button>`}
</header>`;

const SHEETS = { talk: () => nothing, menu, shortlist, details };

/** What comes and goes stands above what stays: nothing that one is about to tap moves away. The conversation and the box
 * stay where a sheet lies over them: what was typed and how far one had read is kept. */
export const panel = (v: View) => html`<section class="panel" part="panel" role=${v.inline ? "region" : "dialog"} aria-label=${v.title} ?hidden=${!v.s.open}>
  ${head(v)}
  ${v.s.offline ? html`<p class="strip">${v.t("offline")}</p>` : nothing}
  ${messages(v)}
  ${SHEETS[v.s.sheet](v)}
  <p class="toast" part="notice" role="status">${v.s.notice}</p>
  <p class="aloud" role="status">${v.s.said}</p>
  ${v.s.sheet === "talk" ? [presence(v), compareBar(v), ledger(v)] : nothing}
  ${composer(v)}
</section>`;
