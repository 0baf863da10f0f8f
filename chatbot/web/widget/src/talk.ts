// One turn in the making: reads its events as they come and hands on what they change. Knows nothing of before and after.
import { Trouble, type Api } from "./api";
import type { Asked, Live } from "./state";
import type { Turn, Wish } from "./types";

export type Change = Partial<Live> & { ledger?: Wish[] };

/** The whole turn. Trouble when it cannot be had. `change`: told of each part. */
export async function talk(api: Api, asked: Asked, signal: AbortSignal, change: (c: Change) => void): Promise<Turn> {
  const cards: Live["cards"] = [];
  let text = "";
  let whole: Turn | undefined;
  for await (const { event, data } of api.stream(asked.method, asked.path, { body: asked.body, signal })) {
    if (event === "turn.end") whole = data as Turn;
    else if (event === "error") throw new Trouble(Number(data.status) || 500, data.detail);
    else if (event === "status") change({ stage: data.stage });
    else if (event === "state") change({ ledger: data.ledger });
    else if (event === "card") change({ cards: cards.slice(0, cards.push(data)) });
    else if (event === "text.delta") change({ text: (text += data.text) });
  }
  if (!whole) throw new Trouble(0); // it broke off
  return whole;
}
