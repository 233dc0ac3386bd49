import { expect } from "chai";
import { fromHex, type Hex, toHex } from "../../../src/abi/hex.js";
import { addressFrom } from "../../../src/ens/address.js";
import { changedRecords } from "../../../src/registry/signed/changedRecords.js";
import type { RecordChange } from "../../../src/registry/signed/recordWrites.js";
import { bytes, sampleName } from "../../db/sampleNames.js";
import { samplePubkey } from "../changes/largestRecords.js";

const ID = "0x01ffc9a7";
const stored = sampleName("alice", {
  addresses: new Map([
    [60n, bytes(20, 0xab)],
    [0n, bytes(4, 1)],
  ]),
  texts: new Map([
    ["avatar", "a"],
    ["network.dm3.profile", "p"],
  ]),
  abis: new Map([[8n, bytes(2, 8)]]),
  data: new Map([["agent-context", bytes(2, 9)]]),
  interfaces: new Map<Hex, ReturnType<typeof addressFrom>>([[ID, bytes(20, 0x1f)]]),
});

describe("registry/changedRecords", () => {
  const written = (...changes: RecordChange[]) => changedRecords(stored, changes);

  it("keeps all others of the kind that is written, but what follows from signatures", () => {
    const implementer = bytes(20, 2);
    const cases: [change: RecordChange, records: object][] = [
      [
        { kind: "address", coinType: 2n, address: bytes(3, 2) },
        { addresses: { "0": "0x01010101", "2": "0x020202" } },
      ],
      [{ kind: "text", key: "url", value: "u" }, { texts: { avatar: "a", url: "u" } }],
      [
        { kind: "abi", contentType: 1n, abi: bytes(1, 1) },
        { abis: { "1": "0x01", "8": "0x0808" } },
      ],
      [
        { kind: "data", key: "more", data: bytes(1, 1) },
        { data: { "agent-context": "0x0909", more: "0x01" } },
      ],
      [
        { kind: "interface", id: fromHex("0xaabbccdd"), implementer },
        { interfaces: { [ID]: `0x${"1f".repeat(20)}`, "0xaabbccdd": toHex(implementer) } },
      ],
    ];
    for (const [change, records] of cases) {
      expect(written(change), change.kind).to.deep.equal(records);
    }
  });

  it("takes a record away by its empty value, and by nothing that has only a zero in it", () => {
    const id = fromHex(ID);
    const implementer = addressFrom(fromHex(`0x01${"00".repeat(19)}`));
    expect(written({ kind: "interface", id, implementer })).to.deep.equal({
      interfaces: { [ID]: toHex(implementer) },
    });
    expect(written({ kind: "interface", id, implementer: bytes(20, 0) })).to.deep.equal({
      interfaces: {},
    });
    const { x, y } = samplePubkey();
    const zero = bytes(32, 0);
    const pubkeys: [x: Uint8Array, y: Uint8Array, pubkey: object | null][] = [
      [fromHex(x), fromHex(y), { x, y }],
      [zero, zero, null],
      // not a point, which is told later, and not taken for none
      [zero, fromHex(y), { x: toHex(zero), y }],
      [fromHex(x), zero, { x, y: toHex(zero) }],
    ];
    for (const [px, py, pubkey] of pubkeys) {
      expect(written({ kind: "pubkey", x: px, y: py })).to.deep.equal({ pubkey });
    }
  });

  it("does one change after the other", () => {
    const clear = { kind: "clear" } as const;
    const text = { kind: "text", key: "url", value: "u" } as const;
    expect(written(clear, text)).to.deep.include({ texts: { url: "u" }, addresses: {} });
    expect(written(text, clear)).to.deep.equal({
      ...{ addresses: {}, texts: {}, contenthash: null, name: null },
      ...{ pubkey: null, abis: {}, data: {}, interfaces: {} },
    });
    expect(written()).to.deep.equal({});
  });
});
