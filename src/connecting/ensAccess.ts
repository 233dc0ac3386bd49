/** How a gateway asks ENS. */
import { toHex } from "../abi/hex.js";
import type { Directory } from "../accounts/directory.js";
import { ensDirectory } from "../chain/ensDirectory.js";
import { parseAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import type { ProfileOutcome } from "../lookup/outcome.js";
import { createProfileCache } from "../lookup/profileCache.js";
import type { ResolveOptions } from "../lookup/resolveOptions.js";
import { resolveProfile } from "../lookup/resolveProfile.js";
import { createGuardedFetcher } from "../net/guardedFetch.js";
import type { EnsConfig } from "../settings/relayNodeSettings.js";

export interface EnsAccess {
  /** For what else is looked up. */
  readonly lookups: ResolveOptions;
  readonly directory: Directory;
  /** With all relay nodes. */
  readonly profileOf: (name: string, age: "remembered" | "now") => Promise<ProfileOutcome>;
}

const MOST_REMEMBERED = 10_000;

/** In lower case: a checksum would be checked again at each lookup. Throws INVALID_REQUEST. */
const checkedOnce = (address: string | undefined) =>
  address === undefined ? undefined : toHex(parseAddress(address));

/** Throws INVALID_CONFIGURATION where no RPC node of the chain is known. */
export function ensAccess(
  chainRpcUrls: ReadonlyMap<bigint, string>,
  { chainId, allowLoopback, registry, universalResolver }: EnsConfig,
): EnsAccess {
  const rpc = chainRpcUrls.get(chainId);
  if (rpc === undefined) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `Nobody can find out who people are: CHAIN_RPC_URLS names no RPC node of the chain ${chainId.toString()} (RELAY_ENS_CHAIN).`,
    );
  }
  const options: ResolveOptions = {
    ...{ rpc, allowLoopback },
    ...{ ensRegistry: checkedOnce(registry), universalResolver: checkedOnce(universalResolver) },
    fetcher: createGuardedFetcher({ allowLoopback }),
  };
  const cache = createProfileCache({ mostNames: MOST_REMEMBERED });
  return {
    lookups: options,
    directory: ensDirectory(options),
    profileOf: (name, age) =>
      resolveProfile(name, { ...options, ...(age === "remembered" && { cache }) }),
  };
}
