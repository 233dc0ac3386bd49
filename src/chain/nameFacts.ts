/** What the chain says of a name: who owns it, and who may set its resolver. */
import { abiFunction } from "../abi/abiFunction.js";
import { type Address, checksumAddress, parseAddress } from "../ens/address.js";
import { parentName } from "../ens/hierarchy.js";
import { namehash, type Node } from "../ens/namehash.js";
import { SignpostError } from "../errors.js";
import { type Chain, latestBlock } from "../lookup/askNode.js";
import { hasCode, viewOf } from "../lookup/contractView.js";
import { registeredOwner, registeredResolver } from "../lookup/ensRegistry.js";
import { checksummed } from "./checksummed.js";
import type { EnsContracts } from "./ensContracts.js";
import { saysNameWrapper, wrappedData } from "./nameWrapper.js";
import { readRegistration, type Registration } from "./registration.js";

/** Addresses are checksummed, and null instead of zero. */
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
  /** Of the .eth name that it is, or lies below; null where there is none. */
  readonly registration: Registration | null;
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

const isApprovedForAll = abiFunction<[owner: Address, operator: Address], [boolean]>(
  "function isApprovedForAll(address owner, address operator) view returns (bool)",
);

/** @throws UNREACHABLE when the node fails, INVALID_REQUEST when there is no registry at the address */
export async function readNameFacts(
  chain: Chain,
  { registry, nameWrapper }: EnsContracts,
  name: string,
): Promise<NameFacts> {
  const ensRegistry = parseAddress(registry);
  if (!(await hasCode(chain, ensRegistry))) throw absent("ENS registry", registry, "--registry");
  const node = namehash(name);
  const owner = await registeredOwner(chain, ensRegistry, { name, node });
  const ownerText = checksummed(owner);
  return {
    name,
    registry,
    owner: ownerText,
    resolver: checksummed(await registeredResolver(chain, ensRegistry, { name, node })),
    ownerIsContract: owner !== null && (await hasCode(chain, owner)),
    ancestor: owner === null ? await nearestAncestor(chain, ensRegistry, name) : null,
    wrapped:
      owner !== null && (await isNameWrapper(chain, owner, nameWrapper))
        ? await readWrapped(chain, checksumAddress(owner), node)
        : null,
    registration: await readRegistration(chain, ensRegistry, name),
  };
}

/** The one that is known or given, or one that says so by ERC-165. */
async function isNameWrapper(
  chain: Chain,
  owner: Address,
  nameWrapper: string | null,
): Promise<boolean> {
  return checksumAddress(owner) === nameWrapper || (await saysNameWrapper(chain, owner));
}

/** Whether `owner` lets `account` act on all its names: in the registry or, for wrapped names, the NameWrapper. */
export async function isApproved(
  chain: Chain,
  contract: string,
  owner: string,
  account: string,
): Promise<boolean> {
  const [holder, operator] = [parseAddress(owner), parseAddress(account)];
  const answer = await viewOf(chain, parseAddress(contract), isApprovedForAll, holder, operator);
  return answer?.[0] ?? false;
}

async function nearestAncestor(
  chain: Chain,
  ensRegistry: Address,
  name: string,
): Promise<NameFacts["ancestor"]> {
  for (let above = parentName(name); above !== null; above = parentName(above)) {
    const asked = { name: above, node: namehash(above) };
    const owner = await registeredOwner(chain, ensRegistry, asked);
    if (owner !== null) return { name: above, owner: checksumAddress(owner) };
  }
  return null;
}

async function readWrapped(chain: Chain, nameWrapper: string, node: Node): Promise<WrappedName> {
  const data = await wrappedData(chain, parseAddress(nameWrapper), node);
  if (data === null) throw absent("NameWrapper", nameWrapper, "--name-wrapper");
  const { owner, fuses, expirySec } = data;
  const { timeSec } = await latestBlock(chain);
  return { nameWrapper, owner: checksummed(owner), fuses, expirySec, blockTimeSec: timeSec };
}

function absent(what: string, address: string, option: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `There is no ${what} at ${address} on this chain. Check --rpc and ${option}.`,
  );
}
