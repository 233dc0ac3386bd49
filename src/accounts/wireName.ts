/** Names as clients and senders write them. */
import { type Address, parseAddress } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { resolvableNormalName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";

/** The name in normal form, by which all spellings of it are one; null for what is no name. */
export function normalNameOf(text: string): NormalName | null {
  try {
    return resolvableNormalName(text);
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Clients name an account by its address as well; null for a name. */
export function addressNamed(text: string): Address | null {
  // nearly always it is a name, and an error takes longer than all the rest of this
  if (!ADDRESS.test(text)) return null;
  try {
    return parseAddress(text);
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}
