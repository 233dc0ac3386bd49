import type { Digest } from "../../abi/digest.js";
import { sha256OfText } from "../../abi/sha256.js";
import type { SourceRow } from "./source.js";

/** Raised when rows are read or verified by other rules: what was verified before is verified again. */
const RULES = 1;

/** By what a row is known that was verified for a name before. The order in which a source tells its texts does not matter. */
export function rowDigest(name: string, row: SourceRow): Digest {
  const { wallet, profile, texts, addresses, contenthash } = row;
  const sorted = (map: ReadonlyMap<string, string>) =>
    map.size < 2 ? [...map] : [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256OfText(
    JSON.stringify([RULES, name, wallet, profile, sorted(texts), sorted(addresses), contenthash]),
  );
}
