// Line drawings, 24 × 24, in the colour of the text around them. Knows nothing of what they are put on.
import { svg } from "lit/html.js";

const line = (d: string, width = 1.8) => svg`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width=${width} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${d}></path></svg>`;

export const icons = {
  chat: line("M12 4c5 0 9 3.2 9 7.3s-4 7.3-9 7.3c-1 0-2-.1-2.9-.4L4 20l1.3-3.6C3.9 15.1 3 13.3 3 11.3 3 7.2 7 4 12 4zM8.5 11.3h.01M12 11.3h.01M15.5 11.3h.01"),
  close: line("M6 6l12 12M18 6L6 18"),
  more: line("M12 5.5h.01M12 12h.01M12 18.5h.01", 2.6),
  send: line("M4 12l16-7-5 15-3.5-6.2zM11.5 13.8L20 5"),
  stop: line("M8 8h8v8H8z"),
  like: line("M7 11v9H3v-9zM7 11l4-8c2 0 3 1 3 3v4h5a2 2 0 0 1 2 2.3l-1.2 6a2 2 0 0 1-2 1.7H7"),
  reject: line("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.7 5.7l12.6 12.6"),
  similar: line("M4 8h10v10H4zM8 8V4h12v12h-4"),
  scales: line("M12 4v16M8 20h8M5 7h14M5 7l-2.5 6a2.6 2.6 0 0 0 5 0zM19 7l-2.5 6a2.6 2.6 0 0 0 5 0z"),
  info: line("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01"),
  mark: line("M7 4h10v16l-5-4-5 4z"),
  cart: line("M3 4h2l2 11h10l2-8H6M9 19.5h.01M16 19.5h.01"),
  bell: line("M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4"),
  check: line("M5 12.5l4.5 4.5L19 7.5"),
  undo: line("M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 12h-2"),
  redo: line("M20 6v5h-5M20 11a8 8 0 1 0-1.5 6"),
  before: line("M15 6l-6 6 6 6"),
  after: line("M9 6l6 6-6 6"),
  person: line("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.6-4 3.8-6 8-6s7.4 2 8 6"),
  bag: line("M6 8h12l1 12H5zM9 8a3 3 0 0 1 6 0"),
};
