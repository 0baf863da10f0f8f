// What a view is given: the state, the words, and the hands that do what is tapped. Knows nothing of any one view.
import type { State } from "./state";
import type { Store } from "./store";
import type { Language, Word } from "./words";

export interface View {
  s: State;
  store: Store;
  language: Language;
  inline: boolean;
  title: string;
  t: (name: Word, values?: Record<string, unknown>) => string;
  /** Where pictures and links of the server begin. */
  base: string;
  close: () => void;
  toggle: () => void;
  show: (sheet: State["sheet"]) => void;
  refresh: () => void;
  /** The card of a row that the keyboard is on, by the row's name. */
  spots: Map<string, number>;
}
