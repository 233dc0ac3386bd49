/** Which envelopes were handed to the network a moment ago, so that what it says of them need not be looked up. */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import type { Delivery, EnvelopeHash } from "./network.js";

export interface HandedOver {
  readonly note: (account: Address, deliveries: readonly Delivery[]) => void;
  /** Whether this is what had this number in the mailbox; false where that is not remembered. */
  readonly was: (account: Address, number: number, hash: EnvelopeHash) => boolean;
}

/** Beyond it, the oldest are forgotten, and are looked up. */
const MOST = 10_000;

export function handedOver(): HandedOver {
  const hashes = new Map<string, EnvelopeHash>();
  const key = (account: Address, number: number) => `${toHex(account)} ${number}`;
  return {
    note: (account, deliveries) => {
      for (const { number, hash } of deliveries) hashes.set(key(account, number), hash);
      for (const oldest of hashes.keys()) {
        if (hashes.size <= MOST) break;
        hashes.delete(oldest);
      }
    },
    was: (account, number, hash) => hashes.get(key(account, number)) === hash,
  };
}
