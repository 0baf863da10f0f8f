// Runs once for each part of the page. Clicks on anything that names an event are handed to Python; nothing is decided.
// What only this browser knows is kept here: the cards picked, its conversations, dark or light, where the focus was, and
// what was typed and not sent.
const EVENTS = [
  "again", "back", "drawer", "erase", "export", "forget", "fresh", "gesture", "judge", "leave", "link", "put_back",
  "reopen", "reply", "save", "speak", "take_off", "unsave",
];
const LIST = "aisle-past" + location.pathname.replace(/\/$/, ""), SCHEME = "aisle-scheme", MOST = 30;
const all = (selector, within = element) => [...within.querySelectorAll(selector)];
const page = (window.aislePage ??= { picked: new Set(), focus: null });

// The browser's own list of conversations. Read and written whole at once, so that two tabs lose nothing to each other.
const past = () => {
  try {
    const list = JSON.parse(localStorage.getItem(LIST) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
};
const keep = (list) => {
  try {
    localStorage.setItem(LIST, JSON.stringify(list.slice(0, MOST)));
  } catch {} // a browser that keeps nothing still talks
};

// Dark or light: as the system has it, until a shopper says otherwise.
const dress = (dark) => document.body.classList.toggle("dark", dark);
const chosen = () => {
  try {
    return localStorage.getItem(SCHEME);
  } catch {
    return null;
  }
};
const system = window.matchMedia("(prefers-color-scheme: dark)");
const scheme = () => dress(chosen() ? chosen() === "dark" : system.matches);
if (!page.dressed) {
  page.dressed = true;
  system.addEventListener("change", scheme);
  new MutationObserver(() => {
    const dark = chosen() ? chosen() === "dark" : system.matches;
    if (document.body.classList.contains("dark") !== dark) dress(dark);
  }).observe(document.body, { attributeFilter: ["class"] });
  scheme();
}

// One quiet place that says what changed: the conversation itself is drawn anew and would be read from its beginning.
const voice = () => {
  let place = document.getElementById("aisle-voice");
  if (!place) {
    place = document.body.appendChild(document.createElement("div"));
    place.id = "aisle-voice";
    place.setAttribute("role", "status");
    place.setAttribute("aria-live", "polite");
  }
  return place;
};
const announce = (text, lang) => {
  const place = voice();
  if (!text || place.textContent === text) return;
  place.lang = lang || document.documentElement.lang;
  place.textContent = text;
};
voice();

element.addEventListener("click", (click) => {
  const target = click.target.closest("[data-event], [data-close], [data-unpick]");
  const dialog = element.querySelector("dialog");
  if (click.target === dialog || target?.hasAttribute("data-close")) return dialog.close();
  if (!target) return;
  if (target.hasAttribute("data-unpick")) {
    page.picked.clear();
    return document.dispatchEvent(new Event("aisle-picked"));
  }
  const told = { ...target.dataset, past: past() };
  if (told.event === "scheme") {
    const dark = !document.body.classList.contains("dark");
    try {
      localStorage.setItem(SCHEME, dark ? "dark" : "light");
    } catch {}
    return dress(dark);
  }
  if (!EVENTS.includes(told.event)) return;
  if (told.type === "compare" && !told.items) {
    told.items = JSON.stringify([...page.picked]);
    page.picked.clear();
    document.dispatchEvent(new Event("aisle-picked"));
  }
  if (told.event === "judge" && told.type === "like") target.setAttribute("aria-pressed", "true");
  if (told.event === "save") target.setAttribute("aria-pressed", target.ariaPressed !== "true");
  if (dialog && told.event === "gesture") dialog.close();
  trigger(told.event, told);
});

// Cards picked for a comparison stay picked while the page is drawn anew.
const count = () => {
  for (const box of all("[data-pick]")) box.checked = page.picked.has(box.dataset.pick);
  for (const bar of all(".picked")) {
    const button = bar.querySelector("[data-type='compare']");
    bar.hidden = page.picked.size === 0;
    button.disabled = page.picked.size < Number(button.dataset.low) || page.picked.size > Number(button.dataset.high);
    button.querySelector("b").textContent = page.picked.size || "";
  }
};
document.addEventListener("aisle-picked", count);
element.addEventListener("change", ({ target }) => {
  if (!target.dataset.pick) return;
  page.picked[target.checked ? "add" : "delete"](target.dataset.pick);
  document.dispatchEvent(new Event("aisle-picked"));
});

// A picture that cannot be had leaves the drawing behind it in sight. A rule by address outlasts every redrawing.
const hidden = document.head.appendChild(document.createElement("style")).sheet;
element.addEventListener(
  "error",
  ({ target }) => hidden.insertRule(`img[src=${JSON.stringify(target.getAttribute("src"))}] { visibility: hidden }`),
  true,
);

// The focus outlives what had it: where a redrawing takes its button away, it goes to the same one, else to the box.
const same = (button) => JSON.stringify([button.dataset, button.className]);
element.addEventListener("focusin", ({ target }) => {
  const button = target.closest("button, input, a");
  page.focus = button && { element, key: same(button) };
});
const refocus = () => {
  if (page.focus?.element !== element || document.activeElement !== document.body) return;
  const found = all("button, input, a").find((button) => same(button) === page.focus.key);
  (found ?? document.querySelector("#aisle-box textarea, #aisle-box input"))?.focus({ preventScroll: true });
};

// The box is emptied by the server once a message has come. What was typed behind it by then is kept, and sent next where
// that was wished; nothing is sent twice meanwhile. Words that were not sent outlive a reload of this tab.
const DRAFT = "aisle-draft" + location.pathname, IMPATIENT_MS = 3000;
const box = () => document.querySelector("#aisle-box :is(textarea, input):not(:disabled)");
const write = (text) => {
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true })); // Gradio hears of it
};
const draft = (text) => {
  try {
    if (text === undefined) return sessionStorage.getItem(DRAFT) ?? "";
    if (text) sessionStorage.setItem(DRAFT, text);
    else sessionStorage.removeItem(DRAFT);
  } catch {} // not kept here: it is there until the page is left
  return "";
};
const sending = (event) => {
  const text = box()?.value ?? "";
  if (page.sent && Date.now() - page.at < IMPATIENT_MS) {
    page.next = text !== page.sent;
    event.stopImmediatePropagation();
    return event.preventDefault();
  }
  Object.assign(page, { sent: text, typed: text, at: Date.now(), next: false });
  draft("");
};
const settle = () => {
  if (!box()) return;
  if (!page.boxed) {
    page.boxed = true;
    if (draft() && !box().value) write(draft());
  } else if (page.sent && !box().value) {
    const { sent, typed, next } = page;
    page.sent = "";
    if (!typed || typed === sent) return;
    write(typed.startsWith(sent) ? typed.slice(sent.length) : typed);
    if (next) document.querySelector("#aisle-box .submit-button")?.click();
  }
};
if (!page.heard) {
  page.heard = true;
  const here = ({ target }) => target === box();
  document.addEventListener("input", (event) => here(event) && draft((page.typed = event.target.value)), true);
  document.addEventListener("keydown", (event) => {
    if (here(event) && event.key === "Enter" && !event.shiftKey && !event.isComposing) sending(event);
  }, true);
  document.addEventListener("click", (event) => event.target.closest("#aisle-box .submit-button") && sending(event), true);
}

