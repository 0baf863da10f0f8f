// What was understood, as chips: click one off, or make it a must or a nice-to-have.
import { html, nothing } from "lit/html.js";
import { wish } from "./format";
import type { View } from "./view";

export const ledger = (v: View) =>
  v.s.ledger.length && v.s.handoff?.state !== "human"
    ? html`<ul class="ledger" part="ledger" aria-label=${v.t("understood")}>
        ${v.s.ledger.map((l) => {
          const words = wish(l);
          const firm = v.t(l.hard ? "soften" : "harden", { wish: words });
          const off = v.t("take_off", { wish: words });
          return html`<li class="chip ${l.hard ? "" : "soft"}" part="chip" data-wish=${l.wish}>
            ${l.op === "sort"
              ? html`<span class="what">${words}</span>`
              : html`<button type="button" class="what" part="chip-firm" aria-label=${firm} title=${firm} @click=${() => v.store.gesture(l.hard ? "soften" : "harden", [], l)}>${words}${l.hard ? nothing : html`<small>${v.t("soft")}</small>`}</button>`}
            <button type="button" class="off" part="chip-off" aria-label=${off} title=${off} @click=${() => v.store.takeOff(l)}><span aria-hidden="true">×</span></button>
          </li>`;
        })}
      </ul>`
    : nothing;
