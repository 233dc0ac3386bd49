/** ENSv2 on the chain of an AdminWorld: registries, their UniversalResolver, and what serves ENSv1's names in them. */
import { type Contract, id, ZeroAddress } from "ethers";
import { type AdminWorld, deployOwn } from "./adminWorld.js";

export const ROLE_SET_RESOLVER = 1n << 24n;
const FOR_EVER = 2n ** 64n - 1n;

interface EntryV2 {
  readonly owner?: string;
  /** Of names below it. */
  readonly registry?: Contract;
  readonly resolver?: string;
  readonly roles?: bigint;
  readonly expirySec?: bigint;
}

export interface AdminV2 {
  /** Of names directly below .eth. */
  readonly eth: Contract;
  readonly universalResolver: string;
  readonly ensV1Resolver: string;
  newRegistry(source?: string): Promise<Contract>;
  /** Registers a label; reserves it where no owner is given. */
  register(registry: Contract, label: string, entry: EntryV2): Promise<void>;
  /** The resolver of the label in the registry. */
  resolverOf(registry: Contract, label: string): Promise<string>;
}

export async function deployEnsV2({ chain, ens }: AdminWorld): Promise<AdminV2> {
  const newRegistry = (source = "demo/v2/RegistryV2") => deployOwn(chain, source);
  const root = await newRegistry();
  const eth = await newRegistry();
  const universal = await deployOwn(chain, "demo/v2/UniversalResolverV2", await root.getAddress());
  const ensV1Resolver = await deployOwn(chain, "demo/v2/ENSV1Resolver", ens.registry);
  const register: AdminV2["register"] = async (registry, label, entry) => {
    const transaction = await registry
      .getFunction("register")
      .send(
        label,
        entry.owner ?? ZeroAddress,
        (await entry.registry?.getAddress()) ?? ZeroAddress,
        entry.resolver ?? ZeroAddress,
        entry.roles ?? (entry.owner === undefined ? 0n : ROLE_SET_RESOLVER),
        entry.expirySec ?? FOR_EVER,
      );
    await transaction.wait();
  };
  await register(root, "eth", { owner: await chain.admin.getAddress(), registry: eth });
  return {
    eth,
    universalResolver: await universal.getAddress(),
    ensV1Resolver: await ensV1Resolver.getAddress(),
    newRegistry,
    register,
    resolverOf: async (registry, label) =>
      String(await registry.getFunction("getResolver").staticCall(label)),
  };
}

/** By which a registry takes a label. */
export const idOf = (label: string): bigint => BigInt(id(label));
