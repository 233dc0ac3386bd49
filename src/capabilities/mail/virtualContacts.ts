/**
 * DM3 users as mail programs see them: an address at the bridge's host, and the certificate that they signed for it. The bridge is one
 * of its own contacts, so that programs can check who signed its reports.
 */
import { MAILER_DAEMON } from "../../messaging/address/bridgeItself.js";
import { localPartOfName, nameOfLocalPart } from "../../messaging/address/virtualAddress.js";
import type { LongNames } from "../../messaging/bridge/longNames.js";
import type { Counter } from "../../relay/senderLimits.js";
import type { CertificateOf } from "./certificates.js";
import { countOfNetwork } from "./networkLimit.js";

export interface VirtualContact {
  readonly is: "user" | "bridge";
  /** The ENS name of a user. */
  readonly name: string;
  /** `alice.eth@dm3.mail.example` */
  readonly address: string;
  /** Binary. */
  readonly certificate: Uint8Array;
}

export interface ContactParts {
  readonly mailDomain: string;
  readonly longNames: Pick<LongNames, "nameOf">;
  readonly certificateOf: CertificateOf;
  /** Of the bridge itself, binary. Throws DATABASE_UNAVAILABLE, SECRET_UNREADABLE. */
  readonly ownCertificate: () => Promise<Uint8Array>;
  readonly counter: Counter;
}

/**
 * Whoever has this local part, for somebody who asks from `network`; null where nobody has it, or has signed no certificate for it.
 * @throws LIMIT_EXCEEDED, UNREACHABLE, DATABASE_UNAVAILABLE
 */
export type FindContact = (
  localPart: string,
  network: string | null,
) => Promise<VirtualContact | null>;

/** Of one network, an hour: each may be a lookup in ENS. */
const MOST_OF_NETWORK = 300;
const LONGEST_LOCAL_PART = 64;

export function virtualContacts(parts: ContactParts): FindContact {
  return async (localPart, network) => {
    if (localPart === MAILER_DAEMON) return bridgeItself(parts);
    if (localPart.length > LONGEST_LOCAL_PART) return null;
    const read = nameOfLocalPart(localPart, "mail");
    if (read === null) return null;
    countOfNetwork(parts.counter, "contacts for", network, MOST_OF_NETWORK);
    const name = read === "hashed" ? await parts.longNames.nameOf(localPart) : read.name;
    if (name === null) return null;
    const certificate = await parts.certificateOf(name);
    const address = `${localPartOfName(name, "mail").written}@${parts.mailDomain}`;
    return certificate && { is: "user", name, address, certificate };
  };
}

async function bridgeItself({ mailDomain, ownCertificate }: ContactParts): Promise<VirtualContact> {
  const address = `${MAILER_DAEMON}@${mailDomain}`;
  const certificate = await ownCertificate();
  return { is: "bridge", name: `Mail bridge ${mailDomain}`, address, certificate };
}
