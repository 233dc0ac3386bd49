/**
 * Two devices of one user over our storage and its Postgres: whatever they write, read, hide, delete, and whenever the storage is away for one of
 * them or its answers are lost, in the end both show the same, and nothing is lost or doubled. The seed is printed with a failure.
 */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { eventually } from "./eventually.js";
import { type ServedStorage, serveStorage } from "./servedStorage.js";
import { allOf, createStorageWorld, type Device, device } from "./storageWorld.js";

const SEED = Number(process.env["CONVERGE_SEED"] ?? "20261130");
const RUNS = Number(process.env["CONVERGE_RUNS"] ?? "6");
/** How long the storage takes. */
const STORAGE_MS = 50;
/** Until a device tries again by itself, at most. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** How the way to the storage is, for one device. */
type Way = "open" | "closed" | "answers lost";

const who = fc.constantFrom<0 | 1>(0, 1);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("get a message" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("take" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read" as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("hide" as const), who, isHidden: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant("way" as const), who },
      way: fc.constantFrom<Way>("open", "closed", "answers lost"),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

describe("two devices of one user, with outages of the storage", function () {
  this.timeout(1_800_000);

  it(`converge (seed ${SEED})`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), converge), {
      seed: SEED,
      numRuns: RUNS,
      endOnFailure: true,
    });
  });
});

async function converge(steps: readonly Step[]): Promise<void> {
  const world = await createStorageWorld();
  const storage = await serveStorage(world.ens.ensRegistry);
  const scene = new Scene(world, storage);
  try {
    await scene.open();
    for (const one of steps) await scene.go(one);
    await scene.settle();
    await scene.assertSame();
    expect(storage.failures).to.deep.equal([]);
  } finally {
    await scene.close();
    await storage.close();
    await world.close();
  }
}

class Scene {
  readonly #ways: Way[] = ["open", "open"];
  readonly #devices: Device[] = [];
  #bob!: Device;
  /** Texts, each said once. */
  readonly #written: string[] = [];
  readonly #arrived: string[] = [];
  readonly #deleted = new Set<string>();
  readonly #read = new Set<string>();
  readonly #hiders = new Set<number>();
  #isHidden = false;

  constructor(
    private readonly world: NodeWorld,
    private readonly storage: ServedStorage,
  ) {}

  async open(): Promise<void> {
    for (const each of [0, 1]) this.#devices[each] = await this.#deviceOf(each);
    this.#bob = await device(this.world, "bob", this.storage.url, { receipts: false });
  }

  #deviceOf(which: number, store?: Device["store"]): Promise<Device> {
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const fetcher: Fetcher = async (request) => {
      const isStorage = request.url.startsWith(this.storage.url);
      const way = isStorage ? this.#ways[which] : "open";
      if (way === "closed") throw away();
      // the next steps come while it is asked
      if (isStorage) await delay(STORAGE_MS);
      const answer = await guarded(request);
      if (way === "answers lost") throw away();
      return answer;
    };
    return device(this.world, "alice", this.storage.url, {
      ...{ fetcher, receipts: false },
      ...(store !== undefined && { store }),
    });
  }

  async go(one: Step): Promise<void> {
    const own = this.#devices[one.who]!;
    switch (one.do) {
      case "write": {
        const text = `written ${this.#written.length}`;
        this.#written.push(text);
        const { id } = await own.send("bob.eth", text);
        await own.settled(id);
        return;
      }
      case "get a message": {
        const text = `arrived ${this.#arrived.length}`;
        this.#arrived.push(text);
        const { id } = await this.#bob.send("alice.eth", text);
        await this.#bob.settled(id);
        return;
      }
      case "take":
        return take(own);
      case "read": {
        if (this.#ways[one.who] !== "open") return;
        const [newest] = await own.history("bob.eth");
        if (newest === undefined || newest.isOwn) return;
        await own.storage.markRead([newest]);
        this.#read.add(newest.messageHash);
        return;
      }
      case "hide":
        this.#hiders.add(one.who);
        this.#isHidden = one.isHidden;
        return own.storage.setHidden("bob.eth", one.isHidden);
      case "delete": {
        if (this.#ways[one.who] !== "open") return;
        const [newest] = await own.history("bob.eth");
        if (newest === undefined || newest.content.type !== "NEW") return;
        await own.storage.deleteMessages([newest]);
        this.#deleted.add(newest.content.text);
        return;
      }
      case "restart":
        await own.leave();
        this.#devices[one.who] = await this.#deviceOf(one.who, own.store);
        return;
      case "way":
        this.#ways[one.who] = one.way;
    }
  }

  /** The storage is there for both again, and each takes what is left at the relay nodes. */
  async settle(): Promise<void> {
    this.#ways.fill("open");
    // by itself: nobody wakes it
    const settled = (own: Device) => own.storage.settled(AbortSignal.timeout(LONGEST_PAUSE_MS));
    await Promise.all(this.#devices.map(settled));
    await eventually(async () => {
      for (const own of this.#devices) {
        await take(own);
        await settled(own);
      }
      const left = this.world.nodes.flatMap((node) => node.kept(ALICE));
      expect(left, "left at the relay nodes").to.deep.equal([]);
    });
  }

  async assertSame(): Promise<void> {
    const [one, other] = await Promise.all(this.#devices.map((own) => own.history("bob.eth")));
    expect(one).to.deep.equal(other);
    const texts = one!.map(({ content }) => (content.type === "NEW" ? content.text : content.type));
    const all = [...this.#written, ...this.#arrived];
    expect(texts).to.have.members(all.filter((text) => !this.#deleted.has(text)));
    for (const { messageHash, isRead, isOwn, signature, content } of one!) {
      expect(signature, JSON.stringify(content)).to.equal("passed");
      if (this.#read.has(messageHash)) expect(isRead && !isOwn).to.equal(true);
    }
    const shown = await Promise.all(this.#devices.map((own) => allOf(own.storage.conversations())));
    expect(shown[0]).to.deep.equal(shown[1]);
    const isShown = shown[0]!.length > 0;
    const wasWritten = this.#written.length + this.#arrived.length > 0;
    // of two devices whichever came last
    if (this.#hiders.size === 1) expect(isShown).to.equal(!this.#isHidden);
    if (this.#hiders.size === 0) expect(isShown).to.equal(wasWritten);
  }

  async close(): Promise<void> {
    for (const own of [...this.#devices, this.#bob]) await own.leave();
  }
}

const ALICE = people.alice.address;

async function take(own: Device): Promise<void> {
  for await (const message of own.messages({ follow: false })) await own.acknowledge(message);
}

function away(): SignpostError {
  return new SignpostError("UNREACHABLE", "The storage is away.", { reason: "it is away" });
}
