import { expect } from "chai";
import type { Listener } from "../../src/relay/listeners.js";
import { type Live, live } from "../../src/relay/live.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { BOB, openRelayWorld, type RelayWorld } from "./relayWorld.js";

interface TestListener extends Listener {
  readonly received: unknown[];
  /** How many it takes before it is full. */
  room: number;
  ended: boolean;
}

describe("relay: live delivery", () => {
  let world: RelayWorld;
  let delivery: Live;
  const failures: unknown[] = [];
  beforeEach(async () => {
    world = await openRelayWorld();
    const { directory, database } = world;
    const { accounts } = database;
    delivery = live({
      ...{ directory, accounts, mailboxes: database.mailboxes() },
      reportFailure: (error) => failures.push(error),
    });
  });
  afterEach(async () => {
    expect(failures).to.deep.equal([]);
    await world.close();
  });

  const { publicSigningKey: signingKey } = people.bob.profile;
  function listener(proof: "challenge" | "sign-up" = "challenge", room = Infinity): TestListener {
    const one: TestListener = {
      session: { address: BOB, signingKey, proof },
      ...{ network: null, received: [], room, ended: false },
      isReady: () => one.received.length < one.room,
      push: (envelope) => one.received.push(envelope),
      end: () => (one.ended = true),
    };
    return one;
  }
  const write = async (count: number) => {
    for (let index = 0; index < count; index++) {
      await world.submit(await world.write({ text: `${index}` }));
    }
  };

  it("hands a listener no more than it takes, and the rest in order, without a gap", async () => {
    await write(7);
    const [slow, quick] = [listener("challenge", 3), listener()];
    await delivery.join(slow, 0);
    await delivery.join(quick, 0);
    expect([slow.received.length, quick.received.length]).to.deep.equal([3, 7]);
    slow.room = 5;
    delivery.kick(BOB);
    await write(1);
    await delivery.poll();
    slow.room = Infinity;
    for (let times = 0; times < 100 && slow.received.length < 8; times++) await delivery.poll();
    delivery.kick(BOB);
    expect(slow.received).to.deep.equal(quick.received);
  });

  it("keeps none that left while the store was asked", async () => {
    const gone = listener();
    const joining = delivery.join(gone, null);
    delivery.leave(gone);
    await joining;
    expect(delivery.count()).to.equal(0);
  });

  it("reads nothing for one that left while its token was looked at", async () => {
    const gone = listener();
    await delivery.join(gone, 0);
    await write(1);
    delivery.kick(BOB);
    // its account is being looked up
    delivery.leave(gone);
    const stays = listener();
    await delivery.join(stays, 0);
    for (let times = 0; times < 20; times++) await delivery.poll();
    expect([gone.received, stays.received].map(({ length }) => length)).to.deep.equal([0, 1]);
  });

  it("ends one of too many: strangers', by tokens of a sign-up, before the owner's", async () => {
    const owners = listener();
    await delivery.join(owners, 0);
    const strangers = Array.from({ length: 40 }, () => listener("sign-up"));
    for (const one of strangers) await delivery.join(one, 0);
    expect(owners.ended).to.equal(false);
    expect(strangers.filter(({ ended }) => ended)).to.have.length(9);
    const more = Array.from({ length: 40 }, () => listener());
    for (const one of more) await delivery.join(one, 0);
    expect(strangers.every(({ ended }) => ended)).to.equal(true);
    expect(owners.ended).to.equal(true);
    expect(delivery.count()).to.equal(32);
  });

  it("is not ended for an account by a cursor above all numbers", async () => {
    const stranger = listener();
    await delivery.join(stranger, Number.MAX_SAFE_INTEGER);
    delivery.leave(stranger);
    const mailboxes = world.database.mailboxes();
    // it is noted beside everything else
    for (let times = 0; times < 20; times++) await mailboxes.pushedUpTo(BOB);
    await write(1);
    const owner = listener();
    await delivery.join(owner, null);
    expect(owner.received).to.have.length(1);
  });
});
