/**
 * Whether this gateway can answer, and whether clients will believe it: its database, its signer, its clock, and the
 * chains that its resolvers are on. It only tells: lookups are answered whatever it finds.
 */
import { sameBytes } from "../abi/bytes.js";
import { toHex } from "../abi/hex.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { within } from "../fetch/within.js";
import { batchSupport, type NotedBatchSupport } from "../gateway/batchSupport.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import { resolverKey } from "../gateway/resolverKey.js";
import type { SwitchableSigner } from "../gateway/switchableSigner.js";
import {
  DATABASE_TOO_LATE,
  type Readiness,
  type ReadinessReport,
  READY_TIMEOUT_MS,
  together,
} from "../http/readiness.js";
import type { HealthState } from "../observe/healthMetrics.js";
import { probeSigner } from "../signer/signerProbe.js";
import { type BatchFinding, startBatchWatch } from "./batchWatch.js";
import {
  askChains,
  type ChainKnowledge,
  type ChainQuestions,
  type KnownResolver,
} from "./chainKnowledge.js";
import { judgeAcceptance, judgeBatches, judgeClock, judgeSigner } from "./judgement.js";
import { startRounds } from "./rounds.js";

const ROUND_MS = 30_000;
/** Only a second round shows whether a chain makes blocks. */
const FIRST_PAUSE_MS = 15_000;

export interface HealthParts extends ChainQuestions {
  readonly signer: SwitchableSigner;
  readonly validitySec: number;
  /** Is told which resolvers take answers that share a signature; by default nobody is. */
  readonly batches?: NotedBatchSupport;
  /** Postgres' clock, in milliseconds of Unix time. Throws DATABASE_UNAVAILABLE. */
  readonly databaseClockMs: () => Promise<number>;
  /**
   * Asks what a lookup asks; a sentence for each database that is down while another one answers. Throws
   * DATABASE_UNAVAILABLE when lookups cannot be answered.
   */
  readonly databaseWarnings: () => Promise<readonly string[]>;
  /** Gets defects. */
  readonly reportFailure: (error: SignpostError) => void;
  /** Called whenever the chains were asked; must not throw. */
  readonly onAsked?: () => void;
  /** Between two rounds; for tests that do not wait so long. */
  readonly roundMs?: number;
}

export interface Health {
  /** Asks the database now; what the chains say is at most 30 s old. Takes 2 s at most, and never throws. */
  readonly readiness: Readiness;
  /** For metrics. Where the signer is known is for the database to say. */
  readonly state: () => Omit<HealthState, "signerKnown" | "knownAt">;
  /** Of each resolver that has said it: whether it takes what the present signer signs. */
  readonly taken: () => readonly TakenSigner[];
  /** Settled when the chains were asked for the first time, whatever came of it. */
  readonly firstAsked: Promise<void>;
  /**
   * Throws INVALID_CONFIGURATION when a resolver would refuse `next`, unless it refuses the present signer as well. Returns
   * the resolvers that could not be asked, or did not say.
   */
  readonly assertAccepted: (next: GatewaySigner) => Promise<readonly ResolverOnChain[]>;
  readonly stop: () => void;
}

type ResolverOnChain = Pick<KnownResolver, "chainId" | "resolver">;

interface TakenSigner extends ResolverOnChain {
  readonly isTaken: boolean;
}

