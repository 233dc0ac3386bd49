/** A mail bridge as somebody who writes: reports to mail users, and notices to DM3 users. It is no DM3 user and no mail user. */
import type { NativeAddress } from "./nativeAddress.js";
import type { NetworkKind } from "./virtualAddress.js";

/** No DM3 user has this local part (RFC 5321, section 6.1, has such a one write the reports). */
export const MAILER_DAEMON = "mailer-daemon";

interface BridgedNetwork {
  readonly kind: NetworkKind;
  readonly nativeDomain: string | null;
  /** The host in the addresses of DM3 users. */
  readonly virtualDomain: string;
}

/** Null for networks of another kind, and for those of one native domain. */
export function bridgeItself({
  kind,
  nativeDomain,
  virtualDomain,
}: BridgedNetwork): NativeAddress | null {
  return kind === "mail" && nativeDomain === null ? bridgeItselfAt(virtualDomain) : null;
}

/** @param virtualDomain the host in the addresses of DM3 users */
export function bridgeItselfAt(virtualDomain: string): NativeAddress {
  return { localPart: MAILER_DAEMON, domain: virtualDomain };
}

export function isSameNative(one: NativeAddress, other: NativeAddress | null): boolean {
  return one.localPart === other?.localPart && one.domain === other.domain;
}
