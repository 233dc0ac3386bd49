/**
 * Custody of DM3 keys: for each user of a network that knows nothing of DM3 a random wallet, from which the DM3 keys follow as from
 * anybody's. Only the wallet's key is kept, sealed.
 */
import { sameBytes } from "../abi/bytes.js";
import type { VirtualUserStore } from "../db/messaging/virtualUserStore.js";
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { nameOfNative, type NamesOfNetwork } from "../messaging/address/nativeName.js";
import type { Coming, Custody, VirtualUser } from "../messaging/bridge/custody.js";
import type { NetworkEvents } from "../messaging/network.js";
import type { LinkStore } from "../messaging/store.js";
import { domainOfSender } from "../relay/senderDomain.js";
import type { Counter } from "../relay/senderLimits.js";
import { linkOf, newWallet, openKeys, type VirtualKeys } from "./virtualKeys.js";

export interface CustodyParts {
  readonly users: VirtualUserStore;
  readonly links: Pick<LinkStore, "linkOf">;
  readonly names: NamesOfNetwork;
  /** ENS name of the bridge's relay node. */
  readonly relayNode: NormalName;
  readonly counter: Counter;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

const DAY_SEC = 24 * 3_600;
/** New users a day, by one who causes them and by all. A mail domain proves whom it likes, and a name to ask by costs nothing. */
const MOST_NEW: Readonly<Record<Coming["is"], { readonly byOne: number; readonly byAll: number }>> =
  {
    proven: { byOne: 1_000, byAll: 20_000 },
    asked: { byOne: 500, byAll: 10_000 },
    introduced: { byOne: 100, byAll: 2_000 },
  };
/** Opening takes some milliseconds of signing. */
const MOST_REMEMBERED = 2_000;

export function custodyOf(parts: CustodyParts): Custody {
  const { users, links, names, relayNode } = parts;
  const remembered = new Map<string, VirtualKeys>();
  /** By address: those who ask at the same time wait for one another. */
  const making = new Map<string, Promise<VirtualUser>>();

  async function openedOf(native: NativeAddress): Promise<VirtualKeys | null> {
    const id = formatNativeAddress(native);
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const walletKey = await users.walletKeyOf(native);
    if (walletKey === null) return null;
    const opened = await openKeys(walletKey, relayNode);
    walletKey.fill(0);
    remembered.set(id, opened);
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return opened;
  }

  async function make(
    native: NativeAddress,
    { linked }: Pick<NetworkEvents, "linked">,
    comes: Coming,
  ): Promise<VirtualUser> {
    const name = givenName(names, native);
    const link = await links.linkOf(native);
    // another process may have destroyed the keys
    if (link === null) remembered.delete(formatNativeAddress(native));
    let opened = await openedOf(native);
    if (opened === null) {
      assertRoom(parts.counter, native, comes);
      await addUser(users, native);
      opened = await openedOf(native);
    }
    if (opened === null) throw new SignpostError("UNREACHABLE", "The user was removed just now.");
    if (link === null || !sameBytes(link.account, opened.wallet)) {
      const signedAtSec = Math.floor(parts.nowMs() / 1_000);
      await linked(native, linkOf(opened, native, { name, relayNode, signedAtSec }));
    }
    return { native, name, wallet: opened.wallet, keys: opened.keys };
  }

  return {
    userOf: async (native) => {
      const opened = await openedOf(native);
      return opened && { native, name: givenName(names, native), ...opened };
    },
    userFor: (native, events, comes) => {
      const id = formatNativeAddress(native);
      const before = making.get(id);
      if (before !== undefined) return before;
      const made = make(native, events, comes).finally(() => making.delete(id));
      making.set(id, made);
      return made;
    },
    forget: async (native, { left }) => {
      // first, so that nobody is led to keys that are gone
      await left(native);
      await users.remove(native);
      remembered.delete(formatNativeAddress(native));
    },
  };
}

/** Throws INVALID_REQUEST for an address that has none. */
function givenName(names: NamesOfNetwork, native: NativeAddress): NormalName {
  const proposed = nameOfNative(names, native);
  if (proposed !== null) return proposed.name;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${formatNativeAddress(native)} has no name below ${names.domain}: addresses at ${names.virtualDomain} are those of DM3 users.`,
    { field: "address" },
  );
}

/** Throws LIMIT_EXCEEDED. */
function assertRoom(counter: Counter, native: NativeAddress, comes: Coming): void {
  const { byOne, byAll } = MOST_NEW[comes.is];
  for (const [who, limit] of [
    [causeOf(native, comes), byOne],
    ["all together", byAll],
  ] as const) {
    const retryAfterSec = counter.take(`${comes.is} users by ${who}`, limit, DAY_SEC, 1);
    if (retryAfterSec === null) continue;
    throw new SignpostError(
      "LIMIT_EXCEEDED",
      `More than ${limit} people came to this bridge for the first time today by ${who}. Try again in ${retryAfterSec} seconds.`,
      { limit, retryAfterSec },
    );
  }
}

/** Who is counted: has to pay for something to be another one. Strangers use up none of a mail domain that has nothing to do with it. */
function causeOf({ domain }: NativeAddress, comes: Coming): string {
  switch (comes.is) {
    case "proven":
      return domain;
    case "asked":
      return domainOfSender(comes.by);
    case "introduced":
      return comes.network ?? domain;
  }
}

async function addUser(users: VirtualUserStore, native: NativeAddress): Promise<void> {
  const { walletKey, wallet } = newWallet();
  await users.add({ native, walletKey, wallet });
  walletKey.fill(0);
}
