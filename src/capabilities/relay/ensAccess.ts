/** How the relay node asks ENS and its chain. */
import { ensDirectory } from "../../chain/ensDirectory.js";
import { walletFactsBy } from "../../chain/walletFacts.js";
import { SignpostError } from "../../errors.js";
import { findRelayNode } from "../../lookup/findRelayNode.js";
import type { ResolveOptions } from "../../lookup/resolveOptions.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import type { Directory } from "../../relay/directory.js";
import type { RelayConfig } from "./settings.js";
import type { RelayOptions } from "./startRelay.js";

/** Without an RPC node everything is UNREACHABLE: nothing is refused for what nobody could find out. */
export function ensAccess(
  chainRpcUrls: ReadonlyMap<bigint, string>,
  { ens }: Pick<RelayConfig, "ens">,
): Pick<RelayOptions, "directory" | "wallets" | "resolve" | "lookup"> {
  const rpc = chainRpcUrls.get(ens.chainId) ?? null;
  const wallets = walletFactsBy(rpc);
  if (rpc === null) {
    return { directory: unreachable(ens.chainId), wallets, resolve: null, lookup: null };
  }
  const { allowLoopback } = ens;
  const lookup = {
    ...{ rpc, allowLoopback, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
  };
  const options: ResolveOptions = { ...lookup, fetcher: createGuardedFetcher({ allowLoopback }) };
  return {
    directory: ensDirectory(options),
    ...{ wallets, lookup },
    resolve: (name) => findRelayNode(name, options),
  };
}

function unreachable(chainId: bigint): Directory {
  return {
    personOf: () =>
      Promise.reject(
        new SignpostError(
          "UNREACHABLE",
          `This relay node knows no RPC node of chain ${chainId.toString()}; its operator has to name one in CHAIN_RPC_URLS.`,
        ),
      ),
  };
}
