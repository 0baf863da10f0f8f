// What lies over the conversation for a while: the menu, the shortlist, a product's details.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { address, price, slotName, values } from "./format";
import { save, share, showShortlist } from "./goods";
import { icons } from "./icons";
import type { View } from "./view";
import { picture } from "./view-cards";
import { setConsent } from "./visitor";

const sheet = (v: View, title: string, body: TemplateResult) => html`<div class="sheet" part="sheet">
  <div class="over"><button type="button" class="icon back" aria-label=${v.t("cancel")} title=${v.t("cancel")} @click=${() => v.show("talk")}>${icons.before}</button><h3>${title}</h3></div>
  <div class="body" tabindex="0" role="group" aria-label=${title}>${body}</div>
</div>`;

export const menu = (v: View) => {
  const { s, t, store } = v;
  const entry = (text: string, act: () => void, kind = "") => html`<li><button type="button" class=${kind} @click=${act}>${text}</button></li>`;
  return sheet(v, t("menu"), html`<ul class="menu">
    ${entry(`${t("shortlist")}${s.shortlist.length ? ` (${s.shortlist.length})` : ""}`, () => showShortlist(store))}
    ${s.shop.features?.handoff && (s.handoff?.state ?? "bot") === "bot" ? entry(t("person"), () => store.gesture("handoff")) : nothing}
    ${store.settings.identity || s.consent ? html`<li><label><input type="checkbox" .checked=${s.consent === true} @change=${(e: Event) => setConsent(store, (e.target as HTMLInputElement).checked)}>${t("consent")}</label></li>` : nothing}
    ${entry(t("restart"), () => store.reset())}
    ${entry(t("export"), () => void download(v))}
    ${s.erasing
      ? html`<li class="sure"><p>${t("erase_sure")}</p><button type="button" class="danger" part="erase-yes" @click=${() => store.erase()}>${t("erase_yes")}</button><button type="button" @click=${() => store.set({ erasing: false })}>${t("cancel")}</button></li>`
      : entry(t("erase"), () => store.set({ erasing: true }), "danger")}
  </ul>`);
};

export const shortlist = (v: View) => {
  const { saved, shared } = v.s;
  if (!saved) return sheet(v, v.t("shortlist"), html`<p class="small"><span class="dots"></span></p>`);
  if (!saved.length) return sheet(v, v.t("shortlist"), html`<p class="small">${v.t("shortlist_none")}</p>`);
  return sheet(v, v.t("shortlist"), html`<ul class="saved">${saved.map((item) => {
      const url = address(item.url, v.base);
      const title = item.title || item.id;
      return html`<li><div class="picture">${picture(v, { image: item.image, title })}</div><div><p class="title">${url ? html`<a href=${url}>${title}</a>` : title}</p><p><strong>${price(v.language, item.price, item.currency)}</strong></p></div>
        <button type="button" class="icon" aria-label="${v.t("remove")}: ${title}" title=${v.t("remove")} @click=${() => save(v.store, item.id)}>${icons.close}</button></li>`;
    })}</ul>
    <button type="button" class="bar" part="share" @click=${() => share(v.store)}>${v.t("share")}</button>
    ${shared ? html`<input class="link" readonly aria-label=${v.t("link")} .value=${shared} @focus=${(e: Event) => (e.target as HTMLInputElement).select()}>` : nothing}`);
};

export const details = (v: View) => {
  const { item, missing } = v.s.detail ?? { item: null, missing: true };
  if (!item) return sheet(v, v.t("details"), missing ? html`<p class="small">${v.t("item_none")}</p>` : html`<p class="small"><span class="dots"></span></p>`);
  const url = address(item.url, v.base);
  const many = item.variants.filter((x) => Object.keys(x.options).length);
  return sheet(v, v.t("details"), html`<div class="item">
    <div class="picture">${picture(v, item)}</div>
    <h4>${item.title}</h4>
    <p class="tag"><strong>${price(v.language, item.price, item.currency)}</strong>${item.rating ? html`<span class="rating" role="img" aria-label=${v.t("rated", { rating: item.rating })}><span aria-hidden="true">★</span> ${item.rating}</span>` : nothing}</p>
    ${item.description.split("\n").map((l) => html`<p dir="auto">${l}</p>`)}
    ${url ? html`<p><a href=${url}>${v.t("view")}</a></p>` : nothing}
    ${many.length ? html`<h4>${v.t("options")}</h4><ul class="options">${many.map((x) => html`<li>${Object.values(x.options).map((o) => values(v.language, o)).join(", ")} · ${price(v.language, x.price, x.currency)}${x.sold_out || x.stock === 0 ? ` · ${v.t("out_of_stock")}` : ""}</li>`)}</ul>` : nothing}
    ${item.facts.length ? html`<h4>${v.t("facts")}</h4><dl>${item.facts.filter((f) => !/^title|^price$/.test(f.slot)).map((f) => html`<div><dt>${f.name ?? slotName(f.slot)}</dt><dd dir="auto">${values(v.language, f.value)}${f.unit ? ` ${f.unit}` : ""}</dd></div>`)}</dl>` : nothing}
  </div>`);
};

async function download(v: View): Promise<void> {
  await v.store.try(async () => {
    const file = URL.createObjectURL(new Blob([JSON.stringify(await v.store.api.json("GET", "/v1/me/export"), null, 2)], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href: file, download: "my-data.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(file), 10_000);
  });
}
