/** DM3 users as users of another network: an ENS name as the local part of an address there. */
import type { NormalName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import { isSignpostError } from "../../errors.js";
import { type Place, readText, writeText, type WrittenText } from "./writtenText.js";

/** Without a mark for direction, a character that some server folds or drops, or one that has to be quoted. */
const PLAIN = /^[a-z0-9][a-z0-9.-]*$/;

/** In octets: of an address of e-mail (RFC 5321, section 4.5.3.1.1), and of XMPP (RFC 7622, section 3.3). */
export const LONGEST_LOCAL_PART = { mail: 64, xmpp: 1023 } as const;

export type NetworkKind = keyof typeof LONGEST_LOCAL_PART;

/** Of the `network` that a network record names; null where there is no rule for its addresses. */
export function networkKindOf(network: string): NetworkKind | null {
  return Object.hasOwn(LONGEST_LOCAL_PART, network) ? (network as NetworkKind) : null;
}

/** `alice.eth` stands there as it is, `jürgen.eth` as `x-nlb3y4thmvxc4zluna`. Different for different names. */
export function localPartOfName(name: NormalName, kind: NetworkKind): WrittenText {
  return writeText(name, placeIn(kind));
}

/**
 * The name behind the local part of an address. "hashed" where only a table leads back; null where no name is written
 * this way, so that an address that is not the canonical one is nobody's.
 */
export function nameOfLocalPart(
  localPart: string,
  kind: NetworkKind,
): { readonly name: NormalName } | "hashed" | null {
  const read = readText(localPart, placeIn(kind));
  if (read === null || read === "hashed") return read;
  return isNormalName(read.text) ? { name: read.text } : null;
}

function placeIn(kind: NetworkKind): Place {
  return { allows: (text) => PLAIN.test(text), longest: LONGEST_LOCAL_PART[kind] };
}

function isNormalName(text: string): text is NormalName {
  try {
    assertNormalName(text);
    return true;
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return false;
    throw error;
  }
}
