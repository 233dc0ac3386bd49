/**
 * By what a stored message is known. A client's own id stands in other people's places too (it is the hash of the message,
 * which its receiver has as well), so it is hashed together with the name that it is stored for, as in the reference.
 */
import type { Digest } from "../abi/digest.js";
import { sha256OfText } from "../abi/sha256.js";
import { addressNamed, normalNameOf } from "../accounts/wireName.js";
import { checksumAddress } from "../ens/address.js";

/**
 * @param name that of the account's ids (`nameOfIds`), in normal form
 * @param messageId as the client has it
 */
export function storedIdOf(name: string, messageId: string): Digest {
  return sha256OfText(name + messageId);
}

/** What a client called the account, in the form that ids are made of: a normal name, or an address in lower case. */
export function nameForIds(named: string): string {
  const address = addressNamed(named);
  if (address !== null) return checksumAddress(address).toLowerCase();
  return normalNameOf(named) ?? named;
}
