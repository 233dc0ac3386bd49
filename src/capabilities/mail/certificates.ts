/** The OpenPGP certificates of DM3 users, as they signed them for their addresses at this bridge. */
import { readings } from "../../accounts/readings.js";
import { decodeBase64 } from "../../dm3/base64.js";
import type { NormalName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import type { CertificateOutcome } from "../../lookup/networkOutcome.js";
import { localPartOfName } from "../../messaging/address/virtualAddress.js";

/** In binary form; null where there is none for this address. Throws UNREACHABLE. */
export type CertificateOf = (name: NormalName) => Promise<Uint8Array | null>;

const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/** @param mailDomain the host in the addresses of DM3 users; what somebody signed for another one is not handed on */
export function certificates(
  mailDomain: string,
  lookUp: (name: NormalName) => Promise<CertificateOutcome>,
  nowMs: () => number,
): CertificateOf {
  async function read(name: NormalName): Promise<Uint8Array | null> {
    const outcome = await lookUp(name);
    if (outcome.status === "unreachable") throw new SignpostError("UNREACHABLE", outcome.sentence);
    if (outcome.status !== "found") return null;
    const { address, certificate } = outcome.certificate;
    const own = `${localPartOfName(name, "mail").written}@${mailDomain}`;
    return address === own ? decodeBase64(certificate) : null;
  }

  // what somebody publishes is there at once
  const isKept = (certificate: Uint8Array | null) => certificate !== null;
  const known = readings(read, { nowMs, most: MOST_REMEMBERED, isKept });
  return (name) => known.notOlderThan(REMEMBERED_MS, name);
}
