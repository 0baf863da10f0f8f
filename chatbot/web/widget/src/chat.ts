// <aisle-chat>: the element on the shop's page. Reads its attributes, draws the views, keeps the focus where it belongs,
// tells the page what happens. Knows nothing of the server.
import { html, nothing } from "lit/html.js";
import { shades } from "./accent";
import { Drawn, sheetOf } from "./drawn";
import { itemOfPage } from "./page";
import type { State } from "./state";
import { Store } from "./store";
import sheet from "./styles.css";
import type { View } from "./view";
import { launcher } from "./view-launcher";
import { panel } from "./view-panel";
import { languageOf, word, type Language } from "./words";

const NIGHT = matchMedia("(prefers-color-scheme: dark)");
const NARROW = "(max-width: 520px)";

/** What every chat of the page takes from the script's tag, where the element says nothing itself. */
export const defaults: DOMStringMap = {};

const SHEET = sheetOf(sheet);

export class AisleChat extends Drawn {
  store!: Store;
  #language: Language = "en";
  readonly #spots = new Map<string, number>();
  #shown: { turn: number | undefined; live: boolean; notes: number } = { turn: undefined, live: false, notes: 0 };
  #opener: Element | null = null;

  static readonly observedAttributes = ["data-theme"];

  constructor() {
    super(SHEET);
  }

  attributeChangedCallback(): void {
    void this.draw();
  }

