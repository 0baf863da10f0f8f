// The round button in the corner, with a badge for what came while the panel was closed.
import { html, nothing } from "lit/html.js";
import { icons } from "./icons";
import type { View } from "./view";

export const launcher = (v: View) => {
  const n = v.s.unread;
  return html`<button
    class="launcher"
    part="launcher"
    type="button"
    aria-label=${n ? v.t("open_new", { n }) : v.t("open")}
    aria-expanded=${v.s.open ? "true" : "false"}
    ?hidden=${v.s.open}
    @click=${v.toggle}
  >${icons.chat}${n ? html`<span class="badge" part="badge" aria-hidden="true">${n > 9 ? "9+" : n}</span>` : nothing}</button>`;
};
