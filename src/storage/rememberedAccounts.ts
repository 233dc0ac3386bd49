/**
 * Accounts as they were read a moment ago. A client asks for a hundred pages behind one another, so its account need not be read for
 * each of them. It counts only for what sees in the database, together with what it reads, that the account is still the same.
 */
import { fromHex, toHex } from "../abi/hex.js";
import { readings } from "../accounts/readings.js";
import type { AccountStore } from "../accounts/store.js";
import { addressFrom } from "../ens/address.js";
import type { StorageAccount } from "./store.js";

/** Longer than a client takes for its pages. What changed meanwhile costs a statement more, and nothing else. */
const REMEMBERED_MS = 30_000;
const MOST_ACCOUNTS = 5_000;
/** Of a profile in JSON; usual ones have 700. */
const MOST_PROFILE = 4_000;

type Accounts = Pick<AccountStore<StorageAccount>, "accountOf">;

export function rememberedAccounts(accounts: Accounts, nowMs: () => number): Accounts {
  const known = readings((address: string) => accounts.accountOf(addressFrom(fromHex(address))), {
    ...{ nowMs, most: MOST_ACCOUNTS },
    isKept: (account) => account !== null && JSON.stringify(account.signed).length <= MOST_PROFILE,
  });
  return { accountOf: (address) => known.notOlderThan(REMEMBERED_MS, toHex(address)) };
}
