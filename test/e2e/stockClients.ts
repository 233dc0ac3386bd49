/** Clients that we did not write, each asked for a user's DM3 profile in its own way. */
import { createRequire } from "node:module";
import {
  checkUserProfile,
  getDeliveryServiceProfile,
  getUserProfile,
} from "@dm3-org/dm3-lib-profile";
import { getRecords } from "@ensdomains/ensjs/public";
import { createPublicClient, defineChain, http } from "viem";
import type { DemoWorld } from "../../src/demo/demoWorld.js";
import { ensProvider } from "../../src/demo/localChain.js";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";

/** What a client made of a name: the profile's text or JSON, nothing, or the error that it threw. */
type Seen = { profile: unknown } | { absent: true } | { error: string };

/** All that a client is told. */
export type EnsOnChain = Pick<DemoWorld, "chain" | "ens">;

export interface StockClient {
  readonly name: string;
  profileOf(name: string): Promise<Seen>;
}

export function ethers6({ chain, ens }: EnsOnChain): StockClient {
  return {
    name: "ethers 6",
    profileOf: async (name) => {
      const provider = ensProvider(chain.rpcUrl, chain.chainId, ens.registry);
      try {
        return await seen(async () => (await provider.getResolver(name))?.getText(DM3_PROFILE_KEY));
      } finally {
        provider.destroy();
      }
    },
  };
}

export function viem(world: EnsOnChain): StockClient {
  const client = viemClient(world);
  return {
    name: "viem",
    profileOf: (name) =>
      seen(() => client.getEnsText({ name, key: DM3_PROFILE_KEY, strict: true })),
  };
}

/** The library of ENS' own applications: asks for several records at once. */
export function ensjs(world: EnsOnChain): StockClient {
  // its types list the contracts of public chains, each with its address
  const client = viemClient(world) as unknown as Parameters<typeof getRecords>[0];
  return {
    name: "ensjs",
    profileOf: (name) =>
      seen(async () => {
        const records = await getRecords(client, {
          name,
          texts: [DM3_PROFILE_KEY],
          coins: ["ETH"],
        });
        return records.texts.find(({ key }) => key === DM3_PROFILE_KEY)?.value;
      }),
  };
}

export function viemClient({ chain, ens }: EnsOnChain) {
  return createPublicClient({
    chain: defineChain({
      id: Number(chain.chainId),
      name: "local",
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [chain.rpcUrl] } },
      contracts: {
        ensRegistry: { address: ens.registry as `0x${string}` },
        ensUniversalResolver: { address: ens.universalResolver as `0x${string}` },
      },
    }),
    // a hardhat node answers every revert with -32603, which viem would take for an outage and retry
    transport: http(chain.rpcUrl, { retryCount: 0 }),
  });
}

type Ethers5 = Parameters<typeof getUserProfile>[0];

/** The ethers 5 that the dm3 library itself brings. */
export function ethers5Provider(world: EnsOnChain): Ethers5 {
  return providerOf("JsonRpcProvider", world);
}

/** One that asks for the chain's id once, instead of before each call. */
export function staticEthers5Provider(world: EnsOnChain): Ethers5 {
  return providerOf("StaticJsonRpcProvider", world);
}

function providerOf(
  kind: "JsonRpcProvider" | "StaticJsonRpcProvider",
  { chain, ens }: EnsOnChain,
): Ethers5 {
  const require = createRequire(import.meta.url);
  const fromDm3 = createRequire(require.resolve("@dm3-org/dm3-lib-profile"));
  const { ethers } = fromDm3("ethers") as {
    ethers: { providers: Record<typeof kind, new (url: string, network: object) => Ethers5> };
  };
  return new ethers.providers[kind](chain.rpcUrl, {
    name: "local",
    chainId: Number(chain.chainId),
    ensAddress: ens.registry,
  });
}

export function dm3(world: EnsOnChain): StockClient {
  const provider = ethers5Provider(world);
  return {
    name: "dm3-lib-profile 1.7.1",
    profileOf: (name) => seen(() => getUserProfile(provider, name)),
  };
}

/** `getUserProfile` checks the signature already; this asks for that check alone. */
export async function dm3Checks(world: EnsOnChain, name: string): Promise<boolean> {
  const provider = ethers5Provider(world);
  const profile = await getUserProfile(provider, name);
  return profile !== undefined && checkUserProfile(provider, profile, name);
}

export async function dm3RelayNode(world: EnsOnChain, name: string): Promise<string | undefined> {
  const noLinks = () => Promise.reject(new Error("the record is no link"));
  return (await getDeliveryServiceProfile(name, ethers5Provider(world), noLinks))?.url;
}

async function seen(ask: () => Promise<unknown>): Promise<Seen> {
  try {
    const profile = await ask();
    return profile ? { profile } : { absent: true };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
