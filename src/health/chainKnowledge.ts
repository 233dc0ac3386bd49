/**
 * What is known of the chains about our signer, our clock and our answers: for every resolver that is served on a chain
 * with an RPC node. A node that does not answer, or that catches up with its chain, leaves what was known before.
 */
import { sameBytes } from "../abi/bytes.js";
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import { failedServersOf, shortReason } from "../fetch/serversAsked.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import type { Chain } from "../lookup/askNode.js";
import { httpProvider } from "../lookup/httpProvider.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import type { RecordSource } from "../registry/store.js";
import { type Acceptance, type ChainHead, readAcceptance, readHead } from "./chainReading.js";

/** For one request to a node. */
const REQUEST_TIMEOUT_MS = 5_000;
/** For all questions to one chain in a round. */
const CHAIN_TIMEOUT_MS = 20_000;
/** Of one chain, asked at a time, with two questions each. */
const RESOLVERS_AT_A_TIME = 4;
/** With the half minute until a round finds a block, less than the age at which one counts as too old. */
const RECENTLY_MS = 60_000;
/** Of the latest block. A node that is younger than that and catches up still knows the resolvers as they are. */
const OLD_SEC = 5 * 60;

export interface KnownChain {
  readonly chainId: bigint;
  /** The latest answer, or null when there was none yet. */
  readonly head: ChainHead | null;
  /** The highest block of all rounds, or null. */
  readonly highestBlock: bigint | null;
  /** The node knows an old chain: it is catching up, or was set back. Its resolvers were not asked in the latest round. */
  readonly isBehind: boolean;
  /** When a round last found a new block, in milliseconds of `performance.now()`; null before that. */
  readonly newBlockAtMs: number | null;
  /** Whether that was in the last minute; a local chain may stand still. */
  readonly makesBlocks: boolean;
  /** Why it could not be asked in the latest round, or null. */
  readonly failure: string | null;
}

export interface KnownResolver extends Acceptance {
  readonly chainId: bigint;
  readonly resolver: Address;
  /** Whether it has ever answered about this signer. */
  readonly wasAsked: boolean;
}

export interface ChainKnowledge {
  /** Whom the resolvers were asked about. */
  readonly signer: Address;
  readonly chains: readonly KnownChain[];
  readonly resolvers: readonly KnownResolver[];
  /** Those on chains without an RPC node. */
  readonly unwatched: readonly Pick<ServedResolver, "chainId" | "resolver">[];
}

export interface ChainQuestions {
  readonly records: Pick<RecordSource, "servedResolvers">;
  readonly rpcUrls: ReadonlyMap<bigint, string>;
  readonly nowMs: () => number;
}

const NOTHING_KNOWN = { head: null, highestBlock: null, isBehind: false, newBlockAtMs: null };
const NOT_ASKED = { signerEnabled: null, maxValiditySec: null, wasAsked: false };

/**
 * One round: asks every chain at once, about `signer`. Throws DATABASE_UNAVAILABLE when the served resolvers are not
 * known; a chain that does not answer is part of the result.
 */
export async function askChains(
  { records, rpcUrls, nowMs }: ChainQuestions,
  { address: signer }: Pick<GatewaySigner, "address">,
  before: ChainKnowledge | null,
): Promise<ChainKnowledge> {
  const served = await records.servedResolvers();
  const asked = await Promise.all(
    chainsWithNodes(served, rpcUrls).map(({ chainId, resolvers, chain }) =>
      askChain(chain, chainId, resolvers, signer, nowMs, before),
    ),
  );
  return {
    signer,
    chains: asked.map(({ known }) => known),
    resolvers: asked.flatMap(({ resolvers }) => resolvers),
    unwatched: [...groupByChain(served)]
      .filter(([chainId]) => !rpcUrls.has(chainId))
      .flatMap(([chainId, resolvers]) => resolvers.map((resolver) => ({ chainId, resolver }))),
  };
}

