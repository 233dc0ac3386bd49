/** Who a stanza is from, and whom it is for. Addresses are compared in the one form that the address rule gives, whatever a server does with them. */
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError } from "../errors.js";
import {
  formatNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "../messaging/address/nativeAddress.js";
import { localPartOfName, nameOfLocalPart } from "../messaging/address/virtualAddress.js";

/** RFC 7622, section 3.1: three parts of 1023 octets, and what stands between them. */
const LONGEST_JID = 3071;

export interface Domains {
  /** `dm3.chat.example` */
  readonly componentDomain: string;
  /** `chat.example` */
  readonly nativeDomain: string;
}

/** The gateway itself, or a DM3 user by the canonical address; null for what is neither. */
export type Target = { readonly name: NormalName | null } | null;

/** An account, on whichever server. */
export interface Sender {
  readonly address: NativeAddress;
  /** The bare JID in the form in which accounts are compared. */
  readonly bare: string;
  readonly isOurs: boolean;
}

/** @param to as the server handed it over; a resource counts for nothing */
export function targetOf(to: string | null, { componentDomain }: Domains): Target {
  const bare = bareOf(to);
  if (bare === null) return null;
  const at = bare.lastIndexOf("@");
  if (bare.slice(at + 1).toLowerCase() !== componentDomain) return null;
  if (at === -1) return { name: null };
  const read = nameOfLocalPart(bare.slice(0, at), "xmpp");
  return read === null || read === "hashed" ? null : read;
}

/** Null for a server or a component, and for an account whose address some server takes for another one. */
export function senderOf(from: string | null, { nativeDomain }: Domains): Sender | null {
  const bare = bareOf(from);
  if (bare === null) return null;
  try {
    const address = parseNativeAddress(bare, "xmpp");
    const isOurs = address.domain === nativeDomain;
    return { address, bare: formatNativeAddress(address), isOurs };
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}

/** Of a DM3 user; of the gateway itself for null. */
export function jidOf(name: NormalName | null, { componentDomain }: Domains): string {
  return name === null
    ? componentDomain
    : `${localPartOfName(name, "xmpp").written}@${componentDomain}`;
}

function bareOf(jid: string | null): string | null {
  if (jid === null || jid.length > LONGEST_JID) return null;
  const slash = jid.indexOf("/");
  return slash === -1 ? jid : jid.slice(0, slash);
}
