/** Where ENS is on each chain. */
import { SignpostError } from "../errors.js";

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
