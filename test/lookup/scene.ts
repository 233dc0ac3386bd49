/**
 * What most tests of the SDK start from: `users.example.eth` with the OffchainResolver and one CCIP gateway on
 * this machine, and Alice's profile under `alice.users.example.eth`, naming a relay node that exists.
 */
import type { DeliveryServiceProfile, UserProfile } from "../../src/dm3/profile/profile.js";
import {
  encodeDeliveryServiceRecord,
  encodeProfileRecord,
} from "../../src/dm3/profile/profileRecord.js";
import type { NameRecords } from "../../src/ens/records.js";
import { type ProfileOutcome, type ResolveOptions, resolveProfile } from "../../src/sdk/node.js";
import { type Contract, deployResolver, send } from "../contracts/deployment.js";
import { aliceAddress, people, signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { deployEns, type LocalEns, provider } from "./localEns.js";
import { answer, type Handler, type LoopbackServer, serve } from "./loopbackServer.js";
import { type Bend, records, signingGateway } from "./signingGateway.js";

export const DOMAIN = "users.example.eth";
export const ALICE = `alice.${DOMAIN}`;
export const RELAY = `relay.${DOMAIN}`;
export const PROFILE_KEY = "network.dm3.profile";
export const RELAY_KEY = "network.dm3.deliveryService";

export const relayProfile: DeliveryServiceProfile = {
  publicEncryptionKey: people.bob.profile.publicEncryptionKey,
  publicSigningKey: people.bob.profile.publicSigningKey,
  url: "https://relay.example/dm3",
};

export const aliceProfile: UserProfile = { ...people.alice.profile, deliveryServices: [RELAY] };

export interface Scene {
  readonly ens: LocalEns;
  readonly resolver: Contract;
  readonly resolverAddress: string;
  readonly gateway: LoopbackServer;
  /** A second server, for what a test needs beside the gateway. */
  readonly host: LoopbackServer;
  /** What the gateway knows. */
  readonly names: Map<string, NameRecords>;
  readonly options: ResolveOptions;
  /** Back to an honest gateway that knows Alice and the relay node, and is asked by GET. */
  reset(): Promise<void>;
  honest(bend?: Bend): Handler;
  setUrls(...urls: string[]): Promise<void>;
  /** Serves `text` as Alice's profile record. */
  publish(text: string): void;
  resolveAlice(options?: Partial<ResolveOptions>): Promise<ProfileOutcome>;
  close(): Promise<void>;
}

export async function createScene(): Promise<Scene> {
  const ens = await deployEns();
  const gateway = await serve(answer(""));
  const host = await serve(answer(""));
  const getUrl = `${gateway.url}/{sender}/{data}.json`;
  const resolver = await deployResolver({ urls: [getUrl] });
  const resolverAddress = await resolver.getAddress();
  await ens.setResolver(DOMAIN, resolver);
  const names = new Map<string, NameRecords>();
  const options = { rpc: provider, ensRegistry: ens.ensRegistry, allowLoopback: true };

  const scene: Scene = {
    ens,
    resolver,
    resolverAddress,
    gateway,
    host,
    names,
    options,
    honest: (bend) => signingGateway(resolverAddress, (name) => names.get(name), bend),
    async setUrls(...urls) {
      await send(resolver, "setUrls", urls);
    },
    async reset() {
      // an idle chain lags behind the clock, and answers of now would be of the future to it
      await provider.request({ method: "evm_mine", params: [] });
      names.clear();
      scene.publish(encodeProfileRecord(signedByAlice(aliceProfile)));
      names.set(RELAY, records({ [RELAY_KEY]: encodeDeliveryServiceRecord(relayProfile) }));
      gateway.handler = scene.honest();
      gateway.requests.length = 0;
      host.handler = answer("", { status: 404 });
      host.requests.length = 0;
      await scene.setUrls(getUrl);
    },
    publish(text) {
      names.set(ALICE, records({ [PROFILE_KEY]: text }, aliceAddress));
    },
    resolveAlice: (more = {}) => resolveProfile(ALICE, { ...options, ...more }),
    async close() {
      await gateway.close();
      await host.close();
    },
  };
  return scene;
}
