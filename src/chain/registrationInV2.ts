/** Until when ENSv2 has a name, and the names above it: one that has expired ends everything below it at once. */
import { abiFunction } from "../abi/abiFunction.js";
import { keccak256 } from "../abi/keccak256.js";
import { isZero, toNumber } from "../abi/word.js";
import type { Address } from "../ens/address.js";
import { resolvableName } from "../ens/resolvableName.js";
import { type Chain, latestBlock } from "../lookup/askNode.js";
import { viewOf } from "../lookup/contractView.js";

/** Times are Unix seconds, of the chain. */
export interface RegistrationInV2 {
  /** The one that ends first: the name itself, or one above it. */
  readonly name: string;
  readonly expirySec: bigint;
  readonly nowSec: bigint;
}

/** contracts-v2: the registry that holds the names below each of the name's own parts, the root's the last. */
const findRegistries = abiFunction<[dnsName: Uint8Array], [registries: Address[]]>(
  "function findRegistries(bytes name) view returns (address[])",
);
const getExpiry = abiFunction<[labelId: bigint], [expiry: bigint]>(
  "function getExpiry(uint256 anyId) view returns (uint64)",
);

/**
 * Null where ENSv2 does not know the name, nor one above it but the top-level domain, or where the
 * UniversalResolver is one of ENSv1. Throws UNREACHABLE.
 */
export async function readRegistrationInV2(
  chain: Chain,
  universalResolver: Address,
  name: string,
): Promise<RegistrationInV2 | null> {
  const { dnsName } = resolvableName(name);
  const [registries] = (await viewOf(chain, universalResolver, findRegistries, dnsName)) ?? [[]];
  const labels = name.split(".");
  if (registries.length !== labels.length + 1) return null;
  const [block, entries] = await Promise.all([
    latestBlock(chain),
    Promise.all(
      labels.slice(0, -1).map(async (label, index) => {
        const expirySec = await expiryIn(chain, registries[index + 1], label);
        return { name: labels.slice(index).join("."), expirySec };
      }),
    ),
  ]);
  const first = entries
    .filter(({ expirySec }) => expirySec > 0n)
    .reduce<(typeof entries)[number] | null>(
      (one, other) => (one === null || other.expirySec < one.expirySec ? other : one),
      null,
    );
  return first === null ? null : { ...first, nowSec: block.timeSec };
}

/** 0 where there is no such registry, or no such entry. */
async function expiryIn(chain: Chain, registry: Address | undefined, label: string) {
  if (registry === undefined || isZero(registry)) return 0n;
  const labelId = toNumber(keccak256(new TextEncoder().encode(label)));
  return (await viewOf(chain, registry, getExpiry, labelId))?.[0] ?? 0n;
}
