// What the shop's page knows of the shopper and what they agreed to, told to the session there is. Knows nothing of turns.
import type { Store } from "./store";

export function setContext(store: Store, context: { item?: string | null; page?: string | null }): void {
  for (const name of ["item", "page"] as const) {
    if (context[name] !== undefined) store.settings[name] = context[name] ?? "";
  }
  look(store);
}

/** What is open is told to a session that there is; a new one is opened with it. */
export function look({ api, settings }: Store): void {
  const { item, page } = settings;
  if (api.open) void api.json("POST", "/v1/sessions/current/context", { item: item || null, page: page || null }).catch(() => undefined);
}

export function identify(store: Store, identity: string): void {
  store.settings.identity = identity;
  if (!store.api.open && !store.kept.resume) return;
  void store.try(() =>
    store.api.json("POST", "/v1/sessions/current/identity", { identity }).catch((error) => {
      if (error.status === 409) store.reset(); // another customer's conversation is none of theirs
      else store.emit("error", { status: error.status }); // the page's to mend: nothing is wrong for the shopper
    }),
  );
}

export async function setConsent(store: Store, profile: boolean): Promise<void> {
  await store.try(async () => {
    await store.api.json("PUT", "/v1/me/consent", { profile });
    store.set({ consent: profile });
  });
}
