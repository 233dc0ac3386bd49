/** What a chain tells when it is asked once: how late it is there, and whom a resolver believes. */
import { abiFunction } from "../abi/abiFunction.js";
import { isSignpostError } from "../errors.js";
import { shortReason } from "../fetch/serversAsked.js";
import { callContract, type CallResult, cannotAsk, type Chain } from "../lookup/contractCall.js";

export interface ChainHead {
  readonly blockNumber: bigint;
  /** Our clock minus the block's time, in seconds: the age of the latest block, if our clock is right. */
  readonly ageSec: number;
  /** The node says that it is catching up: its latest block is an old one. */
  readonly isSyncing: boolean;
}

/** Each is null where the contract does not say: then it is none of ours. */
export interface Acceptance {
  readonly signerEnabled: boolean | null;
  readonly maxValiditySec: bigint | null;
}

const isSigner = abiFunction<[Uint8Array], [boolean]>(
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
  const [ownId, syncing, block] = await Promise.all([
    ask(chain, "eth_chainId"),
    // not every node knows this one
    ask(chain, "eth_syncing").catch(() => false),
    ask(chain, "eth_getBlockByNumber", "latest", false),
  ]);
  const found = quantity(ownId);
  if (found !== chainId) throw cannotAsk(`it is on another chain, ${found.toString()}`, null);
  const { number, timestamp } = Object(block) as { number?: unknown; timestamp?: unknown };
  return {
    blockNumber: quantity(number),
    ageSec: Math.round(nowMs() / 1000 - Number(quantity(timestamp))),
    isSyncing: syncing !== false,
  };
}

/** Throws UNREACHABLE when the node does not answer. */
export async function readAcceptance(
  chain: Chain,
  resolver: Uint8Array,
  signer: Uint8Array,
): Promise<Acceptance> {
  const [enabled, validity] = await Promise.all([
    callContract(chain, resolver, isSigner.encodeInput(signer)),
    callContract(chain, resolver, maxValiditySec.encodeInput()),
  ]);
  return {
    signerEnabled: valueOf(enabled, isSigner),
    maxValiditySec: valueOf(validity, maxValiditySec),
  };
}

/** Null for a contract that has no such function: it reverts, or returns something else. */
function valueOf<T>(result: CallResult, called: { decodeOutput(data: Uint8Array): [T] }): T | null {
  if (result.kind === "reverted") return null;
  try {
    return called.decodeOutput(result.data)[0];
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}

async function ask({ provider, deadline }: Chain, method: string, ...params: unknown[]) {
  try {
    return await deadline.race(provider.request({ method, params }));
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown reason";
    throw cannotAsk(isSignpostError(error) ? shortReason(error) : why, error);
  }
}

/** A number as JSON-RPC writes it. */
function quantity(value: unknown): bigint {
  if (typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value)) return BigInt(value);
  throw cannotAsk("it answered with no number where one belongs", null);
}
