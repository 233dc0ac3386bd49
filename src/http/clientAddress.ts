/**
 * From which address a request comes. Behind proxies it stands in X-Forwarded-For, where each proxy appends who asked it
 * and anybody can begin: so it is read from its end, and only as far as the proxies are ours.
 */
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { SignpostError } from "../errors.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Each an address and how many of its first bits count. */
export type TrustedProxies = readonly (readonly [Address, number])[];

/** As text; empty when the client has gone. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * @param text addresses and networks with commas between them: `127.0.0.1, 10.0.0.0/8`
 * @throws INVALID_CONFIGURATION
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  return text.split(",").map((part) => {
    const network = part.trim();
    try {
      if (network.includes("/")) return ipaddr.parseCIDR(network);
      const address = ipaddr.parse(network);
      return [address, address.kind() === "ipv4" ? 32 : 128];
    } catch {
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        "must be addresses or networks such as 127.0.0.1 or 10.0.0.0/8, with commas between them",
      );
    }
  });
}

export function clientAddressBehind(proxies: TrustedProxies): ClientAddress {
  return ({ socket, headers }) => {
    const forwarded = headers["x-forwarded-for"] ?? "";
    const hops = proxies.length === 0 ? [] : String(forwarded).split(",");
    let client = parsed(socket.remoteAddress);
    while (client && isTrusted(client, proxies)) {
      const before = parsed(hops.pop());
      if (!before) break;
      client = before;
    }
    return client?.toString() ?? "";
  };
}

/** Of ipaddr.js: where many clients may be behind one address. */
const NOT_OF_ONE = new Set(["loopback", "private", "uniqueLocal", "linkLocal", "unspecified"]);

/**
 * Who shares one allowance: an IPv4 address, or the 64 bits of IPv6 that are one customer's. Null for an address that
 * is of this machine or this network, behind which may be everybody: a proxy of ours, or one that nobody told us of.
 */
export function networkOf(clientAddress: string, proxies: TrustedProxies): string | null {
  const address = parsed(clientAddress);
  if (address === null) return null;
  const mayBeProxy = proxies.length === 0 || isTrusted(address, proxies);
  if (mayBeProxy && NOT_OF_ONE.has(address.range())) return null;
  if (address instanceof ipaddr.IPv4) return address.toString();
  return address.parts.slice(0, 4).join(":");
}

/** An IPv4 address that came over an IPv6 socket is the IPv4 address. */
function parsed(text: string | undefined): Address | null {
  const trimmed = text?.trim() ?? "";
  return ipaddr.isValid(trimmed) ? ipaddr.process(trimmed) : null;
}

function isTrusted(address: Address, proxies: TrustedProxies): boolean {
  return proxies.some(([network, bits]) =>
    network.kind() === address.kind() ? address.match(network, bits) : false,
  );
}
