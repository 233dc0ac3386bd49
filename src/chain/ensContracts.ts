/** Where ENS is on each chain. */
import { SignpostError } from "../errors.js";

const ENS_REGISTRY = "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e";

/** Ethereum and its test chains, by the deployments of ens-contracts. */
const ENS_CHAINS = new Set([1n, 11_155_111n, 17_000n]);

/** The chain's own, unless one is given. Throws INVALID_REQUEST on a chain whose registry is not known. */
export function ensRegistryOn(chainId: bigint, given?: string): string {
  if (given !== undefined) return given;
  if (ENS_CHAINS.has(chainId)) return ENS_REGISTRY;
  throw new SignpostError(
    "INVALID_REQUEST",
    `Chain ${chainId.toString()} has no ENS registry that we know. Give its address with --registry.`,
  );
}
