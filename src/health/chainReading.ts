/** What a chain tells when it is asked once: how late it is there, and whom a resolver believes. */
import { abiFunction } from "../abi/abiFunction.js";
import type { Address } from "../ens/address.js";
import { askNode, cannotAsk, type Chain, chainIdOf, latestBlock } from "../lookup/askNode.js";
import { viewOf } from "../lookup/contractView.js";

export interface ChainHead {
  readonly blockNumber: bigint;
  /** Our clock minus the block's time, in seconds: the age of the latest block, if our clock is right. */
  readonly ageSec: number;
  /** The node says that it is catching up. */
  readonly isSyncing: boolean;
}

/** Each is null where the contract does not say: then it is none of ours. */
export interface Acceptance {
  readonly signerEnabled: boolean | null;
  readonly maxValiditySec: bigint | null;
}

const isSigner = abiFunction<[Address], [boolean]>(
  "function isSigner(address account) view returns (bool)",
);
const maxValiditySec = abiFunction<[], [bigint]>("function maxValiditySec() view returns (uint64)");

/**
 * @param nowMs our clock, in milliseconds of Unix time
 * @throws UNREACHABLE when the node does not answer, or is on another chain
 */
export async function readHead(
  chain: Chain,
  chainId: bigint,
  nowMs: () => number,
): Promise<ChainHead> {
  const [found, syncing, block] = await Promise.all([
    chainIdOf(chain),
    // not every node knows this one
    askNode(chain, "eth_syncing").catch(() => false),
    latestBlock(chain),
  ]);
  if (found !== chainId) throw cannotAsk(`it is on another chain, ${found.toString()}`, null);
  return {
    blockNumber: block.number,
    ageSec: Math.round(nowMs() / 1000 - Number(block.timeSec)),
    isSyncing: syncing !== false,
  };
}

/** Whether the resolver takes what the signer signs; null where it does not say. Throws UNREACHABLE. */
export async function trustsSigner(
  chain: Chain,
  resolver: Address,
  signer: Address,
): Promise<boolean | null> {
  const enabled = await viewOf(chain, resolver, isSigner, signer);
  return enabled?.[0] ?? null;
}

/** Throws UNREACHABLE when the node does not answer. */
export async function readAcceptance(
  chain: Chain,
  resolver: Address,
  signer: Address,
): Promise<Acceptance> {
  const [signerEnabled, validity] = await Promise.all([
    trustsSigner(chain, resolver, signer),
    viewOf(chain, resolver, maxValiditySec),
  ]);
  return { signerEnabled, maxValiditySec: validity?.[0] ?? null };
}
