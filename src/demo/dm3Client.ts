/**
 * What the demo has for dm3's own web client (dm3-org/dm3, packages/messenger-web), which knows Ethereum and Sepolia only, each
 * by the registry that ENS has there.
 */
import { DEFAULT_STORAGE_KEY_NONCE } from "../dm3/keys/storageKey.js";
import { ENS_REGISTRY } from "../lookup/resolveOptions.js";
import type { DemoRelayNode } from "./demoRelayNode.js";
import type { DemoStorage } from "./demoStorage.js";
import type { LocalChain } from "./localChain.js";

/** Sepolia's. */
export const DM3_CHAIN_ID = 11_155_111;
export const DM3_ENS_REGISTRY = ENS_REGISTRY;
/** Where its users have a name made of their address, and one that they choose. */
export const DM3_DOMAINS = { addresses: "addr.example.eth", names: "user.example.eth" };

/**
 * Its settings, as create-react-app reads them when it builds.
 * @param service with dm3's own API
 * @param relayNodes the first one is that of new users
 */
export function dm3ClientEnvironment({
  chain,
  service,
  relayNodes,
  storage,
}: {
  readonly chain: LocalChain;
  readonly service: { readonly url: string };
  readonly relayNodes: readonly DemoRelayNode[];
  readonly storage: DemoStorage | null;
}): Readonly<Record<string, string>> {
  const [relayNode] = relayNodes;
  return {
    REACT_APP_CHAIN_ID: chain.chainId.toString(),
    REACT_APP_MAINNET_PROVIDER_RPC: chain.rpcUrl,
    REACT_APP_ADDR_ENS_SUBDOMAIN: `.${DM3_DOMAINS.addresses}`,
    REACT_APP_USER_ENS_SUBDOMAIN: `.${DM3_DOMAINS.names}`,
    REACT_APP_RESOLVER_BACKEND: service.url,
    REACT_APP_PROFILE_BASE_URL: service.url,
    REACT_APP_BACKEND: storage?.url ?? "",
    REACT_APP_DEFAULT_DELIVERY_SERVICE: relayNode?.name ?? "",
    REACT_APP_DEFAULT_SERVICE: relayNode?.profile.url ?? "",
    REACT_APP_NONCE: DEFAULT_STORAGE_KEY_NONCE,
  };
}

/** What else the client wants, and where it is. */
export const DM3_CLIENT_NOTES: readonly string[] = [
  "The client: git clone https://github.com/dm3-org/dm3; in it, yarn install, and yarn build in packages/messenger-web with the above.",
  "An app of yours shows the same conversations by createStorage({ url: REACT_APP_BACKEND, ... }): docs/sdk-storage.md.",
  "REACT_APP_WALLET_CONNECT_PROJECT_ID is yours, of WalletConnect; any text will do for wallets in the browser.",
  "The wallet only signs texts and needs no funds, so its network may be the real Sepolia. Nothing here is known there.",
];
