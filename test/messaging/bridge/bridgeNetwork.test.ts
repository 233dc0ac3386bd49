import { expect } from "chai";
import { nativeBytesOf } from "../../../src/dm3/message/nativeMessage.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { SignpostError } from "../../../src/errors.js";
import { parseNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import { localPartOfName } from "../../../src/messaging/address/virtualAddress.js";
import { raised } from "../../../src/sending/outgoingMessage.js";
import {
  ALICE,
  type BridgeWorld,
  MAILER,
  MAILER_NAME,
  NATIVE,
  openBridgeWorld,
} from "./bridgeWorld.js";

describe("messaging: a bridge", () => {
  let world: BridgeWorld;
  beforeEach(async () => {
    world = await openBridgeWorld();
  });
  afterEach(() => world.close());

  const mail = (change: object = {}) => ({
    ...{ from: MAILER, to: ALICE, bytes: NATIVE, digest: "ab".repeat(32) },
    ...change,
  });

  describe("from DM3 into the network", () => {
    it("hands the native message over byte for byte, from the one who signed it, and is done then", async () => {
      await world.aliceWrites(world.letter, await world.user());
      const [sent] = world.network.sent;
      expect(sent).to.deep.include({ from: ALICE, to: MAILER, bytes: NATIVE });
      expect(sent!.token).to.match(/^[0-9a-f]{32}$/);
      expect(await world.stateOf(1)).to.deep.equal({ state: "injected", envelope: null });
      world.bridge.start(world.gateway.events);
      await world.gateway.poll();
      await world.gateway.idle();
      expect(world.network.sent).to.have.length(1);
    });

    it("tries again where the network did not say, under the same token", async () => {
      const tokens: string[] = [];
      const user = await world.user();
      world.network.answer = () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."));
      await world.aliceWrites(world.letter, user);
      expect(await world.stateOf(1)).to.include({ state: "accepted" });
      const { rows } = await world.pool.query<{ token: string }>(
        `select token from ${world.ownTables.sent}`,
      );
      tokens.push(rows[0]!.token);
      world.network.answer = () => Promise.resolve({ is: "taken" });
      for (const [waitMs, sent] of [
        [29_000, 0],
        [1_000, 1],
      ] as const) {
        world.relay.clock.nowMs += waitMs;
        await world.gateway.poll();
        await world.gateway.idle();
        expect(world.network.sent).to.have.length(sent);
      }
      expect(world.network.sent.map(({ token }) => token)).to.deep.equal(tokens);
    });

    it("answers the sender where the network refuses, about that message", async () => {
      world.network.answer = () => Promise.resolve({ is: "refused", sentence: "550 no such user" });
      const messageHash = await world.aliceWrites(world.letter, await world.user());
      const [answer] = await world.onTheWay();
      expect(answer).to.include({ from: MAILER_NAME, to: ALICE });
      expect(answer!.content).to.include({ type: "REPLY", reference: messageHash });
      expect(answer!.content).to.have.property("text").that.includes("550 no such user");
      expect(await world.stateOf(1)).to.include({ state: "refused" });
    });

    it("answers for a day, takes no room from what the mail user writes, and waits where too many answers wait", async () => {
      world.network.answer = () => Promise.resolve({ is: "refused", sentence: "550 no such user" });
      await world.pool.query(
        `insert into ${world.tables.submission} (native, hash, receiver, bytes, is_answer)
         select 'bob@mail.test', sha256(n::text::bytea), n || '.alice.eth', 1, n <= 200
         from generate_series(1, 1199) n`,
      );
      const user = await world.user();
      await world.aliceWrites(world.letter, user);
      expect(await world.onTheWay()).to.deep.equal([]);
      expect(await world.stateOf(1), "its sender is to be told").to.include({ state: "accepted" });
      await world.events().received(mail());
      await world.pool.query(`delete from ${world.tables.submission} where is_answer`);
      world.relay.clock.nowMs += 1_800_000;
      await world.gateway.poll();
      await world.gateway.idle();
      expect(await world.stateOf(1)).to.include({ state: "refused" });
      const types = (await world.onTheWay()).map(({ content }) => content.type);
      expect(types.sort()).to.deep.equal(["NEW", "REPLY"]);
      const lifetimes = (await world.outbox.list()).map(
        ({ createdMs, deadlineMs }) => deadlineMs - createdMs,
      );
      expect(lifetimes).to.include(86_400_000);
    });

    it("refuses what nobody encrypted for the network, and answers a person but no receipt", async () => {
      const user = await world.user();
      await world.aliceWrites({ type: "NEW", text: "plain" }, user);
      await world.aliceWrites({ type: "READ_RECEIVED", reference: `0x${"ab".repeat(32)}` }, user);
      expect(world.network.sent).to.deep.equal([]);
      const answers = await world.onTheWay();
      expect(answers.map(({ content }) => content)).to.have.length(1);
      expect(await world.stateOf(1)).to.include({ state: "refused" });
      expect(await world.stateOf(2)).to.include({ state: "refused" });
    });

    it("remembers whose a name is that is too long for an address", async () => {
      const { long } = world;
      await world.aliceWrites(world.letter, await world.user(), long.name);
      const { written } = localPartOfName(long.name, "mail");
      expect(written).to.match(/^h-/);
      expect(await world.events().nameOfHash(written)).to.equal(long.name);
      expect(await world.events().nameOfHash(`h-${"a".repeat(52)}`)).to.equal(null);
    });

    it("turns a report into an answer once, and believes no other token", async () => {
      const messageHash = await world.aliceWrites(world.letter, await world.user());
      const { token } = world.network.sent[0]!;
      const { isToken, reported } = world.events();
      expect(await isToken(token)).to.equal(true);
      expect(await isToken("0".repeat(32))).to.equal(false);
      await reported({ token, is: "delayed", sentence: "4.4.1" });
      await reported({ token, is: "delivered", sentence: "2.0.0" });
      expect(await world.stateOf(1), "a mailbox is nobody's device").to.include({
        state: "injected",
      });
      await reported({ token: "0".repeat(32), is: "refused", sentence: "forged" });
      for (let time = 0; time < 2; time++) {
        await reported({ token, is: "refused", sentence: "5.2.2 mailbox full" });
      }
      const answers = await world.onTheWay();
      expect(answers).to.have.length(1);
      expect(answers[0]!.content).to.include({ type: "REPLY", reference: messageHash });
      expect(await world.stateOf(1)).to.include({ state: "refused" });
    });
  });

  for (const [what, answers] of [
    ["took it", () => Promise.resolve({ is: "taken" } as const)],
    ["broke off", () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."))],
  ] as const) {
    it(`tells of a report once that comes before the network ${what}`, async () => {
      const { isToken, reported } = world.events();
      const tokens: string[] = [];
      world.network.answer = async ({ token }) => {
        tokens.push(token);
        await reported({ token, is: "refused", sentence: "5.2.2 mailbox full" });
        return answers();
      };
      await world.aliceWrites(world.letter, await world.user());
      const [token = ""] = tokens;
      await reported({ token, is: "refused", sentence: "5.2.2 mailbox full" });
      expect(await world.onTheWay()).to.have.length(1);
      expect(await isToken(token)).to.equal(false);
      expect(await world.stateOf(1)).to.include({ state: "refused", envelope: null });
    });
  }

  it("says of no token that it is nobody's until what waited at the start was tried", async () => {
    const [token, forged] = ["a", "b"].map((digit) => digit.repeat(32)) as [string, string];
    const { gateway, bridge, network, passages } = world;
    const user = await world.user();
    let caughtUp = false;
    bridge.start({ ...gateway.events, hasCaughtUp: () => caughtUp });
    await gateway.idle();
    const { isToken } = network.events!;
    await fails(isToken(token), "UNREACHABLE");
    const hash = "ab".repeat(32);
    await passages.noteSent(token, { to: MAILER, from: ALICE, hash, number: 1, messageHash: "0x" });
    expect(await isToken(token)).to.equal(true);
    await fails(isToken(forged), "UNREACHABLE");
    caughtUp = true;
    expect(await isToken(forged)).to.equal(false);
    await world.aliceWrites(world.letter, user);
    expect(gateway.events.hasCaughtUp()).to.equal(true);
  });

  describe("from the network into DM3", () => {
    it("makes the sender's name and keys once, and signs with them", async () => {
      await Promise.all([
        world.events().received(mail()),
        world
          .events()
          .received(mail({ bytes: new Uint8Array([...NATIVE, 13, 10]), digest: "cd".repeat(32) })),
      ]);
      const [one, other] = await world.onTheWay();
      expect(one).to.include({ from: MAILER_NAME, to: ALICE });
      expect(one!.content).to.include({ type: "NEW", replyDeliveryInstruction: "bob@mail.test" });
      const lengths = [one, other].map((each) => {
        const content = each!.content;
        return nativeBytesOf("attachments" in content ? content.attachments : [])?.length;
      });
      expect(lengths.sort()).to.deep.equal([NATIVE.length, NATIVE.length + 2]);
      const { rows } = await world.pool.query(`select native from ${world.ownTables.virtualUser}`);
      expect(rows).to.have.length(1);
    });

    it("keeps the same bytes once, also when it was killed before it noted that", async () => {
      await world.events().received(mail());
      await world.events().received(mail());
      expect(await world.onTheWay()).to.have.length(1);
      await world.pool.query(`update ${world.ownTables.received} set is_kept = false`);
      world.relay.clock.nowMs += 60_000;
      await world.events().received(mail());
      const [one, again] = await world.onTheWay();
      expect(one!.messageHash, "clients know it as the same").to.equal(again!.messageHash);
    });

    it("takes what it kept however often it comes, which counts for nothing", async () => {
      const bucket = "message submitted by bob@mail.test";
      const other = mail({ bytes: new Uint8Array([...NATIVE, 13, 10]), digest: "cd".repeat(32) });
      await world.events().received(mail());
      world.counter.take(bucket, 600, 60, 598);
      for (let time = 0; time < 3; time++) await world.events().received(mail());
      await world.events().received(other);
      await world.events().received(mail());
      const more = mail({ digest: "ef".repeat(32) });
      await fails(world.events().received(more), "LIMIT_EXCEEDED");
      expect(await world.onTheWay()).to.have.length(2);
    });

    it("takes what it kept also where the keys of its sender cannot be had", async () => {
      await world.events().received(mail());
      await world.pool.query(`delete from ${world.tables.link}`);
      await world.pool.query(`delete from ${world.ownTables.virtualUser}`);
      world.counter.take("proven users by mail.test", 1_000, 24 * 3_600, 999);
      await world.events().received(mail());
      await fails(world.events().received(mail({ digest: "ef".repeat(32) })), "LIMIT_EXCEEDED");
      expect(await world.onTheWay()).to.have.length(1);
    });

    it("knows who has keys, and who ever wrote", async () => {
      const { isKnown, hasWritten, received } = world.events();
      const seen = async () => [await isKnown(MAILER), await hasWritten(MAILER)];
      expect(await seen()).to.deep.equal([false, false]);
      await world.user();
      expect(await seen()).to.deep.equal([true, false]);
      await received(mail());
      expect(await seen()).to.deep.equal([true, true]);
    });

    it("makes nothing where the receiver has no profile, or nobody knows", async () => {
      await fails(world.events().received(mail({ to: "nobody.eth" })), "NO_ACCOUNT");
      world.profiles.answer = false;
      await fails(world.events().received(mail()), "UNREACHABLE");
      const { rows } = await world.pool.query(`select native from ${world.ownTables.virtualUser}`);
      expect(rows).to.deep.equal([]);
      expect(await world.outbox.list()).to.deep.equal([]);
    });

    it("makes no name for an address of its own domain", async () => {
      const from = parseNativeAddress("alice.eth@dm3.test", "mail");
      await fails(world.events().received(mail({ from })), "INVALID_REQUEST");
    });

    it("tells the sender what will not arrive after all, by the header of the message", async () => {
      await world.events().received(mail());
      const [message] = await world.outbox.list();
      const why = { reason: "no-profile", sentence: "alice.eth has no profile." } as const;
      await world.gateway.onCarried(raised(message!, "refused", why));
      const [notice] = world.network.told;
      expect(notice).to.include({ from: ALICE, sentence: why.sentence });
      expect(notice!.to).to.deep.equal(MAILER);
      expect(notice!.head).to.include("Message-ID: <one@mail.test>").and.not.include("--b");
    });

    it("tells what it could not tell at once, by the clock", async () => {
      await world.events().received(mail());
      const [message] = await world.outbox.list();
      world.network.onTell = () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."));
      const why = { reason: "no-profile", sentence: "alice.eth has no profile." } as const;
      await world.gateway.onCarried(raised(message!, "refused", why));
      expect(world.network.told).to.deep.equal([]);
      world.network.onTell = () => Promise.resolve();
      for (let time = 0; time < 2; time++) await world.gateway.findLostEnds();
      expect(world.network.told.map(({ sentence }) => sentence)).to.deep.equal([why.sentence]);
    });
  });

  describe("custody", () => {
    it("opens with the same keys in another process", async () => {
      const user = await world.user();
      const again = await world.newCustody().userOf(MAILER);
      expect(again!.wallet).to.deep.equal(user.wallet);
      await world.aliceWrites(world.letter, user);
      expect(world.network.sent).to.have.length(1);
    });

    it("keeps no key that a dump of the tables shows", async () => {
      const { wallet } = await world.user();
      const { rows } = await world.pool.query<{ secret: Buffer; wallet: Buffer }>(
        `select secret, wallet from ${world.ownTables.virtualUser}`,
      );
      expect(new Uint8Array(rows[0]!.wallet)).to.deep.equal(new Uint8Array(wallet));
      expect(rows[0]!.secret.length).to.be.above(32 + 16);
    });

    it("forgets a user who leaves with the name, and makes another one when the user comes again", async () => {
      const before = await world.user();
      const custody = world.newCustody();
      await world.events().left(MAILER);
      expect(await custody.userOf(MAILER)).to.equal(null);
      expect(world.relay.names.persons.has(MAILER_NAME)).to.equal(false);
      const after = await custody.userFor(MAILER, world.gateway.events, { is: "proven" });
      expect(after.wallet).not.to.deep.equal(before.wallet);
    });

    it("makes 1,000 new users of one domain a day, and others all the same", async () => {
      const custody = world.newCustody();
      const userAt = (address: string) =>
        custody.userFor(parseNativeAddress(address, "mail"), world.gateway.events, {
          is: "proven",
        });
      world.counter.take("proven users by many.test", 1_000, 24 * 3_600, 999);
      const last = await userAt("last@many.test");
      await fails(userAt("more@many.test"), "LIMIT_EXCEEDED");
      expect((await userAt("last@many.test")).wallet, "is known").to.deep.equal(last.wallet);
      await userAt("one@other.test");
    });

    it("counts whom DM3 users ask for by their ENS domains, and never by the mail domain", async () => {
      const custody = world.newCustody();
      let people = 0;
      const asks = (by: string) =>
        custody.userFor(
          parseNativeAddress(`p${people++}@large.test`, "mail"),
          world.gateway.events,
          { is: "asked", by: by as NormalName },
        );
      world.counter.take("asked users by *.wild.eth", 500, 24 * 3_600, 498);
      await asks("one.wild.eth");
      await asks("two.wild.eth");
      for (const name of ["three.wild.eth", "a.b.wild.eth", "wild.eth"]) {
        await fails(asks(name), "LIMIT_EXCEEDED");
      }
      await asks("carol.eth");
    });

    it("counts whom strangers introduce by their networks", async () => {
      const custody = world.newCustody();
      let people = 0;
      const introduce = (network: string | null) =>
        custody.userFor(
          parseNativeAddress(`p${people++}@large.test`, "mail"),
          world.gateway.events,
          { is: "introduced", network },
        );
      world.counter.take("introduced users by 192.0.2", 100, 24 * 3_600, 99);
      await introduce("192.0.2");
      await fails(introduce("192.0.2"), "LIMIT_EXCEEDED");
      await introduce("198.51.100");
      world.counter.take("introduced users by large.test", 100, 24 * 3_600, 99);
      await introduce(null);
      await fails(introduce(null), "LIMIT_EXCEEDED");
    });
  });
});

async function fails(work: Promise<unknown>, code: string): Promise<void> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).to.have.property("code", code);
}
