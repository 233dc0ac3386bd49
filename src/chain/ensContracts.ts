/** Where ENS is on each chain, and who may set the resolver of a name there. */
import { Contract, type JsonRpcProvider, namehash, ZeroAddress } from "ethers";
import { parentName } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import { rpcFailure } from "./connection.js";

export interface EnsContracts {
  readonly registry: string;
  /** Null on chains where none is known. */
  readonly nameWrapper: string | null;
}

const REGISTRY = "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e";

/** As ENS deployed them on Ethereum and its test chains (ens-contracts, deployments/). */
const KNOWN: Readonly<Record<string, EnsContracts>> = {
  "1": { registry: REGISTRY, nameWrapper: "0xD4416b13d2b3a9aBae7AcD5D6C2BbDBE25686401" },
  "11155111": { registry: REGISTRY, nameWrapper: "0x0635513f179D50A207757E05759CbD106d7dFcE8" },
  "17000": { registry: REGISTRY, nameWrapper: "0xab50971078225D365994dc1Edcb9b7FD72Bb4862" },
};

/** Those of the chain, unless given. Throws INVALID_REQUEST on a chain whose registry is not known. */
export function ensContracts(
  chainId: bigint,
  given: { readonly registry?: string; readonly nameWrapper?: string },
): EnsContracts {
  const known = KNOWN[chainId.toString()];
  const registry = given.registry ?? known?.registry;
  if (registry === undefined) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `Chain ${chainId.toString()} has no ENS registry that we know. Give its address with --registry.`,
    );
  }
  // the wrapper of another registry says nothing about these names
  const wrapper = given.registry === undefined ? (known?.nameWrapper ?? null) : null;
  return { registry, nameWrapper: given.nameWrapper ?? wrapper };
}

/** What the chain says of a name. Addresses are checksummed, and null instead of zero. */
export interface NameFacts {
  readonly name: string;
  readonly registry: string;
  readonly resolver: string | null;
  /** The owner in the registry. */
  readonly owner: string | null;
  readonly ownerIsContract: boolean;
  /** The nearest name above that exists, with its owner: who can create the name. */
  readonly ancestor: { readonly name: string; readonly owner: string } | null;
  /** Null where the registry's owner is not the NameWrapper. */
  readonly wrapped: WrappedName | null;
}

export interface WrappedName {
  readonly nameWrapper: string;
  /** Null when the wrapped name has expired. */
  readonly owner: string | null;
  readonly fuses: bigint;
  readonly expirySec: bigint;
  /** The time of the latest block, which is what expiry is compared with. */
  readonly blockTimeSec: bigint;
}

const REGISTRY_ABI = [
  "function owner(bytes32 node) view returns (address)",
  "function resolver(bytes32 node) view returns (address)",
  "function isApprovedForAll(address owner, address operator) view returns (bool)",
];
const NAME_WRAPPER_ABI = [
  "function getData(uint256 id) view returns (address owner, uint32 fuses, uint64 expiry)",
  "function isApprovedForAll(address account, address operator) view returns (bool)",
];

/** @throws UNREACHABLE when the node fails, INVALID_REQUEST when there is no registry at the address */
export async function readNameFacts(
  provider: JsonRpcProvider,
  { registry, nameWrapper }: EnsContracts,
  name: string,
): Promise<NameFacts> {
  await assertContract(provider, registry, "ENS registry");
  const ens = new Contract(registry, REGISTRY_ABI, provider);
  const node = namehash(name);
  const owner = await readAddress(ens, "owner", node);
  return {
    name,
    registry,
    owner,
    resolver: await readAddress(ens, "resolver", node),
    ownerIsContract: owner !== null && (await hasCode(provider, owner)),
    ancestor: owner === null ? await nearestAncestor(ens, name) : null,
    wrapped:
      owner !== null && owner === nameWrapper ? await readWrapped(provider, owner, node) : null,
  };
}

/** Whether `owner` lets `account` act on all its names: in the registry or, for wrapped names, the NameWrapper. */
export async function isApproved(
  provider: JsonRpcProvider,
  contract: string,
  owner: string,
  account: string,
): Promise<boolean> {
  return (await call(
    new Contract(contract, REGISTRY_ABI, provider),
    "isApprovedForAll",
    owner,
    account,
  )) as boolean;
}

export async function hasCode(provider: JsonRpcProvider, address: string): Promise<boolean> {
  try {
    return (await provider.getCode(address)) !== "0x";
  } catch (error) {
    throw rpcFailure(error, `looking for a contract at ${address}`);
  }
}

async function assertContract(provider: JsonRpcProvider, address: string, what: string) {
  if (await hasCode(provider, address)) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `There is no ${what} at ${address} on this chain. Check --rpc and --registry.`,
  );
}

async function nearestAncestor(ens: Contract, name: string): Promise<NameFacts["ancestor"]> {
  for (let above = parentName(name); above !== null; above = parentName(above)) {
    const owner = await readAddress(ens, "owner", namehash(above));
    if (owner !== null) return { name: above, owner };
  }
  return null;
}

async function readWrapped(provider: JsonRpcProvider, nameWrapper: string, node: string) {
  const wrapper = new Contract(nameWrapper, NAME_WRAPPER_ABI, provider);
  const [owner, fuses, expirySec] = (await call(wrapper, "getData", BigInt(node))) as [
    string,
    bigint,
    bigint,
  ];
  const block = await provider.getBlock("latest");
  if (block === null) throw rpcFailure(null, "reading the latest block");
  return {
    nameWrapper,
    owner: owner === ZeroAddress ? null : owner,
    fuses,
    expirySec,
    blockTimeSec: BigInt(block.timestamp),
  };
}

async function readAddress(contract: Contract, method: string, node: string) {
  const address = (await call(contract, method, node)) as string;
  return address === ZeroAddress ? null : address;
}

async function call(contract: Contract, method: string, ...values: unknown[]): Promise<unknown> {
  try {
    return await contract.getFunction(method).staticCall(...values);
  } catch (error) {
    throw rpcFailure(error, `reading ${method} of ${await contract.getAddress()}`);
  }
}
