/** By which names a conversation was written to, as dm3's clients keep them: a JSON list, of which the last counts. */

export function locationsOf(name: string): string {
  return JSON.stringify([name]);
}

/** Null where none is kept. */
export function lastLocation(json: string | null): string | null {
  try {
    const locations: unknown = JSON.parse(json ?? "null");
    const last: unknown = Array.isArray(locations) ? locations.at(-1) : null;
    return typeof last === "string" ? last : null;
  } catch {
    return null;
  }
}
