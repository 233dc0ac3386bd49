/** What a misspelt name was meant to be. */

/** In a short name two wrong letters make another word. */
const SHORT = 8;

/** The one of `known` that is nearest to `name`, at most two wrong letters away (one, of a short name); or null. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = 3;
  for (const each of known) {
    const distance = distanceOf(name, each);
    if (distance < least && (distance < 2 || each.length >= SHORT)) {
      nearest = each;
      least = distance;
    }
  }
  return nearest;
}

/** How many letters have to be added, taken away, replaced, or exchanged with the next one. */
function distanceOf(from: string, to: string): number {
  // the distances of all beginnings of `to` from the last two beginnings of `from`
  let [beforeLast, last] = [[] as number[], Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let at = 1; at <= to.length; at++) {
      const replaced = (last[at - 1] ?? 0) + (from[row - 1] === to[at - 1] ? 0 : 1);
      const changed = Math.min(replaced, (last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1);
      const isExchanged =
        row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      next[at] = isExchanged ? Math.min(changed, (beforeLast[at - 2] ?? 0) + 1) : changed;
    }
    [beforeLast, last] = [last, next];
  }
  return last[to.length] ?? 0;
}