// The bar: the page's language is the interface's, and the open conversation is remembered.
const remember = () => {
  const bar = element.querySelector(".bar");
  if (!bar) return;
  document.documentElement.lang = bar.dataset.lang;
  document.querySelector("#aisle-box button")?.setAttribute("aria-label", bar.dataset.send);
  if (!bar.dataset.past) return;
  const open = JSON.parse(bar.dataset.past);
  const others = past().filter((one) => one.resume !== open.resume);
  keep([open, ...others]);
};

// The drawer: what is there is shown, what was deleted is forgotten, what was asked for is written into a file.
let drawer;
const unfold = () => {
  const file = element.querySelector("template[data-download]");
  if (file) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.content.textContent], { type: "application/json" }));
    link.download = file.dataset.download;
    link.click();
    URL.revokeObjectURL(link.href);
    file.remove();
  }
  const dialog = element.querySelector("dialog");
  const mark = element.querySelector("[data-drawn]")?.dataset.drawn;
  if (!dialog || mark === drawer) return;
  drawer = mark;
  const gone = JSON.parse(dialog.dataset.gone ?? "[]");
  if (gone.length) keep(past().filter((one) => !gone.includes(one.resume)));
  const written = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of all("time")) {
    const when = new Date(time.dateTime);
    if (!Number.isNaN(when.valueOf())) time.textContent = written.format(when);
  }
  if (!dialog.open) dialog.showModal();
};

// A new turn is brought to the top, where its answer has room to grow. Fewer turns than before are another
// conversation, begun in this tab or another.
let turns = 0;
const follow = (smooth) => {
  const shown = all(".turn, .note");
  const last = shown.at(-1);
  if (last && shown.length !== turns) {
    last.scrollIntoView({ block: "start", behavior: smooth && turns ? "smooth" : "instant" });
  }
  turns = shown.length;
  if (!last) return;
  const words = last.matches(".note") ? "div" : ".said, .stage > .what, .edited";
  const said = [...last.querySelectorAll(words)].at(-1);
  const cards = last.querySelectorAll("h2").length;
  const names = [...last.querySelectorAll(".card h2")].map((name) => name.textContent).join(", ");
  announce([said?.innerText, cards ? names : ""].filter(Boolean).join(" "), said?.lang);
};

const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const drawn = (smooth) => {
  remember();
  unfold();
  follow(smooth);
  count();
  refocus();
  requestAnimationFrame(settle);
};
watch("value", () => drawn(!calm)); // Gradio's: after each drawing
drawn(false);
