/** Which addresses an operator lets us connect to: public ones, or those of a private network that is named. */
import { BlockList, isIP, type LookupFunction } from "node:net";
import { SignpostError } from "../errors.js";
import { type AddressRule, publicAddresses } from "./addressRule.js";
import { guardedLookup, type LookupAll } from "./guardedLookup.js";
import { sharedLookup } from "./sharedLookup.js";

/** What may be named: never link-local addresses, where clouds keep their metadata. */
const PRIVATE = networkList([
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"],
  ...["fc00::/7", "::1/128"],
]);
/** Inside of those, but not to be reached: the addresses of clouds' metadata (AWS and Google over IPv6, Alibaba). */
const METADATA = networkList(["fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32"]);

/** Throws INVALID_CONFIGURATION unless it is a private network, such as 10.1.0.0/16. */
export function assertPrivateNetwork(network: string): void {
  const [address = "", length = "", ...rest] = network.split("/");
  const bits = { 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const isNetwork = /^[0-9]{1,3}$/.test(length) && Number(length) <= bits && rest.length === 0;
  if (isNetwork && bits > 0 && isInside(address, Number(length))) return;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `${JSON.stringify(network.slice(0, 60))} is no private network; give one that lies in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 127.0.0.0/8, fc00::/7 or ::1/128, such as 10.1.0.0/16.`,
  );
}

/** The shortest length at which a network can lie in a private one. */
function isInside(address: string, length: number): boolean {
  return PRIVATE.some(({ list, length: shortest }) => length >= shortest && has(list, address));
}

/** @param network a private network; null: public addresses only */
export function addressesIn(network: string | null): AddressRule {
  if (network === null) return publicAddresses();
  const named = networkList([network]);
  return (address) =>
    named.some(({ list }) => has(list, address)) &&
    !METADATA.some(({ list }) => has(list, address));
}

/**
 * A DNS lookup for sockets that returns only addresses that may be connected to, and fails with FORBIDDEN_ADDRESS when none is left.
 * @param network a private network; null: public addresses only
 */
export function lookupIn(
  network: string | null,
  lookupAll: LookupAll = sharedLookup(),
): LookupFunction {
  return guardedLookup(addressesIn(network), lookupAll, (hostname) =>
    forbiddenHost(hostname, network),
  );
}

interface Network {
  readonly list: BlockList;
  readonly length: number;
}

function networkList(networks: readonly string[]): readonly Network[] {
  return networks.map((network) => {
    const [address = "", length = ""] = network.split("/");
    const list = new BlockList();
    list.addSubnet(address, Number(length), isIP(address) === 6 ? "ipv6" : "ipv4");
    return { list, length: Number(length) };
  });
}

function has(list: BlockList, address: string): boolean {
  const family = isIP(address);
  // an address of IPv4 in the form of IPv6 would be compared as the former
  if (family === 0 || (family === 6 && /\.|ffff/i.test(address) && isMapped(address))) return false;
  return list.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** RFC 4291, section 2.5.5.2, however it is written. */
function isMapped(address: string): boolean {
  return new URL(`http://[${address}]`).hostname.startsWith("[::ffff:");
}

/** For a host that we do not connect to; null: `network` is public addresses. */
export function forbiddenHost(host: string, network: string | null): SignpostError {
  const reason = network === null ? "it has no public address" : `it has no address in ${network}`;
  const advice =
    network === null
      ? "Name its private network (--private-network), if it is in yours."
      : "Correct the host or the network.";
  return new SignpostError(
    "FORBIDDEN_ADDRESS",
    `We do not connect to ${host}: ${reason}. ${advice}`,
    { reason },
  );
}
