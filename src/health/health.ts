/**
 * Whether this gateway can answer, and whether clients will believe it: its database, its signer, its clock, and the
 * chains that its resolvers are on. It only tells: lookups are answered whatever it finds.
 */
import { toHex } from "../abi/hex.js";
import { checksumAddress } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { within } from "../fetch/within.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import type { SwitchableSigner } from "../gateway/switchableSigner.js";
import { type Readiness, type ReadinessReport, together } from "../http/readiness.js";
import type { HealthState } from "../observe/healthMetrics.js";
import { probeSigner } from "../signer/signerProbe.js";
import {
  askChains,
  type ChainKnowledge,
  type ChainQuestions,
  type KnownResolver,
} from "./chainKnowledge.js";
import { judgeAcceptance, judgeClock, judgeSigner } from "./judgement.js";
import { startRounds } from "./rounds.js";

/** Probes give up after a few seconds; by then they should have an answer, not silence. */
const READY_TIMEOUT_MS = 2_000;

const ROUND_MS = 30_000;
/** Only a second round shows whether a chain makes blocks. */
const FIRST_PAUSE_MS = 15_000;

export interface HealthParts extends ChainQuestions {
  readonly signer: SwitchableSigner;
  readonly validitySec: number;
  /** Postgres' clock, in milliseconds of Unix time. Throws DATABASE_UNAVAILABLE. */
  readonly databaseClockMs: () => Promise<number>;
  /**
   * Asks what a lookup asks; a sentence for each database that is down while another one answers. Throws
   * DATABASE_UNAVAILABLE when lookups cannot be answered.
   */
  readonly databaseWarnings: () => Promise<readonly string[]>;
  /** Gets defects. */
  readonly reportFailure: (error: SignpostError) => void;
  /** Between two rounds; for tests that do not wait so long. */
  readonly roundMs?: number;
}

export interface Health {
  /** Asks the database now; what the chains say is at most 30 s old. Takes 2 s at most, and never throws. */
  readonly readiness: Readiness;
  /** For metrics. */
  readonly state: () => HealthState;
  /**
   * Throws INVALID_CONFIGURATION when a resolver that takes what the present signer signs would refuse `next`. What a
   * chain does not tell is no obstacle.
   */
  readonly assertAccepted: (next: GatewaySigner) => Promise<void>;
  readonly stop: () => void;
}

export function startHealth(parts: HealthParts): Health {
  const { signer, validitySec, nowMs, reportFailure, roundMs } = parts;
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
  }

  const rounds = startRounds(round, (done) => roundMs ?? (done === 1 ? FIRST_PAUSE_MS : ROUND_MS));
  signer.onSwitch(() => void rounds.again());

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
      judgeClock(knowledge?.chains ?? [], clockSkewSec),
    ];
  }

  return {
    readiness: async () => {
      const [database] = await Promise.all([
        within(READY_TIMEOUT_MS, judgeDatabase(), () => DATABASE_TOO_LATE),
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
      })),
      chains: (knowledge?.chains ?? []).map(({ chainId, head, failure }) => ({
        chainId: chainId.toString(),
        reachable: failure === null,
        blockAgeSec: head?.ageSec ?? null,
      })),
      clockSkewSec,
    }),
    assertAccepted: async (next) => {
      const [present, future] = await Promise.all([
        askChains(parts, signer, knowledge),
        askChains(parts, next, null),
      ]);
      const takesUs = new Set(
        present.resolvers.filter((known) => known.signerEnabled === true).map(keyOf),
      );
      const lost = future.resolvers.find(
        (known) => known.signerEnabled === false && takesUs.has(keyOf(known)),
      );
      if (lost === undefined) return;
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        `${checksumAddress(next.address)} is no signer of the resolver ${checksumAddress(lost.resolver)} on chain ${lost.chainId.toString()} yet. Add it with \`signpost resolver signers add\`, then switch.`,
      );
    },
    stop: () => {
      void rounds.stop();
    },
  };
}

const NOT_KNOWN_YET: ReadinessReport = {
  reasons: ["Signer and chains are being asked for the first time. Ask again in some seconds."],
  warnings: [],
};

const DATABASE_TOO_LATE: ReadinessReport = {
  reasons: [`The database did not answer within ${READY_TIMEOUT_MS} ms; look for load and locks.`],
  warnings: [],
};

function keyOf({ chainId, resolver }: KnownResolver): string {
  return `${chainId.toString()} ${toHex(resolver)}`;
}

function faultOf(cause: unknown): SignpostError {
  if (isSignpostError(cause)) return cause;
  const sentence = "Whether this gateway can answer could not be found out; this is a defect.";
  return new SignpostError("INTERNAL", sentence, {}, { cause });
}
