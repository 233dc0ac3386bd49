/** Writers and readers of one capability, who notice every value that is lost, old or cannot be read. */
import { expect } from "chai";
import type { Keeper } from "./sealingWorld.js";

export interface Traffic {
  /** How much was done so far. */
  readonly counts: { writes: number; reads: number };
  /** Stops, and passes on the first failure of any of them; then reads every account once more. */
  end(): Promise<void>;
}

const ACCOUNTS = 60;

/**
 * Each writer has accounts of its own, from `firstId` on, and writes ever higher numbers into them; readers find a
 * number that is not lower than what was written before they asked, nor higher than what was begun since.
 */
export async function startTraffic(
  newKeeper: () => Promise<Keeper>,
  { writers, readers, firstId }: { writers: number; readers: number; firstId: number },
): Promise<Traffic> {
  const counts = { writes: 0, reads: 0 };
  const begun = new Map<number, number>();
  const written = new Map<number, number>();
  let ended = false;
  const isEnded = () => ended;

  async function write(keeper: Keeper, id: number): Promise<void> {
    const next = (begun.get(id) ?? 0) + 1;
    begun.set(id, next);
    await keeper.write(BigInt(id), String(next));
    written.set(id, next);
    counts.writes++;
  }
  async function read(keeper: Keeper, id: number): Promise<void> {
    const least = written.get(id) ?? 0;
    const found = Number(await keeper.read(BigInt(id)));
    expect(found, `account ${id}`).to.be.within(least, begun.get(id) ?? 0);
    counts.reads++;
  }
  const idOf = (writer: number, count: number) => firstId + writer * ACCOUNTS + (count % ACCOUNTS);

  async function work(step: (count: number, keeper: Keeper) => Promise<void>): Promise<void> {
    let keeper = await newKeeper();
    for (let count = 0; !isEnded(); count++) {
      await step(count, keeper);
      // a process that begins anew knows no data key
      if (count % 50 === 49) keeper = await newKeeper();
    }
  }

  const first = await newKeeper();
  for (let writer = 0; writer < writers; writer++) {
    for (let count = 0; count < ACCOUNTS; count++) await write(first, idOf(writer, count));
  }
  const working = [
    ...Array.from({ length: writers }, (_, writer) =>
      work((count, keeper) => write(keeper, idOf(writer, count))),
    ),
    ...Array.from({ length: readers }, (_, reader) =>
      work((count, keeper) => read(keeper, idOf(reader % writers, count * 7))),
    ),
  ];
  const all = Promise.all(working).finally(() => (ended = true));
  all.catch(() => undefined);
  return {
    counts,
    end: async () => {
      ended = true;
      await all;
      const last = await newKeeper();
      for (const id of written.keys()) await read(last, id);
    },
  };
}
