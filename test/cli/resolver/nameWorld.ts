/** An AdminWorld with ENSv1's .eth registrar and a NameWrapper, and names in every state that the two can leave them in. */
import { Contract, id, namehash } from "ethers";
import { ownArtifact } from "../../../src/chain/artifacts.js";
import { type AdminWorld, deployOwn, registryOf, startAdminWorld } from "./adminWorld.js";

export const DAY_SEC = 86_400;
export const FUSE = {
  CANNOT_SET_RESOLVER: 8,
  CANNOT_CREATE_SUBDOMAIN: 32,
  PARENT_CANNOT_CONTROL: 1 << 16,
  IS_DOT_ETH: 1 << 17,
} as const;

export interface NameWorld extends AdminWorld {
  readonly wrapper: Contract;
  readonly wrapperAddress: string;
  readonly registrar: Contract;
  /** Seconds from the latest block. */
  in(seconds: number): Promise<number>;
  /** Registers a .eth name at the registrar. */
  registerEth(name: string, registrant: string, expirySec: number): Promise<void>;
  /** The registrant's token alone, as by a sale: the registry keeps its owner. */
  sell(name: string, buyer: string): Promise<void>;
  /** A token in the NameWrapper; the registry stays as it is. */
  wrap(name: string, owner: string, fuses: number, expirySec: number): Promise<void>;
  registrarAs(account: string): Promise<Contract>;
  /** The registry, as this account. */
  registryAs(account: string): Promise<Contract>;
}

export async function startNameWorld(): Promise<NameWorld> {
  const world = await startAdminWorld();
  const { chain, ens } = world;
  const wrapper = await deployOwn(chain, "test/NameWrapperStandIn", ens.registry);
  const { abi } = await ownArtifact("demo/Registrar");
  const eth = registryOf(ens, chain).getFunction("owner");
  const registrar = new Contract(String(await eth.staticCall(namehash("eth"))), abi, chain.admin);
  const send = async (contract: Contract, method: string, ...args: unknown[]) => {
    await (await contract.getFunction(method).send(...args)).wait();
  };
  return {
    ...world,
    wrapper,
    wrapperAddress: await wrapper.getAddress(),
    registrar,
    in: async (seconds) => (await chain.provider.getBlock("latest"))!.timestamp + seconds,
    registerEth: (name, registrant, expirySec) =>
      send(registrar, "register", tokenOf(name), registrant, expirySec),
    sell: (name, buyer) => send(registrar, "transferFrom", buyer, buyer, tokenOf(name)),
    wrap: (name, owner, fuses, expirySec) =>
      send(wrapper, "wrap", namehash(name), owner, fuses, expirySec),
    registrarAs: async (account) =>
      new Contract(await registrar.getAddress(), abi, await chain.provider.getSigner(account)),
    registryAs: async (account) => registryOf(ens, chain, await chain.provider.getSigner(account)),
  };
}

/** By which the registrar knows a .eth name. */
export const tokenOf = (name: string): bigint => BigInt(id(name.split(".")[0]!));
