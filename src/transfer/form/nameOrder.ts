/** The order of the names in an export: by their bytes in UTF-8, each once. */

const SURROGATE = /[\ud800-\udfff]/;

/** Whether a name stands behind another one. */
export function isBehind(name: string, other: string): boolean {
  // code units have the order of the bytes but for halves of pairs
  if (!SURROGATE.test(name) && !SURROGATE.test(other)) return name > other;
  const [a, b] = [Array.from(name), Array.from(other)];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at === -1) return false; // the same, or its beginning
  const theirs = b[at]?.codePointAt(0);
  return theirs === undefined || (a[at]?.codePointAt(0) ?? 0) > theirs;
}
