/**
 * Who may open an account. A token is of one address and one signing key: it counts as long as the name that the client
 * gives leads to that address, and ENS shows that key for it. So it ends at once when either changes, whatever it says of
 * its own time.
 *
 * A token given for a sign-up alone is weaker. It is given for a profile that everybody can read in ENS, because dm3's web
 * client works with it for an hour. So it opens only an account whose keys never answered a challenge, it ends when they
 * do, and what it acknowledges stays (docs/decisions/0019-what-a-sign-up-proves.md).
 */
import { sameBytes } from "../abi/bytes.js";
import { assertTextSignedBy } from "../dm3/keys/ed25519.js";
import type { Address } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import { accountNamed, type AccountParts, profileNow } from "./accountNamed.js";
import type { RememberingDirectory } from "./directory.js";
import type { AccountErrors } from "./errorCodes.js";
import type { Account, AccountStore, ChallengeStore } from "./store.js";
import { normalNameOf } from "./wireName.js";

/** What a token says. */
export interface Session {
  readonly address: Address;
  /** base64 */
  readonly signingKey: string;
  readonly proof: "challenge" | "sign-up";
}

export interface OpenSession<Own extends Account = Account> extends Session {
  readonly account: Own;
}

export interface SessionParts<Own extends Account = Account> extends AccountParts<Own> {
  readonly accounts: AccountStore<Own>;
  readonly challenges: ChallengeStore;
}

/** A challenge that this service made, as its own signature proves. */
export interface Challenge {
  /** As it was signed. */
  readonly text: string;
  readonly id: string;
  readonly address: Address;
  readonly expiresMs: number;
}

/**
 * The session of whoever answers a challenge, once, with the key that the account has now. From then on the name that was
 * given is the account's own.
 * @throws NO_ACCOUNT, CHALLENGE_INVALID, INVALID_REQUEST for a malformed signature, WRONG_SIGNER, UNREACHABLE
 */
export async function answerChallenge(
  parts: SessionParts,
  named: string,
  challenge: Challenge,
  signature: string,
): Promise<Session> {
  const { directory, accounts, challenges } = parts;
  const account = await accountNamed(parts, named);
  const { address } = account;
  if (!sameBytes(address, challenge.address)) throw invalidChallenge("other-account");
  const signingKey = await answeringKey(directory, account, challenge.text, signature);
  if (!(await challenges.useOnce(challenge.id, challenge.expiresMs))) {
    throw invalidChallenge("used");
  }
  await accounts.noteProven(address, signingKey, normalNameOf(named));
  return { address, signingKey, proof: "challenge" };
}

/** ENS is read anew before anybody is told that it was another key. */
async function answeringKey(
  directory: RememberingDirectory,
  account: Account,
  text: string,
  signature: string,
): Promise<string> {
  const { publicSigningKey } = await profileNow(directory, account);
  try {
    assertTextSignedBy(publicSigningKey, text, signature);
    return publicSigningKey;
  } catch (error) {
    const now = await profileNow({ personOf: (name) => directory.personNow(name) }, account);
    if (now.publicSigningKey === publicSigningKey) throw error;
    assertTextSignedBy(now.publicSigningKey, text, signature);
    return now.publicSigningKey;
  }
}

/**
 * The account, if the token counts for it now.
 * @throws NOT_SIGNED_IN, NO_ACCOUNT, UNREACHABLE
 */
export async function openSession<Own extends Account>(
  parts: AccountParts<Own>,
  named: string,
  session: Session,
): Promise<OpenSession<Own>> {
  const account = await accountNamed(parts, named);
  if (!sameBytes(account.address, session.address)) throw notSignedIn("other-account");
  const { publicSigningKey } = await profileNow(parts.directory, account);
  if (publicSigningKey !== session.signingKey) throw notSignedIn("key-changed");
  const isProven = account.provenKey === session.signingKey;
  if (session.proof === "sign-up" && isProven) throw notSignedIn("expired");
  return { ...session, account };
}

/** Throws NOT_SIGNED_IN for a token that only a sign-up gave: no key has answered a challenge for it. */
export function assertProven({ proof }: Pick<Session, "proof">): void {
  if (proof !== "challenge") throw notSignedIn("not-proven");
}

export function notSignedIn(reason: AccountErrors["NOT_SIGNED_IN"]["reason"]): SignpostError {
  return new SignpostError(
    "NOT_SIGNED_IN",
    "Sign in: ask GET /auth/<name> for a challenge, sign it with the profile's key, and send the token that you get.",
    { reason },
  );
}

export function invalidChallenge(
  reason: AccountErrors["CHALLENGE_INVALID"]["reason"],
): SignpostError {
  return new SignpostError(
    "CHALLENGE_INVALID",
    "This challenge cannot be answered (any more). Ask for another one.",
    { reason },
  );
}
