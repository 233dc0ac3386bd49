/**
 * People of a network as ENS names: what a native address is called in DM3. The rule only proposes, and a table is the
 * authority: a name that somebody has stays theirs when the rule changes.
 *
 *   one domain    bob@chat.example  ↔  bob.users.example.eth, where the names of one native domain are
 *   all domains   alice@mail.test   ↔  alice.mail.test.bridge.eth
 *   the bridge    mailer-daemon@dm3.test  ↔  mailer-daemon.bridge.eth, where `dm3.test` has the addresses of DM3 users
 */
import type { NormalName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import { bridgeItself, isSameNative, MAILER_DAEMON } from "./bridgeItself.js";
import { isNativeAddress, type NativeAddress } from "./nativeAddress.js";
import type { NetworkKind } from "./virtualAddress.js";
import { type Place, readText, writeText } from "./writtenText.js";

export interface NamesOfNetwork {
  readonly kind: NetworkKind;
  /** Below which the names are. */
  readonly domain: NormalName;
  /** The one native domain whose people they are; null where the names say whose. */
  readonly nativeDomain: string | null;
  /** The host in the addresses of DM3 users, which are nobody else's. */
  readonly virtualDomain: string;
}

/** As a DNS label (RFC 1035), so that tools that keep to DNS can still look the name up. */
const LONGEST_LABEL = 63;
/** In normal form (ENSIP-15 has no "--" at the third place), and no label that is made of a wallet's address, which is that wallet's. */
const PLAIN_LABEL = /^(?!..--)(?!0x[0-9a-f]{40}$)[a-z0-9][a-z0-9-]*$/;

const LABEL: Place = { allows: (text) => PLAIN_LABEL.test(text), longest: LONGEST_LABEL };

export interface ProposedName {
  readonly name: NormalName;
  /** False where only a table leads back. */
  readonly isReversible: boolean;
}

/**
 * Different for different addresses. Null for an address of another native domain, and for that of a DM3 user; a mail bridge itself
 * has a name directly below the domain.
 * @throws INVALID_NAME where the domain leaves no room
 */
export function nameOfNative(names: NamesOfNetwork, address: NativeAddress): ProposedName | null {
  const { domain, nativeDomain, virtualDomain } = names;
  const isItself = isSameNative(address, bridgeItself(names));
  if (address.domain === virtualDomain && !isItself) return null;
  if (nativeDomain !== null && nativeDomain !== address.domain) return null;
  const host = nativeDomain === null && !isItself ? address.domain.split(".") : [];
  const told = [address.localPart, ...host];
  const labels = told.map((text) => writeText(text, LABEL));
  const name = [...labels.map(({ written }) => written), domain].join(".");
  assertNormalName(name);
  return { name, isReversible: labels.every(({ isReversible }) => isReversible) };
}

/** Null for a name that no address has by the rule; "hashed" where only a table leads back. */
export function nativeOfName(names: NamesOfNetwork, name: string): NativeAddress | "hashed" | null {
  const { kind, domain, nativeDomain, virtualDomain } = names;
  if (!name.endsWith(`.${domain}`)) return null;
  const labels = name.slice(0, -domain.length - 1).split(".");
  const texts: string[] = [];
  let isHashed = false;
  for (const label of labels) {
    const read = readText(label, LABEL);
    if (read === null) return null;
    if (read === "hashed") isHashed = true;
    else texts.push(read.text);
  }
  if (isHashed) return "hashed";
  const [localPart = "", ...host] = texts;
  const told = nativeDomain ?? host.join(".");
  if (told === "") return localPart === MAILER_DAEMON ? bridgeItself(names) : null;
  if (nativeDomain !== null && host.length > 0) return null;
  // all addresses there are those of other names
  if (told === virtualDomain) return null;
  const address = { localPart, domain: told };
  return isNativeAddress(address, kind) ? address : null;
}
