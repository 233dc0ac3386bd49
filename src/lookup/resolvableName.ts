import { encodeDnsName } from "../ens/dnsName.js";
import { normalizeName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";

/** The name in ENSIP-15 normal form, sure to fit into a lookup. Throws INVALID_NAME. */
export function resolvableName(name: string): string {
  if (typeof (name as unknown) !== "string") {
    throw new SignpostError("INVALID_NAME", "The name is missing. Give a full ENS name.");
  }
  const normalName = normalizeName(name);
  encodeDnsName(normalName);
  return normalName;
}
