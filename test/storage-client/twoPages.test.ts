/** Two pages of one app over one store: what one of them wrote, the other one does not write again later. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { submitted } from "../messenger/messengerWorld.js";
import { eventually } from "./eventually.js";
import { allOf, createStorageWorld, type Device, device, textsIn } from "./storageWorld.js";

describe("two pages with one storage", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  const pages: Device[] = [];
  const isAway = [true, true];
  let store = memoryKeyValue();

  async function opened(which: 0 | 1, person: "alice" | "bob" = "alice"): Promise<Device> {
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const fetcher: Fetcher = (request) => {
      const isStorage = request.url.includes("/storage/");
      if (isStorage && isAway[which]) throw new SignpostError("UNREACHABLE", "It is away.", {});
      return guarded(request);
    };
    const page = await device(world, person, undefined, { fetcher, store, receipts: false });
    pages.push(page);
    return page;
  }

  before(async () => {
    world = await createStorageWorld(["messageHash", "messageHash"]);
  });
  beforeEach(() => {
    isAway.fill(true);
    store = memoryKeyValue();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.leave();
  });
  after(() => world.close());

  it("do not undo what the other one wrote since", async () => {
    const first = await opened(0);
    await first.storage.setHidden("bob.eth", true);
    // it reads what waits
    const second = await opened(1);
    await eventually(() => {
      expect(second.problems).not.to.deep.equal([]);
    });
    isAway[0] = false;
    await first.storage.settled();
    await first.storage.setHidden("bob.eth", false);
    await first.storage.settled();
    isAway[1] = false;
    await second.storage.settled();
    const shown = await second.conversations();
    expect(shown.map(({ name }) => name)).to.deep.equal(["bob.eth"]);
  });

  it("leave a message at the relay nodes as long as either keeps it for the storage", async () => {
    const [first, second] = [await opened(0, "bob"), await opened(1, "bob")];
    // nothing waits yet, as both have read
    for (const page of [first, second]) await page.storage.settled();
    await submitted(world, ["not stored yet"]);
    await first.acknowledge(await first.next());
    const kept = () => world.nodes.flatMap((node) => node.kept(people.bob.address));
    expect(await allOf(second.messages({ follow: false }))).to.deep.equal([]);
    expect(kept()).to.have.length(1);

    // and the one that is open yet carries what the other one left
    await first.leave();
    isAway[1] = false;
    second.wake();
    await second.storage.settled();
    expect(textsIn(await second.history("alice.eth"))).to.deep.equal(["not stored yet"]);
    expect(await allOf(second.messages({ follow: false }))).to.deep.equal([]);
    expect(kept()).to.deep.equal([]);
  });

  it("carry what one left that was closed, when they wake", async () => {
    const [first, second] = [await opened(0), await opened(1)];
    for (const page of [first, second]) await page.storage.settled();
    await first.storage.addConversation("other.test");
    await first.leave();
    isAway[1] = false;
    second.wake();
    await eventually(async () => {
      const shown = await second.conversations();
      expect(shown.map(({ name }) => name)).to.include("other.test");
    });
  });
});
