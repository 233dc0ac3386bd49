/**
 * An outbox on the sender's own device, over any key-value store. What is over lies apart, so that looking for work does not
 * read it. Two pages over one store may both send a message, since their leases race: relay nodes and receivers know copies.
 */
import type { MessageState } from "../dm3/message/messageState.js";
import type { KeyValue } from "./keyValue.js";
import { type Lease, type Outbox, written } from "./outbox.js";
import { type OutgoingMessage, raised, type WhyNot } from "./outgoingMessage.js";

interface Entry {
  readonly message: OutgoingMessage;
  readonly fence: number;
  /** Unix time in milliseconds. */
  readonly leasedUntilMs: number;
}

const OPEN = "outbox/open/";
const OVER = "outbox/over/";

const isOver = ({ dueMs }: OutgoingMessage) => dueMs === null;
const placeOf = (message: OutgoingMessage) => (isOver(message) ? OVER : OPEN) + message.id;

export interface KeyValueOutbox extends Outbox {
  /** Oldest first. */
  list(): Promise<readonly OutgoingMessage[]>;
  /** @param why kept where the state is raised */
  raise(id: string, state: MessageState, why?: WhyNot): Promise<OutgoingMessage | null>;
  /** What waits to be tried again is due now: the way out is open again. What is held goes on waiting. */
  hasten(nowMs: number): Promise<void>;
}

export function keyValueOutbox(values: KeyValue): KeyValueOutbox {
  const oneByOne = queue();
  const entries = async (prefix: string) =>
    (await values.entries(prefix)).map(([, value]) => value as Entry);
  const find = async (id: string) =>
    ((await values.get(OPEN + id)) ?? (await values.get(OVER + id))) as Entry | null;

  async function put(entry: Entry): Promise<void> {
    await values.set(placeOf(entry.message), entry);
    if (isOver(entry.message)) await values.delete(OPEN + entry.message.id);
  }

  return {
    isSendersOwn: true,
    add: (message) =>
      oneByOne(async () => {
        if ((await find(message.id)) !== null) return false;
        await put({ message, fence: 0, leasedUntilMs: 0 });
        return true;
      }),
    lease: ({ nowMs, leaseMs }, most) =>
      oneByOne(async () => {
        const due = (await entries(OPEN))
          .filter(({ message, leasedUntilMs }) => leasedUntilMs <= nowMs && isDue(message, nowMs))
          .sort((one, other) => one.message.createdMs - other.message.createdMs)
          .slice(0, most);
        const leases: Lease[] = [];
        for (const { message, fence } of due) {
          await put({ message, fence: fence + 1, leasedUntilMs: nowMs + leaseMs });
          leases.push({ message, fence: fence + 1 });
        }
        return leases;
      }),
    write: ({ fence }, message, goesOn) =>
      oneByOne(async () => {
        const before = await find(message.id);
        if (before?.fence !== fence) return null;
        const leasedUntilMs = goesOn === null ? 0 : goesOn.nowMs + goesOn.leaseMs;
        const kept = written(before.message, message);
        await put({ message: kept, fence, leasedUntilMs });
        return kept;
      }),
    prolong: ({ fence, message: { id } }, { nowMs, leaseMs }) =>
      oneByOne(async () => {
        const before = await find(id);
        if (before?.fence !== fence) return false;
        await put({ ...before, leasedUntilMs: nowMs + leaseMs });
        return true;
      }),
    raise: (id, state, why) =>
      oneByOne(async () => {
        const before = await find(id);
        if (before === null) return null;
        const message = raised(before.message, state, why);
        if (message !== before.message) await put({ ...before, message });
        return message;
      }),
    hasten: (nowMs) =>
      oneByOne(async () => {
        for (const entry of await entries(OPEN)) {
          const { message } = entry;
          if (message.mark === "held" || isDue(message, nowMs)) continue;
          await put({ ...entry, message: { ...message, dueMs: nowMs } });
        }
      }),
    nextDueMs: async () => {
      const times = (await entries(OPEN)).map(({ message, leasedUntilMs }) =>
        Math.max(message.dueMs ?? Infinity, leasedUntilMs),
      );
      const next = Math.min(...times);
      return next === Infinity ? null : next;
    },
    get: async (id) => (await find(id))?.message ?? null,
    withHash: async (messageHash) => (await all()).filter((one) => one.messageHash === messageHash),
    list: () => all(),
    remove: (id) =>
      oneByOne(async () => {
        if ((await find(id)) === null) return false;
        await values.delete(OPEN + id);
        await values.delete(OVER + id);
        return true;
      }),
    forget: (beforeMs) =>
      oneByOne(async () => {
        for (const { message } of await entries(OVER)) {
          if (message.createdMs < beforeMs) await values.delete(OVER + message.id);
        }
      }),
  };

  async function all(): Promise<readonly OutgoingMessage[]> {
    const kept = [...(await entries(OPEN)), ...(await entries(OVER))];
    return kept.map(({ message }) => message).sort((one, other) => one.createdMs - other.createdMs);
  }
}

const isDue = ({ dueMs }: OutgoingMessage, nowMs: number) => dueMs !== null && dueMs <= nowMs;

/** Steps of which each reads and then writes, one after the other. */
function queue(): <T>(step: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const next = last.then(step);
    last = next.catch(() => undefined);
    return next;
  };
}
