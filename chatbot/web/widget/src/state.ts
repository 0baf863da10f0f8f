// What the widget knows at a moment: plain values that the views read. Knows nothing of how they come about.
import type { Card, Handoff, Item, Note, Now, ShopInfo, Turn, Wish } from "./types";

export type Sheet = "talk" | "menu" | "shortlist" | "details";

/** Something asked of the assistant. The same `message_id` again is the same turn. */
export interface Asked {
  method: "POST" | "PATCH";
  path: string;
  body: Record<string, unknown> & { message_id: string };
}

/** A turn in the making. `unsent`: there is no connection; `busy`: another try in `wait` seconds;
 * `stopped`: nobody waits for it; `failed`: it broke off. */
export interface Live {
  asked: Asked;
  said: string;
  stage: "track" | "recall" | "rank" | null;
  text: string;
  cards: Card[];
  state: "working" | "unsent" | "busy" | "stopped" | "failed";
  wait: number;
  refused?: boolean;
}

export interface Saved {
  id: string;
  title: string;
  price: number | null;
  currency: string | null;
  url: string | null;
  image: string | null;
}

export interface State {
  open: boolean;
  sheet: Sheet;
  loaded: boolean;
  offline: boolean;
  shop: ShopInfo;
  turns: Turn[];
  notes: Note[];
  ledger: Wish[];
  live: Live | null;
  queued: string[];
  handoff: Handoff | null;
  unread: number;
  picks: string[];
  liked: Set<string>;
  shortlist: string[];
  saved: Saved[] | null;
  shared: string | null;
  detail: { id: string; item: Item | null; missing: boolean } | null;
  /** Cards whose price or stock moved since they were shown, by impression. */
  moved: Map<string, Now>;
  put: Set<string>;
  watched: Set<string>;
  consent: boolean;
  erasing: boolean;
  /** One sentence for the eye and the ear: what just happened, outside of turns. */
  notice: string;
  /** The last answer once it is whole, for screen readers. */
  said: string;
}

export function empty(): State {
  return {
    open: false, sheet: "talk", loaded: false, offline: !navigator.onLine, shop: {},
    turns: [], notes: [], ledger: [], live: null, queued: [], handoff: null, unread: 0,
    picks: [], liked: new Set(), shortlist: [], saved: null, shared: null, detail: null,
    moved: new Map(), put: new Set(), watched: new Set(), consent: false, erasing: false, notice: "", said: "",
  };
}
