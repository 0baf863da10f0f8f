// The one client of the server: sessions and their renewal, calls, streams. Knows nothing of what is shown.
import { createParser } from "eventsource-parser";
import type { Kept } from "./kept";

/** An answer that is no success. `status` 0: there was no answer at all. `after`: seconds to wait, where it says so. */
export class Trouble extends Error {
  constructor(
    readonly status: number,
    readonly detail = "",
    readonly after = 0,
  ) {
    super(detail || String(status));
  }
}

export interface Opened {
  session: string;
  token: string;
  notice: string;
  resume?: string;
}

export interface Sent {
  event: string;
  data: any;
  id: string;
}

type Body = Record<string, unknown>;

interface How {
  body?: Body | undefined;
  signal?: AbortSignal | undefined;
  stream?: boolean;
  keep?: boolean;
  last?: string | undefined;
}

const TOO_LONG_A_WAIT = 120;

export class Api {
  #token: string | undefined;
  #renewing: Promise<boolean> | undefined;

  /** `greeting`: what a new session is opened with. `fresh`: told when the old one is gone, before a new one is opened. */
  constructor(
    readonly base: string,
    private readonly kept: Kept,
    private readonly greeting: () => Body,
    private readonly fresh: () => void,
  ) {}

  get open(): boolean {
    return this.#token !== undefined;
  }

  /** Take up the session this browser has, where there is one. */
  async resume(): Promise<boolean> {
    return this.open || (this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined)));
  }

  /** A session: the one there is, the one this browser had, or a new one. */
  async begin(): Promise<void> {
    if (await this.resume()) return;
    await (this.#opening ??= this.#start().finally(() => (this.#opening = undefined)));
  }
  #opening: Promise<void> | undefined;

  /** Forget the session here; on the server it stays. */
  forget(): void {
    this.#token = undefined;
    this.kept.resume = null;
  }

  /** Another tab has another session now. */
  drop(): void {
    this.#token = undefined;
  }

  async json<T>(method: string, path: string, body?: Body, keep = false): Promise<T> {
    const answer = await this.#ask(method, path, { body, keep });
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** A call that needs no session. */
  async plain<T>(path: string): Promise<T> {
    return (await (await this.#fetch("GET", path, {}, undefined)).json()) as T;
  }

  /** The events of an answer while it is made, until it ends. */
  async *stream(method: string, path: string, how: Omit<How, "stream">): AsyncGenerator<Sent> {
    const answer = await this.#ask(method, path, { ...how, stream: true });
    const ready: Sent[] = [];
    const parser = createParser({
      onEvent: (e) => ready.push({ event: e.event ?? "message", data: JSON.parse(e.data), id: e.id ?? "" }),
    });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error) => Promise.reject(cut(error)));
        if (done) return;
        parser.feed(value);
        yield* ready.splice(0);
      }
    } finally {
      void reader.cancel().catch(() => undefined);
    }
  }

  /** A call in the session's name. A token that is not taken is renewed once; a session that is gone begins anew. */
  async #ask(method: string, path: string, how: How): Promise<Response> {
    await this.begin();
    const used = this.#token;
    try {
      return await this.#fetch(method, path, how, used);
    } catch (error) {
      if (!(error instanceof Trouble) || error.status !== 401) throw error;
    }
    if (this.#token === used) this.#token = undefined;
    if (!(await this.resume())) {
      this.fresh();
      await this.begin();
    }
    return this.#fetch(method, path, how, this.#token);
  }

  async #renew(): Promise<boolean> {
    const resume = this.kept.resume;
    if (!resume) return false;
    try {
      const answer = await this.#fetch("POST", "/v1/sessions/resume", { body: { resume } }, undefined);
      this.#take((await answer.json()) as Opened);
      return true;
    } catch (error) {
      // Only a server that knows it no more ends it: one that is busy or out of reach may know it yet.
      if (!(error instanceof Trouble) || ![400, 401, 404, 405, 410, 422].includes(error.status)) throw error;
      if (this.kept.resume === resume) this.kept.resume = null;
      return false;
    }
  }

  async #start(): Promise<void> {
    const { identity, ...body } = this.greeting();
    const open = (more: Body) => this.#fetch("POST", "/v1/sessions", { body: { ...body, ...more } }, undefined);
    // Who the shopper is may be signed for too long ago: then it is a stranger who comes.
    const answer = await (identity ? open({ identity }).catch((error) => (error.status === 403 ? open({}) : Promise.reject(error))) : open({}));
    this.#take((await answer.json()) as Opened);
  }

  #take(opened: Opened): void {
    this.#token = opened.token;
    if (opened.resume) this.kept.resume = opened.resume;
  }

  async #fetch(method: string, path: string, how: How, token: string | undefined): Promise<Response> {
    const headers: Record<string, string> = { Accept: how.stream ? "text/event-stream" : "application/json" };
    if (how.body) headers["Content-Type"] = "application/json";
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (how.last) headers["Last-Event-ID"] = how.last;
    const asked: RequestInit = { method, headers, credentials: "omit", keepalive: how.keep ?? false, cache: "no-store" };
    if (how.body) asked.body = JSON.stringify(how.body);
    if (how.signal) asked.signal = how.signal;
    const answer = await fetch(this.base + path, asked).catch((error) => Promise.reject(cut(error)));
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Trouble(answer.status, String(problem?.detail ?? ""), seconds(answer.headers.get("Retry-After")));
  }
}

/** A stop that was wished for stays what it is; everything else that cut the line is no answer. */
function cut(error: unknown): unknown {
  return error instanceof DOMException && error.name === "AbortError" ? error : new Trouble(0);
}

/** `Retry-After` in seconds; a date, which this server never gives, counts as nothing said. */
const seconds = (header: string | null) => Math.min(Number(header) || 0, TOO_LONG_A_WAIT);
