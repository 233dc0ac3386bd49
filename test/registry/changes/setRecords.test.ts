import { expect } from "chai";
import { Wallet } from "ethers";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { relayNodeProfile } from "../../../src/demo/people.js";
import {
  DM3_DELIVERY_SERVICE_KEY,
  DM3_PROFILE_KEY,
} from "../../../src/dm3/profile/profileRecord.js";
import { type NameRecords, NO_RECORDS } from "../../../src/ens/records.js";
import { ownRecordsSchema } from "../../../src/wire/ownRecordsSchema.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { largestRecords, LONGEST_NAME, samplePubkey } from "./largestRecords.js";
import { registerRelayNode, setRecords } from "./serviceWrites.js";

const ALICE = `alice.${DOMAIN}`;

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

  it("replaces the kinds that are given, and leaves the others as they are", async () => {
    const texts = { avatar: "https://example.com/a.png", "com.github": "alice", empty: "" };
    await write({ texts, addresses: { "0": "0x0014aa" }, contenthash: "0xe30101" });
    await write({ texts: { url: "https://example.com" } });
    expect(await registry.stored(ALICE)).to.deep.include({
      name: ALICE,
      domain: DOMAIN,
      texts: new Map([["url", "https://example.com"]]),
      addresses: new Map([[0n, fromHex("0x0014aa")]]),
      contenthash: fromHex("0xe30101"),
    });
    await write({ texts: {}, addresses: {} });
    expect(await registry.stored(ALICE)).to.deep.include({
      texts: new Map(),
      addresses: new Map(),
      contenthash: fromHex("0xe30101"),
    });
    await write({});
    expect((await registry.stored(ALICE))!.contenthash).to.deep.equal(fromHex("0xe30101"));
    for (const contenthash of [null, "0x"]) {
      await write({ contenthash: "0xe30101" });
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
      /coin type 60 is set by the profile/,
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
        /is set by a verified profile; publish the profile, or register/,
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
          new RegExp(`coin type ${coinType} has to have 20 bytes.* has ${length}\\.`),
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

  it("replaces each of the further kinds, alone", async () => {
    const all = {
      name: ALICE,
      pubkey: samplePubkey(),
      abis: { "1": "0x7b7d", "8": "0x68" },
      data: { "agent-context": "0x00", ünï: "0xff" },
      interfaces: { "0x01ffc9a7": "0x" + "1f".repeat(20) },
    };
    await write({ texts: { avatar: "a" } });
    await write(all);
    const stored = (await registry.stored(ALICE))!;
    expect(stored).to.deep.include({
      texts: new Map([["avatar", "a"]]),
      nameRecord: ALICE,
      pubkey: { x: fromHex(all.pubkey.x), y: fromHex(all.pubkey.y) },
      abis: new Map([
        [1n, fromHex("0x7b7d")],
        [8n, fromHex("0x68")],
      ]),
      data: new Map([
        ["agent-context", fromHex("0x00")],
        ["ünï", fromHex("0xff")],
      ]),
      interfaces: new Map([["0x01ffc9a7", fromHex("0x" + "1f".repeat(20))]]),
    });
    const none: [given: Record<string, unknown>, kind: keyof NameRecords][] = [
      [{ name: null }, "nameRecord"],
      [{ pubkey: null }, "pubkey"],
      [{ abis: {} }, "abis"],
      [{ data: {} }, "data"],
      [{ interfaces: {} }, "interfaces"],
    ];
    for (const [given, kind] of none) {
      await write(all);
      await write(given);
      const left = await registry.stored(ALICE);
      expect(left, kind).to.deep.equal({ ...stored, [kind]: NO_RECORDS[kind] });
    }
  });

  it("stores what is at all bounds at once", async () => {
    const largest = largestRecords();
    await write(largest);
    const stored = (await registry.stored(ALICE))!;
    expect(stored.texts).to.deep.equal(new Map(Object.entries(largest.texts!)));
    expect(
      Object.fromEntries([...stored.data].map(([key, data]) => [key, toHex(data)])),
    ).to.deep.equal(largest.data);
    expect([...stored.abis.values()].map((abi) => abi.length)).to.deep.equal(
      new Array(4).fill(16_384),
    );
    expect(stored.addresses.size).to.equal(64);
    expect(stored.interfaces.size).to.equal(64);
    expect(stored.nameRecord).to.equal(LONGEST_NAME);
  });
});
