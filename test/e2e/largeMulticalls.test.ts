/** ENS' own library, asked for more than most ask: what it shows of multicalls that are long, and of answers that are. */
import { coinTypeToNameMap } from "@ensdomains/address-encoder";
import { getRecords } from "@ensdomains/ensjs/public";
import { expect } from "chai";
import { type DemoWorld, DOMAIN } from "../../src/demo/demoWorld.js";
import { setRecords } from "../registry/changes/serviceWrites.js";
import { viemClient } from "./stockClients.js";
import { startTestWorld } from "./testWorld.js";

const COINS = Object.keys(coinTypeToNameMap).map(Number);
const NAME = `records.${DOMAIN}`;
const LONG = `long.${DOMAIN}`;

describe("e2e: many records at once, by ensjs and viem", function () {
  this.timeout(180_000);
  let world: DemoWorld;

  before(async () => {
    world = await startTestWorld();
    const texts = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key-${i}`, `v${i}`]));
    const bitcoin = "0x0014751e76e8199196d454941c45d1b3a323f1433bd6";
    const records = { texts, addresses: { "0": bitcoin, "2147483648": `0x${"5a".repeat(20)}` } };
    await setRecords(world.service, { domain: DOMAIN, name: NAME, records });
    const longTexts = Object.keys(texts).map((key) => [key, "x".repeat(4096)]);
    const long = { texts: Object.fromEntries(longTexts) as Record<string, string> };
    await setRecords(world.service, { domain: DOMAIN, name: LONG, records: long });
  });
  after(() => world.stop());

  const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
  const records = (name: string, asked: object) =>
    getRecords(viemClient(world) as unknown as Parameters<typeof getRecords>[0], {
      name,
      ...asked,
    }) as unknown as Promise<{ texts: unknown[]; coins: { id: number }[] }>;

  it("ensjs gets all that it knows: 148 coins, 20 texts and the content hash", async () => {
    expect(COINS.length).to.be.at.least(148);
    const found = await records(NAME, { texts: keys, coins: COINS, contentHash: true });
    expect(found.texts).to.have.length(20);
    const ids = found.coins.map(({ id }) => id);
    expect(ids).to.include.members([0, 60, 0x8000_000a]);
  });

  it("shows those that fit of a longer answer; ensjs 4.3.1 leaves the others out, whatever stands for them", async () => {
    const found = await records(LONG, { texts: keys });
    expect(found.texts.length).to.be.within(12, 19);
    const value = await viemClient(world).getEnsText({ name: LONG, key: "key-19", strict: true });
    expect(value).to.equal("x".repeat(4096));
  });
});
