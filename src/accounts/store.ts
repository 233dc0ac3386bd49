/**
 * What accounts ask of a database; `src/db/accounts` answers with Postgres. Every method throws DATABASE_UNAVAILABLE when
 * the database did not answer; `null` always means "does not exist".
 */
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";

export interface Account {
  readonly address: Address;
  /** The name whose profile in ENS counts for it; null where it signed up by its address. */
  readonly name: NormalName | null;
  /** As signed at its last sign-up. */
  readonly signed: SignedUserProfile;
  /** The signing key that last answered a challenge; null before the first. */
  readonly provenKey: string | null;
}

/** @typeParam Own an account with what its service keeps of it beside this */
export interface AccountStore<Own extends Account = Account> {
  accountOf(address: Address): Promise<Own | null>;
  /** Makes the account, or gives it this profile. Everything else of it stays. */
  putAccount(account: Pick<Account, "address" | "name" | "signed">): Promise<void>;
  /** @param name becomes the account's own; null leaves the one that it has */
  noteProven(address: Address, signingKey: string, name: NormalName | null): Promise<void>;
}

export interface ChallengeStore {
  /** False where it was used before. */
  useOnce(id: string, expiresMs: number): Promise<boolean>;
}
