import { encodeDnsName } from "../ens/dnsName.js";
import { normalizeName } from "../ens/normalize.js";

/** The name in ENSIP-15 normal form, sure to fit into a lookup. Throws INVALID_NAME. */
export function resolvableName(name: string): string {
  const normalName = normalizeName(name);
  encodeDnsName(normalName);
  return normalName;
}
