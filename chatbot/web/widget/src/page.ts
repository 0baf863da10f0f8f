// Which product the shop's page is about, from its own structured data. Reads the page; changes nothing.

/** The `sku` or `productID` of the first Product in the page's JSON-LD; "" where there is none. */
export function itemOfPage(): string {
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      const id = find(JSON.parse(script.textContent ?? ""), 0);
      if (id) return id;
    } catch {
      // not JSON: the next one may be
    }
  }
  return "";
}

const DEEPEST = 5;

function find(data: unknown, depth: number): string {
  if (typeof data !== "object" || data === null || depth > DEEPEST) return "";
  if (Array.isArray(data)) return data.reduce<string>((found, each) => found || find(each, depth + 1), "");
  const node = data as Record<string, unknown>;
  if ([node["@type"]].flat().some((type) => type === "Product" || type === "ProductGroup")) {
    const id = node["sku"] ?? node["productID"] ?? node["productGroupID"];
    if (typeof id === "string" || typeof id === "number") return String(id);
  }
  return find(node["@graph"] ?? node["mainEntity"], depth + 1);
}
