/** A DM3 user of the demo's service whose only relay node is this one: for checks that need accounts. */
import { Wallet } from "ethers";
import type { Account } from "../../src/conformance/subject.js";
import { askJson } from "../../src/demo/askJson.js";
import type { DemoWorld } from "../../src/demo/demoWorld.js";
import { createProfile } from "../../src/wallet/createProfile.js";

/** @param relayNode its ENS name */
export async function nodeAccount(
  { service, apiKey }: Pick<DemoWorld, "service" | "apiKey">,
  relayNode: string,
  label: string,
): Promise<Account> {
  const name = `${label}.users.example.eth`;
  const made = await createProfile(Wallet.createRandom(), [relayNode]);
  const { address, signedUserProfile, keys } = made;
  await askJson(`${service.url}/v1/names/${name}/profile`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ address, signedUserProfile }),
  });
  return { name, keys, signed: signedUserProfile };
}
