// What this browser keeps of a conversation: the secret that resumes it; of this tab: whether the panel stands open, and what
// was typed.
// Tabs of one page hear of each other's news. A browser that keeps nothing works all the same, until the page is left.

export type News = "moved" | "session" | "gone";

export class Kept {
  readonly #name: string;
  readonly #line: BroadcastChannel | undefined;
  #here: string | null = null;

  /** One conversation for each server and key. `heard`: another tab's news. */
  constructor(base: string, key: string, heard: (news: News) => void) {
    this.#name = `aisle:${base}:${key}`;
    try {
      this.#line = new BroadcastChannel(this.#name);
      this.#line.onmessage = (e) => {
        if (e.data === "gone") this.#here = null;
        heard(e.data as News);
      };
    } catch {
      // no such channel in this browser: tabs do not hear of each other
    }
  }

  get resume(): string | null {
    return this.#read(() => localStorage.getItem(this.#name)) ?? this.#here;
  }

  set resume(secret: string | null) {
    const before = this.resume;
    this.#here = secret; // for a browser that forbids keeping
    this.#read(() => (secret === null ? localStorage.removeItem(this.#name) : localStorage.setItem(this.#name, secret)));
    if (before !== secret) this.tell(secret === null ? "gone" : "session");
  }

  /** Does the panel stand open in this tab? */
  get open(): boolean {
    return this.#read(() => sessionStorage.getItem(this.#name)) === "open";
  }

  set open(is: boolean) {
    this.#read(() => (is ? sessionStorage.setItem(this.#name, "open") : sessionStorage.removeItem(this.#name)));
  }

  /** What was typed in this tab and not sent: the shopper may have followed a link. */
  get draft(): string {
    return this.#read(() => sessionStorage.getItem(`${this.#name}:draft`)) ?? "";
  }

  set draft(text: string) {
    this.#read(() => sessionStorage.setItem(`${this.#name}:draft`, text));
  }

  /** The newest note of a person that was read; null while nobody is waited for, so that a closed widget stays silent. */
  get seen(): number | null {
    const number = this.#read(() => localStorage.getItem(`${this.#name}:seen`));
    return number === null ? null : Number(number);
  }

  set seen(number: number | null) {
    const name = `${this.#name}:seen`;
    this.#read(() => (number === null ? localStorage.removeItem(name) : localStorage.setItem(name, String(number))));
  }

  tell(news: News): void {
    this.#line?.postMessage(news);
  }

  close(): void {
    this.#line?.close();
  }

  #read<T>(from: () => T): T | null {
    try {
      return from();
    } catch {
      return null; // a browser that forbids keeping
    }
  }
}
