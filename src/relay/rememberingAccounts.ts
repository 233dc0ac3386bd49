/** Accounts as they were a second ago, or later: many messages come to the same one. What users change at the relay node counts at once; what a gateway of the same process or another process changes, within a second. */
import { toHex } from "../abi/hex.js";
import { shortMemory } from "./shortMemory.js";
import type { RelayAccount, RelayAccountStore } from "./store.js";

export interface RememberingAccounts extends RelayAccountStore {
  /** For submits: what other processes changed is seen within a second. */
  readonly remembered: Pick<RelayAccountStore, "accountOf">;
}

const REMEMBERED_MS = 1_000;
/** A receiver may block a thousand. */
const MOST_BLOCKED = 20;

export function rememberingAccounts(
  accounts: RelayAccountStore,
  nowMs: () => number,
): RememberingAccounts {
  const isSmall = (account: RelayAccount | null) =>
    (account?.filters.blockedSenders.length ?? 0) <= MOST_BLOCKED;
  const known = shortMemory(nowMs, REMEMBERED_MS, isSmall);
  const changing = async <Result>(change: Promise<Result>): Promise<Result> => {
    try {
      return await change;
    } finally {
      known.clear();
    }
  };
  return {
    ...accounts,
    putAccount: (account) => changing(accounts.putAccount(account)),
    noteProven: (...proven) => changing(accounts.noteProven(...proven)),
    setFilters: (...set) => changing(accounts.setFilters(...set)),
    endAccount: (address) => changing(accounts.endAccount(address)),
    removeAccount: (address) => changing(accounts.removeAccount(address)),
    remembered: {
      accountOf: (address) => known.of(toHex(address), () => accounts.accountOf(address)),
    },
  };
}
