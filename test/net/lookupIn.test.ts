import { expect } from "chai";
import { addressesIn, assertPrivateNetwork } from "../../src/net/lookupIn.js";
import { expectError } from "../expectError.js";

describe("net/lookupIn", () => {
  const inside = {
    "10.0.0.0/8": "10.255.255.255",
    "10.1.0.0/16": "10.1.2.3",
    "172.16.0.0/12": "172.31.0.1",
    "192.168.7.0/24": "192.168.7.255",
    "100.64.0.0/10": "100.127.0.1",
    "127.0.0.1/32": "127.0.0.1",
    "::1/128": "::1",
    "fd12:3456::/32": "fd12:3456:ffff::1",
  };
  for (const [network, address] of Object.entries(inside)) {
    it(`finds ${address} in ${network}`, () => {
      assertPrivateNetwork(network);
      expect(addressesIn(network)(address)).to.equal(true);
      expect(addressesIn(null)(address)).to.equal(false);
    });
  }

  const outside = [
    ["10.1.0.0/16", "10.2.0.1"],
    ["10.0.0.0/8", "::ffff:10.0.0.1"],
    ["10.0.0.0/8", "::ffff:a00:1"],
    ["10.0.0.0/8", "0:0:0:0:0:ffff:a00:1"],
    ["10.0.0.0/8", "0::FFFF:10.0.0.1"],
    ["10.0.0.0/8", "169.254.169.254"],
    ["10.0.0.0/8", "8.8.8.8"],
    ["127.0.0.1/32", "127.0.0.2"],
    ["fc00::/7", "fe80::1"],
    ["10.0.0.0/8", "no address"],
    ["10.0.0.0/8", ""],
    // metadata of clouds that lie inside of private networks
    ["100.64.0.0/10", "100.100.100.200"],
    ["fc00::/7", "fd00:ec2::254"],
    ["fc00::/7", "fd00:0ec2:0:0::254"],
    ["fd00:ec2::254/128", "fd00:ec2::254"],
    ["fd20::/16", "fd20:ce::254"],
  ] as const;
  for (const [network, address] of outside) {
    it(`finds "${address}" not in ${network}`, () => {
      expect(addressesIn(network)(address)).to.equal(false);
    });
  }

  const wrong = [
    ...["0.0.0.0/0", "::/0", "8.8.8.0/24", "169.254.0.0/16", "169.254.169.254/32", "fe80::/10"],
    ...["10.0.0.0/7", "172.16.0.0/11", "fc00::/6", "127.0.0.0/7", "0.0.0.0/32", "::/128"],
    ...["::ffff:10.0.0.0/104", "10.0.0.0/33", "10.0.0.0/", "/8", "", "localhost", "10.0.0.1"],
  ];
  for (const text of wrong) {
    it(`takes "${text}" for no private network`, () => {
      expectError(
        () => {
          assertPrivateNetwork(text);
        },
        "INVALID_CONFIGURATION",
        /no private network/,
      );
    });
  }
});
