/**
 * A name in the three forms that a lookup needs, made together and once: whoever has one need not normalise, hash or
 * encode the name again, nor expect that any of it fails.
 */
import { SignpostError } from "../errors.js";
import { encodeDnsName } from "./dnsName.js";
import { namehash, type Node } from "./namehash.js";
import { normalizeName, type NormalName } from "./normalize.js";

export interface ResolvableName {
  readonly name: NormalName;
  /** Its namehash. */
  readonly node: Node;
  /** Its DNS wire form, as ENSIP-10 passes it. */
  readonly dnsName: Uint8Array;
}

/** From a name that a person gave, which is brought into normal form. Throws INVALID_NAME. */
export function resolvableName(given: string): ResolvableName {
  // callers in JavaScript give anything
  if (typeof (given as unknown) !== "string") {
    throw new SignpostError("INVALID_NAME", "The name is missing. Give a full ENS name.");
  }
  const name = normalizeName(given);
  return { name, node: namehash(name), dnsName: encodeDnsName(name) };
}
