/** Names that can be stored and looked up. */
import { encodeDnsName } from "./dnsName.js";
import { assertNormalized, type NormalName } from "./normalize.js";

/** Throws INVALID_NAME unless the name is in ENSIP-15 normal form and short enough to be stored. */
export function assertNormalName(name: string): asserts name is NormalName {
  assertNormalized(name);
  encodeDnsName(name);
}
