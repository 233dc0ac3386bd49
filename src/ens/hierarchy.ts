/** How names lie under one another. */

/** Whether `name` is `domain` itself or a subname of it, at any depth. Both in normal form. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** The name one label up, or null for a single label. */
export function parentName(name: string): string | null {
  const dot = name.indexOf(".");
  return dot === -1 ? null : name.slice(dot + 1);
}
