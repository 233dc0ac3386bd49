import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { deriveProfileKeys } from "../../src/dm3/keys/keys.js";
import type { ErrorCode } from "../../src/errors.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../expectError.js";
import { BOB } from "../relay/relayWorld.js";
import {
  BOB_AT_CHAT,
  bobsLink,
  bobsProfile,
  type GatewayWorld,
  openGatewayWorld,
  RELAY_NODE,
} from "./gatewayWorld.js";

const NAME = "bob.users.example.eth";

describe("messaging: linking", () => {
  let world: GatewayWorld;
  beforeEach(async () => {
    world = await openGatewayWorld();
  });
  afterEach(() => world.close());

  const nowMs = () => world.relay.clock.nowMs;
  const link = (json: string, of = BOB_AT_CHAT) =>
    world.gateway.events.linked(of, JSON.parse(json));
  const refused = (json: string, code: ErrorCode, sentence: RegExp) =>
    expectRejection(link(json), code, sentence);

  it("tells what a client needs to sign a profile and a link", async () => {
    expect(await world.gateway.events.greeting(BOB_AT_CHAT)).to.deep.equal({
      ...{ relayNode: RELAY_NODE, name: NAME, sizeLimit: 100_000 },
    });
  });

  it("publishes the name, makes the account, and leads its messages to the address", async () => {
    expect(await link(bobsLink(nowMs()))).to.deep.equal({ name: NAME });
    expect(world.published.get(NAME)).to.deep.equal({
      ...{ wallet: people.bob.address.toLowerCase(), signed: bobsProfile() },
    });
    const account = await world.relay.database.accounts.accountOf(BOB);
    expect(account).to.include({
      ...{ name: NAME, provenKey: bobsProfile().profile.publicSigningKey },
    });
    const known = await world.stores.links.linkOfAccount(BOB);
    expect(known).to.include({ name: NAME, signedAtSec: Math.floor(nowMs() / 1000) });
    expect(known?.native).to.deep.equal(BOB_AT_CHAT);
  });

  it("again does the same", async () => {
    await link(bobsLink(nowMs()));
    await link(bobsLink(nowMs()));
    expect((await world.stores.links.linkOf(BOB_AT_CHAT))?.account).to.deep.equal(BOB);
  });

  it("takes a name of the user's own that has this profile in ENS, and no other one", async () => {
    const own = (name: string) => bobsLink(nowMs(), { name });
    expect(await link(own("bob.eth"))).to.deep.equal({ name: "bob.eth" });
    expect(world.published.size).to.equal(0);
    await refused(own("alice.eth"), "INVALID_REQUEST", /alice\.eth does not lead to this wallet/);
    await refused(own("nobody.eth"), "INVALID_REQUEST", /does not lead to this wallet/);
    world.relay.names.answers = false;
    await refused(own("bob.eth"), "UNREACHABLE", /did not answer/);
  });

  for (const [what, signed] of [
    ["address", { address: "mallory@chat.example" }],
    ["relay node", { relayNode: "other.example.eth" }],
    ["name", { name: "other.users.example.eth" }],
    ["time", { signedAtSec: 7 }],
  ] as const) {
    it(`refuses a link that was signed for another ${what}`, async () => {
      await refused(bobsLink(nowMs(), { signed }), "WRONG_SIGNER", /not signed by the profile's/);
      expect(await world.stores.links.linkOf(BOB_AT_CHAT)).to.equal(null);
    });
  }

  it("refuses a profile that somebody else sends, who does not have its key", async () => {
    const keys = deriveProfileKeys(new Uint8Array(32).fill(9));
    await refused(bobsLink(nowMs(), { keys }), "WRONG_SIGNER", /not signed by the profile's/);
  });

  it("refuses bob's own link from another address", async () => {
    const mallory = parseNativeAddress("mallory@chat.example", "xmpp");
    const json = bobsLink(nowMs(), { name: "mallory.users.example.eth" });
    await expectRejection(link(json, mallory), "WRONG_SIGNER", /mallory@chat\.example/);
  });

  it("refuses another wallet's profile", async () => {
    const wallet = people.alice.address;
    await refused(bobsLink(nowMs(), { wallet }), "WRONG_SIGNER", /wallet|sign/i);
  });

  it("refuses a profile that does not name this relay node", async () => {
    const profile = bobsProfile({ deliveryServices: ["other.example.eth"] });
    await refused(bobsLink(nowMs(), { profile }), "INVALID_REQUEST", /does not name/);
  });

  it("refuses what was signed long before or after now", async () => {
    const nowSec = Math.floor(nowMs() / 1000);
    for (const signedAtSec of [nowSec - 601, nowSec + 601]) {
      await refused(bobsLink(nowMs(), { signedAtSec }), "INVALID_REQUEST", /10 minutes/);
    }
  });

  it("refuses an earlier link after a later one, and publishes nothing of it", async () => {
    await link(bobsLink(nowMs()));
    const published = world.published.get(NAME);
    const profile = bobsProfile({ deliveryServices: [RELAY_NODE, "old.example.eth"] });
    const earlier = bobsLink(nowMs(), { signedAtSec: Math.floor(nowMs() / 1000) - 1, profile });
    const error = await refused(earlier, "LINK_OUTDATED", /signed later/);
    expect(error.details).to.deep.equal({ notBeforeSec: Math.floor(nowMs() / 1000) });
    const second = new Date(nowMs()).toISOString().slice(0, 19).replace("T", " ");
    expect(error.message).to.include(`(${second} UTC)`);
    expect(world.published.get(NAME)).to.deep.equal(published);
    const account = await world.relay.database.accounts.accountOf(BOB);
    expect(account?.signed).to.deep.equal(bobsProfile());
  });

  it("refuses a link that was ended, sent once more", async () => {
    const json = bobsLink(nowMs());
    await link(json);
    await world.gateway.events.unlinked(BOB_AT_CHAT);
    const error = await refused(json, "LINK_OUTDATED", /signed later, or ended/);
    const signedAtSec = Math.floor(nowMs() / 1000) + 1;
    expect(error.details).to.deep.equal({ notBeforeSec: signedAtSec });
    expect([world.published.size, await world.stores.links.linkOf(BOB_AT_CHAT)]).to.deep.equal([
      ...[0, null],
    ]);
    // at once, since it is signed with the time that was told
    await link(bobsLink(nowMs(), { signedAtSec }));
  });

  it("links an address to ten new wallets a day", async () => {
    for (let time = 0; time < 10; time++) {
      await link(bobsLink(nowMs()));
      await world.gateway.events.unlinked(BOB_AT_CHAT);
      world.relay.clock.nowMs += 1_000;
    }
    await refused(bobsLink(nowMs()), "LIMIT_EXCEEDED", /10 other wallets today/);
    expect(world.published.size).to.equal(0);
  });

  it("follows a link that was moved, however often its user started before", async () => {
    await link(bobsLink(nowMs()));
    await world.relay.submit(await world.relay.write({}));
    for (let start = 0; start < 10; start++) await link(bobsLink(nowMs()));
    await world.gateway.idle();
    const moved = parseNativeAddress("bobby@chat.example", "xmpp");
    const address = "bobby@chat.example";
    const json = bobsLink(nowMs(), { name: "bob.eth", signed: { address } });
    await link(json, moved);
    await world.gateway.poll();
    await world.gateway.idle();
    expect(world.network.injected.at(-1)?.to).to.deep.equal(moved);
  });

  it("refuses what is no link", async () => {
    for (const json of ["null", "[]", '"x"', "7"]) await refused(json, "INVALID_PROFILE", /link/);
    await refused("{}", "INVALID_PROFILE", /name/);
    const more = { ...(JSON.parse(bobsLink(nowMs())) as object), more: 1 };
    await refused(JSON.stringify(more), "INVALID_PROFILE", /more/);
  });

  it("ends, and takes the name back that was given", async () => {
    await link(bobsLink(nowMs()));
    await world.gateway.events.unlinked(BOB_AT_CHAT);
    expect(world.published.size).to.equal(0);
    expect(await world.stores.links.linkOfAccount(BOB)).to.equal(null);
    await world.gateway.events.unlinked(BOB_AT_CHAT);
  });

  it("gives a user name that somebody else has now nobody's messages", async () => {
    await link(bobsLink(nowMs()));
    await world.relay.submit(await world.relay.write({}));
    await world.gateway.events.unlinked(BOB_AT_CHAT);
    world.gateway.kick(BOB);
    await world.gateway.poll();
    await world.gateway.idle();
    expect(world.network.injected).to.deep.equal([]);
    expect(toHex(BOB)).to.equal(people.bob.address.toLowerCase());
  });
});
