import { expect } from "chai";
import { fromHex, type Hex, toHex } from "../../../src/abi/hex.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { acceptedSignature } from "../../../src/registry/history/acceptedSignature.js";
import {
  digestOfEntry,
  isSigned,
  type RecordedAuthority,
  recordedAuthority,
  type SignedAuthority,
} from "../../../src/registry/history/recordedAuthority.js";
import type { Authority } from "../../../src/registry/names/authority.js";
import { contentHash, nameRequestDigest } from "../../../src/signing/nameRequest.js";
import { operationMessageDigest } from "../../../src/signing/operationMessage.js";
import { bytes } from "../../db/sampleNames.js";

const WALLET = bytes(20, 0xa1);
const signedFor = { chainId: 5n, resolver: bytes(20, 0xb2) };
const signed = { address: WALLET, signedFor, signature: "0xabcd" as Hex };
const request = {
  ...({ action: "claim", domain: "example.eth", name: "alice.example.eth" } as const),
  ...{ contentHash: contentHash({}), sequence: 3, deadline: 1_700_000_000 },
};
const message = {
  data: fromHex("0x0102"),
  sender: bytes(20, 0xc3),
  expirationTimestamp: 2n ** 60n,
};
const owner: Authority = { kind: "owner", ...signed, request, content: "{}" };
const writer: Authority = { kind: "writer", ...signed, message };

describe("registry/recordedAuthority", () => {
  /** As a database gives it back. */
  const recorded = (authority: Authority) =>
    JSON.parse(JSON.stringify(recordedAuthority(authority))) as RecordedAuthority;
  const address = checksumAddress(WALLET);
  const signature = {
    ...{ address, chainId: "5", resolver: checksumAddress(signedFor.resolver) },
    signature: "0xabcd",
  };

  it("keeps in JSON who it was, and of a signature all that it was made over", () => {
    expect(recorded({ kind: "service", keyId: "1" })).to.deep.equal({
      kind: "service",
      keyId: "1",
    });
    expect(recorded({ kind: "admin" })).to.deep.equal({ kind: "admin" });
    expect(recorded({ kind: "dm3", address: WALLET, isFollowing: true })).to.deep.equal({
      kind: "dm3",
      address,
    });
    expect(recorded(owner)).to.deep.equal({ kind: "owner", ...signature, request, content: "{}" });
    expect(recorded(writer)).to.deep.equal({
      ...{ kind: "writer", ...signature },
      message: {
        data: "0x0102",
        sender: checksumAddress(message.sender),
        expirationTimestamp: "1152921504606846976",
      },
    });
    for (const authority of [owner, writer]) {
      expect(recorded({ ...authority, acceptedAtBlock: 17n })).to.deep.equal({
        ...recorded(authority),
        acceptedAtBlock: "17",
      });
    }
  });

  it("leads back to the digest that was signed", () => {
    const digest = (authority: Authority) => digestOfEntry(recorded(authority) as SignedAuthority);
    expect(digest(owner)).to.deep.equal(nameRequestDigest(signedFor, request));
    expect(digest(writer)).to.deep.equal(operationMessageDigest(signedFor, message));
  });

  it("is a signature that counts only where an owner signed", () => {
    const others: Authority[] = [
      { kind: "service", keyId: "1" },
      { kind: "admin" },
      { kind: "dm3", address: WALLET },
    ];
    for (const other of [...others.map(recorded), { kind: "database" } as const]) {
      expect(isSigned(other)).to.equal(false);
      expect(acceptedSignature(other, "delete", 1)).to.equal(null);
    }
    const accepted = { action: "setRecords", wallet: toHex(WALLET), chainId: 5n, atMs: 1 };
    const of = (authority: Authority) => acceptedSignature(recorded(authority), "setRecords", 1);
    const byKey = { ...accepted, byContract: false };
    expect(of(owner)).to.deep.equal({ ...byKey, expirationSec: null });
    expect(of(writer)).to.deep.equal({ ...byKey, expirationSec: 2 ** 60 });
    expect(of({ ...owner, acceptedAtBlock: 0n })).to.deep.equal({
      ...accepted,
      byContract: true,
      expirationSec: null,
    });
  });
});
