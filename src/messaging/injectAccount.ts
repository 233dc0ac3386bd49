/** What waits in the mailbox of one account, from where its injection is: page by page into the network. */
import { fromHex } from "../abi/hex.js";
import { type Address, addressFrom } from "../ens/address.js";
import { deliveryOf } from "./deliveries.js";
import type { HandedOver } from "./handedOver.js";
import type { Network, WaitingSender, WaitingSenders } from "./network.js";
import type { Newcomers } from "./newcomers.js";
import type { InjectionStore, LinkStore, Unconfirmed } from "./store.js";

export interface InjectAccountParts {
  readonly network: Pick<Network, "inject">;
  readonly links: Pick<LinkStore, "linkOfAccount">;
  readonly messages: Pick<InjectionStore, "unconfirmed" | "noteInjected">;
  readonly handedOver: Pick<HandedOver, "note">;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

/** Where the injection of one account is. */
export interface InjectedAccount {
  /** Behind this number nothing was injected yet. */
  position: number;
  /** In turns. */
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

const IN_ONE_READ = 64;
/** Characters. Stores cut a page where its messages are long, never below so many. */
const NEVER_CUT = 256 * 1024;

export function fromStart(): InjectedAccount {
  return {
    ...{ position: 0, movedAt: 0, isQueued: true, isStale: false, mustRead: true },
    ...{ retryAtMs: Infinity, waiting: new Map() },
  };
}

/**
 * @param kept what came since, which need not be read
 * @param nextTurn counts, to tell what was before
 * @returns injects what waits for one account, given as a key, and moves its position on
 */
export function injectAccount(
  parts: InjectAccountParts,
  kept: Pick<Newcomers, "takeBehind" | "forget">,
  nextTurn: () => number,
): (hex: string, account: InjectedAccount) => Promise<void> {
  const { network, links, messages } = parts;

  /** While the network takes one page, the next is read. */
  async function injectBehind(hex: string, account: InjectedAccount): Promise<void> {
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
      account.movedAt = nextTurn();
      before = taken.then((waiting) => noteTaken(address, account, page, waiting));
      before.catch(() => undefined);
    }
    await before;
  }

  /** What came since is known; what else there may be is read. */
  async function pageBehind(
    hex: string,
    address: Address,
    account: InjectedAccount,
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
    account: InjectedAccount,
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

  return injectBehind;
}

function isLast(page: readonly Unconfirmed[]): boolean {
  return (
    page.length < IN_ONE_READ &&
    page.reduce((sum, { envelope }) => sum + envelope.length, 0) < NEVER_CUT
  );
}
