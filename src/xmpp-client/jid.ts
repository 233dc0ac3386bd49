/** Addresses of XMPP (RFC 7622): whose a stanza is, compared in prepared form. */
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError, SignpostError } from "../errors.js";
import {
  formatNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "../messaging/address/nativeAddress.js";
import { localPartOfName, nameOfLocalPart } from "../messaging/address/virtualAddress.js";

/** The gateway's host, and the user's own account. */
export interface Jids {
  /** `bob@chat.example`, in prepared form. */
  readonly own: string;
  /** `dm3.chat.example` */
  readonly gateway: string;
}

const HOST = /^[a-z0-9.-]{1,253}$/;

/** @throws INVALID_REQUEST */
export function jidsOf(address: string, gateway: string): Jids {
  const host = gateway.toLowerCase();
  if (!HOST.test(host)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The option gateway is no host name. Give the component's, such as dm3.chat.example.",
      { field: "gateway" },
    );
  }
  return { own: formatNativeAddress(parseNativeAddress(address, "xmpp")), gateway: host };
}

/** Without the resource, in prepared form. Null for a host alone, and for what is no address. */
function bareOf(jid: string | undefined): string | null {
  const native = nativeOf(jid);
  return native === null ? null : formatNativeAddress(native);
}

/** Whether the user's own account says it. A stanza without a sender is from there (RFC 6120, section 8.1.2.1). */
export function isFromOwnAccount(from: string | undefined, { own }: Jids): boolean {
  return from === undefined || from === own || (!from.includes("/") && bareOf(from) === own);
}

/** Whether it is the user's account, or a device of it. */
export function isOfOwnAccount(jid: string | undefined, { own }: Jids): boolean {
  return bareOf(jid) === own;
}

/** The address at the gateway that it is from, without a resource; null where it is from anybody else. */
export function addressAtGateway(from: string | undefined, { gateway }: Jids): string | null {
  const native = nativeOf(from);
  return native?.domain === gateway ? formatNativeAddress(native) : null;
}

/** The ENS name behind an address at the gateway. Null where the address leads to none, or only the gateway's table knows it. */
export function nameOfJid(jid: string, jids: Jids): NormalName | null {
  const native = nativeOf(jid);
  if (native?.domain !== jids.gateway) return null;
  const found = nameOfLocalPart(native.localPart, "xmpp");
  return found === null || found === "hashed" ? null : found.name;
}

/** What a DM3 user is called at the gateway. */
export function jidOfName(name: NormalName, { gateway }: Jids): string {
  return `${localPartOfName(name, "xmpp").written}@${gateway}`;
}

function nativeOf(jid: string | undefined): NativeAddress | null {
  const [bare = ""] = (jid ?? "").split("/", 1);
  if (!bare.includes("@")) return null;
  try {
    return parseNativeAddress(bare, "xmpp");
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}
