/** Which calls of a resolver write what, and how many there may be. */
import { expect } from "chai";
import { AbiCoder } from "ethers";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { namehash } from "../../../src/ens/namehash.js";
import { parseRecordWrite } from "../../../src/registry/signed/recordWrites.js";
import { expectError } from "../../expectError.js";
import { call, RESOLVER_ABI } from "./signedOperations.js";

const NAME = "alice.users.example.eth";
const OTHER = "bob.users.example.eth";
const setText = (key: string, name = NAME) => call("setText", name, "url", key);
const several = (calls: string[]) => fromHex(RESOLVER_ABI.encodeFunctionData("multicall", [calls]));
const checked = (name: string, calls: string[]) =>
  fromHex(RESOLVER_ABI.encodeFunctionData("multicallWithNodeCheck", [namehash(name), calls]));
const texts = (count: number) => Array.from({ length: count }, (_, index) => setText(`${index}`));
const changesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ kind: "text", key: "url", value: `${index}` }));

describe("registry/recordWrites", () => {
  it("takes one call, or up to 64, in their order, and returns as much", () => {
    const one = parseRecordWrite(fromHex(setText("0")));
    expect(one.node).to.deep.equal(namehash(NAME));
    expect(one.changes).to.deep.equal(changesOf(1));
    expect(one.returned).to.have.length(0);
    for (const count of [1, 2, 64]) {
      for (const callData of [several(texts(count)), checked(NAME, texts(count))]) {
        const { node, changes, returned } = parseRecordWrite(callData);
        expect(node).to.deep.equal(namehash(NAME));
        expect(changes).to.deep.equal(changesOf(count));
        const empty = Array.from({ length: count }, () => "0x");
        expect(toHex(returned)).to.equal(AbiCoder.defaultAbiCoder().encode(["bytes[]"], [empty]));
      }
    }
  });

  it("refuses none, more than 64, and calls about another name, wherever they stand", () => {
    const [own, other] = [setText("a"), setText("a", OTHER)];
    const cases: [callData: Uint8Array, sentence: RegExp][] = [
      [several([]), /has at least one call/],
      [checked(NAME, []), /has at least one call/],
      [several(texts(65)), /has at most 64 calls/],
      [checked(NAME, texts(65)), /has at most 64 calls/],
      [several([own, other]), /is about one name/],
      [several([other, own, other]), /is about one name/],
      [checked(NAME, [other]), /is about one name/],
      [checked(NAME, [own, other]), /is about one name/],
    ];
    for (const [callData, sentence] of cases) {
      expectError(() => parseRecordWrite(callData), "INVALID_REQUEST", sentence);
    }
  });
});
