/** Private networks that an operator names, so that servers inside of them may be reached. */
import ipaddr from "ipaddr.js";
import { SignpostError } from "../errors.js";
import { type AddressRule, publicAddresses } from "./addressRule.js";

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** None by default. */
export type NamedNetworks = readonly Network[];

/** What may be named: RFC 1918, RFC 6598, RFC 4193, and this machine. Never link-local, where clouds keep credentials. */
const PRIVATE = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"],
  ...["fc00::/7", "::1/128"],
].map((network) => ipaddr.parseCIDR(network));

/** Where clouds keep credentials inside of these: Alibaba, AWS and Google; never connected to. */
const METADATA = ["100.100.100.200", "fd00:ec2::254", "fd20:ce::254"].map((address) =>
  ipaddr.parse(address).toString(),
);

/**
 * @param texts each in CIDR notation: `10.0.0.0/8`, `fd00:1234::/32`, or one address
 * @throws INVALID_CONFIGURATION
 */
export function parseNamedNetworks(texts: readonly string[]): NamedNetworks {
  return texts.map((text) => {
    const network = networkOf(text.trim());
    if (network === null || !PRIVATE.some((outer) => isWithin(network, outer))) {
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        `${JSON.stringify(text.slice(0, 50))} is no private network that can be named. Write it like 10.1.0.0/16, fd12:3456::/32 or 127.0.0.1/32.`,
      );
    }
    return network;
  });
}

/** Addresses in one of them. An IPv4 address that is written as IPv6 is in none: nothing is unwrapped. */
export function addressesIn(networks: NamedNetworks): AddressRule {
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    if (METADATA.includes(address.toString())) return false;
    return networks.some(
      ([first, bits]) => address.kind() === first.kind() && address.match(first, bits),
    );
  };
}

/** Where servers may be that an operator names: public over an encrypted connection, and in `networks` over any. */
export function operatorAddresses(isEncrypted: boolean, networks: NamedNetworks): AddressRule {
  const isNamed = addressesIn(networks);
  if (!isEncrypted) return isNamed;
  const isPublic = publicAddresses();
  return (address) => isPublic(address) || isNamed(address);
}

function networkOf(text: string): Network | null {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    return null;
  }
}

function isWithin([first, bits]: Network, [outer, outerBits]: Network): boolean {
  return bits >= outerBits && first.kind() === outer.kind() && first.match(outer, outerBits);
}
