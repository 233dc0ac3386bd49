import { expect } from "chai";
import { dnsEncode, namehash } from "ethers";
import { namehash as viemNamehash, toHex as viemToHex } from "viem";
import { packetToBytes } from "viem/ens";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { askedNameOf, shownName } from "../../src/ens/askedName.js";
import { LONGEST_DNS_NAME } from "../../src/ens/dnsName.js";
import { expectError } from "../expectError.js";

const DOMAIN = "users.example.eth";
/** Longer than any that can be stored, with labels as long as ethers sends them. */
const TOO_LONG = `${"b".repeat(255)}.`.repeat(5) + DOMAIN;

const dnsNameOf = (name: string) => fromHex(viemToHex(packetToBytes(name)));
const asked = (name: string) => askedNameOf(dnsNameOf(name));

describe("ens/askedName", () => {
  it("reads the DNS form of a name in normal form, and corrects nothing", () => {
    const { name, node } = asked("alice.users.example.eth");
    expect([name, toHex(node)]).to.deep.equal([name, namehash("alice.users.example.eth")]);
    expectError(() => asked("Alice.users.example.eth"), "INVALID_NAME", /use "alice\.users/);
    expectError(() => askedNameOf(new Uint8Array([1])), "INVALID_NAME", /ends inside/);
  });

  it("reads labels as long as ethers and viem send them", () => {
    const family = "👨‍👩‍👧‍👦".repeat(3);
    for (const label of [family, "中".repeat(22), "a".repeat(64), "a".repeat(255)]) {
      const name = `${label}.${DOMAIN}`;
      expect(toHex(asked(name).node)).to.equal(namehash(name));
      expect(toHex(dnsNameOf(name))).to.equal(dnsEncode(name, 255));
    }
  });

  it("reads names that are too long to be stored", () => {
    const { name, node } = asked(TOO_LONG);
    expect(name.length).to.be.above(LONGEST_DNS_NAME);
    expect([name, toHex(node)]).to.deep.equal([TOO_LONG, namehash(TOO_LONG)]);
    expect(shownName({ name })).to.have.length(258);
  });

  it("takes a labelhash for the label, as viem sends those beyond 255 bytes", () => {
    const name = `${"c".repeat(300)}.${DOMAIN}`;
    const dnsName = dnsNameOf(name);
    expect(Buffer.from(dnsName).toString()).to.match(/^B\[[0-9a-f]{64}\]/);
    const found = askedNameOf(dnsName);
    expect(toHex(found.node)).to.equal(viemNamehash(name));
    expect(found.name).to.match(/^\[[0-9a-f]{64}\]\.users\.example\.eth$/);
    expectError(() => asked(`[${"0".repeat(64)}].Users.eth`), "INVALID_NAME", /use "users\.eth"/);
    expectError(() => asked(`[${"0".repeat(63)}].users.eth`), "INVALID_NAME", /no ENSIP-15/);
  });

  it("hashes no more labels than the longest name that can be stored can have", () => {
    const most = asked(`${"a.".repeat(510)}eth`);
    expect(toHex(most.node)).to.equal(namehash(`${"a.".repeat(510)}eth`));
    expectError(() => asked(`${"a.".repeat(511)}eth`), "INVALID_NAME", /more than 511 labels/);
  });
});
