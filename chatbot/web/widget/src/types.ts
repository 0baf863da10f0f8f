// The server's JSON as the widget reads it. What older servers may leave out is optional. Knows nothing of how it is shown.

export type Scalar = string | number | boolean;

export interface Wish {
  wish: string;
  need: number;
  slot: string;
  op: string;
  value: Scalar | Scalar[];
  unit: string | null;
  hard: boolean;
  text: string;
  words?: string;
}

export interface Card {
  impression: string;
  id: string;
  title: string;
  price: number | null;
  currency: string | null;
  was?: number | null;
  unit_price?: { price: number; currency: string; amount: number; unit: string } | null;
  tax?: string | null;
  age_restricted?: boolean;
  url: string | null;
  image: string | null;
  rating?: number | null;
  availability?: string | null;
  sold_out?: boolean;
  variant?: { id: string; stock: number | null; options: Record<string, Scalar[]> } | null;
  options?: Record<string, Scalar[]>;
  reason: string;
}

export interface Quote {
  question: string;
  answer: string;
  source: string;
  url: string | null;
}

export interface Table {
  items: string[];
  rows: { slot: string; name?: string; values: (string | null)[]; differs: boolean }[];
}

export interface Gesture {
  type: string;
  items: string[];
  wish: string | null;
}

export interface Turn {
  turn: number;
  user: string;
  language: string;
  act: string;
  acts: string[];
  text: string;
  ledger: Wish[];
  dropped: { wish: string; text: string; by: string; turn: number }[];
  suggestions: Card[];
  table: Table | null;
  quick_replies: string[];
  quoted?: Quote[];
  gesture?: Gesture | null;
  handoff?: string | null;
  degraded: boolean;
}

export interface Note {
  number: number;
  sender: string;
  name: string | null;
  text: string;
  after: number;
}

export interface Handoff {
  state: string;
  agent?: string | null;
  /** Did the shop's own system or one of its people acknowledge it? */
  told?: boolean;
  /** Why nobody is there any more: "left" is the shopper's own doing. */
  reason?: string | null;
}

export interface Conversation {
  session: string;
  ledger: Wish[];
  turns: Turn[];
  pending: { message_id: string; text: string | null } | null;
  notes?: Note[];
  handoff?: Handoff | null;
  shortlist?: string[];
  consent?: unknown;
}

export interface ShopInfo {
  name?: string;
  count?: number;
  starters?: string[];
  notice?: string;
  features?: { handoff?: boolean; watches?: boolean };
  /** Does the shop keep a profile of those who say yes? */
  consent?: boolean;
}

export interface Item {
  id: string;
  title: string;
  brand: string | null;
  price: number | null;
  currency: string | null;
  rating: number | null;
  availability: string | null;
  description: string;
  url: string | null;
  image: string | null;
  facts: { slot: string; name?: string; value: Scalar | Scalar[]; unit?: string }[];
  variants: { id: string; price: number | null; currency: string | null; stock: number | null; sold_out: boolean; options: Record<string, Scalar[]> }[];
}

/** What `POST /v1/events` says of the item as it is now. */
export interface Now {
  changed?: boolean;
  price?: number | null;
  currency?: string | null;
  stock?: number | null;
  availability?: string | null;
  sold_out?: boolean;
}
