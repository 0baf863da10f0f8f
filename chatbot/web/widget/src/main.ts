// What the script tag starts: the element, the commands that waited on `window.Aisle`, the chat itself after the page.
// Knows nothing of conversations.
import { AisleChat, defaults } from "./chat";
import { identify, setContext } from "./visitor";

type Command = [name: string, ...values: unknown[]];
type Handler = (e: CustomEvent) => void;

interface Door {
  (...command: Command): void;
  push: (...commands: ArrayLike<unknown>[]) => number;
  q?: ArrayLike<unknown>[];
  [name: string]: unknown;
}

const script = document.currentScript as HTMLScriptElement | null;
const COMMANDS = ["open", "close", "toggle", "send", "setContext", "identify", "reset", "on", "off"];
const waiting: Command[] = [];
const handlers = new Map<unknown, Map<string, EventListener>>();

/** The chat that commands are for: the first of the page. */
function chat(): AisleChat | null {
  const found = document.querySelector("aisle-chat");
  return found instanceof AisleChat && found.store ? found : null;
}

function run([name, ...values]: Command): void {
  const [value, more] = values as [any, any];
  if (name === "on" || name === "off") return listen(name, String(value), more as Handler);
  const there = chat();
  if (!there) return void waiting.push([name, ...values]);
  if (name === "open") there.open();
  else if (name === "close") there.close();
  else if (name === "toggle") there.toggle();
  else if (name === "send") there.send(String(value ?? ""));
  else if (name === "setContext") setContext(there.store, value ?? {});
  else if (name === "identify") identify(there.store, String(value ?? ""));
  else if (name === "reset") there.store.reset();
  else console.warn(`Aisle knows no command ${JSON.stringify(name)}`);
}

/** On the document, where the events of every chat arrive; by their short names or their long ones. */
function listen(how: "on" | "off", event: string, handler: Handler): void {
  const name = event.startsWith("aisle:") ? event : `aisle:${event}`;
  const known = handlers.get(handler) ?? new Map<string, EventListener>();
  const listener = known.get(name) ?? ((e: Event) => handler(e as CustomEvent));
  if (how === "on") {
    document.addEventListener(name, listener);
    handlers.set(handler, known.set(name, listener));
  } else {
    document.removeEventListener(name, listener);
    known.delete(name);
  }
}

function take(before: unknown): void {
  const early = Array.isArray(before) ? before : ((before as Door | undefined)?.q ?? []);
  const door = ((...command: Command) => run(command)) as Door;
  door.push = (...commands) => {
    for (const command of commands) run(Array.from(command) as Command);
    return 0;
  };
  for (const name of COMMANDS) door[name] = (...values: unknown[]) => run([name, ...values]);
  (window as any).Aisle = door;
  door.push(...early);
}

function begin(): void {
  if (!document.querySelector("aisle-chat")) document.body.append(document.createElement("aisle-chat"));
  for (const command of waiting.splice(0)) run(command);
}

if (!customElements.get("aisle-chat")) {
  Object.assign(defaults, script?.dataset);
  if (script?.src) defaults["api"] ||= script.src.replace(/\/widget\.js.*$/, "");
  take((window as any).Aisle);
  customElements.define("aisle-chat", AisleChat);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
