/** Who writes to whom: people with wallets, whose profiles are in a real ENS. */
import { Wallet } from "ethers";
import type { MessageKeys } from "../../../src/dm3/message/messageKeys.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { openMessageKeys } from "../../../src/sdk/messagesNode.js";
import { createProfile } from "../../../src/wallet/createProfile.js";
import type { LocalEns } from "../../../test/lookup/localEns.js";

export interface SoakPerson {
  readonly name: string;
  readonly keys: MessageKeys;
  readonly signed: SignedUserProfile;
}

export async function publishPeople(
  ens: LocalEns,
  relayNode: string,
  word: string,
  count: number,
): Promise<readonly SoakPerson[]> {
  const people: SoakPerson[] = [];
  for (let index = 0; index < count; index++) {
    const name = `${word}-${index}.soak.eth`;
    const created = await createProfile(Wallet.createRandom(), [relayNode]);
    const { address, signedUserProfile: signed, keys } = created;
    await ens.setResolver(name, ens.publicResolver);
    await ens.setAddress(name, address);
    await ens.setText(name, DM3_PROFILE_KEY, encodeProfileRecord(signed));
    people.push({ name, signed, keys: await openMessageKeys(keys) });
  }
  return people;
}
