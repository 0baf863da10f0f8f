// The box one writes in. Enter sends, Shift+Enter breaks the line; an input method that is composing keeps its Enter.
import { html } from "lit/html.js";
import { icons } from "./icons";
import type { View } from "./view";

const LONGEST = 2000;

export const composer = (v: View) => {
  const busy = v.s.live?.state === "working" || v.s.live?.state === "busy";
  return html`<form class="composer" part="composer" ?hidden=${v.s.sheet !== "talk"} @submit=${(e: Event) => send(v, e)}>
    <textarea part="input" rows="1" dir="auto" maxlength=${LONGEST} enterkeyhint="send" autocomplete="off" aria-label=${v.t("message")} placeholder=${v.t("placeholder")} @keydown=${typed} @input=${(e: Event) => keep(v, e.target as HTMLTextAreaElement)}></textarea>
    ${busy
      ? html`<button type="button" class="go" part="stop" aria-label=${v.t("stop")} title=${v.t("stop")} @click=${() => v.store.stop()}>${icons.stop}</button>`
      : html`<button type="submit" class="go" part="send" aria-label=${v.t("send")} title=${v.t("send")}>${icons.send}</button>`}
  </form>`;
};

function typed(e: KeyboardEvent): void {
  if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
  e.preventDefault();
  (e.target as HTMLTextAreaElement).form!.requestSubmit();
}

function send(v: View, e: Event): void {
  e.preventDefault();
  const box = (e.target as HTMLFormElement).querySelector("textarea")!;
  v.store.say(box.value);
  box.value = "";
  keep(v, box);
  box.focus();
}

function keep(v: View, box: HTMLTextAreaElement): void {
  v.store.kept.draft = box.value;
  box.rows = Math.min(5, box.value.split("\n").length + Math.floor(box.value.length / 42));
}
