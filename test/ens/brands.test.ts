/** What the compiler refuses: bytes and names of one kind where another kind belongs. `npm run typecheck` is the test. */
import { expect } from "chai";
import { type Digest, digestFrom } from "../../src/abi/digest.js";
import { keccak256 } from "../../src/abi/keccak256.js";
import { sha256 } from "../../src/abi/sha256.js";
import { type Address, addressFrom, checksumAddress, parseAddress } from "../../src/ens/address.js";
import { namehash, type Node, nodeFrom } from "../../src/ens/namehash.js";
import { normalizeName, type NormalName } from "../../src/ens/normalize.js";
import { expectError } from "../expectError.js";

describe("kinds of bytes and names", () => {
  const raw = new Uint8Array(32);
  const address = parseAddress(`0x${"11".repeat(20)}`);
  const node = namehash("alice.eth");
  const digest = keccak256(raw);

  it("are not taken for one another", () => {
    // @ts-expect-error a node is no address
    const addresses: Address[] = [address, node];
    // @ts-expect-error raw bytes are no address
    addresses.push(raw);
    // @ts-expect-error a digest is no node
    const nodes: Node[] = [node, digest];
    // @ts-expect-error an address is no node
    nodes.push(address);
    // @ts-expect-error raw bytes are no node
    nodes.push(raw);
    // @ts-expect-error a node is no digest
    const digests: Digest[] = [digest, node];
    // @ts-expect-error raw bytes are no digest
    digests.push(raw);
    // @ts-expect-error nor is what an address is cut into
    expect(() => checksumAddress(address.subarray(1))).not.to.throw();
    expect([addresses.length, nodes.length, digests.length]).to.deep.equal([3, 4, 3]);
  });

  it("leave no room for a name as it was given", () => {
    const given: string = "Alice.eth";
    // @ts-expect-error it may have another normal form
    const names: NormalName[] = [given];
    names.push(normalizeName(given));
    expect(names).to.deep.equal(["Alice.eth", "alice.eth"]);
  });

  it("are bytes as any others", () => {
    const all: Uint8Array[] = [address, node, digest, sha256(raw)];
    expect(all.map(({ length }) => length)).to.deep.equal([20, 32, 32, 32]);
  });

  it("are made of bytes of the right length, which are not copied", () => {
    for (const [make, length] of [
      [addressFrom, 20],
      [nodeFrom, 32],
      [digestFrom, 32],
    ] as const) {
      const bytes = new Uint8Array(length);
      expect(make(bytes)).to.equal(bytes);
      for (const wrong of [0, length - 1, length + 1]) {
        expectError(() => make(new Uint8Array(wrong)), "INTERNAL", /but this one has \d+/);
      }
    }
  });
});
