/**
 * ENSv2 beside the scene's ENSv1: its registries, its UniversalResolver, and the resolver by which names that were not
 * moved are still served from ENSv1. All are stand-ins of our own (contracts/demo).
 */
import { type Contract, deploy, ethers, send } from "../contracts/deployment.js";
import type { LocalEns } from "./localEns.js";

const FOR_EVER = 2n ** 64n - 1n;
const NOBODY = ethers.ZeroAddress;
const SOMEBODY = "0x00000000000000000000000000000000000000a1";

/** What `RegistryV2.register` takes; without roles, which resolution does not ask for. */
export function entry(
  label: string,
  { owner = SOMEBODY, registry = NOBODY, resolver = NOBODY, expirySec = FOR_EVER },
): unknown[] {
  return [label, owner, registry, resolver, 0n, expirySec];
}

export interface EnsV2World {
  /** Finds resolvers as before ENSv2. */
  readonly universalResolverV1: string;
  /** Finds them in ENSv2's registries. */
  readonly universalResolverV2: string;
  /** Serves the names of ENSv1 in ENSv2. */
  readonly ensV1Resolver: string;
  /** Leaves `label`.eth, and what is below it, to ENSv1. */
  reserve(label: string): Promise<void>;
  /** Registers `label`.eth in ENSv2, with a registry of its own for names below it. */
  register(label: string, resolver: string, expirySec?: bigint): Promise<Contract>;
}

export async function createEnsV2World(ens: LocalEns): Promise<EnsV2World> {
  const root = await deploy("RegistryV2");
  const eth = await deploy("RegistryV2");
  await send(root, "register", ...entry("eth", { registry: await eth.getAddress() }));
  const ensV1Resolver = await addressOf("ENSV1Resolver", ens.ensRegistry);
  return {
    universalResolverV1: await addressOf("UniversalResolver", ens.ensRegistry),
    universalResolverV2: await addressOf("UniversalResolverV2", await root.getAddress()),
    ensV1Resolver,
    async reserve(label) {
      await send(eth, "register", ...entry(label, { owner: NOBODY, resolver: ensV1Resolver }));
    },
    async register(label, resolver, expirySec = FOR_EVER) {
      const below = await deploy("RegistryV2");
      const registry = await below.getAddress();
      await send(eth, "register", ...entry(label, { resolver, registry, expirySec }));
      return below;
    },
  };
}

async function addressOf(contract: string, ...constructorArguments: unknown[]): Promise<string> {
  const deployed = await deploy(contract, ...constructorArguments);
  return await deployed.getAddress();
}
