/** Between whom a message goes: the receiver with its account here, and the sender whom the signature proves. */
import { type AccountParts, findAccount, profileNow } from "../accounts/accountNamed.js";
import type { Person, RememberingDirectory } from "../accounts/directory.js";
import { normalNameOf } from "../accounts/wireName.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { DeliveryInformation } from "../dm3/message/deliveryInformation.js";
import type { SubmittedEnvelope } from "../dm3/message/envelope.js";
import { assertSubmittedBy } from "../dm3/message/metadataSignature.js";
import type { UserProfile } from "../dm3/profile/profile.js";
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { domainOfSender } from "./senderDomain.js";
import type { RelayAccount } from "./store.js";

export interface Receiver {
  readonly account: RelayAccount;
  /** What postmarks are encrypted for, as ENS has it now. */
  readonly profile: UserProfile;
}

export interface Sender {
  readonly name: NormalName;
  readonly address: Address;
  readonly domain: string;
  readonly profile: UserProfile;
}

type Parts = AccountParts<RelayAccount>;

/** Throws NO_ACCOUNT, and UNREACHABLE where ENS does not answer. */
export async function findReceiver(
  parts: Parts,
  { to }: Pick<DeliveryInformation, "to">,
): Promise<Receiver> {
  const account = await findAccount(parts, to);
  if (account === null) throw noAccount(to);
  return { account, profile: await profileNow(parts.directory, account) };
}

/**
 * The sender, whose key signed the envelope: the one that ENS has now, so a mismatch is told only after ENS was read anew.
 * @throws UNKNOWN_SENDER, WRONG_METADATA_SIGNATURE (then the sender signs again), UNREACHABLE
 */
export async function verifySender(
  { directory }: { readonly directory: RememberingDirectory },
  engine: CryptoEngine,
  envelope: SubmittedEnvelope,
  { from }: Pick<DeliveryInformation, "from">,
): Promise<Sender> {
  const name = normalNameOf(from);
  if (name === null) throw unknownSender(from, `${JSON.stringify(from)} is not a name.`);
  const signedBy = async (person: Person): Promise<Sender> => {
    const { address, profile, sentence } = person;
    if (address === null || profile === null) throw unknownSender(from, sentence);
    await assertSubmittedBy(engine, profile, envelope, name);
    return { name, address, profile, domain: domainOfSender(name) };
  };
  try {
    return await signedBy(await directory.personOf(name));
  } catch (error) {
    if (!isSignpostError(error, "UNKNOWN_SENDER", "WRONG_METADATA_SIGNATURE")) throw error;
    return signedBy(await directory.personNow(name));
  }
}

export function noAccount(name: string): SignpostError {
  return new SignpostError(
    "NO_ACCOUNT",
    `${JSON.stringify(name)} has no account at this relay node. Resolve the receiver's profile again, and send to the relay nodes that it names.`,
    { name },
  );
}

function unknownSender(from: string, sentence: string): SignpostError {
  return new SignpostError(
    "UNKNOWN_SENDER",
    `The sender's profile cannot be found, so nobody can tell whether the sender wrote this: ${sentence}`,
    { from },
  );
}
