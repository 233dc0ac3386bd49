import { expect } from "chai";
import { Wallet } from "ethers";
import { relayNodeProfile } from "../../../src/demo/people.js";
import {
  DM3_DELIVERY_SERVICE_KEY,
  DM3_PROFILE_KEY,
} from "../../../src/dm3/profile/profileRecord.js";
import { expectRejection } from "../../expectError.js";
import {
  DOMAIN,
  openRegistry,
  OTHER_DOMAIN,
  profilesOf,
  type TestRegistry,
} from "../openRegistry.js";
import { registerRelayNode, removeRelayNode } from "./serviceWrites.js";

const RELAY = `relay.${DOMAIN}`;

describe("registry/registerRelayNode", () => {
  let registry: TestRegistry;

  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());

  const register = (profile: unknown, name = RELAY) =>
    registerRelayNode(registry.stores, { domain: DOMAIN, name, profile });
  const record = async () => (await registry.stored(RELAY))?.texts.get(DM3_DELIVERY_SERVICE_KEY);

  it("serves the record exactly as the reference writes it, and then its successor", async () => {
    const first = relayNodeProfile("https://relay.example/dm3");
    await register(first);
    const { publicEncryptionKey, publicSigningKey, url } = first;
    expect(await record()).to.equal(
      `data:application/json,{"publicEncryptionKey":"${publicEncryptionKey}","publicSigningKey":"${publicSigningKey}","url":"${url}"}`,
    );
    const second = relayNodeProfile("https://moved.example");
    await register(second);
    expect(await record()).to.include(`"url":"https://moved.example"`);
    await register(first);
    expect(await record()).to.include(`"url":"${url}"`);
  });

  it("lives beside a user's profile of the same name", async () => {
    const wallet = Wallet.createRandom();
    const [signed] = await profilesOf(wallet, 1);
    const profile = relayNodeProfile("https://relay.example");
    const both = `both.${DOMAIN}`;
    await register(profile, both);
    expect(await registry.publish(both, wallet.address, signed)).to.equal("created");
    await register(profile, both);
    const stored = await registry.stored(both);
    expect(stored!.texts).to.have.all.keys(DM3_DELIVERY_SERVICE_KEY, DM3_PROFILE_KEY);
  });

  it("refuses what no client could use, and goes on serving what it had", async () => {
    const good = relayNodeProfile("https://relay.example/dm3");
    await register(good);
    const before = await record();
    const malformed: [unknown, RegExp][] = [
      [null, /must be a JSON object/],
      [{}, /publicEncryptionKey .*is missing/],
      [{ ...good, url: undefined }, /url .*is missing/],
      [{ ...good, url: "http://relay.example" }, /url/],
      [{ ...good, url: "https://relay.example?x=1" }, /must not have a query/],
      [{ ...good, publicSigningKey: `${good.publicSigningKey}=` }, /publicSigningKey/],
      [{ ...good, publicEncryptionKey: btoa("short") }, /32 bytes/],
      [{ ...good, extra: 1 }, /unknown field "extra"/],
    ];
    for (const [profile, sentence] of malformed) {
      await expectRejection(register(profile), "INVALID_PROFILE", sentence);
    }
    expect(await record()).to.equal(before);
  });

  it("takes away the relay node, and leaves everything else that the name serves", async () => {
    const wallet = Wallet.createRandom();
    const [signed] = await profilesOf(wallet, 1);
    const both = `leaving.${DOMAIN}`;
    const remove = (domain = DOMAIN, name = both) => removeRelayNode(registry.stores, domain, name);
    await expectRejection(remove(), "NOT_FOUND", /is not registered as a relay node/);
    expect(await registry.stored(both)).to.equal(null);
    await registry.publish(both, wallet.address, signed);
    const before = await registry.stored(both);
    await expectRejection(remove(), "NOT_FOUND", /is not registered as a relay node/);

    await register(relayNodeProfile("https://relay.example"), both);
    await expectRejection(remove(OTHER_DOMAIN), "FORBIDDEN", /./);
    await expectRejection(remove(DOMAIN, both.toUpperCase()), "INVALID_NAME", /normal form/);
    expect((await registry.stored(both))!.texts).to.include.keys(DM3_DELIVERY_SERVICE_KEY);
    await remove();
    expect(await registry.stored(both)).to.deep.equal(before);
    await expectRejection(remove(), "NOT_FOUND", /is not registered as a relay node/);
  });
});
