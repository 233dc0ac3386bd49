/** First lookups of fresh clients: nothing is remembered from one to the next. */
import { getUserProfile } from "@dm3-org/dm3-lib-profile";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { type ResolveOptions, resolveProfile } from "../../src/sdk/node.js";
import { type EnsOnChain, staticEthers5Provider, viemClient } from "../../test/e2e/stockClients.js";

export interface Client {
  readonly name: string;
  /** Throws when the profile does not come. */
  lookUp(name: string): Promise<void>;
}

export function clientsOf(world: EnsOnChain): Readonly<Record<string, Client>> {
  return {
    dm3: {
      name: "dm3-lib-profile 1.7.1: getUserProfile",
      async lookUp(name) {
        if ((await getUserProfile(staticEthers5Provider(world), name)) === undefined)
          throw missing(name);
      },
    },
    viem: {
      name: "viem: text and address together",
      async lookUp(name) {
        const client = viemClient(world);
        const records = await Promise.all([
          client.getEnsText({ name, key: DM3_PROFILE_KEY, strict: true }),
          client.getEnsAddress({ name, strict: true }),
        ]);
        if (records.includes(null)) throw missing(name);
      },
    },
    first: ours(world, "first"),
    none: ours(world, "none"),
  };
}

function ours({ chain, ens }: EnsOnChain, relayNodes: "first" | "none"): Client {
  const options: ResolveOptions = {
    rpc: chain.rpcUrl,
    ensRegistry: ens.registry,
    universalResolver: ens.universalResolver,
    allowLoopback: true,
    relayNodes,
  };
  const which = relayNodes === "none" ? "no relay node" : "the first relay node";
  return {
    name: `Signpost's resolveProfile: address and text verified, ${which}`,
    async lookUp(name) {
      const outcome = await resolveProfile(name, options);
      if (outcome.status !== "found") throw new Error(outcome.sentence);
      if (relayNodes === "first" && outcome.relayNode === null) throw new Error(outcome.sentence);
    },
  };
}

function missing(name: string): Error {
  return new Error(`${name} was not found.`);
}
