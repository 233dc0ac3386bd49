/** One profile resolved by ethers as it comes from npm, and what it did on the way. */
import { DM3_PROFILE_KEY } from "../dm3/profile/profileRecord.js";
import { SignpostError } from "../errors.js";
import { ensProvider } from "./localChain.js";

/** ethers tells of its CCIP-read steps through its "debug" event. */
interface DebugEvent {
  readonly action: string;
  readonly index?: number;
  readonly urls?: readonly string[];
  readonly result?: unknown;
}

export interface StockResolution {
  readonly resolver: string;
  readonly wallet: string;
  readonly record: string;
  /** What ethers did for the text record, in order. */
  readonly steps: readonly string[];
}

/** Throws NOT_FOUND when ethers finds no resolver, no address or no profile: the demo has failed then. */
export async function resolveWithEthers(
  { rpcUrl, chainId, ensRegistry }: { rpcUrl: string; chainId: bigint; ensRegistry: string },
  name: string,
): Promise<StockResolution> {
  const provider = ensProvider(rpcUrl, chainId, ensRegistry);
  const steps: string[] = [];
  try {
    const resolver = await provider.getResolver(name);
    if (!resolver) throw notFound(name, "resolver");
    await provider.on("debug", (event: DebugEvent) => {
      const step = describe(event);
      if (step) steps.push(step);
    });
    const record = await resolver.getText(DM3_PROFILE_KEY);
    await provider.off("debug");
    const wallet = await provider.resolveName(name);
    if (!record) throw notFound(name, DM3_PROFILE_KEY);
    if (!wallet) throw notFound(name, "address");
    return { resolver: resolver.address, wallet, record, steps };
  } finally {
    provider.destroy();
  }
}

function describe({ action, index = 0, urls = [] }: DebugEvent): string | null {
  switch (action) {
    case "sendCcipReadFetchRequest":
      return `the resolver reverts OffchainLookup; ethers asks ${urls[index] ?? "its gateway"}`;
    case "receiveCcipReadFetchResult":
      return "the CCIP gateway answers with a signed result";
    case "sendCcipReadCall":
      return "ethers hands the answer to the resolver's callback, resolveWithProof";
    case "receiveCcipReadCallResult":
      return "the resolver finds the signature by an enabled gatewaySigner, and returns the record";
    default:
      return null;
  }
}

function notFound(name: string, what: string): SignpostError {
  return new SignpostError("NOT_FOUND", `ethers found no ${what} for ${name}.`, { name });
}