  #option(name: string): string {
    return this.dataset[name] ?? defaults[name] ?? "";
  }

  get #inline(): boolean {
    return this.getAttribute("mode") === "inline";
  }

  connectedCallback(): void {
    const locale = this.#option("locale") || document.documentElement.lang || navigator.language;
    this.#language = languageOf(this.#option("locale"), document.documentElement.lang, ...navigator.languages);
    const settings = {
      api: this.#option("api").replace(/\/+$/, ""),
      key: this.#option("key"),
      language: this.#language,
      locale: /^[a-z]{2,8}([-_][a-z0-9]{1,8}){0,4}$/i.test(locale) ? locale : this.#language,
      page: location.href.split(/[?#]/)[0]!.slice(0, 500),
      item: this.#option("item") || itemOfPage(),
      identity: "",
    };
    this.store = new Store(settings, () => void this.draw(), (name, detail) => this.#tell(name, detail));
    this.#dress();
    if (this.#inline) {
      this.store.set({ open: true });
      // An inline chat may be far down the page: nothing is asked before it is in sight.
      const sight = new IntersectionObserver((seen) => {
        if (!seen.some((s) => s.isIntersecting)) return;
        sight.disconnect();
        void this.store.load();
      });
      sight.observe(this);
    } else if (this.store.kept.open && !matchMedia(NARROW).matches) {
      this.open(false);
    } else if (this.store.kept.seen !== null) {
      void this.store.load();
    }
    NIGHT.addEventListener("change", this.#redraw);
    void this.draw().then(() => (this.#box.value = this.store.kept.draft));
    this.#tell("ready", {});
  }

  readonly #redraw = (): void => void this.draw();

  disconnectedCallback(): void {
    NIGHT.removeEventListener("change", this.#redraw);
    this.store.close();
  }

  /** Colours and corner, by the script's attributes; through the CSSOM, which no policy blocks. */
  #dress(): void {
    const accent = this.#option("accent");
    if (accent && CSS.supports("color", accent)) this.style.setProperty("--aisle-accent", accent);
    const position = this.#option("position");
    if (position) this.setAttribute("position", position.includes("left") ? "left" : position.includes("start") ? "start" : position.includes("right") ? "right" : "end");
    const given = getComputedStyle(this).getPropertyValue("--aisle-accent").trim();
    for (const [name, value] of Object.entries(given ? shades(given) : {})) this.style.setProperty(name, value);
  }

  // ---- commands

  open(focus = true): void {
    if (this.store.state.open) return void (focus && this.#focusBox());
    this.#opener = deepest();
    this.store.set({ open: true });
    if (this.store.kept.seen !== null) this.store.count();
    this.store.kept.open = true;
    void this.store.load();
    if (focus) void this.draw().then(() => this.#focusBox());
    this.#tell("open", {});
  }

  close(): void {
    if (this.#inline || !this.store.state.open) return;
    this.store.set({ open: false, sheet: "talk", erasing: false });
    this.store.kept.open = false;
    void this.draw().then(() => this.#giveBack());
    this.#tell("close", {});
  }

  toggle(): void {
    if (this.store.state.open) this.close();
    else this.open();
  }

  send(text: string): void {
    this.open();
    this.store.say(text);
  }

  // ---- drawing

  protected template(): unknown {
    const v: View = {
      s: this.store.state,
      store: this.store,
      language: this.#language,
      inline: this.#inline,
      title: this.#option("title") || this.store.state.shop.name || word(this.#language, "title"),
      t: (name, values) => word(this.#language, name, values),
      base: this.store.settings.api || location.href,
      close: () => this.close(),
      toggle: () => this.toggle(),
      show: (to) => this.#show(to),
      refresh: () => void this.draw(),
      spots: this.#spots,
    };
    const dark = (this.#option("theme") || (NIGHT.matches ? "dark" : "")) === "dark";
    return html`<div class="root ${dark ? "dark" : ""}" part="root" lang=${this.#language === "zh" ? "zh-Hans" : "en"} @keydown=${this.#keys}>${this.#inline ? nothing : launcher(v)}${panel(v)}</div>`;
  }

  protected drawn(): void {
    const { turns, live, notes, open } = this.store.state;
    const now = { turn: turns.at(-1)?.turn, live: live !== null, notes: notes.length };
    const shown = this.#shown;
    const scroll = this.root.querySelector<HTMLElement>(".scroll")!;
    if (!open) this.#shown = { turn: undefined, live: false, notes: -1 };
    if (!scroll.clientHeight) return;
    this.#shown = now;
    const chatted = now.turn !== shown.turn || (now.live && !shown.live);
    const person = this.store.state.handoff?.state === "human" && (chatted || now.notes > shown.notes);
    if (person) scroll.scrollTop = scroll.scrollHeight;
    else if (chatted) this.#bringUp(scroll, shown.turn === undefined && !shown.live);
  }

  /** The latest question at the top of what is seen, its answer below. */
  #bringUp(scroll: HTMLElement, atOnce: boolean): void {
    const last = [...scroll.querySelectorAll<HTMLElement>(".turn")].at(-1);
    if (!last) return;
    const smooth = !atOnce && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroll.scrollTo({ top: last.offsetTop - scroll.offsetTop - 4, behavior: smooth ? "smooth" : "instant" });
  }

  readonly #keys = (e: KeyboardEvent): void => {
    if (e.key !== "Escape") return;
    const { sheet } = this.store.state;
    if (sheet !== "talk") this.#show("talk");
    else if (!this.#inline && this.store.state.open) this.close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  #show(sheet: State["sheet"]): void {
    this.store.set({ sheet, erasing: false });
    void this.draw().then(() => (sheet === "talk" ? this.#focusBox() : this.root.querySelector<HTMLElement>(".back")?.focus()));
  }

  #focusBox(): void {
    this.#box.focus({ preventScroll: true });
  }

  get #box(): HTMLTextAreaElement {
    return this.root.querySelector("textarea")!;
  }

  /** The focus goes back to where it was before the panel opened; to the button, where that is no more. */
  #giveBack(): void {
    const button = this.root.querySelector<HTMLElement>(".launcher");
    const before = this.#opener as HTMLElement | null;
    if (before?.isConnected && before !== document.body && !this.root.contains(before)) before.focus();
    else button?.focus();
  }

  /** False when the page prevented what would follow. */
  #tell(name: string, detail: unknown): boolean {
    const cancelable = name === "add-to-cart" || name === "item-click";
    return this.dispatchEvent(new CustomEvent(`aisle:${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }
}

function deepest(): Element | null {
  let at: Element | null = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
