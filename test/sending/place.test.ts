/** Messages that enter the outbox while somebody works it off: with a place, nobody looks for them there. */
import { expect } from "chai";
import { sleep } from "../../src/connecting/sleep.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { keyValueOutbox } from "../../src/sending/keyValueOutbox.js";
import type { Lease } from "../../src/sending/outbox.js";
import { type OutgoingMessage, raised } from "../../src/sending/outgoingMessage.js";
import { PATIENCE } from "../../src/sending/patience.js";
import { type Sender, workOff } from "../../src/sending/sender.js";
import type { Place } from "../../src/sending/work.js";
import type { Turns } from "../../src/sending/workParts.js";
import { sample } from "./outboxContract.js";

describe("sending: places", () => {
  const inner = keyValueOutbox(memoryKeyValue());
  let looks: number;
  let mayFail: boolean;
  let failures: unknown[];
  let done: string[];
  let release: () => void;
  let held: Promise<void>;
  let sender: Sender;

  const outbox = {
    ...inner,
    lease: (...asked: Parameters<typeof inner.lease>) => {
      looks++;
      if (mayFail) return Promise.reject(new Error("The outbox is away."));
      return inner.lease(...asked);
    },
  };

  function start(atOnce: number, turns?: Turns): void {
    sender = workOff(
      {
        ...{ outbox, sleep, nowMs: Date.now, chance: Math.random, patience: PATIENCE, turns },
        ...{ pace: { atOnce }, reportFailure: (error: unknown) => failures.push(error) },
      },
      async (message: OutgoingMessage) => {
        await held;
        done.push(message.id);
        return raised(message, "accepted");
      },
    );
  }

  beforeEach(() => {
    [looks, done, failures, mayFail] = [0, [], [], false];
    held = new Promise((resolve) => (release = resolve));
  });
  afterEach(async () => {
    release();
    await sender.stop();
    if (!mayFail) expect(failures).to.deep.equal([]);
  });

  /** As stores of gateways do it in one statement. */
  async function entered(id: string): Promise<Lease> {
    await inner.add(sample(id));
    const [lease] = await inner.lease({ nowMs: Date.now(), leaseMs: 5_000 }, 1);
    return lease!;
  }

  async function placeNow(): Promise<Place> {
    for (;;) {
      const place = sender.place();
      if (place !== null) return place;
      await sleep(5, new AbortController().signal);
    }
  }

  const until = async (holds: () => boolean) => {
    for (let turn = 0; turn < 400 && !holds(); turn++) await sleep(5, new AbortController().signal);
    expect(holds()).to.equal(true);
  };

  it("are not given before the first look into the outbox", async () => {
    start(4);
    expect(sender.place()).to.equal(null);
    (await placeNow()).giveBack();
  });

  it("bring a message on its way without a look", async () => {
    start(4);
    const place = await placeNow();
    const before = looks;
    place.begin(await entered("first"));
    release();
    await until(() => done.length === 1);
    const next = await placeNow();
    expect([looks, done]).to.deep.equal([before, ["first"]]);
    next.giveBack();
    expect(await inner.get("first")).to.include({ state: "accepted" });
  });

  it("end where all are taken, and then what waits in the outbox goes first", async () => {
    start(2);
    const place = await placeNow();
    place.begin(await entered("a"));
    sender.place()!.begin(await entered("b"));
    expect(sender.place()).to.equal(null);
    await inner.add(sample("c"));
    sender.wake();
    await until(() => looks > 0);
    release();
    await until(() => done.includes("c"));
  });

  it("that are given back leave the message to whoever looks", async () => {
    start(2);
    const place = await placeNow();
    await inner.add(sample("d"));
    release();
    place.giveBack();
    await until(() => done.includes("d"));
  });

  it("are not given as long as it could not be seen what waits", async () => {
    start(4);
    const place = await placeNow();
    mayFail = true;
    place.giveBack();
    await until(() => failures.length > 0);
    expect(sender.place()).to.equal(null);
  });

  it("begin nothing once it stops, which awaits what has a place", async () => {
    start(4);
    const place = await placeNow();
    const lease = await entered("f");
    let isStopped = false;
    const stopped = sender.stop().then(() => (isStopped = true));
    await sleep(20, new AbortController().signal);
    expect(isStopped).to.equal(false);
    release();
    place.begin(lease);
    await stopped;
    await sleep(20, new AbortController().signal);
    expect(done).to.deep.equal([]);
    expect(await inner.get("f")).to.include({ state: null });
  });

  it("that are given back while it stops let it end", async () => {
    start(4);
    const place = await placeNow();
    const stopped = sender.stop();
    place.giveBack();
    await stopped;
  });

  it("are not beyond the turns of one sender: the message waits for its own then", async () => {
    const putOff: Lease[] = [];
    start(4, {
      take: (leases) => {
        putOff.push(...leases);
        return Promise.resolve([]);
      },
      done: () => undefined,
    });
    const place = await placeNow();
    place.begin(await entered("e"));
    await until(() => putOff.length === 1);
    expect(done).to.deep.equal([]);
  });
});
