/** Whose account a name leads to, and which profile counts for it. */
import { sameBytes } from "../abi/bytes.js";
import type { UserProfile } from "../dm3/profile/profile.js";
import { SignpostError } from "../errors.js";
import type { RememberingDirectory } from "./directory.js";
import type { Account, AccountStore } from "./store.js";
import { whoIs } from "./whoIs.js";

export interface AccountParts<Own extends Account = Account> {
  readonly directory: RememberingDirectory;
  readonly accounts: Pick<AccountStore<Own>, "accountOf">;
}

/** The account at the address of a name, or at an address; null where there is none. Throws UNREACHABLE. */
export async function findAccount<Own extends Account>(
  { directory, accounts }: AccountParts<Own>,
  named: string,
): Promise<Own | null> {
  const who = await whoIs(directory, named);
  return who === null ? null : accounts.accountOf(who.address);
}

/** As `findAccount`. Throws NO_ACCOUNT, UNREACHABLE. */
export async function accountNamed<Own extends Account>(
  parts: AccountParts<Own>,
  named: string,
): Promise<Own> {
  const account = await findAccount(parts, named);
  if (account !== null) return account;
  throw new SignpostError(
    "NO_ACCOUNT",
    `${JSON.stringify(named)} has no account here. Sign up first: POST the signed profile to /profile/<name>.`,
    { name: named },
  );
}

/**
 * The profile that counts for an account: the one that its own name has now. Any name may lead to the address and show a
 * profile that the wallet signed long ago, so no other name counts. Without one there is the profile of the sign-up.
 * Throws UNREACHABLE.
 */
export async function profileNow(
  directory: Pick<RememberingDirectory, "personOf">,
  { name, address, signed }: Pick<Account, "name" | "address" | "signed">,
): Promise<UserProfile> {
  const person = name === null ? null : await directory.personOf(name);
  const isTheirs = person?.address != null && sameBytes(person.address, address);
  return (isTheirs ? person.profile : null) ?? signed.profile;
}
