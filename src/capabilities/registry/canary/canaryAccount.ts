/**
 * The account by which the watch writes to itself through other people's relay nodes: a user like any other, with a name under one
 * of our domains. Its wallet's key is in the settings; the DM3 keys come from it, as a user's do.
 */
import { Wallet } from "ethers";
import { toHex } from "../../../abi/hex.js";
import type { MessageKeys } from "../../../dm3/message/messageKeys.js";
import type { SignedUserProfile } from "../../../dm3/profile/profile.js";
import { type Address, parseAddress } from "../../../ens/address.js";
import type { NormalName } from "../../../ens/normalize.js";
import { resolvableName } from "../../../ens/resolvableName.js";
import { SignpostError } from "../../../errors.js";
import { changeName } from "../../../registry/changes/changeName.js";
import { profileAction } from "../../../registry/names/verifiedActions.js";
import type { RegistryStores } from "../../../registry/store.js";
import { openMessageKeys } from "../../../sdk/messagesNode.js";
import { createProfile } from "../../../wallet/createProfile.js";

export interface CanaryConfig {
  /** ENS name, in normal form. */
  readonly name: string;
  readonly secrets: {
    /** 32 bytes */
    readonly walletKey: Uint8Array;
  };
}

export interface CanaryAccount {
  readonly name: NormalName;
  readonly address: Address;
  readonly signed: SignedUserProfile;
  readonly keys: MessageKeys;
}

/** Its profile names no relay node but itself, which is none: nobody else's messages find a way to it. */
export async function canaryAccount({
  name: given,
  secrets: { walletKey },
}: CanaryConfig): Promise<CanaryAccount> {
  const { name } = resolvableName(given);
  const wallet = new Wallet(toHex(walletKey));
  const { address, signedUserProfile, keys } = await createProfile(wallet, [name]);
  return {
    ...{ name, address: parseAddress(address), signed: signedUserProfile },
    keys: await openMessageKeys(keys),
  };
}

/**
 * Has the name show the profile, by which relay nodes know the account. Where it does already, nothing changes.
 * @throws NOT_FOUND where no domain of ours holds the name, and what refuses the change
 */
export async function publishCanary(
  registry: RegistryStores,
  { name, address, signed }: CanaryAccount,
  nowMs: () => number,
): Promise<void> {
  const domain = await registry.domains.domainHolding(name);
  if (domain === null) {
    throw new SignpostError(
      "NOT_FOUND",
      `The canary's name ${name} is under no domain of this installation. Set NODE_CANARY_NAME to one that is.`,
      { name },
    );
  }
  const actions = [profileAction(address, signed)];
  const authority = { kind: "admin" } as const;
  await changeName(registry, { domain: domain.name, name, actions, authority }, nowMs);
}
