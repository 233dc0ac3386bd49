/** Names in messages, which senders write in several ways. */
import { normalizeName } from "../../ens/normalize.js";

/** As dm3's clients compare them: whatever their case. */
export function isSameName(one: string, other: string): boolean {
  return one === other || folded(one) === folded(other);
}

function folded(name: string): string {
  try {
    return normalizeName(name);
  } catch {
    return name.toLowerCase(); // no name that ENS could have; it is like itself
  }
}
