/**
 * THE MAIN FLOW of a link: an address of the network becomes the place where the messages of a DM3 user go.
 *
 * The network says from which address it comes, the wallet's signature makes the profile its user's, and the signature of the
 * DM3 key makes the address its user's. Signed profiles are public: without the last one, anybody could send somebody
 * else's and get that person's messages.
 */
import { sameBytes } from "../abi/bytes.js";
import type { RememberingDirectory } from "../accounts/directory.js";
import type { AccountStore } from "../accounts/store.js";
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import { assertSignedBy } from "../dm3/profile/profileSignature.js";
import { assertLinkOf, parseAddressLink } from "../dm3/statement/addressLink.js";
import { type Address, parseAddress } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { assertNormalName } from "../ens/normalName.js";
import { SignpostError } from "../errors.js";
import type { Counter } from "../relay/senderLimits.js";
import { formatNativeAddress, type NativeAddress } from "./address/nativeAddress.js";
import { nameOfNative, type NamesOfNetwork } from "./address/nativeName.js";
import type { LinkStore } from "./store.js";

/** Makes names of the network's domain lead to their users. */
export interface NamePublisher {
  /** Throws INVALID_REQUEST with the reason where the name cannot be this wallet's, UNREACHABLE. */
  readonly publish: (name: NormalName, wallet: Address, signed: SignedUserProfile) => Promise<void>;
  /** Nothing happens where there is no such name, or where it is its owner's own. Throws UNREACHABLE. */
  readonly withdraw: (name: NormalName) => Promise<void>;
}

export interface LinkingParts {
  /** ENS name of the gateway's relay node. */
  readonly relayNode: NormalName;
  /** Null: users come with names of their own. */
  readonly given: { readonly names: NamesOfNetwork; readonly publisher: NamePublisher } | null;
  readonly directory: Pick<RememberingDirectory, "personOf" | "personAnew">;
  readonly accounts: Pick<AccountStore, "putAccount" | "noteProven">;
  readonly links: LinkStore;
  readonly counter: Counter;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

interface Linked {
  readonly account: Address;
  readonly name: NormalName;
  /** The address was not linked to this account before. */
  readonly isNew: boolean;
}

const CLOCKS_APART_SEC = 600;
/** Of one address: a wallet with a name costs nothing, and an account of the relay node stays. */
const NEW_ACCOUNTS = { limit: 10, periodSec: 24 * 3_600 };

/**
 * @param json a JSON value, as the user's client sent it; the network's adapter bounds it
 * @throws INVALID_PROFILE, WRONG_SIGNER, INVALID_REQUEST, LINK_OUTDATED for what is refused; UNREACHABLE, DATABASE_UNAVAILABLE
 */
export async function linkAccount(
  parts: LinkingParts,
  native: NativeAddress,
  json: unknown,
): Promise<Linked> {
  const { relayNode, accounts, links } = parts;
  const link = parseAddressLink(json);
  const { profile: signed, signedAtSec } = link;
  assertLinkOf({ address: formatNativeAddress(native), relayNode }, link);
  assertFresh(signedAtSec, parts.nowMs());
  assertNames(signed, relayNode);
  const account = parseAddress(link.wallet);
  assertSignedBy(account, signed);
  const { name } = link;
  assertNormalName(name);
  // before anything is published or kept: an earlier one may hold an earlier profile
  await assertLatest(links, account, signedAtSec);
  await countNewAccount(parts, native, account);
  await madeToLead(parts, native, name, account, signed);
  // before the link: what is linked can be written to
  await accounts.putAccount({ address: account, name, signed });
  await accounts.noteProven(account, signed.profile.publicSigningKey, name);
  const put = await links.putLink({ native, account, name, signedAtSec });
  if (put === "earlier") throw outdated((await links.notBefore(account)) ?? signedAtSec);
  return { account, name, isNew: put === "new" };
}

/** The name that a user of the network gets; null where users come with their own. */
export function givenName(
  { given }: Pick<LinkingParts, "given">,
  native: NativeAddress,
): NormalName | null {
  return given === null ? null : (nameOfNative(given.names, native)?.name ?? null);
}

/**
 * The user ends the link, or the account in the network is gone. Its messages stay in the mailbox; nobody else gets them.
 * @param ended is called with the account while the link is still there
 */
export async function unlinkAccount(
  parts: Pick<LinkingParts, "given" | "links">,
  native: NativeAddress,
  ended: (account: Address) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const link = await parts.links.linkOf(native);
  if (link === null) return;
  // first: where it fails, the link is still there to try it again
  if (link.name === givenName(parts, native)) await parts.given?.publisher.withdraw(link.name);
  await ended(link.account);
  await parts.links.removeLink(native);
}

/** The name that the gateway gives is published; every other one has to have this profile already. */
async function madeToLead(
  parts: LinkingParts,
  native: NativeAddress,
  name: NormalName,
  account: Address,
  signed: SignedUserProfile,
): Promise<void> {
  if (parts.given !== null && name === givenName(parts, native)) {
    await parts.given.publisher.publish(name, account, signed);
    return;
  }
  const person = await parts.directory.personAnew(name);
  const isTheirs =
    person.address !== null &&
    sameBytes(person.address, account) &&
    person.profile?.publicSigningKey === signed.profile.publicSigningKey;
  if (isTheirs) return;
  throw refused(
    "name",
    `${name} does not lead to this wallet and profile. Publish the profile in ENS first. ${person.sentence}`,
  );
}

/** @throws LIMIT_EXCEEDED */
async function countNewAccount(
  { links, counter }: Pick<LinkingParts, "links" | "counter">,
  native: NativeAddress,
  account: Address,
): Promise<void> {
  const before = await links.linkOf(native);
  if (before !== null && sameBytes(before.account, account)) return;
  const { limit, periodSec } = NEW_ACCOUNTS;
  const bucket = `new accounts of ${formatNativeAddress(native)}`;
  const retryAfterSec = counter.take(bucket, limit, periodSec, 1);
  if (retryAfterSec === null) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `This address was linked to ${limit} other wallets today. Link it to one of them, or try again in ${retryAfterSec} seconds.`,
    { limit, retryAfterSec },
  );
}

