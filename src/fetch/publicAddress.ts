import ipaddr from "ipaddr.js";

/** Where an IP address leads: out to the internet, to this machine, or anywhere else (never fetched from). */
export type AddressReach = "public" | "loopback" | "forbidden";

const GLOBAL_UNICAST_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Classifies a literal IP address. Public is only what IANA hands out for use on the internet: everything
 * that embeds an IPv4 address in IPv6 (mapped, NAT64, 6to4, Teredo) is forbidden rather than unwrapped,
 * because a translator on our side of the firewall would reach the private address inside.
 */
export function addressReach(ip: string): AddressReach {
  if (!ipaddr.isValid(ip)) return "forbidden";
  const address = ipaddr.parse(ip);
  const range = address.range();
  if (range === "loopback") return "loopback";
  if (range !== "unicast") return "forbidden";
  if (address instanceof ipaddr.IPv6) {
    return address.match(GLOBAL_UNICAST_IPV6) ? "public" : "forbidden";
  }
  return "public";
}
