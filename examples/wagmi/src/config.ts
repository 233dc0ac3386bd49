/** The app's wagmi, as it is without Signpost, and what the SDK needs beside it. */
import type { ResolveOptions } from "signpost-sdk";
import { hardhat, mainnet } from "viem/chains";
import { createConfig, http } from "wagmi";

const env = import.meta.env as Readonly<Record<string, string | undefined>>;
const rpcUrl = env.VITE_ENS_RPC_URL;

/** The chain that ENS is on. The demo's is hardhat's. */
export const ensChain = env.VITE_ENS_CHAIN_ID === String(hardhat.id) ? hardhat : mainnet;

export const config = createConfig({
  chains: [ensChain],
  transports: {
    [mainnet.id]: http(rpcUrl),
    // CCIP Read begins with a revert. Hardhat calls that an internal error, which viem would ask for three times more
    [hardhat.id]: http(rpcUrl, { retryCount: 0 }),
  },
});

/** Neither is set on mainnet. */
export const ensSettings: Omit<ResolveOptions, "rpc"> = {
  universalResolver: env.VITE_ENS_UNIVERSAL_RESOLVER,
  allowLoopback: env.VITE_ENS_ALLOW_LOOPBACK === "yes",
};
