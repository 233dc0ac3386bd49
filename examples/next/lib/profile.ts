/** Lookups on the server: the URL of the RPC node, and a key in it, stay here. */
import {
  createProfileCache,
  isSignpostError,
  type ProfileOutcome,
  resolveProfile,
} from "signpost-sdk";

export type Answer = ProfileOutcome | { readonly status: "invalid"; readonly sentence: string };

/** One for all requests: profiles are public. */
const cache = createProfileCache();

export async function profileOf(name: string, signal?: AbortSignal): Promise<Answer> {
  const { ENS_RPC_URL, ENS_UNIVERSAL_RESOLVER, ENS_ALLOW_LOOPBACK } = process.env;
  if (!ENS_RPC_URL) throw new Error("Set ENS_RPC_URL, the URL of an Ethereum RPC node.");
  try {
    return await resolveProfile(name, {
      rpc: ENS_RPC_URL,
      // not set on mainnet, but for chains of one's own, such as the demo's
      universalResolver: ENS_UNIVERSAL_RESOLVER,
      allowLoopback: ENS_ALLOW_LOOPBACK === "yes",
      cache,
      signal,
    });
  } catch (error) {
    if (!isSignpostError(error, "INVALID_NAME")) throw error;
    return { status: "invalid", sentence: error.message };
  }
}
