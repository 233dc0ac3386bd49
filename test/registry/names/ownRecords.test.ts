import { expect } from "chai";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { parseOwnRecords } from "../../../src/registry/names/ownRecords.js";
import type { OwnRecords } from "../../../src/wire/ownRecords.js";
import { expectError } from "../../expectError.js";
import { LONGEST_NAME, samplePubkey } from "../changes/largestRecords.js";

/** EIP-55 with both cases, as the standard prints it. */
const CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const ERC165 = "0x01ffc9a7";

describe("registry/ownRecords", () => {
  const refuses = (own: OwnRecords, sentence: RegExp) => {
    expectError(() => parseOwnRecords(own), "INVALID_REQUEST", sentence);
  };

  it("leaves out what is not given", () => {
    expect(parseOwnRecords({})).to.deep.equal({});
  });

  it("takes null, and empty bytes or text, for no record", () => {
    expect(parseOwnRecords({ contenthash: null, name: null, pubkey: null })).to.deep.equal({
      contenthash: null,
      nameRecord: null,
      pubkey: null,
    });
    const empty = { contenthash: "0x", name: "", abis: { "1": "0x" }, data: { key: "0x" } };
    expect(parseOwnRecords(empty)).to.deep.equal({
      contenthash: null,
      nameRecord: null,
      abis: new Map(),
      data: new Map(),
    });
  });

  it("takes a content hash as it is, which was perhaps taken once", () => {
    expect(parseOwnRecords({ contenthash: "0xE30101" }).contenthash).to.deep.equal(
      fromHex("0xe30101"),
    );
  });

  it("takes a name record that clients can look up again", () => {
    for (const name of ["eth", "alice.example.eth", "📬.eth", LONGEST_NAME]) {
      expect(parseOwnRecords({ name }).nameRecord).to.equal(name);
    }
    const refused: [name: string, sentence: RegExp][] = [
      ["Alice.eth", /not in ENSIP-15 normal form; use "alice\.eth"/],
      ["a..eth", /normal form/],
      ["a b.eth", /normal form/],
      [`${"a".repeat(256)}.eth`, /a label takes 256 bytes/],
      [`a${LONGEST_NAME}`, /at most 1022 can be used/],
    ];
    for (const [name, sentence] of refused) {
      expectError(() => parseOwnRecords({ name }), "INVALID_NAME", sentence);
    }
  });

  it("takes a pubkey that is a point of secp256k1", () => {
    const { x, y } = samplePubkey();
    const { pubkey } = parseOwnRecords({ pubkey: { x, y } });
    expect([toHex(pubkey!.x), toHex(pubkey!.y)]).to.deep.equal([x, y]);
    const flipped = (hex: string) =>
      toHex(fromHex(hex).map((byte, at) => (at === 31 ? byte ^ 1 : byte)));
    const zero = `0x${"00".repeat(32)}`;
    const off = [
      { x: flipped(x), y },
      { x, y: flipped(y) },
      { x: y, y: x },
      { x: zero, y: zero },
      { x: `0x${"ff".repeat(32)}`, y },
    ];
    for (const point of off) refuses({ pubkey: point }, /not a point of the curve secp256k1/);
  });

  it("takes implementers in lower case or with the right checksum", () => {
    for (const address of [CHECKSUMMED, CHECKSUMMED.toLowerCase()]) {
      expect(parseOwnRecords({ interfaces: { [ERC165]: address } }).interfaces).to.deep.equal(
        new Map([[ERC165, fromHex(CHECKSUMMED.toLowerCase())]]),
      );
    }
    const wrong = CHECKSUMMED.replace("aA", "Aa");
    refuses({ interfaces: { [ERC165]: wrong } }, /EIP-55 checksum of the address 0x5Aa/);
    refuses({ interfaces: { [ERC165]: "0x5a" } }, /not an Ethereum address/);
  });
});
