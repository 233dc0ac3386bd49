import { expect } from "chai";
import fc from "fast-check";
import { normalizeName } from "../../../src/ens/normalize.js";
import { bridgeItself } from "../../../src/messaging/address/bridgeItself.js";
import {
  formatNativeAddress,
  isNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "../../../src/messaging/address/nativeAddress.js";
import {
  nameOfNative,
  type NamesOfNetwork,
  nativeOfName,
} from "../../../src/messaging/address/nativeName.js";

const BRIDGE: NamesOfNetwork = {
  ...{ kind: "mail", domain: normalizeName("bridge.eth"), nativeDomain: null },
  virtualDomain: "dm3.mail.test",
};
const GATEWAY: NamesOfNetwork = {
  ...{ kind: "xmpp", domain: normalizeName("users.example.eth"), nativeDomain: "chat.example" },
  virtualDomain: "dm3.chat.example",
};

/** `alice.eth` as a label. */
const ALICE_ETH = "x-mfwgsy3ffzsxi2a";

const HOSTS = fc
  .array(fc.stringMatching(/^[a-z0-9hx]([a-z0-9-]{0,20}[a-z0-9])?$/), {
    minLength: 1,
    maxLength: 4,
  })
  .map((labels) => labels.join("."));
const MAIL_LOCAL_PARTS = fc.stringMatching(/^[a-z0-9x_.+-]{1,64}$/);
const XMPP_LOCAL_PARTS = fc.oneof(
  MAIL_LOCAL_PARTS,
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
);

function addressesOf(localParts: fc.Arbitrary<string>, network: NamesOfNetwork) {
  const hosts = network.nativeDomain === null ? HOSTS : fc.constant(network.nativeDomain);
  return fc
    .record({ localPart: localParts, domain: hosts })
    .filter((address) => isNativeAddress(address, network.kind));
}

describe("messaging/address/nativeName", () => {
  const nameOf = (text: string, network: NamesOfNetwork) =>
    nameOfNative(network, parseNativeAddress(text, network.kind))?.name ?? null;

  it("names people of all domains below the bridge's, and of one below the service's", () => {
    expect(nameOf("alice@mail.test", BRIDGE)).to.equal("alice.mail.test.bridge.eth");
    expect(nameOf("bob@chat.example", GATEWAY)).to.equal("bob.users.example.eth");
    expect(nameOf("bob@chat.test", GATEWAY)).to.equal(null);
  });

  it("names the bridge itself, directly below its domain", () => {
    const itself = bridgeItself(BRIDGE)!;
    expect(nameOfNative(BRIDGE, itself)?.name).to.equal("mailer-daemon.bridge.eth");
    expect(nativeOfName(BRIDGE, "mailer-daemon.bridge.eth")).to.deep.equal(itself);
    expect(nameOf("mailer-daemon@mail.test", BRIDGE)).to.equal(
      "mailer-daemon.mail.test.bridge.eth",
    );
    expect(bridgeItself(GATEWAY)).to.equal(null);
  });

  it("has no name for an address of a DM3 user, who has another one", () => {
    const alice = parseNativeAddress("alice.eth@dm3.mail.test", "mail");
    expect(nameOfNative(BRIDGE, alice)).to.equal(null);
    const beside = { ...BRIDGE, virtualDomain: "dm3.other.test" };
    expect(nameOfNative(beside, alice)?.name).to.equal(`${ALICE_ETH}.dm3.mail.test.bridge.eth`);
  });

  it("keeps apart what dots, hyphens, addresses and international hosts would make one", () => {
    const wallet = `0x${"ab".repeat(20)}`;
    for (const text of [
      "a.b@c.test",
      "a@b.c.test",
      "a-b@c.test",
      "ab--c@c.test",
      "a@xn--bcher-kva.test",
    ]) {
      const name = nameOf(text, BRIDGE)!;
      expect(normalizeName(name)).to.equal(name);
      expect(formatNativeAddress(nativeOfName(BRIDGE, name) as NativeAddress)).to.equal(text);
    }
    // such a label is that wallet's
    expect(nameOf(`${wallet}@chat.example`, GATEWAY)).to.match(
      /^h-[a-z2-7]{52}\.users\.example\.eth$/,
    );
  });

  for (const [what, network, localParts] of [
    ["mail", BRIDGE, MAIL_LOCAL_PARTS],
    ["XMPP", GATEWAY, XMPP_LOCAL_PARTS],
  ] as const) {
    it(`leads back to every address of ${what} that fits, and gives no two the same name`, () => {
      const addresses = addressesOf(localParts, network);
      fc.assert(
        fc.property(addresses, addresses, (one, other) => {
          const { name, isReversible } = nameOfNative(network, one)!;
          expect(normalizeName(name)).to.equal(name);
          for (const label of name.split(".")) expect(label.length).to.be.at.most(63);
          expect(nativeOfName(network, name)).to.deep.equal(isReversible ? one : "hashed");
          const isSame = formatNativeAddress(one) === formatNativeAddress(other);
          expect(nameOfNative(network, other)?.name === name).to.equal(isSame);
        }),
        { numRuns: 500 },
      );
    });
  }

  for (const [problem, network, name] of [
    ["that is elsewhere", BRIDGE, "alice.mail.test.other.eth"],
    ["that is the domain itself", BRIDGE, "bridge.eth"],
    ["without a host", BRIDGE, "alice.bridge.eth"],
    ["further below the domain", GATEWAY, "a.bob.users.example.eth"],
    ["that is written otherwise than the rule does", GATEWAY, "x-mjxwe.users.example.eth"],
    ["of an address that is none", BRIDGE, "x-meqge.mail.test.bridge.eth"],
    ["that would be a DM3 user's address", BRIDGE, `${ALICE_ETH}.dm3.mail.test.bridge.eth`],
    ["with a hash that is none", BRIDGE, "h-abc.mail.test.bridge.eth"],
    ["with a label made of a wallet's address", GATEWAY, `0x${"ab".repeat(20)}.users.example.eth`],
  ] as const) {
    it(`knows no address of a name ${problem}`, () => {
      expect(nativeOfName(network, name)).to.equal(null);
    });
  }
});
