import { expect } from "chai";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import {
  assertProofOf,
  isProofOf,
  type NodeClaim,
  nodeStatement,
  parseNodeProof,
  proveNode,
} from "../../../src/dm3/statement/nodeProof.js";
import { expectError } from "../../expectError.js";

const KEYS = deriveProfileKeys(new Uint8Array(32).fill(1));
const OTHER = deriveProfileKeys(new Uint8Array(32).fill(2));
const CLAIM: NodeClaim = {
  name: "relay.example.eth",
  owner: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  profile: { ...publicKeyFields(KEYS), url: "https://relay.example" },
  listed: true,
  signedAtSec: 1_780_000_000,
};
const prove = (claim: NodeClaim) => proveNode(KEYS.signingKeyPair.privateKey, claim);

describe("dm3/statement/nodeProof", () => {
  it("says what a person can read", () => {
    expect(nodeStatement({ ...CLAIM, owner: null, listed: false })).to.match(
      /^I run the DM3 relay node relay\.example\.eth\.\nowner of the name: its service\nprofile: 0x[0-9a-f]{64}\nin public lists: no\nsigned at: 1780000000$/,
    );
  });

  it("says more only where its operator grants an account for a canary", () => {
    expect(nodeStatement({ ...CLAIM, canary: false })).to.equal(nodeStatement(CLAIM));
    expect(nodeStatement({ ...CLAIM, canary: true })).to.match(
      /in public lists: yes\naccount for a canary: yes\nsigned at: 1780000000$/,
    );
  });

  it("proves a node, with an owner and without one, by way of JSON", () => {
    for (const claim of [
      CLAIM,
      { ...CLAIM, owner: null, listed: false },
      { ...CLAIM, canary: true },
    ]) {
      const proof = parseNodeProof(JSON.parse(JSON.stringify(prove(claim))));
      expect(isProofOf(claim, proof)).to.equal(true);
      assertProofOf(claim, proof);
    }
  });

  for (const [field, claim] of [
    ["name", { ...CLAIM, name: "relay.example.eth2" }],
    ["owner", { ...CLAIM, owner: null }],
    [
      "encryption key",
      {
        ...CLAIM,
        profile: {
          ...CLAIM.profile,
          publicEncryptionKey: publicKeyFields(OTHER).publicEncryptionKey,
        },
      },
    ],
    [
      "signing key",
      {
        ...CLAIM,
        profile: { ...CLAIM.profile, publicSigningKey: publicKeyFields(OTHER).publicSigningKey },
      },
    ],
    ["URL", { ...CLAIM, profile: { ...CLAIM.profile, url: "https://relay2.example" } }],
  ] as const) {
    it(`proves nothing for another ${field}`, () => {
      expect(isProofOf(claim, prove(CLAIM))).to.equal(false);
      expectError(
        () => {
          assertProofOf(claim, prove(CLAIM));
        },
        "WRONG_SIGNER",
        /node prove/,
      );
    });
  }

  for (const [field, change] of [
    ["owner", { owner: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" }],
    ["listed", { listed: false }],
    ["canary", { canary: true }],
    ["signedAtSec", { signedAtSec: 1_780_000_001 }],
    ["signature", { signature: prove({ ...CLAIM, name: "other.eth" }).signature }],
  ] as const) {
    it(`is none when only ${field} was changed`, () => {
      expect(isProofOf(CLAIM, { ...prove(CLAIM), ...change })).to.equal(false);
    });
  }

  it("is none when the grant of a canary was taken out", () => {
    const { canary, ...without } = prove({ ...CLAIM, canary: true });
    expect(canary).to.equal(true);
    expect(isProofOf(CLAIM, without)).to.equal(false);
  });

  for (const [field, change, sentence] of [
    ["owner", { owner: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266" }, /EIP-55/],
    ["owner", { owner: "nobody" }, /EIP-55/],
    ["listed", { listed: "yes" }, /true or false/],
    ["canary", { canary: false }, /true, or left out/],
    ["signedAtSec", { signedAtSec: 1_780_000_000_000 }, /whole number/],
    ["signature", { signature: "0x00" }, /64 bytes/],
    ["more", { more: 1 }, /unknown field "more"/],
  ] as const) {
    it(`refuses a malformed ${field}: ${JSON.stringify(change)}`, () => {
      const json = { ...prove(CLAIM), ...change };
      const error = expectError(() => parseNodeProof(json), "INVALID_PROFILE", sentence);
      expect(error.details).to.include({ field });
    });
  }
});
