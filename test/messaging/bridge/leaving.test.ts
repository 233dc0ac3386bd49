/** A mail user wants to be forgotten: what becomes of what waits, and who is told. */
import { expect } from "chai";
import { openBlob } from "../../../src/dm3/blob/sealedBlob.js";
import { nativeMessageOf } from "../../../src/dm3/message/nativeMessage.js";
import { SignpostError } from "../../../src/errors.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { expectRejection } from "../../expectError.js";
import {
  ALICE,
  type BridgeWorld,
  ITS_NAME,
  MAILER,
  MAILER_NAME,
  openBridgeWorld,
} from "./bridgeWorld.js";

describe("messaging: leaving a bridge", () => {
  let world: BridgeWorld;
  beforeEach(async () => {
    world = await openBridgeWorld();
    world.network.answer = () => Promise.reject(new SignpostError("UNREACHABLE", "Greylisted."));
  });
  afterEach(() => world.close());

  const waits = async (text: string) => {
    const letter = { ...world.letter, text };
    world.relay.clock.nowMs += 1;
    return world.aliceWrites(letter, await world.user());
  };
  const answers = async () =>
    (await world.onTheWay()).map(({ from, content }) => ({ from, ...content }));

  it("ends at once what waits, and its sender learns of each by the bridge's own name", async () => {
    const hashes = [await waits("one"), await waits("two")];
    const receipt = { type: "READ_OPENED", reference: hashes[0]! } as const;
    await world.aliceWrites(receipt, await world.user());
    await world.events().left(MAILER);
    const said = await answers();
    const text =
      "Not delivered to bob@mail.test: This person left the bridge and wants nothing more from here.";
    expect(said.map(({ from }) => from)).to.deep.equal([ITS_NAME, ITS_NAME]);
    expect(said.map((one) => "reference" in one && one.reference).sort()).to.deep.equal(
      hashes.sort(),
    );
    for (const one of said) expect(one).to.include({ type: "REPLY", text });
    // whoever gets it finds the bridge in ENS, and the person no more
    expect(world.relay.names.persons.has(ITS_NAME)).to.equal(true);
    expect(world.relay.names.persons.has(MAILER_NAME)).to.equal(false);
  });

  it("leaves nothing of the person, in the relay node either", async () => {
    await waits("one");
    await world.events().received({
      ...{ from: MAILER, to: ALICE, digest: "cd".repeat(32) },
      bytes: Buffer.from("Message-ID: <x@mail.test>\r\n\r\n"),
    });
    const { account, message } = world.relay.database.tables;
    const { wallet } = await world.user();
    await world.events().left(MAILER);
    for (const [table, column] of [
      [account, "address"],
      [message, "account"],
    ] as const) {
      const { rows } = await world.pool.query(`select 1 from ${table} where ${column} = $1`, [
        wallet,
      ]);
      expect(rows, table).to.deep.equal([]);
    }
    for (const table of [
      world.ownTables.virtualUser,
      world.ownTables.sent,
      world.ownTables.received,
    ]) {
      const { rows } = await world.pool.query(
        `select 1 from ${table} where native = 'bob@mail.test'`,
      );
      expect(rows, table).to.deep.equal([]);
    }
  });

  it("leaves a long message readable for those whom it was sent to, until its time ends", async () => {
    const bytes = new Uint8Array(300_000).fill(7);
    await world.events().received({ from: MAILER, to: ALICE, digest: "ef".repeat(32), bytes });
    const [message] = await world.onTheWay();
    const { content } = message!;
    const native = nativeMessageOf("attachments" in content ? content.attachments : []);
    if (native?.is !== "kept") throw new Error("It is not kept.");
    await world.events().left(MAILER);
    const [piece] = native.pieces;
    const sealed = await world.relay.database.blobs.contentOf(piece!.sha256, 0);
    expect(sealed, "the sealed piece").not.to.equal(null);
    const opened = await openBlob(nodeEngine, piece!, sealed!);
    expect(Buffer.from(opened).equals(bytes)).to.equal(true);
    // and what it takes is still counted until then
    const { blobUse } = world.relay.database.tables;
    const use = `select sum(blobs)::integer as blobs from ${blobUse}`;
    const counted = async () => (await world.pool.query<{ blobs: number }>(use)).rows[0]!.blobs;
    expect(await counted()).to.equal(1);
    const later = world.relay.clock.nowMs + 365 * 86_400_000;
    expect(await world.relay.database.blobs.expire(later, 10)).to.equal(1);
    expect(await counted()).to.equal(0);
  });

  it("takes nothing more for the person, so that a sender knows at once", async () => {
    const user = await world.user();
    await waits("one");
    const person = world.relay.names.persons.get(MAILER_NAME)!;
    await world.events().left(MAILER);
    // as somebody sees it who read the name before
    world.relay.names.persons.set(MAILER_NAME, person);
    await expectRejection(world.aliceWrites(world.letter, user), "NO_ACCOUNT", /no account/);
  });

  it("goes on where it was broken off, and tells nobody twice", async () => {
    const hashes = [await waits("one"), await waits("two")];
    const { persons } = world.relay.names;
    persons.delete = () => {
      throw new SignpostError("UNREACHABLE", "The registry is away.");
    };
    await expectRejection(world.events().left(MAILER), "UNREACHABLE", /registry/);
    expect(persons.has(MAILER_NAME)).to.equal(true);
    persons.delete = (name) => Map.prototype.delete.call(persons, name);
    await world.events().left(MAILER);
    const said = await answers();
    expect(said.map((one) => "reference" in one && one.reference).sort()).to.deep.equal(
      hashes.sort(),
    );
    expect(persons.has(MAILER_NAME)).to.equal(false);
  });

  it("is kept up by no limit that others filled, which the operator learns", async () => {
    await waits("one");
    await waits("two");
    // the second answer is one too many
    world.counter.take("answer submitted by mailer-daemon@dm3.test", 600, 60, 599);
    await world.events().left(MAILER);
    expect(await answers()).to.have.length(1);
    expect(world.relay.names.persons.has(MAILER_NAME)).to.equal(false);
    const codes = world.failures.map((error) => (error as SignpostError).code);
    expect(codes).to.deep.equal(["LIMIT_EXCEEDED"]);
  });

  it("is kept up by no sender whose name does not resolve, which the operator learns", async () => {
    await waits("one");
    world.profiles.answer = false;
    world.relay.names.answers = false;
    // what was known of the sender is too old by then
    world.relay.clock.nowMs += 61_000;
    await world.events().left(MAILER);
    expect(world.relay.names.persons.has(MAILER_NAME)).to.equal(false);
    const codes = world.failures.map((error) => (error as SignpostError).code);
    expect(codes).to.include("UNREACHABLE");
  });
});
