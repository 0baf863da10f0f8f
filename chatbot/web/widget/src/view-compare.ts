// Products side by side: the table, which scrolls within itself, and the button that asks for it.
import { html, nothing } from "lit/html.js";
import { slotName } from "./format";
import { icons } from "./icons";
import type { Table } from "./types";
import type { View } from "./view";
import { titles } from "./view-messages";

export const table = (v: View, t: Table) => {
  const names = titles(v);
  return html`<div class="table" part="table" role="region" tabindex="0" aria-label=${v.t("compared")}><table>
    <thead><tr><td></td>${t.items.map((id) => html`<th scope="col">${names.get(id) ?? id}</th>`)}</tr></thead>
    <tbody>${t.rows.map((r) => html`<tr class=${r.differs ? "differs" : ""}><th scope="row">${r.name ?? slotName(r.slot)}</th>${r.values.map((value) => html`<td dir="auto">${value || "–"}</td>`)}</tr>`)}</tbody>
  </table></div>`;
};

export const compareBar = (v: View) =>
  v.s.picks.length > 1
    ? html`<button type="button" class="bar" part="compare" @click=${() => v.store.gesture("compare", v.s.picks)}>${icons.scales}${v.t("compare", { n: v.s.picks.length })}</button>`
    : nothing;
