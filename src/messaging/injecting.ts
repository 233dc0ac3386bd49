/**
 * THE MAIN FLOW from DM3 into a network: what waits in the mailbox of a linked account is injected, in its order, and again
 * whenever nobody can know what became of it: after each connection, and when the user's client starts. The mailbox is the
 * truth; a message leaves it when the user's own client has accepted it.
 */
import { fromHex, toHex } from "../abi/hex.js";
import { type Address, addressFrom } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import type { AcceptedMessage } from "../relay/submit.js";
import type { NativeAddress } from "./address/nativeAddress.js";
import { asciiJson } from "./asciiJson.js";
import { envelopeHash } from "./envelopeHash.js";
import type { HandedOver } from "./handedOver.js";
import type { Delivery, EnvelopeHash, Network, WaitingSender, WaitingSenders } from "./network.js";
import { newcomers } from "./newcomers.js";
import { pauses } from "./pauses.js";
import type { InjectionStore, LinkStore, Unconfirmed } from "./store.js";

export interface InjectingParts {
  readonly network: Pick<Network, "inject" | "isConnected">;
  readonly links: Pick<LinkStore, "linkOfAccount">;
  readonly messages: Pick<InjectionStore, "unconfirmed" | "noteInjected" | "waitingAccounts">;
  readonly reportFailure: (error: unknown) => void;
  readonly handedOver: Pick<HandedOver, "note">;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
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

const IN_ONE_READ = 64;
const AT_ONCE = 8;
/** Characters. Stores cut a page where its messages are long, never below so many. */
const NEVER_CUT = 256 * 1024;
const ACCOUNTS_IN_ONE_READ = 1_000;

function fromStart(): Account {
  return {
    ...{ position: 0, movedAt: 0, isQueued: true, isStale: false, mustRead: true },
    ...{ retryAtMs: Infinity, waiting: new Map() },
  };
}

const NOTHING_KNOWN = { position: -1, retryAtMs: Infinity, movedAt: 0 };

/** Where the injection of one account is. */
interface Account {
  /** Behind this number nothing was injected yet. */
  position: number;
  /** In `turn`. */
  movedAt: number;
  /** Whether the mailbox may have more behind the position than is known without reading it. */
  mustRead: boolean;
  /** Waits for its turn, or has it. */
  isQueued: boolean;
  /** The position does not count any more. */
  isStale: boolean;
  /** When messages before the position are worth trying again whose senders could not be found out; Infinity: there are none. */
  retryAtMs: number;
  /** Senders of messages before the position that wait. */
  waiting: WaitingSenders;
}

export function injecting(parts: InjectingParts): Injecting {
  const { network, links, messages, reportFailure } = parts;
  const accounts = new Map<string, Account>();
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

  /** While the network takes one page, the next is read. */
  async function injectBehind(hex: string, account: Account): Promise<void> {
    const address = addressFrom(fromHex(hex));
    const link = await links.linkOfAccount(address);
    if (link === null) {
      kept.forget(hex);
      account.mustRead = true;
      return;
    }
    let before: Promise<void> = Promise.resolve();
    for (;;) {
      const page = await pageBehind(hex, address, account);
      const last = page.at(-1);
      if (last === undefined || account.isStale) break;
      const deliveries = page.map((message) => deliveryOf(link.native, message));
      parts.handedOver.note(address, deliveries);
      const taken = network.inject(deliveries, account.waiting);
      taken.catch(() => undefined);
      await before;
      account.position = last.number;
      account.movedAt = ++turn;
      before = taken.then((waiting) => noteTaken(address, account, page, waiting));
      before.catch(() => undefined);
    }
    await before;
  }

  /** What came since is known; what else there may be is read. */
  async function pageBehind(
    hex: string,
    address: Address,
    account: Account,
  ): Promise<readonly Unconfirmed[]> {
    const known = kept.takeBehind(hex, account.position, IN_ONE_READ);
    if (known !== "unknown" && !account.mustRead) return known;
    // what comes from here on kicks
    account.mustRead = false;
    const page = await messages.unconfirmed(address, account.position, IN_ONE_READ);
    if (!isLast(page)) account.mustRead = true;
    return page;
  }

  async function noteTaken(
    address: Address,
    account: Account,
    page: readonly Unconfirmed[],
    waiting: readonly WaitingSender[],
  ): Promise<void> {
    for (const { retryAfterSec } of waiting) {
      account.retryAtMs = Math.min(account.retryAtMs, parts.nowMs() + retryAfterSec * 1_000);
    }
    const left = new Set(waiting.map(({ from }) => from));
    const taken = page.filter(({ senderName }) => !left.has(senderName));
    if (taken.length === 0) return;
    await messages.noteInjected(
      address,
      taken.map(({ number }) => number),
    );
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

function isLast(page: readonly Unconfirmed[]): boolean {
  return (
    page.length < IN_ONE_READ &&
    page.reduce((sum, { envelope }) => sum + envelope.length, 0) < NEVER_CUT
  );
}

export function deliveryOf(
  to: NativeAddress,
  { number, senderName, envelope }: Unconfirmed,
): Delivery {
  const text = asciiJson(envelope);
  return { to, from: senderName, envelope: text, hash: envelopeHash(text), number };
}

/** @param envelope as the relay node serves it */
export const hashOfServed = (envelope: string): EnvelopeHash => envelopeHash(asciiJson(envelope));
