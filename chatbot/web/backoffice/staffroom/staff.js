// The staff room's door and its ways to ask: login, calls, a stream of news. Shared by its pages. Texts reach a page
// by textContent alone.

export const root = location.pathname.replace(/\/[^/]*\/?$/, "");
const KEPT = "aisle-staff";
const RENEW_MS = 20 * 60 * 1000;

let kept = read();
let renewing = 0;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) || "null");
  } catch {
    return null;
  }
}

function keep(value) {
  kept = value;
  if (value) sessionStorage.setItem(KEPT, JSON.stringify(value));
  else sessionStorage.removeItem(KEPT);
}

/** Who is logged in; null: nobody. */
export const me = () => (kept ? kept.name : null);

export class Refused extends Error {
  constructor(status, detail, wait) {
    super(detail);
    this.status = status;
    this.wait = wait;
  }
}

/** Ask the staff's API; a 401 ends the login. */
export async function call(method, path, body) {
  const headers = kept ? { Authorization: "Bearer " + kept.token } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(root + "/staff" + path, { method, headers, body: JSON.stringify(body) });
  const told = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (answer.ok) return told;
  if (answer.status === 401 && kept) leave();
  throw new Refused(answer.status, (told && told.detail) || answer.statusText, answer.headers.get("Retry-After"));
}

export async function enter(name, password) {
  keep(await call("POST", "/login", { name, password }));
  stay();
}

/** A fresh token now and then, as long as the page is open. */
export function stay() {
  clearInterval(renewing);
  renewing = setInterval(() => call("POST", "/renew").then(keep).catch(() => {}), RENEW_MS);
}

export function leave() {
  clearInterval(renewing);
  keep(null);
  dispatchEvent(new Event("staff-left"));
}

/** Read a stream of server-sent events until `over` is aborted; comes again by itself. EventSource sends no token. */
export async function listen(path, heard, standing, over) {
  let last = "";
  let wait = 500;
  while (!over.aborted && kept) {
    try {
      const headers = { Authorization: "Bearer " + kept.token, Accept: "text/event-stream" };
      if (last) headers["Last-Event-ID"] = last;
      const answer = await fetch(root + "/staff" + path, { headers, signal: over });
      if (answer.status === 401) return leave();
      if (answer.ok) {
        standing(true);
        wait = 500;
        for await (const event of events(answer.body)) {
          if (event.id) last = event.id;
          if (event.name) heard(event.name, event.data);
        }
      }
    } catch (error) {
      if (over.aborted) return;
    }
    standing(false);
    await new Promise((next) => setTimeout(next, wait));
    wait = Math.min(wait * 2, 15000);
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = {};
      for (const line of text.slice(0, end).split("\n")) {
        const at = line.indexOf(": ");
        if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
      }
      text = text.slice(end + 2);
      yield { id: fields.id, name: fields.event, data: fields.data ? JSON.parse(fields.data) : null };
    }
  }
}

/** An element with its text and parts. */
export function make(tag, values = {}, ...parts) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...parts);
  return element;
}

const LANGUAGE = "aisle-staff-language";
export let language = localStorage.getItem(LANGUAGE) || (navigator.language.startsWith("zh") ? "zh" : "en");

/** The page's words in its language: every element with data-t. */
export function translate(words, other) {
  if (other) {
    language = other;
    localStorage.setItem(LANGUAGE, other);
  }
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = words[language][element.dataset.t];
  return words[language];
}
