/** What ENSv1 says of a name: who owns it, and who may set its resolver. */
import { abiFunction } from "../abi/abiFunction.js";
import { type Address, checksumAddress, parseAddress } from "../ens/address.js";
import { parentName } from "../ens/hierarchy.js";
import { namehash, type Node } from "../ens/namehash.js";
import { SignpostError } from "../errors.js";
import type { Chain } from "../lookup/askNode.js";
import { hasCode, viewOf } from "../lookup/contractView.js";
import { registeredOwner, registeredResolver } from "../lookup/ensRegistry.js";
import { checksummed } from "./checksummed.js";
import { isContractAccount } from "./contractAccount.js";
import { readWrapped, type WrappedName } from "./nameWrapper.js";
import { readRegistration, type Registration } from "./registration.js";

/** Addresses are checksummed, and null instead of zero. */
export interface NameFacts {
  readonly name: string;
  readonly registry: string;
  readonly resolver: string | null;
  /** The owner in the registry. */
  readonly owner: string | null;
  /** Whether code decides over the owner, as over a multisig. */
  readonly ownerIsContract: boolean;
  /** Whether the registry only repeats what ENS's registry from before 2020 says: nobody can change the name there. */
  readonly isInOldRegistry: boolean;
  /** The nearest name above that exists; null where the name itself does. */
  readonly ancestor: Ancestor | null;
  /** Null where the registry's owner is not the NameWrapper. */
  readonly wrapped: WrappedName | null;
  /** Of the .eth name that it is, or lies below; null where there is none. */
  readonly registration: Registration | null;
}

/** Whose owner can create the name. */
export interface Ancestor {
  readonly name: string;
  readonly owner: string;
  readonly wrapped: WrappedName | null;
}

const isApprovedForAll = abiFunction<[owner: Address, operator: Address], [boolean]>(
  "function isApprovedForAll(address owner, address operator) view returns (bool)",
);
const recordExists = abiFunction<[Node], [boolean]>(
  "function recordExists(bytes32 node) view returns (bool)",
);

/** @throws UNREACHABLE when the node fails, INVALID_REQUEST when there is no registry at the address */
export async function readNameFacts(
  chain: Chain,
  registry: string,
  name: string,
): Promise<NameFacts> {
  const ensRegistry = parseAddress(registry);
  if (!(await hasCode(chain, ensRegistry))) throw noRegistry(registry);
  const node = namehash(name);
  const owner = await registeredOwner(chain, ensRegistry, { name, node });
  return {
    name,
    registry,
    owner: checksummed(owner),
    resolver: checksummed(await registeredResolver(chain, ensRegistry, { name, node })),
    ownerIsContract: owner !== null && (await isContractAccount(chain, owner)),
    isInOldRegistry:
      owner !== null && (await viewOf(chain, ensRegistry, recordExists, node))?.[0] === false,
    ancestor: owner === null ? await nearestAncestor(chain, ensRegistry, name) : null,
    wrapped: owner === null ? null : await readWrapped(chain, ensRegistry, owner, node),
    registration: await readRegistration(chain, ensRegistry, name),
  };
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
): Promise<Ancestor | null> {
  for (let above = parentName(name); above !== null; above = parentName(above)) {
    const asked = { name: above, node: namehash(above) };
    const owner = await registeredOwner(chain, ensRegistry, asked);
    if (owner === null) continue;
    const wrapped = await readWrapped(chain, ensRegistry, owner, asked.node);
    return { name: above, owner: checksumAddress(owner), wrapped };
  }
  return null;
}

function noRegistry(registry: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `There is no ENS registry at ${registry} on this chain. Check --rpc and --registry.`,
  );
}
