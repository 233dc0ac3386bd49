import { expect } from "chai";
import type { OwnRecords } from "../../src/wire/ownRecords.js";
import { ownRecordsSchema } from "../../src/wire/ownRecordsSchema.js";
import { largestRecords } from "../registry/changes/largestRecords.js";

const MOST_RECORDS = 64;
const WORD = `0x${"12".repeat(32)}`;
const ADDRESS = `0x${"ab".repeat(20)}`;

describe("request/ownRecordsSchema", () => {
  const passes = (records: unknown) => ownRecordsSchema.safeParse(records).success;
  const count = (size: number, value: string, keyOf: (index: number) => string = String) =>
    Object.fromEntries(Array.from({ length: size }, (_, index) => [keyOf(index), value]));
  const bytesOf = (length: number) => `0x${"00".repeat(length)}`;
  const interfaceId = (index: number) => `0x${String(index).padStart(8, "0")}`;

  it("has bounds, each held on both sides", () => {
    const bounds: [what: string, fits: OwnRecords, over: OwnRecords][] = [
      ["texts", { texts: count(MOST_RECORDS, "x") }, { texts: count(MOST_RECORDS + 1, "x") }],
      [
        "addresses",
        { addresses: count(MOST_RECORDS, "0x00") },
        { addresses: count(MOST_RECORDS + 1, "0x00") },
      ],
      ["key", { texts: { ["k".repeat(128)]: "" } }, { texts: { ["k".repeat(129)]: "" } }],
      ["empty key", { texts: { k: "" } }, { texts: { "": "" } }],
      ["text", { texts: { k: "x".repeat(4096) } }, { texts: { k: "x".repeat(4097) } }],
      ["text in UTF-8", { texts: { k: "é".repeat(2048) } }, { texts: { k: "é".repeat(2049) } }],
      [
        "address",
        { addresses: { "0": `0x${"00".repeat(256)}` } },
        { addresses: { "0": `0x${"00".repeat(257)}` } },
      ],
      [
        "contenthash",
        { contenthash: `0x${"00".repeat(256)}` },
        { contenthash: `0x${"00".repeat(257)}` },
      ],
      [
        "coin type",
        { addresses: { [(2n ** 256n - 1n).toString()]: "0x" } },
        { addresses: { [(2n ** 256n).toString()]: "0x" } },
      ],
      ["name", { name: "a".repeat(1022) }, { name: "a".repeat(1023) }],
      ["pubkey, x", { pubkey: { x: WORD, y: WORD } }, { pubkey: { x: `${WORD}00`, y: WORD } }],
      ["pubkey, y", { pubkey: { x: WORD, y: WORD } }, { pubkey: { x: WORD, y: WORD.slice(2) } }],
      ["ABI", { abis: { "1": bytesOf(16_384) } }, { abis: { "1": bytesOf(16_385) } }],
      ["content type", { abis: { "8": "0x00" } }, { abis: { "16": "0x00" } }],
      ["all data", { data: count(16, "0x00") }, { data: count(17, "0x00") }],
      ["data", { data: { k: bytesOf(4096) } }, { data: { k: bytesOf(4097) } }],
      ["data key", { data: { ["k".repeat(128)]: "0x" } }, { data: { ["k".repeat(129)]: "0x" } }],
      [
        "interfaces",
        { interfaces: count(64, ADDRESS, interfaceId) },
        { interfaces: count(65, ADDRESS, interfaceId) },
      ],
      [
        "interface id",
        { interfaces: { "0xffffffff": ADDRESS } },
        { interfaces: { "0xffffffff00": ADDRESS } },
      ],
      [
        "implementer",
        { interfaces: { "0x01ffc9a7": ADDRESS } },
        { interfaces: { "0x01ffc9a7": `${ADDRESS}00` } },
      ],
    ];
    for (const [what, fits, over] of bounds) {
      expect(passes(fits), `${what}, at the bound`).to.equal(true);
      const { error } = ownRecordsSchema.safeParse(over);
      const [kind] = Object.keys(over);
      expect(error?.issues[0]?.path[0], `${what}, over the bound`).to.equal(kind);
    }
  });

  it("refuses what Postgres cannot store, in keys and in texts", () => {
    for (const bad of ["\0", "a\0b", "\ud800", "a\udc00b", "\udc00\ud800"]) {
      expect(passes({ texts: { key: bad } }), JSON.stringify(bad)).to.equal(false);
      expect(passes({ texts: { [`k${bad}`]: "value" } }), JSON.stringify(bad)).to.equal(false);
      expect(passes({ data: { [`k${bad}`]: "0x" } }), JSON.stringify(bad)).to.equal(false);
    }
    expect(passes({ texts: { "k🌉\u0001": "\\u0000 🌉 \n\t" } })).to.equal(true);
  });

  it("refuses what is no record", () => {
    const malformed: unknown[] = [
      null,
      [],
      "x",
      { text: {} },
      { texts: [] },
      { texts: { key: 1 } },
      { texts: { key: null } },
      { addresses: { "01": "0x00" } },
      { addresses: { "-1": "0x00" } },
      { addresses: { "0x3c": "0x00" } },
      { addresses: { "6e1": "0x00" } },
      { addresses: { "0": "00" } },
      { addresses: { "0": "0x0" } },
      { addresses: { "0": "0xzz" } },
      { contenthash: "0x0" },
      { contenthash: 0 },
      { name: 1 },
      { pubkey: "0x" },
      { pubkey: {} },
      { pubkey: { x: WORD } },
      { pubkey: { x: WORD, y: WORD, z: WORD } },
      { abis: { "0": "0x00" } },
      { abis: { "3": "0x00" } },
      { abis: { "01": "0x00" } },
      { abis: { "1": "{}" } },
      { abis: null },
      { data: { key: null } },
      { data: { key: "text" } },
      { data: { "": "0x00" } },
      { interfaces: { "0x01FFC9A7": ADDRESS } },
      { interfaces: { "01ffc9a7": ADDRESS } },
      { interfaces: { "0x01ffc9": ADDRESS } },
      { interfaces: [] },
    ];
    for (const records of malformed) {
      expect(passes(records), JSON.stringify(records)).to.equal(false);
    }
  });

  it("refuses the key __proto__ wherever there are keys: it would be lost in silence", () => {
    for (const kind of ["texts", "addresses", "abis", "data", "interfaces"]) {
      const { error } = ownRecordsSchema.safeParse(
        JSON.parse(`{"${kind}": {"__proto__": "0x00"}}`),
      );
      expect(error?.issues[0]?.message, kind).to.equal("cannot have the key __proto__");
    }
  });

  it("counts records before it looks at one: of too many, none is read, and one fault is told", () => {
    for (const kind of ["texts", "addresses", "abis", "data", "interfaces"]) {
      let reads = 0;
      const counted = (size: number) => {
        const records = {};
        for (let index = 0; index < size; index++) {
          const get = () => (reads++, 0);
          Object.defineProperty(records, `key-${index}`, { enumerable: true, get });
        }
        return { [kind]: records };
      };
      const { error } = ownRecordsSchema.safeParse(counted(1_000));
      expect(error?.issues, kind).to.have.length(1);
      expect(error?.issues[0]?.message, kind).to.match(/^at most \d+ records of this kind$/);
      expect(reads, kind).to.equal(0);
      if (kind !== "texts") continue;
      expect(passes(counted(1)), "of one text, the value is read").to.equal(false);
      expect(reads).to.be.above(0);
    }
  });

  it("tells one fault of any number of fields that do not exist", () => {
    const { error } = ownRecordsSchema.safeParse(count(90_000, "x", (index) => `field-${index}`));
    expect(error?.issues).to.have.length(1);
  });

  it("takes all kinds at all bounds at once, which fits into a request of 1 MiB", () => {
    const largest = largestRecords();
    expect(ownRecordsSchema.parse(largest)).to.deep.equal(largest);
    expect(Buffer.byteLength(JSON.stringify(largest))).to.be.within(550_000, 1_048_576);
  });
});
