// A conversation: every wish of the shopper becomes a call, every answer a new state. What is done with a product is in
// goods.ts. Knows nothing of templates or styles.
import { Api, Trouble } from "./api";
import { Kept, type News } from "./kept";
import { empty, type Asked, type Live, type State } from "./state";
import { talk } from "./talk";
import type { Conversation, ShopInfo, Turn, Wish } from "./types";
import { Updates } from "./updates";
import { look } from "./visitor";
import { word, type Language, type Word } from "./words";

export interface Settings {
  api: string;
  key: string;
  language: Language;
  locale: string;
  page: string;
  item: string;
  identity: string;
}

export type Emit = (name: string, detail: unknown) => boolean;

const MOST_TRIES = 5;

export class Store {
  state: State = empty();
  readonly api: Api;
  readonly kept: Kept;
  readonly #updates: Updates;
  readonly #queue: { asked: Asked; said: string }[] = [];
  #stopping: AbortController | undefined;
  #tries = 0;

  /** `changed`: called after every change of the state. `emit`: tells the page; false when the page prevented it. */
  constructor(
    readonly settings: Settings,
    private readonly changed: () => void,
    readonly emit: Emit,
  ) {
    this.kept = new Kept(settings.api, settings.key, (news) => void this.#heard(news));
    this.api = new Api(settings.api, this.kept, () => this.#greeting(), () => this.#clear());
    this.#updates = new Updates(this.api, {
      note: (note) => {
        if (this.state.notes.some((n) => n.number === note.number)) return;
        const own = note.sender === "shopper";
        const said = own ? this.state.said : `${note.name ?? this.word("someone")}: ${note.text}`;
        this.set({ notes: [...this.state.notes, note], said });
        this.count();
      },
      // Who has left may have come again since: how things stand now is asked for.
      handoff: (now) => (now.state === "bot" ? void this.refresh(now.reason).catch(() => undefined) : this.#setHandoff(now)),
      last: () => this.state.notes.at(-1)?.number,
    });
    addEventListener("online", this.#online);
    addEventListener("offline", this.#online);
  }

  close(): void {
    removeEventListener("online", this.#online);
    removeEventListener("offline", this.#online);
    this.#updates.stop();
    this.kept.close();
    this.#stopping?.abort();
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.changed();
  }

  word(name: Word, values: Record<string, unknown> = {}): string {
    return word(this.settings.language, name, values);
  }

  // ---- the conversation there is

  /** What the shop says of itself, and what was said before. */
  async load(): Promise<void> {
    const { key, language } = this.settings;
    const asked = new URLSearchParams({ locale: language, ...(key && { key }) });
    this.#shop ??= this.api.plain<ShopInfo>(`/v1/shop?${asked}`).then(
      (shop) => this.set({ shop }),
      () => void (this.#shop = undefined), // what it says can be done without
    );
    await this.try(() => this.#restore());
  }
  #shop: Promise<void> | undefined;

  /** The conversation that this browser had, once. */
  #restore(): Promise<void> {
    return (this.#restored ??= this.#takeUp().catch((error) => {
      this.#restored = undefined;
      throw error;
    }));
  }
  #restored: Promise<void> | undefined;

  async #takeUp(): Promise<void> {
    if (await this.api.resume()) {
      look(this);
      await this.refresh();
    }
    this.set({ loaded: true });
  }

  /** `left`: why a person left, as the news of it say. */
  async refresh(left?: string | null): Promise<void> {
    const kept = await this.api.json<Conversation>("GET", "/v1/sessions/current");
    const text = kept.pending?.text;
    const now = this.state.live;
    const live = now && now.state !== "stopped" ? now : text ? making(chat(text, kept.pending!.message_id), text, "stopped") : null;
    this.set({
      turns: kept.turns,
      ledger: kept.ledger,
      notes: kept.notes ?? [],
      shortlist: kept.shortlist ?? [],
      consent: Boolean(kept.consent),
      live,
    });
    this.#setHandoff(kept.handoff ?? null, left);
  }

  async #heard(news: News): Promise<void> {
    if (news !== "moved") this.api.drop();
    if (news === "gone") return this.#clear();
    if (!this.state.loaded || this.state.live?.state === "working") return;
    try {
      if (await this.api.resume()) await this.refresh();
    } catch {
      // the next thing the shopper does here tells
    }
  }

  #greeting(): Record<string, unknown> {
    const { key, locale, page, item, identity } = this.settings;
    const said = { key, page, item, identity };
    return { locale, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value)) };
  }

  /** Begin anew on this side. */
  #clear(): void {
    const { open, shop, loaded, offline, live } = this.state;
    this.#updates.stop();
    this.kept.seen = null;
    this.state = { ...empty(), open, shop, loaded, offline, live: live?.state === "working" ? live : null };
    this.changed();
  }

  // ---- saying something

  say(text: string): void {
    const said = text.trim();
    if (!said) return;
    this.emit("message", { role: "shopper", text: said });
    this.#ask(chat(said, fresh()), said);
  }

  gesture(type: string, items: string[] = [], wish?: Wish): void {
    const body = { type, items, message_id: fresh(), ...(wish && { wish: wish.wish }) };
    this.#ask({ method: "POST", path: "/v1/sessions/current/gestures", body }, "");
  }

  takeOff(wish: Wish): void {
    const body = { remove: [wish.wish], message_id: fresh() };
    this.#ask({ method: "PATCH", path: "/v1/sessions/current/ledger", body }, "");
  }

  #ask(asked: Asked, said: string): void {
    const now = this.state.live?.state;
    if (now === "working" || now === "unsent" || now === "busy") {
      this.#queue.push({ asked, said });
      this.set({ queued: this.#queue.map((q) => q.said).filter(Boolean) });
      return;
    }
    this.#tries = 0;
    void this.#make(making(asked, said, "working"));
  }

  stop(): void {
    this.#stopping?.abort();
    if (this.state.live) this.set({ live: { ...this.state.live, state: "stopped", stage: null } });
  }

  /** The same message again: the server knows it by its id. */
  again(): void {
    const live = this.state.live;
    if (live && live.state !== "working") void this.#make(making(live.asked, live.said, "working"));
  }

  async #make(live: Live): Promise<void> {
    const stopping = (this.#stopping = new AbortController());
    this.set({ live, said: "", notice: "", sheet: "talk" });
    try {
      await this.#restore();
      const turn = await talk(this.api, live.asked, stopping.signal, (change) => {
        if (this.#stopping !== stopping || stopping.signal.aborted) return;
        const { ledger, ...more } = change;
        this.set({ live: { ...this.state.live!, ...more }, ...(ledger && { ledger }) });
      });
      this.#finish(turn);
    } catch (error) {
      if (this.#stopping === stopping && !stopping.signal.aborted) this.#broke(error);
    }
  }

  #finish(turn: Turn): void {
    const turns = [...this.state.turns.filter((t) => t.turn !== turn.turn), turn];
    const n = turn.suggestions.length;
    this.set({ turns, ledger: turn.ledger, live: null, picks: [], said: n ? this.word("done", { text: turn.text, n }) : turn.text });
    this.kept.tell("moved");
    this.emit("message", { role: "assistant", text: turn.text, turn });
    if (n) this.emit("recommendations", { items: turn.suggestions });
    if (turn.acts.includes("handoff") || turn.handoff) {
      this.emit("handoff", { became: turn.handoff ?? null });
      if (this.state.handoff?.state !== "human") void this.refresh().catch(() => undefined);
    }
    this.#next();
  }

  #next(): void {
    const next = this.#queue.shift();
    if (!next) return;
    this.set({ queued: this.#queue.map((q) => q.said).filter(Boolean) });
    this.#ask(next.asked, next.said);
  }

  #broke(error: unknown): void {
    const live = { ...this.state.live!, stage: null, text: "", cards: [] };
    const problem = error instanceof Trouble ? error : new Trouble(500);
    this.emit("error", { status: problem.status, detail: problem.detail });
    const soon = problem.status === 429 || problem.status === 503 || (problem.status === 409 && this.#tries < MOST_TRIES);
    if (problem.status === 0) this.set({ live: { ...live, state: "unsent" } });
    else if (soon && this.#tries++ < MOST_TRIES) this.#countDown({ ...live, state: "busy", wait: problem.after || 2 });
    else this.set({ live: { ...live, state: "failed", refused: problem.status === 403 } });
  }

  #countDown(live: Live): void {
    this.set({ live });
    if (live.wait <= 0) return this.again();
    setTimeout(() => {
      const now = this.state.live;
      if (now?.state === "busy" && now.asked === live.asked) this.#countDown({ ...now, wait: now.wait - 1 });
    }, 1000);
  }

  readonly #online = (): void => {
    this.set({ offline: !navigator.onLine });
    if (this.state.offline) return;
    if (this.state.live?.state === "unsent") this.again();
    if (this.state.open) void this.load();
  };

  // ---- a person

  #setHandoff(handoff: State["handoff"], left = handoff?.reason): void {
    const was = this.state.handoff;
    const before = was?.state ?? "bot";
    const now = handoff?.state ?? "bot";
    this.set({ handoff });
    if (now === "waiting" || now === "human") {
      this.count();
      this.#updates.start();
    } else {
      this.kept.seen = null;
      this.#updates.stop();
    }
    if (before !== now && this.state.loaded) {
      this.emit("handoff", { state: now, agent: handoff?.agent ?? null });
      const name = handoff?.agent || was?.agent || this.word("someone");
      if (now === "human") this.set({ said: this.word("joined", { name }) });
      else if (before === "human" && left !== "left") this.set({ notice: this.word("left", { name }) });
    }
  }

  /** What a person wrote while the panel was closed is unread, in this tab and after a reload. */
  count(): void {
    const { open, notes } = this.state;
    const seen = this.kept.seen ?? 0;
    if (open) this.kept.seen = notes.at(-1)?.number ?? seen;
    else this.kept.seen = seen;
    this.set({ unread: open ? 0 : notes.filter((n) => n.sender !== "shopper" && n.number > seen).length });
  }

  async toBot(): Promise<void> {
    await this.try(async () => {
      await this.api.json("DELETE", "/v1/sessions/current/handoff");
      this.#setHandoff(null, "left");
      this.kept.tell("moved");
    });
  }

  // ---- the end of it

  async erase(): Promise<void> {
    this.stop();
    await this.try(async () => {
      if (this.api.open || this.kept.resume) await this.api.json("DELETE", "/v1/me");
      this.api.forget();
      this.kept.draft = "";
      this.#clear();
      this.set({ notice: this.word("erased"), sheet: "talk" });
    });
  }

  /** A new conversation; the old one stays on the server until it is deleted or grows old. */
  reset(): void {
    this.stop();
    this.#queue.length = 0;
    this.api.forget();
    this.#clear();
    this.set({ live: null, sheet: "talk" });
  }

  /** Do it, and own up where it did not work. */
  async try(what: () => Promise<unknown>, otherwise: () => void = () => undefined): Promise<void> {
    try {
      await what();
    } catch (error) {
      otherwise();
      this.trouble(error);
    }
  }

  trouble(error: unknown): void {
    const problem = error instanceof Trouble ? error : new Trouble(500, String(error));
    const said = problem.status === 0 ? "unsent" : problem.status === 403 ? "refused" : problem.status === 429 || problem.status === 503 ? "busy" : "trouble";
    this.set({ notice: this.word(said === "unsent" && this.state.offline ? "offline" : said) });
    this.emit("error", { status: problem.status, detail: problem.detail });
  }
}

function chat(text: string, message_id: string): Asked {
  return { method: "POST", path: "/v1/chat", body: { text, message_id } };
}

function making(asked: Asked, said: string, state: Live["state"]): Live {
  return { asked, said, stage: state === "working" ? "track" : null, text: "", cards: [], state, wait: 0 };
}

/** An id that nobody else has; also on pages without https, where `crypto.randomUUID` is missing. */
function fresh(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
}
