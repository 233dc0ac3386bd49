/** What the DNS says of a mail bridge, record by record: there, missing, or not to be found out. */
import { Resolver } from "node:dns/promises";
import type { RecordPlace } from "../../capabilities/mail/dnsRecords.js";
import { type Finding, notApplicable, passed, warning } from "../../doctor/line.js";
import { isAbsence } from "../../mail/boundedDns.js";
import type { DnsOptions } from "../../net/domainConsent.js";

/** What it should say; without a text, as far as that can be told from outside. */
interface LookedFor extends RecordPlace {
  readonly text?: string;
}

export function dnsAt({ servers }: DnsOptions): Resolver {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers !== undefined) resolver.setServers([...servers]);
  return resolver;
}

/** @param advice where it is not there */
export async function recordFinding(
  dns: Resolver,
  { id, name, type, text }: LookedFor,
  advice: string,
): Promise<Finding> {
  let published: readonly string[];
  try {
    published = await READ[type](dns, name);
  } catch (error) {
    if (!isAbsence(error)) return notApplicable(`the DNS did not tell the ${type} of ${name}`);
    published = [];
  }
  const isSpf = id === "spf";
  const good = published.filter((one) => IS_GOOD[id](one, text));
  // two SPF records count as none (RFC 7208, section 4.5)
  if (good.length === 1 || (good.length > 1 && !isSpf)) {
    return passed(`${name} has its ${id.toUpperCase()} record`);
  }
  return warning(
    good.length > 1
      ? `${name} has two SPF records`
      : `${name} has no such ${id.toUpperCase()} record`,
    advice,
  );
}

export async function pointerFinding(dns: Resolver, hostName: string): Promise<Finding> {
  try {
    const [address] = await dns.resolve4(hostName);
    const names = address === undefined ? [] : await dns.resolvePtr(pointerPlace(address));
    if (names.includes(hostName)) return passed(`${hostName} leads to ${address} and back`);
  } catch (error) {
    if (!isAbsence(error)) return notApplicable("the DNS did not tell the PTR record");
  }
  return warning(
    `${hostName} does not lead to an address that leads back`,
    "Let whoever owns the address publish a PTR record with this host name: large mail providers want it.",
  );
}

/** Asked as a record, since `reverse` would take the word of this machine's /etc/hosts. */
function pointerPlace(ipv4: string): string {
  return `${ipv4.split(".").reverse().join(".")}.in-addr.arpa`;
}

type Read = (dns: Resolver, name: string) => Promise<readonly string[]>;

/** What is published under one name, in the form in which it is compared. */
const READ: Readonly<Record<RecordPlace["type"], Read>> = {
  TXT: async (dns, name) => (await dns.resolveTxt(name)).map((parts) => parts.join("")),
  MX: async (dns, name) =>
    (await dns.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`),
};

type IsGood = (published: string, wanted: string | undefined) => boolean;

/** Priorities are the operator's own, and so is what SPF and DMARC say beside what is needed. */
const IS_GOOD: Readonly<Record<RecordPlace["id"], IsGood>> = {
  mx: (published, wanted) => isSame(hostIn(published), wanted && hostIn(wanted)),
  spf: (published) => published.startsWith("v=spf1 "),
  dmarc: (published) => /^v=DMARC1;.*\bp=(?:reject|quarantine)\b/.test(published),
  dkim: (published, wanted) => isSame(keyIn(published), wanted && keyIn(wanted)),
};

function isSame(published: string, wanted: string | undefined): boolean {
  return published !== "" && (wanted === undefined || published === wanted);
}

/** Empty where the domain says that it takes no mail (RFC 7505). */
function hostIn(record: string): string {
  return record.split(" ")[1] ?? "";
}

/** Empty where the key was taken back (RFC 6376, section 3.6.1). */
function keyIn(record: string): string {
  return /(?:^|;)\s*p=([A-Za-z0-9+/=\s]*)/.exec(record)?.[1]?.replace(/\s/g, "") ?? "";
}
