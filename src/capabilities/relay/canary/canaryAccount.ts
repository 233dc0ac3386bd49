/**
 * The canary's account: a user like any other, whose wallet the node made for it. Its key is kept sealed beside the node's own;
 * the DM3 keys come from it, as a user's do.
 */
import { Wallet } from "ethers";
import { toHex } from "../../../abi/hex.js";
import type { Pool } from "../../../db/pool.js";
import { nodeSecret } from "../../../db/relay/nodeSecrets.js";
import type { RelayTables } from "../../../db/relay/relayTables.js";
import type { MessageKeys } from "../../../dm3/message/messageKeys.js";
import { encodeProfileRecord } from "../../../dm3/profile/profileRecord.js";
import { openMessageKeys } from "../../../sdk/messagesNode.js";
import type { Secrets } from "../../../sealing/secrets.js";
import { createProfile } from "../../../wallet/createProfile.js";

export interface CanaryAccount {
  readonly name: string;
  /** Checksummed: what the name has to lead to in ENS, as addr(60). */
  readonly address: string;
  /** What has to be published under the name, as network.dm3.profile. */
  readonly profileRecord: string;
  readonly keys: MessageKeys;
}

/**
 * @param relayNode the node's own ENS name, which the profile leads to
 * @throws as `Secrets` does
 */
export async function canaryAccount(
  pool: Pool,
  tables: RelayTables,
  secrets: Secrets,
  { name, relayNode }: { readonly name: string; readonly relayNode: string },
): Promise<CanaryAccount> {
  const make = () => Uint8Array.from(Buffer.from(Wallet.createRandom().privateKey.slice(2), "hex"));
  const privateKey = await nodeSecret(pool, tables, secrets, "canary-wallet", make);
  const wallet = new Wallet(toHex(privateKey));
  privateKey.fill(0);
  const { address, signedUserProfile, keys } = await createProfile(wallet, [relayNode]);
  return {
    ...{ name, address, profileRecord: encodeProfileRecord(signedUserProfile) },
    keys: await openMessageKeys(keys),
  };
}