/** The chains that have an RPC node, each with its resolvers, ready to be asked for one round. */
export function chainsWithNodes(
  served: readonly ServedResolver[],
  rpcUrls: ReadonlyMap<bigint, string>,
): { chainId: bigint; resolvers: readonly Address[]; chain: Chain }[] {
  return [...groupByChain(served)].flatMap(([chainId, resolvers]) => {
    const url = rpcUrls.get(chainId);
    if (url === undefined) return [];
    const provider = httpProvider(url, REQUEST_TIMEOUT_MS);
    return [{ chainId, resolvers, chain: { provider, deadline: new Deadline(CHAIN_TIMEOUT_MS) } }];
  });
}

async function askChain(
  chain: Chain,
  chainId: bigint,
  addresses: readonly Address[],
  signer: Address,
  nowMs: () => number,
  before: ChainKnowledge | null,
) {
  const former = before?.chains.find((known) => known.chainId === chainId);
  let { head, highestBlock, isBehind, newBlockAtMs } = former ?? NOTHING_KNOWN;
  let failure: string | null = null;
  const resolvers = addresses.map((resolver) => formerly(before, chainId, resolver, signer));
  try {
    head = await readHead(chain, chainId, nowMs);
    if (isNewer(head, former)) newBlockAtMs = performance.now();
    isBehind = knowsOldChain(head, highestBlock);
    highestBlock = later(head.blockNumber, highestBlock);
    // it would tell what the resolvers said at an old block
    const askable = isBehind ? 0 : resolvers.length;
    for (let first = 0; first < askable; first += RESOLVERS_AT_A_TIME) {
      const some = resolvers.slice(first, first + RESOLVERS_AT_A_TIME);
      const answers = await Promise.all(
        some.map(async (known) => ({
          ...known,
          ...(await readAcceptance(chain, known.resolver, signer)),
          wasAsked: true,
        })),
      );
      resolvers.splice(first, answers.length, ...answers);
    }
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE")) throw error;
    failure = failedServersOf(error)[0]?.reason ?? shortReason(error);
  }
  const makesBlocks = newBlockAtMs !== null && performance.now() - newBlockAtMs < RECENTLY_MS;
  const known = { chainId, head, highestBlock, isBehind, newBlockAtMs, makesBlocks, failure };
  return { known, resolvers };
}

/**
 * A node that starts from an old copy may say for a while that it does not catch up; then its blocks are lower than what
 * it told before. One with a new block that says it does is busy with something else, such as an index.
 */
function knowsOldChain({ ageSec, isSyncing, blockNumber }: ChainHead, highest: bigint | null) {
  return ageSec > OLD_SEC && (isSyncing || (highest !== null && blockNumber < highest));
}

function later(block: bigint, highest: bigint | null): bigint {
  return highest === null || block > highest ? block : highest;
}

/** Only since a round that was complete: one after an outage says nothing of how fast blocks come. */
function isNewer(head: ChainHead, former: KnownChain | undefined): boolean {
  if (former?.head == null || former.failure !== null) return false;
  return head.blockNumber > former.head.blockNumber;
}

/** What was known of a resolver, if it was about the same signer. */
function formerly(
  before: ChainKnowledge | null,
  chainId: bigint,
  resolver: Address,
  signer: Address,
): KnownResolver {
  const former = before?.resolvers.find(
    (known) => known.chainId === chainId && sameBytes(known.resolver, resolver),
  );
  if (before === null || former === undefined || !sameBytes(before.signer, signer)) {
    return { chainId, resolver, ...NOT_ASKED };
  }
  return former;
}

/** Each resolver once, however many domains it has. */
function groupByChain(served: readonly ServedResolver[]): Map<bigint, Address[]> {
  const unique = new Map(served.map((row) => [`${row.chainId} ${toHex(row.resolver)}`, row]));
  const byChain = new Map<bigint, Address[]>();
  for (const { chainId, resolver } of unique.values()) {
    byChain.set(chainId, [...(byChain.get(chainId) ?? []), resolver]);
  }
  return byChain;
}
