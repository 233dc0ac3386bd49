/** Names that can be stored and looked up. */
import { encodeDnsName } from "./dnsName.js";
import { assertNormalized, type NormalName } from "./normalize.js";

/** In characters, of three bytes at most: a name without empty labels that is no longer has no label or form that is too long. */
const ALWAYS_FITS = 85;

/** Throws INVALID_NAME unless the name is in ENSIP-15 normal form and short enough to be stored. */
export function assertNormalName(name: string): asserts name is NormalName {
  assertNormalized(name);
  if (name.length > ALWAYS_FITS) encodeDnsName(name);
}
