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
  const { name, dnsName } = normalAndInDns(given);
  return { name, node: namehash(name), dnsName };
}

/** The same without the hashes: for whoever asks no resolver, or not each time. Throws INVALID_NAME. */
export function resolvableNormalName(given: string): NormalName {
  return normalAndInDns(given).name;
}

function normalAndInDns(given: string): Omit<ResolvableName, "node"> {
  // callers in JavaScript give anything
  if (typeof (given as unknown) !== "string") {
    throw new SignpostError("INVALID_NAME", "The name is missing. Give a full ENS name.");
  }
  assertNoOtherKind(given.trim());
  const name = normalizeName(given);
  return { name, dnsName: encodeDnsName(name) };
}

/** What people have at hand in place of a name. An address could be a name by its letters, so nothing else refuses it. */
function assertNoOtherKind(given: string): void {
  const kind = OTHER_KINDS.find(([pattern]) => pattern.test(given));
  if (kind === undefined) return;
  throw new SignpostError(
    "INVALID_NAME",
    `${JSON.stringify(given.slice(0, LONGEST_SHOWN))} is ${kind[1]}. Give the ENS name itself, such as alice.example.eth.`,
    { name: given },
  );
}

const OTHER_KINDS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^0x[0-9a-f]{40}$/i, "an Ethereum address, not an ENS name"],
  [/^[a-z][a-z0-9+.-]*:\/\//i, "a URL, not an ENS name"],
  [/^[^@\s]+@[^@\s]+$/, "an email address, not an ENS name"],
];
const LONGEST_SHOWN = 100;
