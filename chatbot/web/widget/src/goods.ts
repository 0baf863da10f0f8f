// What a shopper does with a product: likes it, picks it, reads of it, buys it, keeps it. Every tap becomes a call and a new
// state. Knows nothing of what is said.
import { Trouble } from "./api";
import { price } from "./format";
import type { Saved } from "./state";
import type { Store } from "./store";
import type { Card, Item, Now } from "./types";

const CART_WAIT_MS = 2000;

async function happened(store: Store, type: string, card: Card): Promise<Now> {
  store.emit("feedback", { type, item: card.id, impression: card.impression });
  const told = await store.api.json<{ changed?: boolean; item?: Now }>("POST", "/v1/events", { type, impression: card.impression }, true);
  return { ...told.item, changed: told.changed ?? false };
}

export function like(store: Store, card: Card): void {
  store.set({ liked: new Set([...store.state.liked, card.impression]) });
  void happened(store, "like", card).catch(() => undefined);
}

export function pick(store: Store, card: Card): void {
  const { picks } = store.state;
  store.set({ picks: picks.includes(card.id) ? picks.filter((id) => id !== card.id) : [...picks, card.id].slice(-4) });
}

/** The title was followed. */
export function clicked(store: Store, card: Card): boolean {
  void happened(store, "click", card).catch(() => undefined);
  return store.emit("item-click", { item: card.id, impression: card.impression, card, url: card.url });
}

const asked = new Set<string>(); // into the cart, and not answered yet: a second tap buys nothing twice

/** Into the cart: price and stock are asked for once more; what moved is shown before anything is bought. True when the
 * page left it to us to open the product's page. */
export async function cart(store: Store, card: Card): Promise<boolean> {
  const { impression } = card;
  const told = store.state.moved.get(impression);
  if ((told && gone(told)) || asked.has(impression)) return false;
  asked.add(impression);
  const answer = happened(store, "cart", card).catch(() => null);
  const now = told ?? (await Promise.race([answer, new Promise<null>((done) => setTimeout(done, CART_WAIT_MS, null))]));
  asked.delete(impression);
  if (!told && now?.changed) {
    store.set({ moved: new Map([...store.state.moved, [impression, now]]), notice: movedWords(store, card, now) });
    return false;
  }
  const detail = { item: card.id, impression, variant: card.variant?.id ?? null, title: card.title, price: now?.price ?? card.price, currency: card.currency, url: card.url, quantity: 1, card };
  const left = store.emit("add-to-cart", detail);
  if (!left) store.set({ put: new Set([...store.state.put, impression]), notice: `${store.word("put")}: ${card.title}` });
  return left;
}

export function movedWords(store: Store, card: Card, now: Now): string {
  return gone(now) ? store.word("changed_gone") : store.word("changed_price", { price: price(store.settings.language, now.price, now.currency ?? card.currency) });
}

export async function details(store: Store, id: string): Promise<void> {
  const show = (item: Item | null, missing = false) => store.set({ detail: { id, item, missing } });
  store.set({ sheet: "details" });
  show(null);
  try {
    const item = await store.api.json<Item>("GET", `/v1/items/${encodeURIComponent(id)}`);
    if (store.state.detail?.id === id) show(item);
  } catch (error) {
    if (store.state.detail?.id === id) show(null, true);
    if (!(error instanceof Trouble && error.status === 404)) store.trouble(error);
  }
}

export async function watch(store: Store, card: Card): Promise<void> {
  await store.try(async () => {
    await store.api.json("POST", "/v1/watches", { item: card.id, type: "back" });
    store.set({ watched: new Set([...store.state.watched, card.id]), notice: store.word("watched") });
  });
}

export async function save(store: Store, id: string): Promise<void> {
  const { shortlist: before, saved } = store.state;
  const on = before.includes(id);
  store.set({ shortlist: on ? before.filter((i) => i !== id) : [...before, id], shared: null });
  if (saved && on) store.set({ saved: saved.filter((s) => s.id !== id) });
  try {
    await store.api.json(on ? "DELETE" : "PUT", `/v1/shortlist/${encodeURIComponent(id)}`, undefined, true);
    store.kept.tell("moved");
  } catch (error) {
    store.set({ shortlist: before });
    store.trouble(error);
  }
}

export async function showShortlist(store: Store): Promise<void> {
  store.set({ sheet: "shortlist", saved: null, shared: null });
  if (!store.state.shortlist.length && !store.api.open && !store.kept.resume) return store.set({ saved: [] });
  await store.try(async () => {
    const { items: saved } = await store.api.json<{ items: Saved[] }>("GET", "/v1/shortlist");
    store.set({ saved, shortlist: saved.map((s) => s.id) });
  }, () => store.set({ saved: [] }));
}

export async function share(store: Store): Promise<void> {
  await store.try(async () => {
    const made = await store.api.json<{ url: string }>("POST", "/v1/share", { items: store.state.shortlist });
    const shared = new URL(made.url, store.settings.api || location.href).href;
    store.set({ shared });
    await navigator.clipboard?.writeText(shared).then(() => store.set({ notice: store.word("copied") }), () => undefined);
  });
}

function gone(now: Now): boolean {
  return now.sold_out === true || now.stock === 0 || /^out.of.stock$/i.test(now.availability ?? "");
}