function assertFresh(signedAtSec: number, nowMs: number): void {
  if (Math.abs(nowMs / 1000 - signedAtSec) <= CLOCKS_APART_SEC) return;
  throw refused(
    "signedAtSec",
    `The link was signed more than ${CLOCKS_APART_SEC / 60} minutes before or after now. Set the device's clock, and sign it again.`,
  );
}

function assertNames({ profile }: SignedUserProfile, relayNode: NormalName): void {
  if (profile.deliveryServices.includes(relayNode)) return;
  throw refused(
    "profile.deliveryServices",
    `The profile does not name ${relayNode}, so nobody would send to this gateway. Add it, and sign the profile again.`,
  );
}

/** @throws LINK_OUTDATED: an ended link is never taken again, and no link takes the place of a later one */
async function assertLatest(
  links: Pick<LinkStore, "notBefore">,
  account: Address,
  signedAtSec: number,
): Promise<void> {
  const notBeforeSec = await links.notBefore(account);
  if (notBeforeSec !== null && signedAtSec < notBeforeSec) throw outdated(notBeforeSec);
}

function outdated(notBeforeSec: number): SignpostError {
  return new SignpostError(
    "LINK_OUTDATED",
    `The account has a link that was signed later, or ended one. Sign a new one with the time ${notBeforeSec} (${dateOf(notBeforeSec)}) or later.`,
    { notBeforeSec },
  );
}

/** As people read it: 2026-11-29 20:00:00 UTC. */
function dateOf(sec: number): string {
  return `${new Date(sec * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function refused(field: string, sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence, { field });
}
