import { expect } from "chai";
import { Wallet } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import { DM3_DELIVERY_SERVICE_KEY, DM3_PROFILE_KEY } from "../../src/dm3/profileRecord.js";
import { relayNodeProfile } from "../../src/demo/people.js";
import { registerRelayNode } from "../../src/registry/registerRelayNode.js";
import { type OwnRecords, ownRecordsSchema, setRecords } from "../../src/registry/setRecords.js";
import { expectRejection } from "../expectError.js";
import { DOMAIN, type TestRegistry, openRegistry, profilesOf } from "./openRegistry.js";

const ALICE = `alice.${DOMAIN}`;
const MOST_RECORDS = 64;

describe("registry/setRecords", () => {
  let registry: TestRegistry;

  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());
  beforeEach(() => registry.pool.query("truncate name"));

  /** As the HTTP surface does it: by the schema, and then by the rules. */
  const write = (records: unknown, name = ALICE) =>
    setRecords(registry.stores, {
      domain: DOMAIN,
      name,
      records: ownRecordsSchema.parse(records),
    });
  const passes = (records: unknown) => ownRecordsSchema.safeParse(records).success;
  const count = (size: number, value: string) =>
    Object.fromEntries(Array.from({ length: size }, (_, index) => [String(index), value]));

  it("replaces the kinds that are given, and leaves the others as they are", async () => {
    const texts = { avatar: "https://example.com/a.png", "com.github": "alice", empty: "" };
    await write({ texts, addresses: { "0": "0x0014aa" }, contenthash: "0xe301" });
    await write({ texts: { url: "https://example.com" } });
    expect(await registry.stored(ALICE)).to.deep.include({
      name: ALICE,
      domain: DOMAIN,
      texts: new Map([["url", "https://example.com"]]),
      addresses: new Map([[0n, fromHex("0x0014aa")]]),
      contenthash: fromHex("0xe301"),
    });
    await write({ texts: {}, addresses: {} });
    expect(await registry.stored(ALICE)).to.deep.include({
      texts: new Map(),
      addresses: new Map(),
      contenthash: fromHex("0xe301"),
    });
    await write({});
    expect((await registry.stored(ALICE))!.contenthash).to.deep.equal(fromHex("0xe301"));
    for (const contenthash of [null, "0x"]) {
      await write({ contenthash: "0xe301" });
      await write({ contenthash });
      expect((await registry.stored(ALICE))!.contenthash).to.equal(null);
    }
  });

  it("keeps what follows from a profile: addr(60) and the DM3 texts", async () => {
    const wallet = Wallet.createRandom();
    const [signed] = await profilesOf(wallet, 1);
    await registry.publish(ALICE, wallet.address, signed);
    const profile = relayNodeProfile("https://relay.example");
    await registerRelayNode(registry.stores, { domain: DOMAIN, name: ALICE, profile });
    const before = await registry.stored(ALICE);
    await write({ texts: { avatar: "a" }, addresses: { "0": "0x00" } });
    await write({ texts: {}, addresses: {}, contenthash: null });
    expect(await registry.stored(ALICE)).to.deep.equal(before);
    expect(before!.texts).to.have.all.keys(DM3_PROFILE_KEY, DM3_DELIVERY_SERVICE_KEY);
    expect(before!.addresses).to.deep.equal(new Map([[60n, fromHex(wallet.address)]]));
  });

  it("leaves no way round the wallet: coin type 60 and DM3 keys are reserved", async () => {
    await expectRejection(
      write({ addresses: { "60": "0x" + "11".repeat(20) } }),
      "INVALID_REQUEST",
      /coin type 60 follows from the profile/,
    );
    for (const key of [
      DM3_PROFILE_KEY,
      DM3_DELIVERY_SERVICE_KEY,
      "network.dm3.x",
      "network.dm3.",
    ]) {
      await expectRejection(
        write({ texts: { [key]: "x" } }),
        "INVALID_REQUEST",
        /follows from a profile that was verified; publish the profile, or register/,
      );
    }
    expect(await registry.stored(ALICE)).to.equal(null);
    await write({ texts: { "network.dm3": "not theirs", "network.dm4.x": "neither" } });
  });

  it("takes 20 bytes for every EVM coin type, and any length for the others", async () => {
    // ENSIP-11: Optimism, ENSIP-19: the default for all EVM chains, the highest EVM coin type
    for (const coinType of ["2147483658", "2147483648", "4294967295"]) {
      for (const length of [0, 19, 21, 32]) {
        await expectRejection(
          write({ addresses: { [coinType]: "0x" + "ab".repeat(length) } }),
          "INVALID_REQUEST",
          new RegExp(`coin type ${coinType} takes 20 bytes.* ${length} came`),
        );
      }
      await write({ addresses: { [coinType]: "0x" + "Ab".repeat(20) } });
      const stored = await registry.stored(ALICE);
      expect(stored!.addresses).to.deep.equal(
        new Map([[BigInt(coinType), fromHex("0x" + "ab".repeat(20))]]),
      );
    }
    for (const coinType of ["0", "2147483647", "4294967296", "9".repeat(77)]) {
      await write({ addresses: { [coinType]: "0xab" } });
    }
  });

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
    ];
    for (const [what, fits, over] of bounds) {
      expect(passes(fits), `${what}, at the bound`).to.equal(true);
      expect(passes(over), `${what}, over the bound`).to.equal(false);
    }
  });

  it("stores what is at all bounds at once", async () => {
    const key = (index: number) => String(index).padStart(128, "k");
    const texts = Object.fromEntries(
      Array.from({ length: MOST_RECORDS }, (_, index) => [key(index), "é".repeat(2048)]),
    );
    await write({ texts, addresses: count(60, `0x${"00".repeat(256)}`) });
    expect((await registry.stored(ALICE))!.texts).to.deep.equal(new Map(Object.entries(texts)));
  });

  it("refuses what Postgres cannot store, in keys and in texts", () => {
    for (const bad of ["\0", "a\0b", "\ud800", "a\udc00b", "\udc00\ud800"]) {
      expect(passes({ texts: { key: bad } }), JSON.stringify(bad)).to.equal(false);
      expect(passes({ texts: { [`k${bad}`]: "value" } }), JSON.stringify(bad)).to.equal(false);
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
    ];
    for (const records of malformed) {
      expect(passes(records), JSON.stringify(records)).to.equal(false);
    }
  });
});
