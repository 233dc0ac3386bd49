import { expect } from "chai";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { addressReach } from "../../src/fetch/publicAddress.js";

const FORBIDDEN: Readonly<Record<string, string>> = {
  "0.0.0.0": "unspecified",
  "0.1.2.3": "this network",
  "10.0.0.1": "private",
  "100.64.0.1": "carrier-grade NAT",
  "100.127.255.255": "carrier-grade NAT, last",
  "169.254.169.254": "metadata of clouds",
  "172.16.0.1": "private",
  "172.31.255.255": "private, last",
  "192.0.0.1": "IETF protocol assignments",
  "192.0.2.1": "documentation",
  "192.168.0.1": "private",
  "192.88.99.1": "6to4 relays",
  "198.18.0.1": "benchmarks",
  "203.0.113.1": "documentation",
  "224.0.0.1": "multicast",
  "240.0.0.1": "reserved",
  "255.255.255.255": "broadcast",
  "::": "unspecified",
  "::7f00:1": "IPv4-compatible loopback",
  "::ffff:127.0.0.1": "IPv4-mapped loopback",
  "::ffff:10.0.0.1": "IPv4-mapped private",
  "::ffff:8.8.8.8": "IPv4-mapped public",
  "::ffff:0:127.0.0.1": "IPv4-translated",
  "64:ff9b::7f00:1": "NAT64 of loopback",
  "64:ff9b:1::a00:1": "local NAT64",
  "100::1": "discard",
  "2001::1": "Teredo",
  "2001:db8::1": "documentation",
  "2002:7f00:1::": "6to4 of loopback",
  "2002:a00:1::1": "6to4 of private",
  "3fff::1": "documentation",
  "4000::1": "not handed out",
  "fc00::1": "unique local",
  "fd00:ec2::254": "metadata of clouds over IPv6",
  "fe80::1": "link-local",
  "fe80::1%eth0": "link-local with zone",
  "fec0::1": "site-local",
  "ff02::1": "multicast",
  "": "nothing",
  "gateway.example": "no address",
};

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "100.63.255.255",
  "100.128.0.0",
  "172.32.0.1",
  "2606:4700::1",
];

describe("publicAddress", () => {
  for (const [ip, kind] of Object.entries(FORBIDDEN)) {
    it(`forbids ${ip} (${kind})`, () => {
      expect(addressReach(ip)).to.equal("forbidden");
    });
  }

  for (const ip of PUBLIC) {
    it(`takes ${ip} for public`, () => {
      expect(addressReach(ip)).to.equal("public");
    });
  }

  for (const ip of ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"]) {
    it(`takes ${ip} for loopback`, () => {
      expect(addressReach(ip)).to.equal("loopback");
    });
  }

  it("never takes an IPv6 address that embeds an IPv4 one for public", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const prefixes = fc.constantFrom("::", "::ffff:", "::ffff:0:", "64:ff9b::");
    fc.assert(
      fc.property(prefixes, fc.tuple(byte, byte, byte, byte), (prefix, bytes) => {
        expect(addressReach(`${prefix}${bytes.join(".")}`)).to.not.equal("public");
      }),
    );
  });

  for (const text of [
    ...["1.1.1", "1.1.1.1.1", "01.1.1.1", "256.1.1.1", "1.1.1.", "0x1.1.1.1", " 1.1.1.1"],
    ...["2606:4700:", "2606::4700::1", "2606:4700:0:0:0:0:0:0:1", "2606:47000::1", "1:2:3:4:5:6:7"],
    ...[
      ":",
      ":::",
      "2606::g",
      "2606::1.1.1",
      "2606::1.1.1.256",
      "2606:1.1.1.1",
      ":2606::1",
      "2606:::1",
    ],
  ]) {
    it(`forbids ${text}, which is no address`, () => {
      expect(addressReach(text)).to.equal("forbidden");
    });
  }

  /** Half of them near the edges of the ranges. */
  const ipv4 = fc.tuple(
    fc.constantFrom(0, 1, 10, 100, 127, 169, 172, 192, 198, 203, 223, 224, 255),
    fc.constantFrom(0, 2, 15, 16, 18, 19, 20, 31, 51, 52, 63, 64, 88, 127, 128, 168, 175, 254),
    fc.constantFrom(0, 1, 2, 47, 48, 99, 100, 113, 193, 196, 255),
    fc.nat(255),
  );
  const ipv6 = fc.tuple(
    fc.constantFrom(0, 0x64, 0x100, 0x2000, 0x2001, 0x2002, 0x2620, 0x3ffe, 0x3fff, 0x4000, 0xfc00),
    fc.constantFrom(0, 2, 3, 0x20, 0x1ff, 0x200, 0xdb8, 0x4f, 0xfff, 0x1000, 0xff9b),
    fc.constantFrom(0, 1, 0x112, 0x8000, 0xffff),
    ...Array.from({ length: 5 }, () => fc.constantFrom(0, 1, 0xffff)),
  );

  it("calls public what ipaddr.js calls unicast", () => {
    const reachOf = (address: ipaddr.IPv4 | ipaddr.IPv6) => {
      const range = address.range();
      if (range === "loopback") return "loopback";
      const isHandedOut = address.kind() === "ipv4" || address.match(ipaddr.parseCIDR("2000::/3"));
      return range === "unicast" && isHandedOut ? "public" : "forbidden";
    };
    fc.assert(
      fc.property(ipv4, (octets) => {
        const address = octets.join(".");
        expect(addressReach(address), address).to.equal(reachOf(ipaddr.IPv4.parse(address)));
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(ipv6, fc.boolean(), (groups, isShort) => {
        const address = new ipaddr.IPv6(groups);
        const text = isShort ? address.toRFC5952String() : address.toNormalizedString();
        expect(addressReach(text), text).to.equal(reachOf(address));
      }),
      { numRuns: 2_000 },
    );
  });
});
