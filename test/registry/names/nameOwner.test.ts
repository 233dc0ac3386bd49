import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { describeName } from "../../../src/http/v1/describeName.js";
import { isOwnedBy, ownerOf, walletOfLabel } from "../../../src/registry/names/nameOwner.js";
import { emptyName, type StoredName } from "../../../src/registry/names/storedName.js";
import { changedRecords } from "../../../src/registry/signed/changedRecords.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";

const DOMAIN = "users.example.eth";
const ALICE = bytes(20, 0xa1);
const MALLORY = bytes(20, 0xb0);

function name(label: string, owner?: Uint8Array): StoredName {
  const full = `${label}.${DOMAIN}`;
  const addresses = owner ? new Map([[60n, owner]]) : new Map<bigint, Uint8Array>();
  return { ...emptyName(namehash(full), full, DOMAIN), addresses };
}

describe("registry/nameOwner", () => {
  /** As rows can be that are older than the rule that a name which is made of an address has it from the beginning. */
  const withoutRecord = name(toHex(ALICE));

  it("is the wallet at addr(60), or the one that the name is made of", () => {
    expect(ownerOf(name("alice", ALICE))).to.deep.equal(ALICE);
    expect(ownerOf(withoutRecord)).to.deep.equal(ALICE);
    expect(ownerOf(name("alice"))).to.equal(null);
    expect(ownerOf(name(toHex(ALICE).toUpperCase()))).to.equal(null);
  });

  it("is no wallet that is only part of a label, or of another label than the first", () => {
    const hex = toHex(ALICE);
    expect(walletOfLabel(`${hex}.${DOMAIN}`)).to.deep.equal(ALICE);
    expect(walletOfLabel(hex)).to.deep.equal(ALICE);
    const others = [`a${hex}`, `${hex}a`, `${hex}0`, hex.slice(0, -1), hex.slice(2), `a.${hex}`];
    for (const label of others) {
      expect(walletOfLabel(`${label}.${DOMAIN}`), label).to.equal(null);
    }
  });

  it("is one wallet, and of an absent name none", () => {
    expect(isOwnedBy(withoutRecord, ALICE)).to.equal(true);
    expect(isOwnedBy(withoutRecord, MALLORY)).to.equal(false);
    expect(isOwnedBy(name("alice"), ALICE)).to.equal(false);
    expect(isOwnedBy(null, ALICE)).to.equal(false);
  });

  it("is the same for readers and for writers of a name that is made of an address", () => {
    const described = describeName({ ...withoutRecord, version: 1n, sequence: 0 });
    expect(described.owner).to.equal(checksumAddress(ALICE));
    const write = (address: Uint8Array) =>
      changedRecords(withoutRecord, [{ kind: "address", coinType: 60n, address }]);
    expect(write(ALICE)).to.deep.equal({});
    expectError(() => write(MALLORY), "INVALID_REQUEST", /the wallet that owns/);
  });
});
