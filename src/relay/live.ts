/**
 * Live delivery. A push is a hint, and the store is the truth: for every account that somebody listens to, what lies behind
 * each listener's position is read from the store in its order, whichever process accepted it. So nothing is skipped, and a
 * listener that comes back goes on where it was.
 */
import { fromHex, toHex } from "../abi/hex.js";
import { openSession, type SessionParts } from "../accounts/session.js";
import { type Address, addressFrom } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import {
  isAskedAgain,
  type Listener,
  type ListenerGroup,
  newGroup,
  oneTooMany,
  proofOf,
} from "./listeners.js";
import type { MailboxStore } from "./store.js";

export interface LiveParts extends Pick<SessionParts, "directory" | "accounts"> {
  readonly mailboxes: Pick<MailboxStore, "waitingInOrder" | "newest" | "pushedUpTo" | "notePushed">;
  readonly reportFailure: (error: unknown) => void;
}

export interface Live {
  /** @param after the number behind which it wants everything; null: behind what live listeners of the account have had */
  join(listener: Listener, after: number | null): Promise<void>;
  leave(listener: Listener): void;
  /** Says that there may be something new. */
  kick(account: Address): void;
  /**
   * The owner signed in from this network: what listens from there with the token of a sign-up is the owner's as well. dm3's
   * client goes on listening by that one when it has a better token.
   */
  prove(account: Address, network: string | null): void;
  /** Finds out what other processes accepted; to be called every second. Never rejects. */
  poll(): Promise<void>;
  readonly count: () => number;
}

const IN_ONE_READ = 50;

export function live(parts: LiveParts): Live {
  const { mailboxes, reportFailure } = parts;
  const groups = new Map<string, ListenerGroup>();
  const gone = new WeakSet<Listener>();

  async function deliver(account: string, group: ListenerGroup): Promise<void> {
    if (group.reading) {
      group.again = true;
      return;
    }
    group.reading = true;
    try {
      while ((await deliverSome(account, group)) || isAskedAgain(group));
    } catch (error) {
      // it is tried again with the next poll
      if (!isSignpostError(error, "UNREACHABLE", "DATABASE_UNAVAILABLE")) reportFailure(error);
    } finally {
      group.reading = false;
    }
  }

  /** Whether there may be more. */
  async function deliverSome(account: string, group: ListenerGroup): Promise<boolean> {
    const ready = await entitled(account, group);
    if (ready.length === 0) return false;
    const after = Math.min(...ready.map((listener) => group.positions.get(listener) ?? Infinity));
    const address = addressFrom(fromHex(account));
    const messages = await mailboxes.waitingInOrder(address, after, IN_ONE_READ);
    const taking = new Set(ready);
    for (const { number, envelope } of messages) {
      const parsed: unknown = JSON.parse(envelope);
      for (const listener of taking) {
        if ((group.positions.get(listener) ?? Infinity) >= number) continue;
        if (listener.isReady()) {
          group.positions.set(listener, number);
          listener.push(parsed);
        } else {
          // nor any later one of this page: what it gets has no gaps
          taking.delete(listener);
        }
      }
    }
    return messages.length === IN_ONE_READ;
  }

  /** Those that can take more and whose tokens count now; the others of these end. */
  async function entitled(account: string, group: ListenerGroup): Promise<readonly Listener[]> {
    const ready: Listener[] = [];
    for (const listener of group.positions.keys()) {
      if (!listener.isReady()) continue;
      try {
        await openSession(parts, account, { ...listener.session, proof: proofOf(listener, group) });
        ready.push(listener);
      } catch (error) {
        if (!isSignpostError(error, "NOT_SIGNED_IN", "NO_ACCOUNT")) throw error;
        leave(listener);
        listener.end();
      }
    }
    // some left while others' tokens were looked at
    return ready.filter((listener) => group.positions.has(listener));
  }

  function leave(listener: Listener): void {
    gone.add(listener);
    const { address } = listener.session;
    const account = toHex(address);
    const group = groups.get(account);
    const position = group?.positions.get(listener);
    if (group === undefined || position === undefined) return;
    group.positions.delete(listener);
    if (group.positions.size > 0) return;
    groups.delete(account);
    // only a hint for the next one: what is not noted is pushed again
    mailboxes.notePushed(address, position).catch(reportFailure);
  }

  return {
    join: async (listener, after) => {
      const { address } = listener.session;
      const position = after ?? (await mailboxes.pushedUpTo(address));
      // it left while the store was asked
      if (gone.has(listener)) return;
      const account = toHex(address);
      const group = groups.get(account) ?? newGroup();
      groups.set(account, group);
      group.positions.set(listener, position);
      const tooMany = oneTooMany(group);
      if (tooMany !== null) {
        leave(tooMany);
        tooMany.end();
      }
      await deliver(account, group);
    },

    leave,

    kick: (address) => {
      const account = toHex(address);
      const group = groups.get(account);
      if (group !== undefined) void deliver(account, group);
    },

    prove: (address, network) => {
      const group = groups.get(toHex(address));
      for (const listener of group?.positions.keys() ?? []) {
        if (network !== null && listener.network === network) group?.proven.add(listener);
      }
    },

    poll: async () => {
      try {
        const positions = [...groups].map(
          ([account, group]) => [account, Math.min(...group.positions.values())] as const,
        );
        if (positions.length === 0) return;
        for (const account of (await mailboxes.newest(new Map(positions))).keys()) {
          const group = groups.get(account);
          if (group !== undefined) void deliver(account, group);
        }
      } catch (error) {
        if (!isSignpostError(error, "DATABASE_UNAVAILABLE")) reportFailure(error);
      }
    },

    count: () => [...groups.values()].reduce((sum, { positions }) => sum + positions.size, 0),
  };
}
