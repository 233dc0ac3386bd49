/** Where a person is on the page, as the part of its URL behind `#`: what can be reloaded and shared. Never holds a secret. */

/** How a list of names is narrowed, as `GET /v1/names` takes it. */
export const SEARCHES = ["prefix", "contains", "address"] as const;
type SearchKind = (typeof SEARCHES)[number];

export interface Search {
  readonly by: SearchKind;
  readonly text: string;
}

export type Place =
  | { readonly view: "names"; readonly search: Search | null; readonly after: string }
  /** `after`: the number of the entry of the history before the first one that is shown. */
  | { readonly view: "name"; readonly name: string; readonly after: number }
  | { readonly view: "keys"; readonly after: string }
  | { readonly view: "source"; readonly after: string }
  | { readonly view: "nodes"; readonly nodesAfter: string; readonly networksAfter: string }
  | { readonly view: "domain" };

/** Null for what leads to no view. */
export function placeOf(hash: string): Place | null {
  const [path = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const [start, view = "", name, ...more] = path.split("/");
  if (path === "" || path === "/") return { view: "names", search: null, after: "" };
  if (start !== "" || more.length > 0) return null;
  const parameters = new URLSearchParams(query);
  const text = (key: string) => parameters.get(key) ?? "";
  if (name !== undefined && name !== "") return view === "names" ? namePlace(name, text) : null;
  switch (view) {
    case "names": {
      const by = SEARCHES.find((kind) => text(kind) !== "");
      const search = by === undefined ? null : { by, text: text(by) };
      return { view, search, after: text("after") };
    }
    case "keys":
    case "source":
      return { view, after: text("after") };
    case "nodes":
      return { view, nodesAfter: text("nodesAfter"), networksAfter: text("networksAfter") };
    case "domain":
      return { view };
    default:
      return null;
  }
}

export function hashOf(place: Place): string {
  switch (place.view) {
    case "names": {
      const { search, after } = place;
      return `#/names${queryOf({ ...(search && { [search.by]: search.text }), after })}`;
    }
    case "name": {
      const after = place.after === 0 ? "" : String(place.after);
      return `#/names/${encodeURIComponent(place.name)}${queryOf({ after })}`;
    }
    case "keys":
    case "source":
      return `#/${place.view}${queryOf({ after: place.after })}`;
    case "nodes": {
      const { nodesAfter, networksAfter } = place;
      return `#/nodes${queryOf({ nodesAfter, networksAfter })}`;
    }
    case "domain":
      return "#/domain";
  }
}

/** The place in a list, as the SDK's client takes it: nothing for the beginning. */
export function behind(after: string): { readonly after?: string } {
  return after === "" ? {} : { after };
}

function namePlace(encoded: string, text: (key: string) => string): Place | null {
  const after = text("after");
  if (!/^\d{0,10}$/.test(after)) return null;
  try {
    return { view: "name", name: decodeURIComponent(encoded), after: Number(after) };
  } catch {
    return null;
  }
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}
