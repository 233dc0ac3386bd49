/**
 * What is scarce, shared among those who ask for it: places, or bytes. Who gets too much of it waits for what is his
 * own, and everybody else finds some free.
 *
 * Two rules do it. A group may take more only while at least as much stays free as it then holds (a dynamic threshold):
 * one that floods us alone gets half of all there is, a second one a quarter, and so on, with some left for the next.
 * And what becomes free goes to the groups in turn, and within a group to its members in turn.
 */
import { SignpostError } from "../../errors.js";
import { holdings } from "../../gateway/holdings.js";

/** On whose account something is done. */
export interface Tenant {
  /** A domain, or all strangers together. */
  readonly group: string;
  /** Within the group: an API key, or the network that a stranger comes from. */
  readonly member: string;
}

export interface ShareOptions {
  /** How much there is to share. */
  readonly capacity: number;
  /** How many may wait for each member; one more is refused at once. */
  readonly mostWaiting: number;
  readonly longestWaitMs: number;
}

export interface Shares {
  /**
   * Runs `work` with `amount` of what is shared, as soon as it is the tenant's turn. Throws LIMIT_EXCEEDED when too many
   * of the tenant's wait already, or this has waited for too long.
   */
  within<T>(tenant: Tenant, amount: number, work: (outside: Outside) => Promise<T>): Promise<T>;
}

/** Gives back what the work has while it waits for something else, and takes its turn again. Throws LIMIT_EXCEEDED. */
export type Outside = <T>(other: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly amount: number;
  readonly start: () => void;
}

/** By group, by member; both in the order in which they have their turn. */
type Queue = Map<string, Map<string, Waiting[]>>;

export function createShares({ capacity, mostWaiting, longestWaitMs }: ShareOptions): Shares {
  const held = holdings(capacity);
  const queue: Queue = new Map();

  const fits = (group: string, amount: number) => held.heldBy(group) + amount <= held.free - amount;

  function startWaiting(): void {
    for (let started = true; started;) {
      started = false;
      for (const [group, members] of queue) {
        const next = firstOf(members);
        if (!next || !fits(group, next.waiting.amount)) continue;
        held.take(group, next.waiting.amount);
        leave(queue, { group, member: next.member }, next.waiting);
        moveToEnd(members, next.member);
        moveToEnd(queue, group);
        next.waiting.start();
        started = true;
        break;
      }
    }
  }

  function turn(tenant: Tenant, amount: number): Promise<void> {
    if (amount === 0 || (!queue.has(tenant.group) && fits(tenant.group, amount))) {
      held.take(tenant.group, amount);
      return Promise.resolve();
    }
    const mine = queue.get(tenant.group)?.get(tenant.member)?.length ?? 0;
    if (mine >= mostWaiting) throw tooMany(longestWaitMs);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        leave(queue, tenant, waiting);
        reject(tooLate(longestWaitMs));
        // it may have stood before one that there is room for
        startWaiting();
      }, longestWaitMs);
      const waiting: Waiting = {
        amount,
        start: () => {
          clearTimeout(late);
          resolve();
        },
      };
      enter(queue, tenant, waiting);
    });
  }

  return {
    async within(tenant, amount, work) {
      let has = false;
      const enterTurn = async () => {
        await turn(tenant, amount);
        has = true;
      };
      const leaveTurn = () => {
        if (!has) return;
        has = false;
        held.giveBack(tenant.group, amount);
        startWaiting();
      };
      try {
        await enterTurn();
        return await work(async (other) => {
          leaveTurn();
          const result = await other();
          await enterTurn();
          return result;
        });
      } finally {
        leaveTurn();
      }
    },
  };
}

function firstOf(members: ReadonlyMap<string, Waiting[]>) {
  for (const [member, [waiting]] of members) if (waiting) return { member, waiting };
  return null;
}

function enter(queue: Queue, { group, member }: Tenant, waiting: Waiting): void {
  const members = queue.get(group) ?? new Map<string, Waiting[]>();
  queue.set(group, members);
  members.set(member, [...(members.get(member) ?? []), waiting]);
}

function leave(queue: Queue, { group, member }: Tenant, waiting: Waiting): void {
  const members = queue.get(group);
  const rest = members?.get(member)?.filter((one) => one !== waiting) ?? [];
  if (rest.length > 0) members?.set(member, rest);
  else members?.delete(member);
  if (members?.size === 0) queue.delete(group);
}

function moveToEnd<Value>(map: Map<string, Value>, key: string): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}

function tooMany(longestWaitMs: number): SignpostError {
  const retryAfterSec = Math.ceil(longestWaitMs / 1000);
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `Too many requests of yours are under way; wait ${retryAfterSec} seconds, and send fewer at a time.`,
    { retryAfterSec },
  );
}

/** Perhaps others have it all: then it is not the sender's fault. */
function tooLate(longestWaitMs: number): SignpostError {
  const retryAfterSec = Math.ceil(longestWaitMs / 1000);
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `This request waited for its turn for ${longestWaitMs / 1000} seconds, and nothing was done. Send it again later; what is shorter, or comes with fewer at a time, has its turn sooner.`,
    { retryAfterSec },
  );
}
