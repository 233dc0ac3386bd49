/** Which envelopes were handed to the network a moment ago, so that what it says of them need not be looked up. */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import type { Delivery, EnvelopeHash } from "./network.js";

export interface HandedOver {
  readonly note: (account: Address, deliveries: readonly Delivery[]) => void;
  /** Whether this is what had this number in the mailbox; false where that is not remembered. */
  readonly was: (account: Address, number: number, hash: EnvelopeHash) => boolean;
  /** What the network said of it is written down. */
  readonly end: (account: Address, number: number) => void;
  /** Whether that is so; false where it is not remembered. */
  readonly isEnded: (account: Address, number: number) => boolean;
}

/** Beyond it, the oldest are forgotten, and are looked up. */
const MOST = 10_000;

interface Handed {
  readonly hash: EnvelopeHash;
  readonly isEnded: boolean;
}

export function handedOver(): HandedOver {
  const known = new Map<string, Handed>();
  const key = (account: Address, number: number) => `${toHex(account)} ${number}`;
  return {
    note: (account, deliveries) => {
      for (const { number, hash } of deliveries) {
        known.set(key(account, number), { hash, isEnded: false });
      }
      for (const oldest of known.keys()) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
    },
    was: (account, number, hash) => known.get(key(account, number))?.hash === hash,
    end: (account, number) => {
      const before = known.get(key(account, number));
      if (before !== undefined) known.set(key(account, number), { ...before, isEnded: true });
    },
    isEnded: (account, number) => known.get(key(account, number))?.isEnded === true,
  };
}
