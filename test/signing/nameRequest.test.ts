import { expect } from "chai";
import { Wallet } from "ethers";
import fc from "fast-check";
import { hashTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { recoverSigner } from "../../src/dm3/keys/walletSignature.js";
import { addressFrom } from "../../src/ens/address.js";
import {
  contentHash,
  NAME_ACTIONS,
  type NameRequest,
  nameRequestDigest,
  nameRequestTypedData,
  type RequestDomain,
} from "../../src/signing/nameRequest.js";
import { bytes } from "../db/sampleNames.js";
import { expectError } from "../expectError.js";
import { ethersDigest, signTypedData } from "../registry/signed/signedRequests.js";

const SIGNED_FOR: RequestDomain = { chainId: 1n, resolver: bytes(20, 0x5f) };
const REQUEST: NameRequest = {
  action: "publishProfile",
  domain: "users.example.eth",
  name: "alice.users.example.eth",
  contentHash: contentHash({ a: 1 }),
  sequence: 1,
  deadline: 1_700_000_000,
};

const signerOf = (signature: Uint8Array) =>
  recoverSigner(nameRequestDigest(SIGNED_FOR, REQUEST), signature, "INVALID_REQUEST");

describe("signing/nameRequest", () => {
  it("is the digest that ethers and viem sign, for any request", () => {
    const requests = fc.record({
      action: fc.constantFrom(...NAME_ACTIONS),
      domain: fc.string({ unit: "grapheme" }),
      name: fc.string({ unit: "grapheme" }),
      contentHash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex),
      sequence: fc.maxSafeNat(),
      deadline: fc.maxSafeNat(),
    });
    const domains = fc.record({
      chainId: fc.maxSafeNat().map(BigInt),
      resolver: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(addressFrom),
    });
    fc.assert(
      fc.property(domains, requests, (signedFor, request) => {
        const digest = toHex(nameRequestDigest(signedFor, request));
        expect(digest).to.equal(ethersDigest(signedFor, request));
        const { domain, types, primaryType, message } = nameRequestTypedData(signedFor, request);
        const typed = {
          ...message,
          sequence: BigInt(message.sequence),
          deadline: BigInt(message.deadline),
        };
        const { NameRequest } = types as { NameRequest: { name: string; type: string }[] };
        expect(digest).to.equal(
          hashTypedData({ domain, types: { NameRequest }, primaryType, message: typed }),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("recovers the wallet that signed, with ethers or viem", async () => {
    const wallet = Wallet.createRandom();
    const byEthers = await signTypedData(wallet, SIGNED_FOR, REQUEST);
    expect(signerOf(fromHex(byEthers))).to.deep.equal(fromHex(wallet.address));
    const account = privateKeyToAccount(wallet.privateKey as `0x${string}`);
    const { domain, primaryType, message, types } = nameRequestTypedData(SIGNED_FOR, REQUEST);
    const { NameRequest } = types as { NameRequest: { name: string; type: string }[] };
    const typed = { ...message, sequence: 1n, deadline: BigInt(message.deadline) };
    const byViem = await account.signTypedData({
      domain,
      types: { NameRequest },
      primaryType,
      message: typed,
    });
    expect(byViem).to.equal(byEthers);
  });

  it("changes with every single field", () => {
    const original = toHex(nameRequestDigest(SIGNED_FOR, REQUEST));
    const others: [RequestDomain, NameRequest][] = [
      [{ ...SIGNED_FOR, chainId: 5n }, REQUEST],
      [{ ...SIGNED_FOR, resolver: bytes(20, 0x5e) }, REQUEST],
      [SIGNED_FOR, { ...REQUEST, action: "delete" }],
      [SIGNED_FOR, { ...REQUEST, domain: "other.eth" }],
      [SIGNED_FOR, { ...REQUEST, name: "bob.users.example.eth" }],
      [SIGNED_FOR, { ...REQUEST, contentHash: contentHash({ a: 2 }) }],
      [SIGNED_FOR, { ...REQUEST, sequence: 2 }],
      [SIGNED_FOR, { ...REQUEST, deadline: 1_700_000_001 }],
    ];
    const digests = others.map(([domain, request]) => toHex(nameRequestDigest(domain, request)));
    expect(new Set([original, ...digests]).size).to.equal(others.length + 1);
  });

  it("hashes the content whatever the order of its keys, and nothing else of its form", () => {
    expect(contentHash({ a: 1, b: { c: [1, 2] } })).to.equal(
      contentHash({ b: { c: [1, 2] }, a: 1 }),
    );
    expect(contentHash({ a: [1, 2] })).not.to.equal(contentHash({ a: [2, 1] }));
    // keccak256 of the two bytes {}
    expect(contentHash({})).to.equal(
      "0xb48d38f93eaa084033fc5970bf96e559c33c4cdc07d889ab00b4d63f9590739d",
    );
  });

  it("names signatures that are none", () => {
    expectError(() => signerOf(bytes(66, 1)), "INVALID_REQUEST", /65 bytes/);
    expectError(() => signerOf(bytes(65, 0)), "WRONG_SIGNER", /No key can have made/);
  });
});
