/** Where mail for an address goes: the mail servers of its domain (RFC 5321, section 5.1), of which none may be in a private network. */
import type { ResolveDns } from "./boundedDns.js";
import { isAbsence } from "./boundedDns.js";

/** One address of a mail server. */
interface MailServer {
  /** As DNS names it: what its certificate is for. */
  readonly name: string;
  readonly ip: string;
}

export type MailServers =
  | { readonly is: "servers"; readonly servers: readonly MailServer[] }
  | { readonly is: "none"; readonly sentence: string }
  | { readonly is: "unknown" };

const MOST_SERVERS = 5;
const MOST_ADDRESSES = 8;

/** @param mayConnect whether a socket may be connected to this address */
export async function mailServersOf(
  domain: string,
  resolve: ResolveDns,
  mayConnect: (ip: string) => boolean,
): Promise<MailServers> {
  const names = await exchangesOf(domain, resolve);
  if (names === "unknown") return { is: "unknown" };
  if (names.length === 0) return { is: "none", sentence: `${domain} takes no mail.` };
  const found: MailServer[] = [];
  let hasAddress = false;
  let isUnknown = false;
  for (const name of names.slice(0, MOST_SERVERS)) {
    for (const type of ["A", "AAAA"]) {
      const ips = await recordsOf(name, type, resolve);
      if (ips === "unknown") isUnknown = true;
      else hasAddress ||= ips.length > 0;
      for (const ip of ips === "unknown" ? [] : ips) {
        if (typeof ip === "string" && mayConnect(ip)) found.push({ name, ip });
      }
    }
  }
  if (found.length > 0) return { is: "servers", servers: found.slice(0, MOST_ADDRESSES) };
  if (isUnknown) return { is: "unknown" };
  const why = hasAddress ? "has no public address" : "has no address";
  return { is: "none", sentence: `The mail server of ${domain} ${why}.` };
}

/** By their preference; none for a domain that takes no mail (RFC 7505) or does not exist. */
async function exchangesOf(
  domain: string,
  resolve: ResolveDns,
): Promise<readonly string[] | "unknown"> {
  const records = await recordsOf(domain, "MX", resolve);
  if (records === "unknown") return "unknown";
  const exchanges = records.filter(isMx).sort((one, other) => one.priority - other.priority);
  // without a record, the domain itself is its mail server
  if (exchanges.length === 0) return [domain];
  const names = exchanges.map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, ""));
  return names.filter((name) => name !== "");
}

async function recordsOf(
  name: string,
  type: string,
  resolve: ResolveDns,
): Promise<readonly unknown[] | "unknown"> {
  try {
    const records = await resolve(name, type);
    return Array.isArray(records) ? (records as unknown[]) : [];
  } catch (error) {
    return isAbsence(error) ? [] : "unknown";
  }
}

interface Mx {
  readonly exchange: string;
  readonly priority: number;
}

function isMx(record: unknown): record is Mx {
  return (
    typeof record === "object" &&
    record !== null &&
    "exchange" in record &&
    typeof record.exchange === "string" &&
    "priority" in record &&
    typeof record.priority === "number"
  );
}
