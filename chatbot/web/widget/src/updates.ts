// A person's words as they are written: one long answer of the server, read again when it breaks. Only while a person is
// waited for or there. Knows nothing of what is made of them.
import { Trouble, type Api } from "./api";
import type { Handoff, Note } from "./types";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface Listener {
  note: (note: Note) => void;
  handoff: (handoff: Handoff) => void;
  /** The number of the newest note that is here. */
  last: () => number | undefined;
}

export class Updates {
  #stopping: AbortController | undefined;

  constructor(
    private readonly api: Api,
    private readonly listener: Listener,
  ) {}

  start(): void {
    if (!this.#stopping) void this.#listen((this.#stopping = new AbortController()).signal);
  }

  stop(): void {
    this.#stopping?.abort();
    this.#stopping = undefined;
  }

  async #listen(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        const last = this.listener.last()?.toString();
        for await (const { event, data } of this.api.stream("GET", "/v1/sessions/current/updates", { signal, last })) {
          if (signal.aborted) return;
          pause = FIRST_PAUSE_MS;
          if (event === "note") this.listener.note(data as Note);
          else if (event === "handoff") this.listener.handoff(data as Handoff);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Trouble && [403, 404, 405].includes(error.status)) return; // this server has no such thing
        pause = Math.max(pause, error instanceof Trouble ? error.after * 1000 : 0);
      }
      await new Promise((done) => setTimeout(done, pause * (0.75 + Math.random() / 2)));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}
