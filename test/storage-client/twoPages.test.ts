/** Two pages of one app over one store: what one of them wrote, the other one does not write again later. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { eventually } from "./eventually.js";
import { createStorageWorld, type Device, device } from "./storageWorld.js";

describe("two pages with one storage", function () {
  this.timeout(60_000);
  let world: NodeWorld;
  const pages: Device[] = [];
  const isAway = [true, true];
  const store = memoryKeyValue();

  async function opened(which: 0 | 1): Promise<Device> {
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const fetcher: Fetcher = (request) => {
      const isStorage = request.url.includes("/storage/");
      if (isStorage && isAway[which]) throw new SignpostError("UNREACHABLE", "It is away.", {});
      return guarded(request);
    };
    const page = await device(world, "alice", undefined, { fetcher, store });
    pages.push(page);
    return page;
  }

  before(async () => {
    world = await createStorageWorld();
  });
  after(async () => {
    for (const page of pages) await page.leave();
    await world.close();
  });

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
});
