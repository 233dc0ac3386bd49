/** A profile directly in ENS, without any service: the transaction that a name's owner sends. */
import { type Hex, toHex } from "../abi/hex.js";
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../dm3/profile/profileRecord.js";
import { assertSignedBy } from "../dm3/profile/profileSignature.js";
import { checksumAddress } from "../ens/address.js";
import { resolvableName } from "../ens/resolvableName.js";
import { setText } from "../ens/writeFunctions.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { chainIdOf } from "./askNode.js";
import { failedCheck } from "./checks.js";
import { type RecordsOnChain, recordsOnChain } from "./recordsOnChain.js";
import {
  type ResolveOptions,
  type ResolveSettings,
  resolveSettings,
  startReading,
} from "./resolveOptions.js";

/** Unsigned; as ethers, viem and `eth_sendTransaction` (but for its hexadecimal numbers) take it. */
export interface ProfileTransaction {
  /** The resolver of the name, EIP-55. */
  readonly to: Hex;
  readonly data: Hex;
  readonly chainId: number;
}

export type ProfileTransactionOptions = Pick<
  ResolveOptions,
  "rpc" | "ensRegistry" | "universalResolver" | "timeoutMs" | "signal"
>;

/**
 * The transaction that writes a signed profile (`createProfile`) into the text record `network.dm3.profile` of the
 * name, on its own resolver; with null, the one that removes it. Whoever may write the name's records sends it.
 *
 * Throws INVALID_NAME, INVALID_REQUEST for wrong options, INVALID_PROFILE for a malformed profile or a name without
 * an address, WRONG_SIGNER when another wallet signed than the one at the name's address, NOT_WRITABLE with the reason
 * when no transaction can write the record, UNREACHABLE when that cannot be found out, and the reason of `signal`.
 */
export async function profileTransaction(
  name: string,
  signedUserProfile: SignedUserProfile | null,
  options: ProfileTransactionOptions,
): Promise<ProfileTransaction> {
  const settings = resolveSettings(options);
  return unlessAborted(settings.signal, transactionFor(name, signedUserProfile, settings));
}

async function transactionFor(
  name: string,
  signed: SignedUserProfile | null,
  settings: ResolveSettings,
): Promise<ProfileTransaction> {
  const asked = resolvableName(name);
  const record = signed === null ? "" : encodeProfileRecord(signed);
  const records = await recordsOnChain(settings, asked);
  if (signed !== null) assertVouchedFor(asked.name, records, signed);
  return {
    to: checksumAddress(records.resolver),
    data: toHex(setText.encodeInput(asked.node, DM3_PROFILE_KEY, record)),
    chainId: Number(await chainIdOf(startReading(settings))),
  };
}

/** Throws INVALID_PROFILE for a name without an address, WRONG_SIGNER when the wallet at its address did not sign. */
export function assertVouchedFor(
  name: string,
  { address }: Pick<RecordsOnChain, "address">,
  signed: SignedUserProfile,
): void {
  if (address === null) {
    throw failedCheck(
      "name-address",
      `${name} has no Ethereum address, so no client would trust its profile. Set its address to the wallet that signed the profile.`,
    );
  }
  assertSignedBy(address, signed);
}
