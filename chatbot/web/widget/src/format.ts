// Values as a shopper reads them: prices, wishes, options, addresses. Pure. Knows nothing of pages or servers.
import type { Card, Scalar, Wish } from "./types";
import { word, type Language } from "./words";

/** A slot's name, where the server gives none in the talk's language: the feed's own header, readable. */
export const slotName = (slot: string) => slot.replace(/_+/g, " ").trim();

/** An amount as a price tag; "" when it is not known. */
export function price(language: Language, amount: number | null | undefined, currency: string | null | undefined): string {
  if (amount === null || amount === undefined) return "";
  try {
    const style = { style: "currency", currency: currency ?? "", currencyDisplay: "narrowSymbol" } as const;
    return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-US", style).format(amount);
  } catch {
    return `${amount} ${currency ?? ""}`.trim(); // no currency that the browser knows
  }
}

export function scalar(language: Language, value: Scalar): string {
  return typeof value === "boolean" ? word(language, value ? "yes" : "no") : String(value);
}

export function values(language: Language, value: Scalar | Scalar[]): string {
  return (Array.isArray(value) ? value : [value]).map((v) => scalar(language, v)).join(" / ");
}

/** A ledger line in the server's words. */
export const wish = (line: Wish) => line.words ?? line.text;

/** The options of the variant shown: "size M, red". */
export function options(language: Language, card: Card): string {
  const said = Object.entries(card.options ?? card.variant?.options ?? {}).filter(([, all]) => all.length);
  return said
    .map(([name, all]) => (/^(colou?r|颜色)$/i.test(name) ? "" : `${slotName(name)} `) + values(language, all))
    .join(language === "zh" ? "，" : ", ");
}

/** What goes with the price: the price of a measure, what the shop says of tax. */
export function priceNotes(language: Language, card: Card): string {
  const each = card.unit_price;
  const measure = each && `${price(language, each.price, each.currency)} / ${each.amount === 1 ? "" : `${each.amount} `}${each.unit}`;
  return [measure, card.tax].filter(Boolean).join(" · ");
}

/** Whether it can be bought: the shop's words, whether there is any, and whether few are left. */
export function stock(language: Language, card: Card): { text: string; none: boolean } {
  const left = card.variant?.stock;
  const said = (card.availability ?? "").replace(/_/g, " ").trim();
  if (card.sold_out || left === 0 || /^out of stock$/i.test(said)) return { text: word(language, "out_of_stock"), none: true };
  if (typeof left === "number") return { text: word(language, left <= 3 ? "few" : "stock", { n: left }), none: false };
  const known = ({ "in stock": "in_stock", preorder: "preorder" } as const)[said.toLowerCase() as "preorder"];
  return { text: known ? word(language, known) : said, none: false };
}

/** An address that may be followed or shown: http(s) only, relative ones from `base`. */
export function address(raw: string | null | undefined, base: string): string | null {
  if (!raw) return null;
  try {
    const url = new URL(raw, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
