/** Names as senders and clients write them. */
import { toHex } from "../abi/hex.js";
import { type Address, parseAddress } from "../ens/address.js";
import { parentName } from "../ens/hierarchy.js";
import type { NormalName } from "../ens/normalize.js";
import { resolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";

/** The name in normal form, by which all spellings of it are one; null for what is no name. */
export function normalNameOf(text: string): NormalName | null {
  try {
    return resolvableName(text).name;
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}

/** Clients name an account by its address as well; null for a name. */
export function addressNamed(text: string): Address | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}

/** As dm3's clients name an account in their tokens: the name, or the address in lower case. */
export function accountName(named: NormalName | Address): string {
  return typeof named === "string" ? named : toHex(named);
}

/**
 * The domain that somebody pays for, with all that lies below it: `*.example.eth` of example.eth and a.b.example.eth. A
 * resolver for wildcards makes endless names below one, and each of them is valid.
 */
export function domainOfSender(name: string): string {
  let domain = name;
  for (let above = parentName(domain); above?.includes("."); above = parentName(domain)) {
    domain = above;
  }
  return `*.${domain}`;
}
