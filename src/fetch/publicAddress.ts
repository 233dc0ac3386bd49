/** Where an IP address leads: out to the internet, to this machine, or anywhere else (never fetched from). */
export type AddressReach = "public" | "loopback" | "forbidden";

/** An address as a number of its own size. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** All addresses that begin with these bits. */
interface Range extends Address {
  readonly length: number;
}

const rangesOf = (...ranges: string[]): readonly Range[] =>
  ranges.map((text) => {
    const [first = "", length = ""] = text.split("/");
    const address = addressOf(first);
    if (!address) throw new TypeError(`${first} is no IP address`);
    return { ...address, length: Number(length) };
  });

const LOOPBACK = rangesOf("127.0.0.0/8", "::1/128");

/** What is handed out for use on the internet, before the exceptions. */
const HANDED_OUT = rangesOf("0.0.0.0/0", "2000::/3");

/** The special-purpose registries of IANA, where they lie inside. */
const SPECIAL = rangesOf(
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
  ...["192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4"],
  // protocol assignments (Teredo, ORCHID), documentation, 6to4, AS112, documentation
  ...["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"],
);

/**
 * Classifies a literal IP address: IPv4 in four decimal parts, IPv6 in any form but with a zone. Public is only what
 * IANA hands out for use on the internet: everything that embeds an IPv4 address in IPv6 (mapped, NAT64, 6to4, Teredo)
 * is forbidden rather than unwrapped, because a translator on our side of the firewall would reach the private address
 * inside.
 */
export function addressReach(ip: string): AddressReach {
  const address = addressOf(ip);
  if (address === null) return "forbidden";
  const isIn = (ranges: readonly Range[]) => ranges.some((range) => covers(range, address));
  if (isIn(LOOPBACK)) return "loopback";
  return isIn(HANDED_OUT) && !isIn(SPECIAL) ? "public" : "forbidden";
}

function covers(range: Range, { bits, value }: Address): boolean {
  const rest = BigInt(bits - range.length);
  return range.bits === bits && range.value >> rest === value >> rest;
}

function addressOf(ip: string): Address | null {
  const value = ip.includes(":") ? ipv6Value(ip) : ipv4Value(ip);
  return value === null ? null : { bits: ip.includes(":") ? 128 : 32, value };
}

function ipv4Value(ip: string): bigint | null {
  const parts = ip.split(".");
  const isDecimal = (part: string) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  if (parts.length !== 4 || !parts.every(isDecimal)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291, section 2.2: eight groups, one run of zeros left out, the last two groups perhaps as IPv4. */
function ipv6Value(ip: string): bigint | null {
  const [, before = ip, embedded] = /^(.*:)([^:]*\..*)$/.exec(ip) ?? [];
  const tail = embedded === undefined ? null : ipv4Value(embedded);
  if (embedded !== undefined && tail === null) return null;
  const text =
    tail === null
      ? before
      : `${before}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;

  const halves = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const groups = halves.flat();
  const isComplete = halves.length === 1 ? groups.length === 8 : groups.length < 8;
  if (halves.length > 2 || !isComplete) return null;
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;

  const [left = [], right = []] = halves;
  const zeros = Array.from({ length: 8 - groups.length }, () => "0");
  const all = [...left, ...zeros, ...right];
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
