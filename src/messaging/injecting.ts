/**
 * THE MAIN FLOW from DM3 into a network: what waits in the mailbox of a linked account is injected, in its order, and again
 * whenever nobody can know what became of it: after each connection, and when the user's client starts. The mailbox is the
 * truth; a message leaves it when the user's own client has accepted it.
 */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import type { AcceptedMessage } from "../relay/submit.js";
import {
  fromStart,
  injectAccount,
  type InjectAccountParts,
  type InjectedAccount,
} from "./injectAccount.js";
import type { Network } from "./network.js";
import { newcomers } from "./newcomers.js";
import { pauses } from "./pauses.js";
import type { InjectionStore } from "./store.js";

export interface InjectingParts extends InjectAccountParts {
  readonly network: Pick<Network, "inject" | "isConnected">;
  readonly messages: Pick<InjectionStore, "unconfirmed" | "noteInjected" | "waitingAccounts">;
  readonly reportFailure: (error: unknown) => void;
}

export interface Injecting {
  /** Nothing is known any more of what was injected before. */
  readonly startAgain: () => void;
  /** The same for one account. */
  readonly startAgainWith: (account: Address) => void;
  /** Says that there may be something new: this message, where that is known. */
  readonly kick: (account: Address, message?: AcceptedMessage | null) => void;
  /** Finds out what waits, whoever accepted it. Never rejects. */
  readonly poll: () => Promise<void>;
  /** Whether everything that waited at the start was handed over once, or tried. */
  readonly hasCaughtUp: () => boolean;
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>;
}

const AT_ONCE = 8;
const ACCOUNTS_IN_ONE_READ = 1_000;

const NOTHING_KNOWN = { position: -1, retryAtMs: Infinity, movedAt: 0 };

export function injecting(parts: InjectingParts): Injecting {
  const { network, messages, reportFailure } = parts;
  const accounts = new Map<string, InjectedAccount>();
  const queue: string[] = [];
  /** What was kicked while it was queued: there may be more than it reads now. */
  const kickedAgain = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const paused = pauses(parts.nowMs);
  const kept = newcomers();
  /** Accounts that waited when all were looked through first, until they had their turn. */
  const first = { accounts: new Set<string>(), isListed: false };
  /** Counts, to tell what was before. */
  let turn = 0;
  const injectBehind = injectAccount(parts, kept, () => ++turn);

  function kick(hex: string, message: AcceptedMessage | null = null): void {
    if (paused.isPaused(hex)) return;
    const known = accounts.get(hex);
    const isNoted = known !== undefined && message !== null && kept.note(hex, message);
    if (known !== undefined && !isNoted) known.mustRead = true;
    if (known?.isQueued === true) {
      kickedAgain.add(hex);
      // it may have waited for a connection
      next();
      return;
    }
    const account = known ?? fromStart();
    account.isQueued = true;
    accounts.set(hex, account);
    queue.push(hex);
    next();
  }

  function next(): void {
    while (underWay.size < AT_ONCE && network.isConnected()) {
      const hex = queue.shift();
      if (hex === undefined) return;
      const work = injectAll(hex).finally(() => {
        underWay.delete(work);
        next();
      });
      underWay.add(work);
    }
  }

  async function injectAll(hex: string): Promise<void> {
    const account = accounts.get(hex);
    if (account === undefined) return;
    kickedAgain.delete(hex);
    if (account.isStale) Object.assign(account, fromStart());
    try {
      await injectBehind(hex, account);
    } catch (error) {
      // what the connection broke off, or the database did not say, is found again by the next poll
      account.isStale = true;
      kept.forget(hex);
      if (!isSignpostError(error, "UNREACHABLE", "DATABASE_UNAVAILABLE")) reportFailure(error);
      paused.begin(hex, error);
    }
    account.isQueued = false;
    first.accounts.delete(hex);
    if (account.isStale) accounts.delete(hex);
    if (kickedAgain.delete(hex)) kick(hex);
  }

  function startAgainWith(hex: string): void {
    paused.end(hex);
    const known = accounts.get(hex);
    if (known !== undefined) known.isStale = true;
    if (known?.isQueued !== true) accounts.delete(hex);
    kick(hex);
  }

  async function poll(): Promise<void> {
    if (!network.isConnected()) return;
    try {
      for (let after: Address | null = null; ;) {
        const askedAt = ++turn;
        const waiting = await messages.waitingAccounts(after, ACCOUNTS_IN_ONE_READ);
        for (const { account, newest } of waiting) {
          const hex = toHex(account);
          const { position, retryAtMs, movedAt } = accounts.get(hex) ?? NOTHING_KNOWN;
          // an account that was removed and made anew counts from 1 again
          const isAnew = position > newest && movedAt < askedAt;
          if (isAnew || retryAtMs <= parts.nowMs()) startAgainWith(hex);
          else if (position < newest) kick(hex);
          if (!first.isListed && accounts.get(hex)?.isQueued === true) first.accounts.add(hex);
        }
        after = waiting.at(-1)?.account ?? null;
        if (waiting.length < ACCOUNTS_IN_ONE_READ || after === null) {
          first.isListed = true;
          return;
        }
      }
    } catch (error) {
      if (!isSignpostError(error, "DATABASE_UNAVAILABLE")) reportFailure(error);
    }
  }

  return {
    startAgain: () => {
      for (const [hex, account] of accounts) {
        account.isStale = true;
        if (!account.isQueued) accounts.delete(hex);
      }
      void poll();
    },
    startAgainWith: (account) => {
      startAgainWith(toHex(account));
    },
    kick: (account, message) => {
      kick(toHex(account), message);
    },
    poll,
    hasCaughtUp: () => first.isListed && first.accounts.size === 0,
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
