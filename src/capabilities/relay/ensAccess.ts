/** How the relay node asks ENS and its chain. */
import { walletFactsBy } from "../../chain/walletFacts.js";
import { ensDirectoryOf } from "../../installation/ensDirectoryOf.js";
import { findRelayNode } from "../../lookup/findRelayNode.js";
import type { RelayConfig } from "./settings.js";
import type { RelayOptions } from "./startRelay.js";

/** Without an RPC node everything is UNREACHABLE: nothing is refused for what nobody could find out. */
export function ensAccess(
  chainRpcUrls: ReadonlyMap<bigint, string>,
  { ens }: Pick<RelayConfig, "ens">,
): Pick<RelayOptions, "directory" | "wallets" | "resolve" | "lookup"> {
  const { directory, options } = ensDirectoryOf(chainRpcUrls, ens);
  const wallets = walletFactsBy(options?.rpc ?? null);
  if (options === null) return { directory, wallets, resolve: null, lookup: null };
  const { rpc, allowLoopback, ensRegistry, universalResolver } = options;
  return {
    ...{ directory, wallets },
    lookup: { rpc, allowLoopback, ensRegistry, universalResolver },
    resolve: (name) => findRelayNode(name, options),
  };
}