export function startHealth(parts: HealthParts): Health {
  const {
    signer,
    validitySec,
    nowMs,
    reportFailure,
    roundMs,
    batches = batchSupport(nowMs),
  } = parts;
  let knowledge: ChainKnowledge | null = null;
  /** Undefined before the first round. */
  let signerFault: SignpostError | null | undefined;
  let clockSkewSec: number | null = null;

  async function round(): Promise<void> {
    const [probe, asked] = await Promise.allSettled([
      probeSigner(signer),
      askChains(parts, signer, knowledge),
      // for metrics
      askDatabase().catch(() => undefined),
    ]);
    signerFault = probe.status === "rejected" ? faultOf(probe.reason) : null;
    if (asked.status === "fulfilled") knowledge = asked.value;
    // that the database does not answer is for `readiness` to say
    else if (!isSignpostError(asked.reason, "DATABASE_UNAVAILABLE"))
      reportFailure(faultOf(asked.reason));
    parts.onAsked?.();
  }

  const rounds = startRounds(round, (done) => roundMs ?? (done === 1 ? FIRST_PAUSE_MS : ROUND_MS));
  const batchWatch = startBatchWatch(
    { ...parts, batches },
    (cause) => {
      reportFailure(faultOf(cause));
    },
    roundMs,
  );
  signer.onSwitch(() => {
    void rounds.again();
    batchWatch.again();
  });

  async function askDatabase(): Promise<void> {
    const beforeMs = nowMs();
    const theirsMs = await parts.databaseClockMs();
    // it was read somewhere between the question and the answer
    clockSkewSec = Math.round((beforeMs + nowMs()) / 2 - theirsMs) / 1000;
  }

  async function judgeDatabase(): Promise<ReadinessReport> {
    // with the primary down nobody tells the time, but a standby answers lookups
    const clock = askDatabase().catch(() => undefined);
    try {
      const warnings = await parts.databaseWarnings();
      await clock;
      return { reasons: [], warnings };
    } catch (error) {
      return { reasons: [error instanceof Error ? error.message : String(error)], warnings: [] };
    }
  }

  function judgeKnowledge(): ReadinessReport[] {
    if (signerFault === undefined) return [NOT_KNOWN_YET];
    const acceptance = knowledge && judgeAcceptance(knowledge, signer.address, validitySec);
    return [
      judgeSigner(signerFault),
      ...(acceptance ? [acceptance] : []),
      judgeBatches(batchWatch.findings()),
      judgeClock(knowledge?.chains ?? [], clockSkewSec),
    ];
  }

  /** What lookups go by, as long as it is known; null where nothing is. */
  function takesBatches(chainId: bigint, resolver: Address): boolean | null {
    if (batches.takesBatches(resolverKey(chainId, resolver))) return true;
    const found = batchWatch.findings().find(isAt(chainId, resolver))?.takesBatches ?? null;
    return found === true ? null : found;
  }

  return {
    readiness: async () => {
      const [database] = await Promise.all([
        within(READY_TIMEOUT_MS, judgeDatabase(), () => ({
          reasons: [DATABASE_TOO_LATE],
          warnings: [],
        })),
        within(READY_TIMEOUT_MS, rounds.first, () => undefined),
      ]);
      return together([database, ...judgeKnowledge()]);
    },
    state: () => ({
      signerSigns: signerFault === undefined ? null : signerFault === null,
      resolvers: (knowledge?.resolvers ?? []).map(({ chainId, resolver, signerEnabled }) => ({
        chainId: chainId.toString(),
        resolver: toHex(resolver),
        signerEnabled,
        takesBatches: takesBatches(chainId, resolver),
      })),
      chains: (knowledge?.chains ?? []).map(({ chainId, head, failure }) => ({
        chainId: chainId.toString(),
        reachable: failure === null,
        blockAgeSec: head?.ageSec ?? null,
      })),
      clockSkewSec,
    }),
    taken: () =>
      knowledge !== null && sameBytes(knowledge.signer, signer.address)
        ? knowledge.resolvers.flatMap(({ chainId, resolver, signerEnabled }) =>
            signerEnabled === null ? [] : [{ chainId, resolver, isTaken: signerEnabled }],
          )
        : [],
    firstAsked: rounds.first,
    assertAccepted: async (next) => {
      const [present, future] = await Promise.all([
        askChains(parts, signer, knowledge),
        askChains(parts, next, null),
      ]);
      // where the present one counts for nothing, nothing is lost
      const lostAlready = new Set(
        present.resolvers.filter((known) => known.signerEnabled === false).map(keyOf),
      );
      const lost = future.resolvers.find(
        (known) => known.signerEnabled === false && !lostAlready.has(keyOf(known)),
      );
      if (lost === undefined) return uncheckedIn(future);
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        `${checksumAddress(next.address)} is no signer of the resolver ${checksumAddress(lost.resolver)} on chain ${lost.chainId.toString()} yet. Add it with \`signpost resolver signers add\`, then switch.`,
      );
    },
    stop: () => {
      void rounds.stop();
      batchWatch.stop();
    },
  };
}

const NOT_KNOWN_YET: ReadinessReport = {
  reasons: ["Signer and chains are being asked for the first time. Ask again in some seconds."],
  warnings: [],
};

function uncheckedIn({ resolvers, unwatched }: ChainKnowledge): readonly ResolverOnChain[] {
  return [...resolvers.filter(({ signerEnabled }) => signerEnabled === null), ...unwatched];
}

function keyOf({ chainId, resolver }: Pick<KnownResolver, "chainId" | "resolver">): string {
  return resolverKey(chainId, resolver);
}

function isAt(chainId: bigint, resolver: Address) {
  return (finding: BatchFinding) => keyOf(finding) === resolverKey(chainId, resolver);
}

function faultOf(cause: unknown): SignpostError {
  if (isSignpostError(cause)) return cause;
  const sentence = "Whether this gateway can answer could not be found out; this is a defect.";
  return new SignpostError("INTERNAL", sentence, {}, { cause });
}
