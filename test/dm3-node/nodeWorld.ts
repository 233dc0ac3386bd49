/**
 * Alice and Bob of the vectors, with wallet-signed profiles in a real ENS on this machine; and Bob's two relay nodes, made
 * of dm3's libraries.
 */
import { providers } from "ethers5";
import { toHex } from "../../src/abi/hex.js";
import type { HashField } from "../../src/dm3/message/envelope.js";
import type { SignedUserProfile, UserProfile } from "../../src/dm3/profile/profile.js";
import {
  encodeDeliveryServiceRecord,
  encodeProfileRecord,
} from "../../src/dm3/profile/profileRecord.js";
import { profileCreationMessage } from "../../src/dm3/profile/profileSignature.js";
import { parseAddress } from "../../src/ens/address.js";
import type { ResolveOptions } from "../../src/sdk/node.js";
import type { Person } from "../dm3/message/sampleEnvelopes.js";
import { people, personalSign } from "../dm3/profile/sampleProfiles.js";
import { deployEns, type LocalEns, provider } from "../lookup/localEns.js";
import services from "../vectors/delivery-service-profile.json" with { type: "json" };
import { type Dm3Node, startDm3Node } from "./dm3Node.js";

export interface NodeWorld {
  readonly ens: LocalEns;
  readonly options: ResolveOptions;
  readonly ethers5: providers.BaseProvider;
  /** ds.example.eth and fallback-ds.example.eth. */
  readonly nodes: readonly [Dm3Node, Dm3Node];
  /** Writes the profile, signed by the person's wallet, and their address. */
  publish(person: Person, profile?: Partial<UserProfile>): Promise<SignedUserProfile>;
  /** Signs the person up at a node. */
  signUp(person: Person, node: Dm3Node): Promise<void>;
  /** Puts a node's URL into ENS. */
  setUrl(which: 0 | 1, url: string): Promise<void>;
  close(): Promise<void>;
}

export const addressOf = (person: Person) => people[person].address;

export async function createNodeWorld(hashFields: readonly HashField[] = []): Promise<NodeWorld> {
  const ens = await deployEns();
  const ethers5 = new providers.Web3Provider(provider as never, {
    ...{ name: "local", chainId: 31337, ensAddress: ens.ensRegistry },
  });
  const start = (which: 0 | 1) =>
    startDm3Node({
      which,
      provider: ethers5,
      hashField: hashFields[which] ?? "encryptedMessageHash",
    });
  const nodes = [await start(0), await start(1)] as const;

  const world: NodeWorld = {
    ...{ ens, ethers5, nodes },
    options: { rpc: provider, ensRegistry: ens.ensRegistry, allowLoopback: true },
    async publish(person, changes = {}) {
      const { ensName, address, walletPrivateKey } = people[person];
      const profile: UserProfile = { ...people[person].profile, ...changes };
      const message = profileCreationMessage(parseAddress(address), profile);
      const signed = { profile, signature: toHex(personalSign(walletPrivateKey, message)) };
      await ens.setResolver(ensName, ens.publicResolver);
      await ens.setAddress(ensName, address);
      await ens.setText(ensName, "network.dm3.profile", encodeProfileRecord(signed));
      return signed;
    },
    async signUp(person, { url }) {
      const { ensName } = people[person];
      const record = await (await ethers5.getResolver(ensName))!.getText("network.dm3.profile");
      const response = await fetch(`${url}/profile/${ensName}`, {
        ...{ method: "POST", body: record.replace("data:application/json,", "") },
        headers: { "content-type": "application/json" },
      });
      if (response.status !== 200) throw new Error(await response.text());
    },
    async setUrl(which, url) {
      const { ensName, profile } = services.deliveryServices[which]!;
      await ens.setResolver(ensName, ens.publicResolver);
      const record = encodeDeliveryServiceRecord({ ...profile, url });
      await ens.setText(ensName, "network.dm3.deliveryService", record);
    },
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
  await world.setUrl(0, nodes[0].url);
  await world.setUrl(1, nodes[1].url);
  await world.publish("alice");
  await world.publish("bob");
  return world;
}
