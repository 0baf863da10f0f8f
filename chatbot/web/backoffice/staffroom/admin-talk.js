// One conversation, turn by turn: what was said, what was understood, the cards, the time of every stage. Gives a function
// that shows it. Knows nothing of the other views.

import { call, make } from "./staff.js";
import { at, facts, hour, number, table, tag } from "./admin-parts.js";
import { words } from "./admin-words.js";

export async function conversation(id) {
  let told;
  try {
    told = await call("GET", "/insights/conversations/" + encodeURIComponent(id));
  } catch (error) {
    if (error.status !== 404) throw error;
    return () => {
      at("conversation-name").textContent = words.gone;
      at("about").replaceChildren();
      at("turns").replaceChildren();
    };
  }
  return () => {
    at("conversation-name").textContent = told.messages.find((each) => each.text)?.text || "…";
    at("about").replaceChildren();
    const user = told.user ? told.user + (told.verified ? " (" + words.verified + ")" : "") : words.nobody;
    facts(at("about"), [[words.opened, hour(told.created)], [words.user, user], [words.locale, told.locale], [words.origin, told.origin], [words.page, told.page], [words.item, told.item]]);
    const notes = (after) => told.notes.filter((note) => note.after === after).map(noted);
    const turns = told.messages.flatMap((message) => [turned(message), ...(message.turn ? notes(message.turn.turn) : [])]);
    at("turns").replaceChildren(...notes(0), ...turns);
  };
}

const said = (who, text, kind) => make("p", { class: "said " + (kind || "") }, make("b", { text: who + " " }), text);

function noted(note) {
  const who = words[note.sender] + (note.name ? " " + note.name : "");
  return make("li", {}, make("h3", { text: hour(note.created) }), said(who, note.text, note.sender === "shopper" && "shopper-said"));
}

function turned(message) {
  const turn = message.turn;
  const head = make("h3", {}, make("span", { text: (turn ? "#" + turn.turn + " · " : "") + hour(message.asked) }));
  const made = make("li", {}, head);
  if (message.text) made.append(said(words.shopper, message.text, "shopper-said"));
  if (message.edit) made.append(said(words.edited, [...message.edit.remove.map((text) => "− " + text), ...message.edit.add.map((text) => "+ " + text)].join(" · "), "shopper-said"));
  if (message.gesture) made.append(said(words.tapped, [message.gesture.type, ...(message.gesture.items || [])].join(" · "), "shopper-said"));
  if (!turn) {
    made.append(tag(words.unanswered, true));
    return made;
  }
  head.append(...(turn.user_acts || []).map((act) => tag(act)), make("span", { text: "→" }), ...(turn.acts || []).map((act) => tag(act, act === "no_match")));
  made.append(said(words.assistant, turn.text || ""), facts(make("dl", {}), details(turn)));
  if (turn.cards.length) made.append(cards(turn.cards));
  if (turn.ms) made.append(stages(turn.ms));
  return made;
}

function details(turn) {
  const wishes = turn.ledger.map((wish) => tag(wish.text + (wish.hard ? "" : " (" + words.soft + ")") + (wish.new ? " *" : "")));
  const unknown = (turn.unknown || []).map((gap) => gap.slot || gap.words).join(" · ");
  const by = words.understood + " " + turn.tracked_by + " · " + words.ranked + " " + turn.ranked_by;
  const tokens = turn.llm_calls ? number(turn.tokens.prompt + turn.tokens.completion) : "";
  return [
    [words.wishes, wishes.length ? make("span", {}, ...wishes) : null],
    [words.gone_wishes, turn.dropped.map((gone) => gone.text + " (" + gone.by + ")").join(" · ")],
    [words.given_up, (turn.relaxed || []).join(" · ")],
    [words.absent, (turn.absent || []).join(" · ")],
    [words.unknown, unknown],
    [words.quoted, turn.quoted.map((quote) => quote.question + " (" + quote.source + ")").join(" · ")],
    [words.model_title, by + (turn.llm_calls ? " · " + number(turn.llm_calls) + " " + words.calls + " · " + tokens + " " + words.tokens : "") + (turn.degraded ? " · " + words.degraded : "")],
  ];
}

function cards(shown) {
  const heads = [[words.rank, "n"], [words.cards], [words.price, "n"], [words.reason], [words.did]];
  return table(heads, shown.map((each) => [
    number(each.rank), make("span", {}, each.title, make("small", { text: " " + each.id })),
    each.price === null ? "" : number(each.price) + " " + (each.currency || ""), each.reason,
    make("span", {}, ...each.feedback.map((type) => tag(type, type === "dislike"))),
  ]));
}

function stages(ms) {
  const made = make("div", { class: "bars", role: "group", "aria-label": words.stages });
  const most = Math.max(1, ...Object.values(ms));
  for (const [stage, time] of Object.entries(ms)) {
    const bar = make("meter", { min: 0, max: most, value: time, "aria-label": stage });
    made.append(make("span", { text: stage }), bar, make("span", { text: number(time) + " ms" }));
  }
  return made;
}
