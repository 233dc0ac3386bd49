/** DM3 users write to the bridge itself, and ask who somebody with mail is in DM3. */
import { expect } from "chai";
import type { NormalName } from "../../../src/ens/normalize.js";
import { SignpostError } from "../../../src/errors.js";
import type { VirtualUser } from "../../../src/messaging/bridge/custody.js";
import { ALICE, type BridgeWorld, ITS_NAME, ITSELF, openBridgeWorld } from "./bridgeWorld.js";

describe("messaging: a bridge that is asked", () => {
  let world: BridgeWorld;
  let bridge: VirtualUser;
  const asked: string[] = [];
  const askers: NormalName[] = [];
  beforeEach(async () => {
    world = await openBridgeWorld();
    bridge = await world.newCustody().userFor(ITSELF, world.gateway.events, { is: "proven" });
    asked.length = 0;
    askers.length = 0;
    world.network.introduce = (address, by) => {
      asked.push(address);
      askers.push(by);
      return Promise.resolve({ address, name: "dora.mail.test.bridge.eth" as NormalName });
    };
  });
  afterEach(() => world.close());

  const asks = (text: string) => world.aliceWrites({ type: "NEW", text }, bridge);
  const answers = async () =>
    (await world.onTheWay()).map(({ from, content }) => ({ from, ...content }));

  async function later(): Promise<void> {
    world.relay.clock.nowMs += 1_800_000;
    await world.gateway.poll();
    await world.gateway.idle();
  }

  it("has a name directly below its domain", () => {
    expect(bridge.name).to.equal(ITS_NAME);
  });

  it("answers with the name of a person, which it gives for that", async () => {
    const reference = await asks(" dora@mail.test\n");
    expect(asked).to.deep.equal(["dora@mail.test"]);
    const [answer] = await answers();
    expect(answer).to.include({ type: "REPLY", from: ITS_NAME, reference });
    expect(answer).to.have.property("text").that.includes("is dora.mail.test.bridge.eth in DM3");
    expect(await world.stateOf(1)).to.deep.equal({ state: "injected", envelope: null });
    expect(world.network.sent, "nothing goes into the network").to.deep.equal([]);
  });

  it("says what is wrong with what it was asked", async () => {
    const sentence = "hello has no @.";
    world.network.introduce = () =>
      Promise.reject(new SignpostError("INVALID_REQUEST", sentence, { field: "address" }));
    await asks("hello");
    const [answer] = await answers();
    expect(answer)
      .to.have.property("text")
      .that.includes(sentence)
      .and.includes("one mail address");
  });

  it("answers later where the registry is away", async () => {
    const { introduce } = world.network;
    world.network.introduce = () => Promise.reject(new SignpostError("UNREACHABLE", "Away."));
    await asks("dora@mail.test");
    expect(await answers()).to.deep.equal([]);
    expect(await world.stateOf(1)).to.include({ state: "accepted" });
    world.network.introduce = introduce;
    world.relay.clock.nowMs += 30_000;
    await world.gateway.poll();
    await world.gateway.idle();
    expect(await answers()).to.have.length(1);
  });

  it("answers no answer, so that two bridges come to an end", async () => {
    const reference = await asks("dora@mail.test");
    await world.aliceWrites({ type: "REPLY", text: "dora@mail.test", reference }, bridge);
    expect(await answers()).to.have.length(1);
    expect(await world.stateOf(2)).to.include({ state: "injected" });
  });

  it("goes on with others' questions where the gateway of one name is away, whose own is answered later", async () => {
    const other = world.long.name;
    world.profiles.silent.add(other);
    await world.aliceWrites({ type: "NEW", text: "a@mail.test" }, bridge, other);
    await asks("b@mail.test");
    expect((await answers()).map(({ from }) => from)).to.deep.equal([ITS_NAME]);
    expect(asked).to.deep.equal(["a@mail.test", "b@mail.test"]);
    world.profiles.silent.clear();
    await later();
    expect(await world.outbox.list()).to.have.length(2);
    expect(asked, "known already").to.deep.equal(["a@mail.test", "b@mail.test"]);
  });

  it("counts a question once, however often it is tried", async () => {
    world.profiles.answer = false;
    await asks("a@mail.test");
    for (let count = 0; count < 3; count++) await later();
    expect(asked).to.deep.equal(["a@mail.test"]);
    world.profiles.answer = true;
    await later();
    expect(await answers()).to.have.length(1);
    expect(world.counter.take("introductions asked by alice.eth", 20, 24 * 3_600, 19)).to.equal(
      null,
    );
  });

  it("answers later where too many answers wait, and tries each for an hour at most", async () => {
    await world.pool.query(
      `insert into ${world.tables.submission} (native, hash, receiver, bytes, is_answer)
       select 'mailer-daemon@dm3.test', sha256(n::text::bytea), n || '.alice.eth', 1, true from generate_series(1, 200) n`,
    );
    await asks("a@mail.test");
    expect(await answers()).to.deep.equal([]);
    expect(await world.stateOf(1)).to.include({ state: "accepted" });
    await world.pool.query(`truncate ${world.tables.submission}`);
    await later();
    expect(await answers()).to.have.length(1);
    const [{ createdMs, deadlineMs } = { createdMs: 0, deadlineMs: 0 }] = await world.outbox.list();
    expect(deadlineMs - createdMs).to.equal(3_600_000);
  });

  it("answers so many questions of one domain a minute, and the others later", async () => {
    world.counter.take("questions answered to *.alice.eth", 60, 60, 59);
    for (const each of ["a", "b"]) await asks(`${each}@mail.test`);
    expect(await answers()).to.have.length(1);
    await later();
    expect(await answers()).to.have.length(2);
    expect(asked).to.deep.equal(["a@mail.test", "b@mail.test"]);
  });

  it("counts all names below one ENS domain as one that asks", async () => {
    world.counter.take("introductions asked by *.alice.eth", 1_000, 24 * 3_600, 999);
    await asks("a@mail.test");
    world.relay.clock.nowMs += 1;
    await world.aliceWrites({ type: "NEW", text: "b@mail.test" }, bridge, world.long.name);
    expect(asked).to.deep.equal(["a@mail.test"]);
    const texts = (await answers()).map((one) => ("text" in one ? one.text : ""));
    expect(texts.join()).to.include("All of *.alice.eth together asked for 1000 people today");
    expect(askers, "who is counted for it").to.deep.equal([ALICE]);
  });

  it("answers so many questions of one user a day, and says once that it was too many", async () => {
    world.counter.take("introductions asked by alice.eth", 20, 24 * 3_600, 19);
    for (const each of ["a", "b", "c"]) {
      world.relay.clock.nowMs += 1;
      await asks(`${each}@mail.test`);
    }
    expect(asked).to.deep.equal(["a@mail.test"]);
    const texts = (await answers()).map((one) => ("text" in one ? one.text : ""));
    expect(texts).to.have.length(2);
    expect(texts.join()).to.include("Ask again tomorrow");
  });
});
