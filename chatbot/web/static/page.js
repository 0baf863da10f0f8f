// Runs once for each part of the page. Clicks on anything that names an event are handed to Python; nothing is decided.
const EVENTS = ["take_off", "reply", "again", "fresh", "speak", "judge", "leave"];

element.addEventListener("click", (click) => {
  const target = click.target.closest("[data-event]");
  if (!target || !EVENTS.includes(target.dataset.event)) return;
  if (target.hasAttribute("aria-pressed")) {
    target.closest(".judge").querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", b === target));
  }
  trigger(target.dataset.event, { ...target.dataset });
});

// A picture that cannot be had leaves the drawing behind it in sight. A rule by address outlasts every redrawing.
const hidden = document.head.appendChild(document.createElement("style")).sheet;
element.addEventListener(
  "error",
  ({ target }) => hidden.insertRule(`img[src=${JSON.stringify(target.getAttribute("src"))}] { visibility: hidden }`),
  true,
);

// The page's language is the interface's; a new turn is brought to the top, where its answer has room to grow. Fewer
// turns than before are another conversation, begun in this tab or another.
let turns = 0;
const follow = (smooth) => {
  const bar = element.querySelector("[data-lang]");
  if (bar) {
    document.documentElement.lang = bar.dataset.lang;
    document.querySelector("#aisle-box button")?.setAttribute("aria-label", bar.dataset.send);
  }
  const all = element.querySelectorAll(".turn");
  if (all.length && all.length !== turns) {
    all[all.length - 1].scrollIntoView({ block: "start", behavior: smooth && turns ? "smooth" : "instant" });
  }
  turns = all.length;
};
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
new MutationObserver(() => follow(!calm)).observe(element, { childList: true, subtree: true });
follow(false);
