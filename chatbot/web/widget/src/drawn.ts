// An element that draws itself into a shadow root with Lit's templates, at most once a moment. Knows nothing of what it
// draws. Style sheets are constructed: a policy without `unsafe-inline` lets them be.
import { render } from "lit/html.js";

export abstract class Drawn extends HTMLElement {
  protected readonly root = this.attachShadow({ mode: "open" });
  #due: Promise<void> | undefined;

  constructor(sheet: CSSStyleSheet) {
    super();
    this.root.adoptedStyleSheets = [sheet];
  }

  protected abstract template(): unknown;
  protected abstract drawn(): void;

  /** Draw anew, soon; the promise is kept when that is done. */
  draw(): Promise<void> {
    return (this.#due ??= Promise.resolve().then(() => {
      this.#due = undefined;
      if (!this.isConnected) return;
      render(this.template(), this.root, { host: this });
      this.drawn();
    }));
  }
}

export function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
