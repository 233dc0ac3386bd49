/** The registration of the .eth name that a name belongs to: who has it, and until when (ens-contracts' BaseRegistrar). */
import { abiFunction } from "../abi/abiFunction.js";
import { keccak256 } from "../abi/keccak256.js";
import { toNumber } from "../abi/word.js";
import { type Address, checksumAddress, parseAddress } from "../ens/address.js";
import { namehash, type Node } from "../ens/namehash.js";
import { type Chain, latestBlock } from "../lookup/askNode.js";
import { viewOf } from "../lookup/contractView.js";
import { registeredOwner } from "../lookup/ensRegistry.js";
import { checksummed } from "./checksummed.js";
import { saysNameWrapper, wrappedData } from "./nameWrapper.js";

/** Addresses are checksummed. Times are Unix seconds, of the chain. */
export interface Registration {
  /** What is registered: example.eth, for every name below it as well. */
  readonly name: string;
  /** The contract that it is registered in. */
  readonly registrar: string;
  /** Of its token there: the hash of its label. */
  readonly id: bigint;
  readonly expirySec: bigint;
  /** Null once it has expired: the registrar no longer tells. */
  readonly registrant: string | null;
  /** Who the registry says owns it; null for nobody. */
  readonly owner: string | null;
  /** The token of the NameWrapper, where that contract is the registrant. */
  readonly wrapped: { readonly owner: string | null; readonly expirySec: bigint } | null;
  readonly nowSec: bigint;
}

const nameExpires = abiFunction<[id: bigint], [expiry: bigint]>(
  "function nameExpires(uint256 id) view returns (uint256)",
);
const ownerOf = abiFunction<[id: bigint], [owner: Address]>(
  "function ownerOf(uint256 id) view returns (address)",
);
const getApproved = abiFunction<[id: bigint], [approved: Address]>(
  "function getApproved(uint256 id) view returns (address)",
);
const isApprovedForAll = abiFunction<[owner: Address, operator: Address], [boolean]>(
  "function isApprovedForAll(address owner, address operator) view returns (bool)",
);

/**
 * Null for names that are not below .eth, where .eth has no registrar, and for one that was never registered there.
 * Throws UNREACHABLE.
 */
export async function readRegistration(
  chain: Chain,
  ensRegistry: Address,
  name: string,
): Promise<Registration | null> {
  const registered = name.split(".").slice(-2);
  const [label] = registered;
  if (registered.length < 2 || registered[1] !== "eth" || label === undefined) return null;
  const eth = { name: "eth", node: namehash("eth") };
  const registrar = await registeredOwner(chain, ensRegistry, eth);
  if (registrar === null) return null;
  const id = toNumber(keccak256(new TextEncoder().encode(label)));
  const expirySec = (await viewOf(chain, registrar, nameExpires, id))?.[0] ?? 0n;
  if (expirySec === 0n) return null;
  const fullName = registered.join(".");
  const node = namehash(fullName);
  const [registrant, owner, block] = await Promise.all([
    viewOf(chain, registrar, ownerOf, id),
    registeredOwner(chain, ensRegistry, { name: fullName, node }),
    latestBlock(chain),
  ]);
  return {
    name: fullName,
    registrar: checksumAddress(registrar),
    id,
    expirySec,
    registrant: checksummed(registrant?.[0]),
    owner: checksummed(owner),
    wrapped: await wrappedToken(chain, registrant?.[0] ?? owner, node),
    nowSec: block.timeSec,
  };
}

/** Whether the registrar lets `account` take the name back into the registry (`reclaim`). Throws UNREACHABLE. */
export async function mayReclaim(
  chain: Chain,
  { registrar, id, registrant }: Registration,
  account: string,
): Promise<boolean> {
  if (registrant === null) return false;
  if (account === registrant) return true;
  const contract = parseAddress(registrar);
  const [holder, asking] = [parseAddress(registrant), parseAddress(account)];
  const [approved, operates] = await Promise.all([
    viewOf(chain, contract, getApproved, id),
    viewOf(chain, contract, isApprovedForAll, holder, asking),
  ]);
  return checksummed(approved?.[0]) === account || operates?.[0] === true;
}

/** A lapsed name is asked for at the registry's owner, which the wrapper stays. */
async function wrappedToken(
  chain: Chain,
  holder: Address | null,
  node: Node,
): Promise<Registration["wrapped"]> {
  if (holder === null || !(await saysNameWrapper(chain, holder))) return null;
  const data = await wrappedData(chain, holder, node);
  return data === null ? null : { owner: checksummed(data.owner), expirySec: data.expirySec };
}
