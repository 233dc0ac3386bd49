/** Accounts: made and changed by a profile that the wallet at the name's address signed. */
import { sameBytes } from "../abi/bytes.js";
import { parseSignedUserProfile, type UserProfile } from "../dm3/profile/profile.js";
import { assertSignedBy } from "../dm3/profile/profileSignature.js";
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { Person, RememberingDirectory } from "./directory.js";
import type { Account, AccountStore } from "./store.js";
import { type Named, whoIs } from "./whoIs.js";

interface Parts {
  readonly directory: RememberingDirectory;
  readonly accounts: Pick<AccountStore, "accountOf" | "putAccount">;
}

/**
 * Makes the account of a name's address, or gives it this profile.
 *
 * Signed profiles are public and stay good for ever, so everybody can send an old one again. What ENS shows under the
 * account's own name decides; without that, an account keeps its key. Under another name than its own, it keeps the key that
 * answered a challenge.
 *
 * @param onNew called before an account is made; what it throws keeps that from happening
 * @throws NOT_FOUND for a name without an address, INVALID_PROFILE, WRONG_SIGNER, UNREACHABLE
 */
export async function signUp(
  { directory, accounts }: Parts,
  named: string,
  body: unknown,
  onNew: () => void,
): Promise<Pick<Account, "address" | "name" | "signed">> {
  const signed = parseSignedUserProfile(body);
  // dm3's client asks for the account, publishes the name, and signs up, all within a second
  const anew = { personOf: (name: NormalName) => directory.personAnew(name) };
  const who = (await whoIs(directory, named)) ?? (await whoIs(anew, named));
  if (who === null) throw noAddress(named);
  assertSignedBy(who.address, signed);
  const known = await accounts.accountOf(who.address);
  const name = await ownName(directory, who, known);
  assertProvenUnder(name, signed.profile, known);
  await assertPresent(directory, signed.profile, { ...who, name }, known);
  if (known === null) onNew();
  const account = { address: who.address, name, signed };
  await accounts.putAccount(account);
  return account;
}

/** The name that the account has, as long as that leads to it: once its owner has signed in. */
async function ownName(
  directory: RememberingDirectory,
  who: Named,
  known: Account | null,
): Promise<NormalName | null> {
  const name = known?.name ?? null;
  if (name === null || name === who.name) return who.name;
  if (known?.provenKey === null && who.name !== null) return who.name;
  return leadsTo(who, await directory.personOf(name)) ? name : who.name;
}

const leadsTo = ({ address }: Named, person: Person) =>
  person.address !== null && sameBytes(person.address, address);

/**
 * A name that is not the account's own says nothing of its key: anybody can have one lead to the address, with what the wallet
 * signed long ago. Throws WRONG_SIGNER for another key than the proven one.
 */
function assertProvenUnder(
  name: NormalName | null,
  { publicSigningKey }: UserProfile,
  known: Account | null,
): void {
  if (known === null || known.provenKey === null || name === known.name) return;
  if (publicSigningKey === known.provenKey) return;
  throw notPresent("the account's key is another one, and this is not the account's own name");
}

/** Throws WRONG_SIGNER for another key than the present one. */
async function assertPresent(
  directory: RememberingDirectory,
  { publicSigningKey }: UserProfile,
  { name }: Named,
  known: Account | null,
): Promise<void> {
  if (name !== null) {
    const { profile } = await directory.personOf(name);
    if (profile?.publicSigningKey === publicSigningKey) return;
    const present = (await directory.personNow(name)).profile;
    if (present?.publicSigningKey === publicSigningKey) return;
    if (present !== null) throw notPresent(`ENS shows another key for ${name}`);
  }
  if (known !== null && known.signed.profile.publicSigningKey !== publicSigningKey) {
    throw notPresent("the account has another key, and ENS shows none");
  }
}

function notPresent(reason: string): SignpostError {
  return new SignpostError(
    "WRONG_SIGNER",
    `This is not the present profile: ${reason}. Publish the profile in ENS first, then sign up with it.`,
    {},
  );
}

function noAddress(name: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `${JSON.stringify(name)} has no address in ENS. Give a name that leads to the wallet which signed the profile.`,
    { name },
  );
}
