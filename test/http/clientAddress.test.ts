import type { IncomingMessage } from "node:http";
import { expect } from "chai";
import fc from "fast-check";
import {
  clientAddressBehind,
  clientNetworkBehind,
  networkOf,
  parseTrustedProxies,
} from "../../src/http/clientAddress.js";
import { expectError } from "../expectError.js";

function address(proxies: string | null, remoteAddress: string | undefined, forwarded?: string) {
  const request = {
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  };
  const trusted = proxies === null ? [] : parseTrustedProxies(proxies);
  return clientAddressBehind(trusted)(request as unknown as IncomingMessage);
}

describe("http/clientAddress", () => {
  it("is who is connected, whatever the request says, unless that is a proxy of ours", () => {
    expect(address(null, "198.51.100.7", "203.0.113.1")).to.equal("198.51.100.7");
    expect(address("10.0.0.0/8", "198.51.100.7", "203.0.113.1")).to.equal("198.51.100.7");
    expect(address(null, "127.0.0.1", "203.0.113.1")).to.equal("127.0.0.1");
    expect(address("127.0.0.1", undefined, "203.0.113.1")).to.equal("");
  });

  it("is the last whom a proxy of ours was asked by, and not what a client put before it", () => {
    expect(address("127.0.0.1", "127.0.0.1", "203.0.113.1")).to.equal("203.0.113.1");
    expect(address("127.0.0.1", "::ffff:127.0.0.1", "203.0.113.1")).to.equal("203.0.113.1");
    expect(address("127.0.0.1", "127.0.0.1", "127.0.0.1, 203.0.113.1")).to.equal("203.0.113.1");
    const chain = "1.1.1.1, 203.0.113.1,10.2.3.4 , 10.9.9.9";
    expect(address("127.0.0.1,10.0.0.0/8", "127.0.0.1", chain)).to.equal("203.0.113.1");
    expect(address("::1, fd00::/8", "fd00::7", "2001:db8::1")).to.equal("2001:db8::1");
  });

  it("is the nearest that can be read, where a header is none or nonsense", () => {
    for (const forwarded of [undefined, "", "unknown", "203.0.113.1, x", ","]) {
      expect(address("127.0.0.1", "127.0.0.1", forwarded), forwarded).to.equal("127.0.0.1");
    }
    expect(address("127.0.0.0/8", "127.0.0.1", "127.0.0.2")).to.equal("127.0.0.2");
  });

  it("is the address without the port that some proxies write behind it", () => {
    expect(address("127.0.0.1", "127.0.0.1", "203.0.113.10:51234")).to.equal("203.0.113.10");
    expect(address("127.0.0.1", "127.0.0.1", "[2001:db8::7]:51234")).to.equal("2001:db8::7");
    expect(address("127.0.0.1", "127.0.0.1", "[2001:db8::7]")).to.equal("2001:db8::7");
    const hops = "203.0.113.10:51234, 10.0.0.7:80";
    expect(address("127.0.0.1,10.0.0.0/8", "127.0.0.1", hops)).to.equal("203.0.113.10");
  });

  it("lets clients whom our proxy names in no readable way share one allowance, and tells so once", () => {
    const told: string[] = [];
    const networkOfRequest = clientNetworkBehind(parseTrustedProxies("127.0.0.1"), (proxy) => {
      told.push(proxy);
    });
    const from = (forwarded?: string) =>
      networkOfRequest({
        socket: { remoteAddress: "127.0.0.1" },
        headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
      } as unknown as IncomingMessage);
    expect(from("unknown")).to.equal("unreadable behind 127.0.0.1");
    expect(from("203.0.113.1, _hidden")).to.equal("unreadable behind 127.0.0.1");
    expect(told).to.deep.equal(["127.0.0.1"]);
    expect(from("203.0.113.10:51234")).to.equal("203.0.113.10");
    // who asks from this machine itself is behind no proxy
    expect(from()).to.equal(null);
  });

  it("is never what a client made up, of whatever it may write", () => {
    fc.assert(
      fc.property(fc.string(), (written) => {
        const seen = address("127.0.0.1", "127.0.0.1", `${written}, 203.0.113.1`);
        expect(seen).to.equal("203.0.113.1");
      }),
    );
  });

  it("shares an allowance by IPv4 address or by 64 bits of IPv6, and not where a proxy may be", () => {
    const network = (address: string, proxies: string | null = null) =>
      networkOf(address, proxies === null ? [] : parseTrustedProxies(proxies));
    expect(network("203.0.113.1")).to.equal("203.0.113.1");
    expect(network("::ffff:8.8.8.8")).to.equal("8.8.8.8");
    const one = network("2a00:1450:4001:81::1");
    expect(network("2a00:1450:4001:81:ffff::2")).to.equal(one).and.a("string");
    expect(network("2a00:1450:4001:82::1")).to.not.equal(one);
    const ofThisMachine = ["", "x", "127.0.0.1", "::1", "0.0.0.0", "::"];
    const ofThisNetwork = ["10.1.2.3", "172.16.0.1", "192.168.1.1", "fd00::1"];
    const ofThisLink = ["169.254.1.1", "fe80::1", "::ffff:169.254.1.1"];
    for (const local of [...ofThisMachine, ...ofThisNetwork, ...ofThisLink]) {
      expect(network(local), local).to.equal(null);
    }
    // who knows his proxies has clients in his own network as well
    expect(network("10.1.2.3", "127.0.0.1")).to.equal("10.1.2.3");
    expect(network("127.0.0.1", "127.0.0.1")).to.equal(null);
    expect(network("fe80::1", "fe80::/10")).to.equal(null);
    expect(network("169.254.1.1", "127.0.0.1")).to.equal("169.254.1.1");
  });

  it("does not take what is no address or network: INVALID_CONFIGURATION", () => {
    for (const text of ["", "x", "127.0.0.1/33", "10.0.0.0/8,", "10.0.0.0/8;::1", "all"]) {
      expectError(
        () => parseTrustedProxies(text),
        "INVALID_CONFIGURATION",
        /^must be addresses or/,
      );
    }
  });
});
