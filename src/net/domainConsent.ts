/**
 * What the domain of a network says itself of who joins it to DM3: DNS TXT records of `_dm3.<domain>`, one for each network,
 *
 *   _dm3.chat.example.  TXT  "dm3-network=xmpp.example.eth"
 *
 * Whoever has an ENS name can name any domain in a network record. This is the domain's own word, as far as its DNS is to be believed.
 */
import { Resolver } from "node:dns/promises";
import { normalizeName, type NormalName } from "../ens/normalize.js";
import { isSignpostError } from "../errors.js";

/** "unknown": it could not be found out. */
export type Consent = "confirmed" | "unconfirmed" | "unknown";

export interface DomainConsent {
  readonly consent: Consent;
  /** For people. */
  readonly sentence: string;
}

export interface DnsOptions {
  /** For one domain, everything together, in milliseconds. */
  readonly timeoutMs?: number;
  /** `address:port` of the DNS servers to ask, tried in turn; those of the system unless given. */
  readonly servers?: readonly string[];
}

const PREFIX = "dm3-network=";
const DEFAULT_TIMEOUT_MS = 5_000;
/** Of a domain; what stands behind them is not looked at. */
const MOST_RECORDS = 64;
/** In characters; a name that can be stored has less. */
const LONGEST_RECORD = 300;
/** Nothing of the kind there, and no such domain: the servers that know were asked. */
const ABSENT: readonly unknown[] = ["ENODATA", "ENOTFOUND"];

/** A TXT record by which a domain confirms a network. */
export interface ConsentRecord {
  readonly domain: string;
  readonly place: string;
  readonly text: string;
}

export function consentRecord(domain: string, network: string): ConsentRecord {
  return { domain, place: `_dm3.${domain}`, text: `${PREFIX}${network}` };
}

/** The ENS names that the domain names; null when it could not be found out. */
export async function networksNamedBy(
  nativeDomain: string,
  options: DnsOptions = {},
): Promise<readonly NormalName[] | null> {
  const records = await textRecords(`_dm3.${nativeDomain}`, options);
  return records && records.flatMap((record) => networkIn(record) ?? []);
}

/** @param network in normal form */
export async function domainConsent(
  nativeDomain: string,
  network: string,
  options: DnsOptions = {},
): Promise<DomainConsent> {
  const named = await networksNamedBy(nativeDomain, options);
  const { place, text } = consentRecord(nativeDomain, network);
  if (named === null) {
    const sentence = `Whether ${nativeDomain} wants it could not be found out: the DNS did not answer for ${place}.`;
    return { consent: "unknown", sentence };
  }
  if (named.some((name) => name === network)) {
    return { consent: "confirmed", sentence: `${nativeDomain} confirms it in its DNS.` };
  }
  const sentence = `${nativeDomain} does not confirm it. Its operator can: TXT record ${place} with "${text}".`;
  return { consent: "unconfirmed", sentence };
}

async function textRecords(
  name: string,
  { timeoutMs = DEFAULT_TIMEOUT_MS, servers }: DnsOptions,
): Promise<readonly string[] | null> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  // several servers have a time-out each
  const timer = setTimeout(() => {
    resolver.cancel();
  }, timeoutMs);
  try {
    const records = await resolver.resolveTxt(name);
    return records.slice(0, MOST_RECORDS).map((parts) => parts.join(""));
  } catch (error) {
    const { code } = Object(error) as { readonly code?: unknown };
    return ABSENT.includes(code) ? [] : null;
  } finally {
    clearTimeout(timer);
  }
}

function networkIn(record: string): NormalName | null {
  if (!record.startsWith(PREFIX) || record.length > LONGEST_RECORD) return null;
  try {
    return normalizeName(record.slice(PREFIX.length).trim());
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}
