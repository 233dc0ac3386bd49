import { expect } from "chai";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import {
  assertNetworkOf,
  claimOf,
  isNetworkOf,
  type NetworkClaim,
  type NetworkRecord,
  networkStatement,
  parseNetworkRecord,
  signNetwork,
} from "../../../src/dm3/statement/networkRecord.js";
import { expectError } from "../../expectError.js";

const KEYS = [1, 2].map((fill) => deriveProfileKeys(new Uint8Array(32).fill(fill)));
const OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const NAME = "xmpp.example.eth";
const CLAIM: NetworkClaim = {
  name: NAME,
  owner: OWNER,
  signedAtSec: 1_780_000_000,
  relayNodes: ["gw1.example.eth", "gw2.example.eth"],
  description: {
    ...{
      kind: "gateway",
      network: "xmpp",
      names: "users.example.eth",
      nativeDomain: "chat.example",
    },
    ...{ virtualDomain: "dm3.chat.example", addressRule: 1, directions: "both", codecs: ["dm3"] },
    ...{ messageTypes: ["NEW", "DELETE_REQUEST"], sizeLimit: 131_072, hourlyLimit: 600 },
  },
};

function recordOf(claim: NetworkClaim): NetworkRecord {
  return {
    ...claim.description,
    ...{ owner: claim.owner, signedAtSec: claim.signedAtSec },
    relayNodes: claim.relayNodes.map((name, index) => ({
      name,
      publicSigningKey: publicKeyFields(KEYS[index]!).publicSigningKey,
      signature: signNetwork(KEYS[index]!.signingKeyPair.privateKey, claim),
    })),
  };
}

const RECORD = recordOf(CLAIM);

describe("dm3/statement/networkRecord", () => {
  it("says what a person can read", () => {
    expect(networkStatement(CLAIM)).to.match(
      /^I carry messages for the DM3 gateway xmpp\.example\.eth\.\nowner of the name: 0xf39F\w+\nnetwork: 0x[0-9a-f]{64}\nrelay nodes: gw1\.example\.eth, gw2\.example\.eth\nsigned at: 1780000000$/,
    );
  });

  it("is signed by each of its relay nodes, by way of JSON", () => {
    const record = parseNetworkRecord(JSON.parse(JSON.stringify(RECORD)));
    expect(record).to.deep.equal(RECORD);
    expect(claimOf(NAME, record)).to.deep.equal(CLAIM);
    assertNetworkOf(NAME, OWNER, record);
  });

  it("may be a bridge's, for a name that is its service's own", () => {
    const claim: NetworkClaim = {
      ...CLAIM,
      owner: null,
      description: { ...CLAIM.description, kind: "bridge", nativeDomain: null },
    };
    assertNetworkOf(NAME, null, parseNetworkRecord(recordOf(claim)));
  });

  const [first, second] = RECORD.relayNodes;
  for (const [field, change] of [
    ["kind", { kind: "bridge" }],
    ["network", { network: "mail" }],
    ["names", { names: "users.example2.eth" }],
    ["nativeDomain", { nativeDomain: null }],
    ["virtualDomain", { virtualDomain: "dm3.chat2.example" }],
    ["directions", { directions: "toNetwork" }],
    ["codecs", { codecs: ["dm3", "openpgp-mime"] }],
    ["messageTypes", { messageTypes: ["NEW"] }],
    ["sizeLimit", { sizeLimit: 131_073 }],
    ["hourlyLimit", { hourlyLimit: 601 }],
    ["owner", { owner: null }],
    ["signedAtSec", { signedAtSec: 1_780_000_001 }],
    ["the order of relay nodes", { relayNodes: [second!, first!] }],
    ["a relay node that is left out", { relayNodes: [first!] }],
    ["a relay node's name", { relayNodes: [first!, { ...second!, name: "gw3.example.eth" }] }],
    [
      "a relay node's key",
      { relayNodes: [first!, { ...second!, publicSigningKey: first!.publicSigningKey }] },
    ],
    [
      "a relay node's signature",
      { relayNodes: [first!, { ...second!, signature: first!.signature }] },
    ],
  ] as const) {
    it(`is nobody's word when only this was changed: ${field}`, () => {
      const record = parseNetworkRecord({ ...RECORD, ...change });
      expect(isNetworkOf(NAME, OWNER, record)).to.equal(false);
    });
  }

  it("is not for another name, nor another owner's", () => {
    for (const [name, owner] of [
      ["xmpp2.example.eth", OWNER],
      [NAME, null],
    ] as const) {
      expectError(
        () => {
          assertNetworkOf(name, owner, RECORD);
        },
        "WRONG_SIGNER",
        /network prove/,
      );
    }
  });

  for (const [field, change, sentence] of [
    ["kind", { kind: "relay" }, /one of gateway, bridge/],
    ["network", { network: "XMPP" }, /a word/],
    ["names", { names: "Users.example.eth" }, /normal form/],
    ["nativeDomain", { nativeDomain: "chat..example" }, /host name/],
    ["virtualDomain", { virtualDomain: "-dm3.example" }, /host name/],
    ["virtualDomain", { virtualDomain: "chat.example" }, /another host than nativeDomain/],
    ["addressRule", { addressRule: 2 }, /from 1 to 1/],
    ["codecs", { codecs: [] }, /list of 1 to 8/],
    ["codecs.1", { codecs: ["dm3", "dm3"] }, /in the list before/],
    ["messageTypes.0", { messageTypes: ["new"] }, /such as NEW/],
    ["sizeLimit", { sizeLimit: 0 }, /whole number/],
    ["hourlyLimit", { hourlyLimit: 0.5 }, /whole number/],
    ["relayNodes.1", { relayNodes: [first!, { ...second!, name: first!.name }] }, /before/],
    ["relayNodes.0.signature", { relayNodes: [{ ...first!, signature: "" }] }, /64 bytes/],
  ] as const) {
    it(`refuses a wrong ${field}: ${JSON.stringify(change).slice(0, 60)}`, () => {
      const json = { ...RECORD, ...change };
      const error = expectError(() => parseNetworkRecord(json), "INVALID_PROFILE", sentence);
      expect(error.details).to.include({ field });
    });
  }
});
