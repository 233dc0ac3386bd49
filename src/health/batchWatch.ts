/**
 * Which resolvers take answers that share a signature. A resolver says so by ERC-7996, and is believed once its callback
 * has taken such an answer: one wrong "yes" would fail every lookup of it. Lookups ask `batches` alone, and wait for
 * nothing that is asked here.
 */
import { BATCH_FEATURE } from "../ccip/resolverFeatures.js";
import type { Address } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import { BATCHES_KNOWN_FOR_MS, type NotedBatchSupport } from "../gateway/batchSupport.js";
import { resolverKey } from "../gateway/resolverKey.js";
import type { Chain } from "../lookup/askNode.js";
import { featureClaim } from "../lookup/claimsFeature.js";
import { type BatchProof, proveBatches } from "./batchProof.js";
import { type ChainQuestions, chainsWithNodes } from "./chainKnowledge.js";
import { trustsSigner } from "./chainReading.js";
import { startRounds } from "./rounds.js";

/** Asked again before what is known ends, also when an RPC node is away for some minutes. */
const ASKED_AGAIN_MS = BATCHES_KNOWN_FOR_MS / 2;
const ROUND_MS = 30_000;
/** Then the callback is tried again: behind a proxy it can become another one. */
const PROVEN_FOR_MS = 60 * 60_000;
/** Of one chain. The others wait, those that were tried longest ago first: one that does not answer holds up no other for long. */
const RESOLVERS_AT_A_TIME = 4;
const MOST_IN_A_ROUND = 100;
/** For all questions about one resolver. */
const RESOLVER_TIMEOUT_MS = 10_000;

export interface BatchQuestions extends ChainQuestions, Pick<BatchProof, "signer" | "validitySec"> {
  readonly batches: NotedBatchSupport;
}

export interface BatchFinding {
  readonly chainId: bigint;
  readonly resolver: Address;
  /** Null: it was not found out yet. */
  readonly takesBatches: boolean | null;
  /** Why the callback refused an answer of a batch although the resolver says that it takes them; null otherwise. */
  readonly refusal: string | null;
  /** Of the last answer that counts, by `nowMs`; a proof counts, whatever it showed. */
  readonly askedAtMs: number;
  /** Of the last proof. */
  readonly provenAtMs: number;
  /** Of the last question, answered or not. */
  readonly triedAtMs: number;
}

export interface BatchWatch {
  /** Of the last round. */
  readonly findings: () => readonly BatchFinding[];
  readonly again: () => void;
  readonly stop: () => void;
}

/** @param reportFailure gets defects; that the database or a chain does not answer is for others to tell */
export function startBatchWatch(
  parts: BatchQuestions,
  reportFailure: (cause: unknown) => void,
  roundMs = ROUND_MS,
): BatchWatch {
  let findings: readonly BatchFinding[] = [];
  const rounds = startRounds(
    async () => {
      try {
        findings = await askForBatches(parts, findings);
      } catch (error) {
        if (!isSignpostError(error, "DATABASE_UNAVAILABLE")) reportFailure(error);
      }
    },
    () => roundMs,
  );
  return {
    findings: () => findings,
    again: () => void rounds.again(),
    stop: () => void rounds.stop(),
  };
}

/** One round. Throws DATABASE_UNAVAILABLE when the served resolvers are not known. */
export async function askForBatches(
  parts: BatchQuestions,
  before: readonly BatchFinding[],
): Promise<readonly BatchFinding[]> {
  const served = await parts.records.servedResolvers();
  const known = new Map(before.map((one) => [resolverKey(one.chainId, one.resolver), one]));
  const byChain = await Promise.all(
    chainsWithNodes(served, parts.rpcUrls).map(({ chainId, resolvers, chain }) => {
      const former = resolvers.map(
        (resolver) => known.get(resolverKey(chainId, resolver)) ?? unknown(chainId, resolver),
      );
      return askChain(parts, chain, former);
    }),
  );
  return byChain.flat();
}

async function askChain(
  parts: BatchQuestions,
  { provider }: Chain,
  former: readonly BatchFinding[],
): Promise<BatchFinding[]> {
  const found = new Map(former.map((finding) => [finding, finding]));
  const due = former
    .filter((finding) => isDue(finding, parts.nowMs()))
    .sort((one, other) => one.triedAtMs - other.triedAtMs)
    .slice(0, MOST_IN_A_ROUND);
  const askOneAfterAnother = async () => {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      const chain = { provider, deadline: new Deadline(RESOLVER_TIMEOUT_MS) };
      found.set(next, await ask(parts, chain, next));
    }
  };
  await Promise.all(Array.from({ length: RESOLVERS_AT_A_TIME }, askOneAfterAnother));
  return [...found.values()];
}

function isDue({ askedAtMs }: BatchFinding, atMs: number): boolean {
  const ageMs = atMs - askedAtMs;
  return ageMs < 0 || ageMs >= ASKED_AGAIN_MS;
}

async function ask(
  parts: BatchQuestions,
  chain: Chain,
  former: BatchFinding,
): Promise<BatchFinding> {
  const { nowMs, batches } = parts;
  const found = await findOut(parts, chain, former);
  const key = resolverKey(former.chainId, former.resolver);
  if (found.takesBatches === true) batches.noteTaken(key);
  else if (found.takesBatches === false) batches.noteRefused(key);
  const triedAtMs = nowMs();
  const { how, refusal, takesBatches } = found;
  // what could not be found out leaves what is known, until that ends
  if (how === "not at all") return { ...former, triedAtMs };
  return {
    ...{ ...former, refusal, askedAtMs: triedAtMs, triedAtMs },
    takesBatches: takesBatches ?? former.takesBatches,
    provenAtMs: how === "by a proof" ? triedAtMs : former.provenAtMs,
  };
}

interface Found extends Pick<BatchFinding, "takesBatches" | "refusal"> {
  readonly how: "by its word" | "by a proof" | "not at all";
}

async function findOut(
  { signer, validitySec, nowMs, batches }: BatchQuestions,
  chain: Chain,
  { chainId, resolver, provenAtMs }: BatchFinding,
): Promise<Found> {
  try {
    const isKnown = batches.takesBatches(resolverKey(chainId, resolver));
    const claim = await featureClaim(chain, resolver, BATCH_FEATURE);
    // of one that has shown it, a node that fails says the same
    if (claim === null && isKnown) return NOT_FOUND_OUT;
    if (claim !== true) return { takesBatches: false, refusal: null, how: "by its word" };
    // by whichever signer
    const isProven = isKnown && nowMs() - provenAtMs < PROVEN_FOR_MS;
    if (isProven) return { takesBatches: true, refusal: null, how: "by its word" };
    // a signature may have a price, and this one would show nothing
    if ((await trustsSigner(chain, resolver, signer.address)) === false) return NOT_FOUND_OUT;
    const proof = { chainId, resolver, signer, validitySec, nowMs };
    return { ...(await proveBatches(chain, proof)), how: "by a proof" };
  } catch (error) {
    // of both others tell
    if (isSignpostError(error, "UNREACHABLE", "SIGNER_UNAVAILABLE")) return NOT_FOUND_OUT;
    throw error;
  }
}

const NOT_FOUND_OUT: Found = { takesBatches: null, refusal: null, how: "not at all" };

function unknown(chainId: bigint, resolver: Address): BatchFinding {
  const never = { askedAtMs: -Infinity, triedAtMs: -Infinity, provenAtMs: -Infinity };
  return { ...{ chainId, resolver, takesBatches: null, refusal: null }, ...never };
}
