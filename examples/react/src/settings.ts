/** Whom the SDK asks. `node ../demo-env.mjs` writes these variables for the demo. */
import type { ResolveOptions } from "signpost-sdk";

const env = import.meta.env as Readonly<Record<string, string | undefined>>;

if (!env.VITE_ENS_RPC_URL) {
  throw new Error("Set VITE_ENS_RPC_URL, the URL of an Ethereum RPC node, in the file .env.local.");
}

export const settings: ResolveOptions = {
  rpc: env.VITE_ENS_RPC_URL,
  // not set on mainnet, but for chains of one's own, such as the demo's
  universalResolver: env.VITE_ENS_UNIVERSAL_RESOLVER,
  allowLoopback: env.VITE_ENS_ALLOW_LOOPBACK === "yes",
};
