/** ENSv2's registries: whether one of them decides over a name, and who may set a resolver there. */
import { abiFunction } from "../abi/abiFunction.js";
import { fromHex } from "../abi/hex.js";
import { keccak256 } from "../abi/keccak256.js";
import { isZero, toNumber } from "../abi/word.js";
import { type Address, checksumAddress, parseAddress } from "../ens/address.js";
import { encodeDnsName } from "../ens/dnsName.js";
import { parentName } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import { type Chain, latestBlock } from "../lookup/askNode.js";
import { claimsInterface, viewOf } from "../lookup/contractView.js";
import { checksummed } from "./checksummed.js";
import { isContractAccount } from "./contractAccount.js";

/** What ENSv2 says of a name. Addresses are checksummed. */
export interface EntryInV2 {
  /** Whose entry it is: the name that was asked for, or the nearest one above it that can have one. */
  readonly name: string;
  readonly registry: string;
  /** By which the registry takes the name: the hash of its label. */
  readonly id: bigint;
  /** Reserved names have no owner yet. Expired ones are available. */
  readonly status: "available" | "reserved" | "registered";
  /** Also of an entry that has expired; null for none. */
  readonly owner: string | null;
  readonly ownerIsContract: boolean;
  /** Zero where there was never an entry. */
  readonly expirySec: bigint;
  readonly nowSec: bigint;
}

/** contracts-v2, `RegistryRolesLib.ROLE_SET_RESOLVER`. */
const ROLE_SET_RESOLVER = 1n << 24n;

/** `ICompositeResolver`: what serves the names of ENSv1 in ENSv2, ENSV1Resolver and for DNS names DNSTLDResolver. */
const COMPOSITE_RESOLVER_ID = fromHex("0xf686ea10");

const STATUSES = ["available", "reserved", "registered"] as const;

const findExactRegistry = abiFunction<[dnsName: Uint8Array], [registry: Address]>(
  "function findExactRegistry(bytes name) view returns (address registry)",
);
const getResolver = abiFunction<[label: string], [resolver: Address]>(
  "function getResolver(string label) view returns (address resolver)",
);
const getState = abiFunction<
  [anyId: bigint],
  [status: bigint, expiry: bigint, owner: Address, tokenId: bigint, resource: bigint]
>(
  "function getState(uint256 anyId) view returns (uint8 status, uint64 expiry, address latestOwner, uint256 tokenId, uint256 resource)",
);
const hasRoles = abiFunction<[anyId: bigint, roles: bigint, account: Address], [boolean]>(
  "function hasRoles(uint256 anyId, uint256 roleBitmap, address account) view returns (bool)",
);

/**
 * The entry that decides over the name in ENSv2. Null where that hands the name on to ENSv1; undefined where the
 * UniversalResolver knows no registries of ENSv2, as before it.
 * @throws UNREACHABLE when the node fails, INVALID_REQUEST for a registry of another kind than ENS's
 */
export async function readEntryInV2(
  chain: Chain,
  universalResolver: Address,
  name: string,
): Promise<EntryInV2 | null | undefined> {
  const found = await nearestEntry(chain, universalResolver, name);
  if (found === undefined) return undefined;
  const { registry, label } = found;
  const id = toNumber(keccak256(new TextEncoder().encode(label)));
  const [state, resolver] = await Promise.all([
    viewOf(chain, registry, getState, id),
    viewOf(chain, registry, getResolver, label),
  ]);
  const status = STATUSES[Number(state?.[0] ?? -1n)];
  if (state === null || status === undefined) throw unknownKind(found.name, registry);
  // the owner of a registered name changes its resolver in ENSv2, whatever that is now; what is below follows it
  const isSettable = status === "registered" && found.name === name;
  if (!isSettable && (await servesV1(chain, resolver?.[0]))) return null;
  const [, expirySec, owner] = state;
  return {
    name: found.name,
    registry: checksumAddress(registry),
    id,
    status,
    owner: checksummed(owner),
    ownerIsContract: !isZero(owner) && (await isContractAccount(chain, owner)),
    expirySec,
    nowSec: (await latestBlock(chain)).timeSec,
  };
}

/** Whether the registry lets the account set the resolver of the entry. Throws UNREACHABLE. */
export async function maySetResolverInV2(
  chain: Chain,
  { registry, id }: EntryInV2,
  account: string,
): Promise<boolean> {
  const contract = parseAddress(registry);
  const roles = await viewOf(
    chain,
    contract,
    hasRoles,
    id,
    ROLE_SET_RESOLVER,
    parseAddress(account),
  );
  return roles?.[0] ?? false;
}

interface FoundEntry {
  readonly name: string;
  readonly label: string;
  readonly registry: Address;
}

/** The registries above the name are asked for at once, in one round trip; the nearest counts. */
async function nearestEntry(
  chain: Chain,
  universalResolver: Address,
  name: string,
): Promise<FoundEntry | undefined> {
  const names: string[] = [];
  for (let at: string | null = name; at !== null; at = parentName(at)) names.push(at);
  const registries = await Promise.all(
    names.map((at) => {
      const above = encodeDnsName(parentName(at) ?? "");
      return viewOf(chain, universalResolver, findExactRegistry, above);
    }),
  );
  for (const [index, answer] of registries.entries()) {
    const at = names[index];
    if (at === undefined || answer === null || isZero(answer[0])) continue;
    return { name: at, label: at.split(".")[0] ?? at, registry: answer[0] };
  }
  return undefined;
}

async function servesV1(chain: Chain, resolver: Address | undefined): Promise<boolean> {
  if (resolver === undefined || isZero(resolver)) return false;
  return claimsInterface(chain, resolver, COMPOSITE_RESOLVER_ID);
}

function unknownKind(name: string, registry: Address): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `ENSv2 decides over ${name}, in the registry ${checksumAddress(registry)}, which is of a kind that we do not know. Set the resolver in the ENS app.`,
    { name },
  );
}
