/**
 * What the DNS says of both domains of a network record: that of the network's people, and the host in the addresses that DM3 users
 * have there. Each says so at its own place. A host below the people's domain needs no word of its own: both have one owner.
 */
import type { NetworkDescription } from "../dm3/statement/networkRecord.js";
import {
  type ConsentRecord,
  consentRecord,
  type DnsOptions,
  type DomainConsent,
  domainConsent,
} from "./domainConsent.js";

export interface NetworkConsent {
  /** Null where the names say whose people they are, so that no single domain could confirm it. */
  readonly domain: DomainConsent | null;
  readonly virtualDomain: DomainConsent;
}

type Domains = Pick<NetworkDescription, "nativeDomain" | "virtualDomain">;

/** @param network the record's ENS name, in normal form */
export async function networkConsent(
  { nativeDomain, virtualDomain }: Domains,
  network: string,
  options: DnsOptions = {},
): Promise<NetworkConsent> {
  const [domain, own] = await Promise.all([
    nativeDomain === null ? null : domainConsent(nativeDomain, network, options),
    domainConsent(virtualDomain, network, options),
  ]);
  const isBelow = isBelowPeople({ nativeDomain, virtualDomain });
  if (!isBelow || own.consent === "confirmed" || domain?.consent !== "confirmed") {
    return { domain, virtualDomain: own };
  }
  const sentence = `${virtualDomain} lies below ${nativeDomain}, which confirms the network in its DNS.`;
  return { domain, virtualDomain: { consent: "confirmed", sentence } };
}

/** What has to stand in the DNS, so that both are confirmed. */
export function consentRecords(
  { nativeDomain, virtualDomain }: Domains,
  network: string,
): readonly ConsentRecord[] {
  const domains = isBelowPeople({ nativeDomain, virtualDomain })
    ? [nativeDomain]
    : [nativeDomain, virtualDomain];
  return domains
    .filter((domain) => domain !== null)
    .map((domain) => consentRecord(domain, network));
}

function isBelowPeople({ nativeDomain, virtualDomain }: Domains): boolean {
  return nativeDomain !== null && virtualDomain.endsWith(`.${nativeDomain}`);
}
