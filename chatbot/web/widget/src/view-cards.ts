// A row of cards: one stop of the Tab key, arrow keys from card to card, the buttons of the card that it stands on.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { address, options, price, priceNotes, stock } from "./format";
import { cart, clicked, details, like, movedWords, pick, save, watch } from "./goods";
import { icons } from "./icons";
import type { Card } from "./types";
import type { View } from "./view";

export const cards = (v: View, row: string, all: Card[]) => {
  const at = Math.min(v.spots.get(row) ?? 0, all.length - 1);
  return html`<div class="row" role="group" aria-roledescription="carousel" aria-label=${v.t("products")} part="cards">
    <ul class="cards" @keydown=${(e: KeyboardEvent) => walk(e)} @focusin=${(e: FocusEvent) => stand(v, row, e)}>
      ${all.map((c, n) => card(v, c, n, all.length, n === at))}
    </ul>
    ${all.length > 1
      ? html`<div class="turner">
          <button type="button" class="icon" tabindex="-1" aria-label=${v.t("before")} @click=${(e: Event) => page(e, -1)}>${icons.before}</button>
          <button type="button" class="icon" tabindex="-1" aria-label=${v.t("after")} @click=${(e: Event) => page(e, 1)}>${icons.after}</button>
        </div>`
      : nothing}
  </div>`;
};

const card = (v: View, c: Card, n: number, all: number, here: boolean) => {
  const { s, t, store } = v;
  const url = address(c.url, v.base);
  const left = stock(v.language, c);
  const now = s.moved.get(c.impression);
  const tab = here ? 0 : -1;
  const saved = s.shortlist.includes(c.id);
  const tool = (icon: TemplateResult, label: string, act: () => unknown, pressed?: boolean, kind = "") => html`<button type="button" class="icon ${kind}" tabindex=${tab} aria-label="${label}: ${c.title}" title=${label} aria-pressed=${pressed === undefined ? nothing : pressed ? "true" : "false"} @click=${act}>${icon}</button>`;
  return html`<li class="card" part="card" tabindex=${tab} data-item=${c.id} aria-label=${t("place", { n: n + 1, all, title: c.title })}>
    <div class="picture" part="picture">
      ${picture(v, c)}
      ${tool(icons.mark, t(saved ? "saved" : "save"), () => save(store, c.id), saved, "save")}
    </div>
    <div class="facts">
      <h3>${url ? html`<a part="link" href=${url} tabindex=${tab} @click=${(e: Event) => !clicked(store, c) && e.preventDefault()}>${c.title}</a>` : c.title}</h3>
      <p class="tag"><strong part="price">${price(v.language, c.price, c.currency)}</strong>${was(v, c)}${c.age_restricted ? html`<span class="age" role="img" aria-label=${t("adult")} title=${t("adult")}>18+</span>` : nothing}${rating(v, c)}</p>
      ${line("options", options(v.language, c))}${line("notes", priceNotes(v.language, c))}
      ${left.text ? html`<p dir="auto" class="stock ${left.none ? "none" : ""}">${left.text}</p>` : nothing}
      ${line("reason", c.reason)}
      ${now ? html`<p class="moved">${movedWords(store, c, now)}</p>` : nothing}
    </div>
    <div class="do">
      ${buy(v, c, left.none, tab)}
      <div class="tools">
        ${tool(icons.like, t("like"), () => like(store, c), s.liked.has(c.impression))}
        ${tool(icons.reject, t("reject"), () => store.gesture("reject", [c.id]))}
        ${tool(icons.similar, t("similar"), () => store.gesture("similar", [c.id]))}
        ${tool(icons.scales, t("pick"), () => pick(store, c), s.picks.includes(c.id))}
        ${tool(icons.info, t("details"), () => details(store, c.id))}
      </div>
    </div>
  </li>`;
};

const buy = (v: View, c: Card, none: boolean, tab: number) => {
  const { s, t, store } = v;
  const button = (icon: TemplateResult, text: string, act: () => void, off = false) => html`<button type="button" class="buy" part="cart" tabindex=${tab} ?disabled=${off} aria-label="${text}: ${c.title}" @click=${act}>${icon}<span>${text}</span></button>`;
  const now = s.moved.get(c.impression);
  if (none || (now && (now.sold_out || now.stock === 0))) {
    if (!s.shop.features?.watches || !store.settings.identity) return nothing;
    return s.watched.has(c.id) ? button(icons.check, t("watched"), () => undefined, true) : button(icons.bell, t("back"), () => watch(store, c));
  }
  if (s.put.has(c.impression)) return button(icons.check, t("put"), () => buying(v, c));
  return button(icons.cart, t(now ? "cart_again" : "cart"), () => buying(v, c));
};

async function buying(v: View, c: Card): Promise<void> {
  const left = await cart(v.store, c);
  const url = address(c.url, v.base);
  if (left && url) location.assign(url);
  else if (left) void details(v.store, c.id);
}

/** A picture that is not there leaves the drawing behind it. */
export const picture = (v: View, c: { image: string | null; title: string }) => {
  const image = address(c.image, v.base);
  return html`<span class="none" aria-hidden="true">${icons.bag}</span>${image
    ? html`<img src=${image} alt=${c.title} loading="lazy" decoding="async" referrerpolicy="no-referrer" @error=${hide} @load=${hide}>`
    : nothing}`;
};

/** The same element may get another picture. */
const hide = (e: Event) => ((e.target as HTMLElement).hidden = e.type === "error");

const was = (v: View, c: Card) => {
  const before = c.was ? price(v.language, c.was, c.currency) : "";
  return before ? html`<s><span class="aloud">${v.t("was", { price: before })}</span><span aria-hidden="true">${before}</span></s>` : nothing;
};

const rating = (v: View, c: Card) =>
  typeof c.rating === "number" ? html`<span class="rating" role="img" aria-label=${v.t("rated", { rating: c.rating })}><span aria-hidden="true">★</span> ${c.rating}</span>` : nothing;

const line = (kind: string, text: string) => (text ? html`<p class=${kind} dir="auto">${text}</p>` : nothing);

/** Arrow keys: the next card in the direction they point, also where lines run from right to left. */
function walk(e: KeyboardEvent): void {
  const list = e.currentTarget as HTMLElement;
  const all = [...list.children] as HTMLElement[];
  const at = all.findIndex((li) => li.contains(e.target as Node));
  const ahead = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const behind = ahead === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  const to = e.key === ahead ? at + 1 : e.key === behind ? at - 1 : e.key === "Home" ? 0 : e.key === "End" ? all.length - 1 : at;
  const next = all[Math.max(0, Math.min(to, all.length - 1))];
  if (![ahead, behind, "Home", "End"].includes(e.key) || !next) return;
  e.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function stand(v: View, row: string, e: FocusEvent): void {
  const list = e.currentTarget as HTMLElement;
  const at = [...list.children].findIndex((li) => li.contains(e.target as Node));
  if (at < 0 || at === (v.spots.get(row) ?? 0)) return;
  v.spots.set(row, at);
  v.refresh();
}

function page(e: Event, way: number): void {
  const list = (e.currentTarget as HTMLElement).closest(".row")!.querySelector(".cards")!;
  const back = getComputedStyle(list).direction === "rtl" ? -1 : 1;
  list.scrollBy({ left: way * back * list.clientWidth * 0.8 });
}
