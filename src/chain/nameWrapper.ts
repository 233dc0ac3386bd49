/** ENS's NameWrapper: which contract is one, and what it knows of a name. */
import { abiFunction } from "../abi/abiFunction.js";
import { sameBytes } from "../abi/bytes.js";
import { fromHex } from "../abi/hex.js";
import { toNumber } from "../abi/word.js";
import { type Address, checksumAddress } from "../ens/address.js";
import type { Node } from "../ens/namehash.js";
import { SignpostError } from "../errors.js";
import { type Chain, latestBlock } from "../lookup/askNode.js";
import { claimsInterface, hasCode, viewOf } from "../lookup/contractView.js";
import { GRACE_SEC } from "./chainTime.js";
import { checksummed } from "./checksummed.js";
import { isContractAccount } from "./contractAccount.js";

/** What a NameWrapper says of a name. Addresses are checksummed. */
export interface WrappedName {
  readonly nameWrapper: string;
  /** Null when the wrapped name has expired. */
  readonly owner: string | null;
  readonly ownerIsContract: boolean;
  readonly fuses: bigint;
  /** Zero when the name was never wrapped. */
  readonly expirySec: bigint;
  /** The time of the latest block, which is what expiry is compared with. */
  readonly blockTimeSec: bigint;
}

/** Fuses of ens-contracts' INameWrapper. */
export const FUSES = {
  CANNOT_SET_RESOLVER: 0x8n,
  CANNOT_CREATE_SUBDOMAIN: 0x20n,
  IS_DOT_ETH: 0x20000n,
} as const;

/** ens-contracts, `INameWrapper`: by which it is told from any other owner (ERC-165). */
const NAME_WRAPPER_ID = fromHex("0xd82c42d8");

const getData = abiFunction<[id: bigint], [owner: Address, fuses: bigint, expiry: bigint]>(
  "function getData(uint256 id) view returns (address owner, uint32 fuses, uint64 expiry)",
);
const ens = abiFunction<[], [registry: Address]>("function ens() view returns (address)");

/** Throws UNREACHABLE. */
export function saysNameWrapper(chain: Chain, contract: Address): Promise<boolean> {
  return claimsInterface(chain, contract, NAME_WRAPPER_ID);
}

/** Whether it is the NameWrapper of this registry. Throws UNREACHABLE. */
async function isNameWrapperOf(
  chain: Chain,
  contract: Address,
  ensRegistry: Address,
): Promise<boolean> {
  if (!(await saysNameWrapper(chain, contract))) return false;
  const registry = (await viewOf(chain, contract, ens))?.[0];
  return registry !== undefined && sameBytes(registry, ensRegistry);
}

/** For one that a person named. Throws INVALID_REQUEST when it is none of this registry. */
export async function assertNameWrapperOf(
  chain: Chain,
  contract: Address,
  ensRegistry: Address,
): Promise<void> {
  if (await isNameWrapperOf(chain, contract, ensRegistry)) return;
  const seen = (await hasCode(chain, contract))
    ? `The contract at ${checksumAddress(contract)} is no NameWrapper of the ENS registry ${checksumAddress(ensRegistry)}.`
    : `There is no contract at ${checksumAddress(contract)} on this chain, so no NameWrapper.`;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${seen} Correct --name-wrapper or leave it away: the NameWrapper is found by itself.`,
  );
}

/** The owner is zero once a name has expired. Null where the contract is no NameWrapper. Throws UNREACHABLE. */
export async function wrappedData(
  chain: Chain,
  nameWrapper: Address,
  node: Node,
): Promise<{ owner: Address; fuses: bigint; expirySec: bigint } | null> {
  const data = await viewOf(chain, nameWrapper, getData, toNumber(node));
  if (data === null) return null;
  const [owner, fuses, expirySec] = data;
  return { owner, fuses, expirySec };
}

/** The name, where `owner` is the registry's NameWrapper; null otherwise. Throws UNREACHABLE. */
export async function readWrapped(
  chain: Chain,
  ensRegistry: Address,
  owner: Address,
  node: Node,
): Promise<WrappedName | null> {
  if (!(await isNameWrapperOf(chain, owner, ensRegistry))) return null;
  const data = await wrappedData(chain, owner, node);
  if (data === null) return null;
  const { timeSec } = await latestBlock(chain);
  const holder = checksummed(data.owner);
  return {
    nameWrapper: checksumAddress(owner),
    owner: holder,
    ownerIsContract: holder !== null && (await isContractAccount(chain, data.owner)),
    fuses: data.fuses,
    expirySec: data.expirySec,
    blockTimeSec: timeSec,
  };
}

/** Its expiry is that of the registration and its grace period together; in the latter the wrapper changes nothing. */
export function isInGrace({ fuses, expirySec, blockTimeSec }: WrappedName): boolean {
  return (fuses & FUSES.IS_DOT_ETH) !== 0n && expirySec - GRACE_SEC < blockTimeSec;
}
