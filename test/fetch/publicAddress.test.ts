import { expect } from "chai";
import fc from "fast-check";
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
});
