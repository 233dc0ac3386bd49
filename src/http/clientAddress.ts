/**
 * From which address a request comes. Behind proxies it stands in X-Forwarded-For, where each proxy appends who asked it
 * and anybody can begin: so it is read from its end, and only as far as the proxies are ours.
 */
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";
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
  const clientOf = clientBehind(proxies);
  return (request) => textOf(clientOf(request).address);
}

/** Who shares one allowance with whom, as text; null where that may be everybody (`networkOf`). */
export type ClientNetwork = (request: IncomingMessage) => string | null;

/** @param tellOnce told of a proxy of ours that names its clients in a way that cannot be read: they share one allowance */
export function clientNetworkBehind(
  proxies: TrustedProxies,
  tellOnce: (proxy: string) => void,
): ClientNetwork {
  const clientOf = clientBehind(proxies);
  /** Each limit and each share asks for it again. */
  const known = new WeakMap<IncomingMessage, string | null>();
  let told = false;

  function networkBehind(request: IncomingMessage): string | null {
    const { address, isUnreadable } = clientOf(request);
    if (!isUnreadable) return networkOfAddress(address, proxies);
    const proxy = textOf(address);
    if (!told) tellOnce(proxy);
    told = true;
    return `unreadable behind ${proxy}`;
  }

  return (request) => {
    const before = known.get(request);
    if (before !== undefined) return before;
    const network = networkBehind(request);
    known.set(request, network);
    return network;
  };
}

/** What the operator is told of such a proxy. */
export function unreadableClients(proxy: string): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The proxy at ${proxy} writes into X-Forwarded-For what is no address, so that all clients behind it share the limit of one. Let it write the client's address.`,
  );
}

interface Client {
  /** Of the nearest one that can be read; null when the client has gone. */
  readonly address: Address | null;
  /** Whether a proxy of ours wrote of its client what is no address. */
  readonly isUnreadable: boolean;
}

function clientBehind(proxies: TrustedProxies): (request: IncomingMessage) => Client {
  return (request) => {
    const hops: Address[] = [];
    const trusts = (hop: string) => {
      const address = parsed(hop);
      if (address === null) return false;
      hops.push(address);
      return isTrusted(address, proxies);
    };
    // the library walks from the end of the header, and asks of each hop whether it is to be believed
    const client = proxyAddr(request, trusts);
    const address = parsed(client);
    if (address !== null) return { address, isUnreadable: false };
    const nearest = hops.at(-1) ?? null;
    return { address: nearest, isUnreadable: nearest !== null };
  };
}

/** Of ipaddr.js: where many clients may be behind one address. */
const NOT_OF_ONE = new Set(["loopback", "private", "uniqueLocal", "linkLocal", "unspecified"]);

/**
 * Who shares one allowance: an IPv4 address, or the 64 bits of IPv6 that are one customer's. Null for an address that
 * is of this machine or this network, behind which may be everybody: a proxy of ours, or one that nobody told us of.
 */
export function networkOf(clientAddress: string, proxies: TrustedProxies): string | null {
  return networkOfAddress(parsed(clientAddress), proxies);
}

function networkOfAddress(address: Address | null, proxies: TrustedProxies): string | null {
  if (address === null) return null;
  const mayBeProxy = proxies.length === 0 || isTrusted(address, proxies);
  return mayBeProxy && NOT_OF_ONE.has(address.range()) ? null : customerOf(address);
}

/** The same of whoever is at the other end of a connection, proxy or not; empty when it has gone. */
export function networkOfPeer(remoteAddress: string | undefined): string {
  const address = parsed(remoteAddress);
  return address === null ? "" : customerOf(address);
}

const textOf = (address: Address | null) => address?.toString() ?? "";

function customerOf(address: Address): string {
  if (address instanceof ipaddr.IPv4) return address.toString();
  return address.parts.slice(0, 4).join(":");
}

/** An IPv4 address that came over an IPv6 socket is the IPv4 address. Some proxies write the port behind it. */
function parsed(text: string | undefined): Address | null {
  const [, bracketed, dotted] = WITH_PORT.exec(text?.trim() ?? "") ?? [];
  const address = bracketed ?? dotted ?? text?.trim() ?? "";
  return ipaddr.isValid(address) ? ipaddr.process(address) : null;
}

const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5})$/;

function isTrusted(address: Address, proxies: TrustedProxies): boolean {
  return proxies.some(([network, bits]) =>
    network.kind() === address.kind() ? address.match(network, bits) : false,
  );
}
