/** Who somebody is, as this installation asks ENS. */
import type { Directory } from "../accounts/directory.js";
import { ensDirectory } from "../chain/ensDirectory.js";
import { SignpostError } from "../errors.js";
import type { ResolveOptions } from "../lookup/resolveOptions.js";
import { createGuardedFetcher } from "../net/guardedFetch.js";
import type { EnsConfig } from "../settings/relayNodeSettings.js";

export interface EnsAccess {
  readonly directory: Directory;
  /** For what else is looked up; null where no RPC node of the chain is known. */
  readonly options: (ResolveOptions & { readonly rpc: string }) | null;
}

/** Without an RPC node everything is UNREACHABLE: nothing is refused for what nobody could find out. */
export function ensDirectoryOf(
  chainRpcUrls: ReadonlyMap<bigint, string>,
  { chainId, allowLoopback, registry, universalResolver }: EnsConfig,
): EnsAccess {
  const rpc = chainRpcUrls.get(chainId);
  if (rpc === undefined) return { directory: unreachable(chainId), options: null };
  const options = {
    ...{ rpc, allowLoopback, ensRegistry: registry, universalResolver },
    fetcher: createGuardedFetcher({ allowLoopback }),
  };
  return { directory: ensDirectory(options), options };
}

function unreachable(chainId: bigint): Directory {
  return {
    personOf: () =>
      Promise.reject(
        new SignpostError(
          "UNREACHABLE",
          `No RPC node of chain ${chainId.toString()} is known here; the operator has to name one in CHAIN_RPC_URLS.`,
        ),
      ),
  };
}
