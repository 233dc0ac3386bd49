/** ENSv2 on the ward's chain, beside the demo's ENSv1: stand-ins of our own (contracts/demo/v2). */
import { Contract, ZeroAddress } from "ethers";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { entry } from "../lookup/ensV2World.js";
import type { Ward } from "./ward.js";

const FOR_EVER = 2n ** 64n - 1n;

export interface EnsV2 {
  readonly universalResolver: string;
  /** Serves names of ENSv1 in ENSv2. */
  readonly ensV1Resolver: string;
  /** The registry of .eth. */
  readonly eth: Contract;
  /** A registry of its own below `label` of `registry`; the entry's resolver may be zero. */
  below(registry: Contract, label: string, resolver?: string, expiry?: bigint): Promise<Contract>;
  enter(registry: Contract, label: string, resolver: string, expiry?: bigint): Promise<void>;
  /** Puts a registry that is there already below one more label. */
  share(registry: Contract, label: string, shared: Contract): Promise<void>;
}

export async function deployEnsV2(ward: Ward): Promise<EnsV2> {
  const { abi } = await ownArtifact("demo/v2/RegistryV2");
  const registry = async () =>
    new Contract(await ward.deploy("demo/v2/RegistryV2"), abi, ward.admin);
  const register = async (
    of: Contract,
    label: string,
    resolver: string,
    subregistry: string,
    expiry: bigint,
  ) => {
    const taken = entry(label, { registry: subregistry, resolver, expirySec: expiry });
    const sent = (await of.getFunction("register").send(...taken)) as { wait(): Promise<unknown> };
    await sent.wait();
  };
  const below: EnsV2["below"] = async (of, label, resolver = ZeroAddress, expiry = FOR_EVER) => {
    const made = await registry();
    await register(of, label, resolver, await made.getAddress(), expiry);
    return made;
  };
  const root = await registry();
  return {
    universalResolver: await ward.deploy("demo/v2/UniversalResolverV2", await root.getAddress()),
    ensV1Resolver: await ward.deploy("demo/v2/ENSV1Resolver", ward.world.ens.registry),
    eth: await below(root, "eth"),
    below,
    enter: (of, label, resolver, expiry = FOR_EVER) =>
      register(of, label, resolver, ZeroAddress, expiry),
    share: async (of, label, shared) =>
      register(of, label, ZeroAddress, await shared.getAddress(), FOR_EVER),
  };
}
