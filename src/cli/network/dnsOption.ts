/** Which DNS server is asked for a domain's own word. */
import { Resolver } from "node:dns";
import { SignpostError } from "../../errors.js";
import type { DnsOptions } from "../../net/domainConsent.js";

export const DNS_OPTION = [
  "--dns-server <address>",
  "DNS server to ask, address or address:port (default: the system's)",
] as const;

export interface DnsFlags {
  readonly dnsServer?: string;
}

/** Throws INVALID_REQUEST. */
export function dnsOptions({ dnsServer }: DnsFlags): DnsOptions {
  if (dnsServer === undefined) return {};
  try {
    new Resolver().setServers([dnsServer]);
    return { servers: [dnsServer] };
  } catch {
    throw new SignpostError(
      "INVALID_REQUEST",
      `--dns-server is ${dnsServer}. Give an IP address, or one with a port.`,
    );
  }
}
