/**
 * One signature for all answers of a moment: those that come in one turn of the event loop, and those that gather while
 * signatures are under way. A signature takes a third of a lookup, and of a signer elsewhere there are only so many a
 * second. An answer that is alone at the end of its turn is signed by itself at once: nobody waits for company.
 */
import type { Digest } from "../abi/digest.js";
import { type AnswerBatch, batchOf } from "../ccip/answerBatch.js";
import type { SignpostError } from "../errors.js";
import type { AnswerSigner, BatchObserver } from "../gateway/answerSigner.js";
import { type GatewaySigner, signInTurn } from "../gateway/gatewaySigner.js";
import type { MakeSalts } from "./batchSalts.js";
import { overloaded } from "./boundedSigner.js";
import { inRandomOrder } from "./inRandomOrder.js";

export interface BatchBounds {
  /** Signatures for batches under way at a time. Meanwhile further answers gather into the next one. */
  readonly mostUnderWay: number;
  /** Answers in a batch; MOST_IN_BATCH at most. */
  readonly mostTogether: number;
  /** Answers that gather; more are refused at once. */
  readonly mostWaiting: number;
  /** While all signatures that may be are under way; whoever has waited so long is refused. */
  readonly longestWaitMs: number;
}

/**
 * Two, so that one gathers while the other is on its way. 1,024 answers, as many as lookups are under way at a time, make
 * a path of 10 hashes, and are hashed in 2 ms.
 */
export const BATCH_BOUNDS: BatchBounds = {
  mostUnderWay: 2,
  mostTogether: 1_024,
  mostWaiting: 2_048,
  // longer than a signer elsewhere is given for a signature: two that hang must not fail whatever comes meanwhile
  longestWaitMs: 2_500,
};

export interface BatchingParts {
  readonly signer: GatewaySigner;
  readonly makeSalts: MakeSalts;
  readonly observer?: BatchObserver;
  /** Told of each answer that is refused without a signature. */
  readonly onRefused?: (error: SignpostError) => void;
  readonly bounds?: BatchBounds;
}

interface Waiting {
  readonly digest: Digest;
  readonly sinceMs: number;
  readonly resolve: (field: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

export function batchingSigner({
  signer,
  makeSalts,
  observer = () => undefined,
  onRefused = () => undefined,
  bounds = BATCH_BOUNDS,
}: BatchingParts): AnswerSigner {
  const { mostUnderWay, mostTogether, mostWaiting, longestWaitMs } = bounds;
  /** In the order in which they came. */
  let gathered: Waiting[] = [];
  let underWay = 0;
  /** From the moment that a signature is wanted until it is known what it covers. */
  let isNextWanted = false;
  let isWatching = false;

  function wantNext(): void {
    if (isNextWanted || gathered.length === 0 || underWay === mostUnderWay) return;
    isNextWanted = true;
    // behind everything that this turn of the event loop brings
    setImmediate(() => void signNext());
  }

  /** Never rejects: each that waits is told by itself. */
  async function signNext(): Promise<void> {
    const next: { asked: readonly Waiting[] | null; batch: AnswerBatch | null } = {
      ...{ asked: null, batch: null },
    };
    try {
      const signature = await signInTurn(signer, () => {
        const asked = (next.asked = begin());
        const [first] = asked;
        if (first === undefined) return null;
        observer(asked.length, performance.now() - oldestOf(asked));
        if (asked.length === 1) return first.digest;
        const digests = asked.map(({ digest }) => digest);
        next.batch = batchOf(digests, makeSalts(asked.length));
        return next.batch.toSign;
      });
      if (signature !== null) handOut(next.asked ?? [], next.batch, signature);
    } catch (error) {
      // without a turn, nothing that waits for one can be signed in time
      for (const { reject } of next.asked ?? gathered.splice(0)) reject(error);
    } finally {
      if (next.asked === null) isNextWanted = false;
      else underWay--;
      wantNext();
    }
  }

  /** What the signature that begins now is for: leaves in no order, since paths show which of them are neighbours. */
  function begin(): readonly Waiting[] {
    const asked = inRandomOrder(take(mostTogether));
    isNextWanted = false;
    underWay++;
    // what did not fit
    wantNext();
    watch();
    return asked;
  }

  function refused(): SignpostError {
    const error = overloaded();
    onRefused(error);
    return error;
  }

  function take(most: number): readonly Waiting[] {
    if (gathered.length > most) return gathered.splice(0, most);
    const all = gathered;
    gathered = [];
    return all;
  }

  /** While all signatures are under way, only their end lets others begin: a signer that hangs must not hold them. */
  function watch(): void {
    const [oldest] = gathered;
    if (isWatching || oldest === undefined || underWay < mostUnderWay) return;
    isWatching = true;
    setTimeout(dropLate, oldest.sinceMs + longestWaitMs - performance.now());
  }

  function dropLate(): void {
    isWatching = false;
    const latestMs = performance.now() - longestWaitMs;
    const onTime = gathered.findIndex(({ sinceMs }) => sinceMs > latestMs);
    for (const { reject } of take(onTime === -1 ? gathered.length : onTime)) reject(refused());
    watch();
  }

  return {
    signAnswer: (digest, mayShare) => {
      if (!mayShare) return signer.signDigest(digest);
      if (gathered.length >= mostWaiting) return Promise.reject(refused());
      return new Promise((resolve, reject) => {
        gathered.push({ digest, sinceMs: performance.now(), resolve, reject });
        wantNext();
        watch();
      });
    },
  };
}

function oldestOf(asked: readonly Waiting[]): number {
  return asked.reduce((oldest, { sinceMs }) => Math.min(oldest, sinceMs), Infinity);
}

/** Without a batch there is one answer, and the signature is over its own digest. */
function handOut(
  asked: readonly Waiting[],
  batch: AnswerBatch | null,
  signature: Uint8Array,
): void {
  for (const [index, { resolve }] of asked.entries()) {
    resolve(batch === null ? signature : batch.fieldOf(index, signature));
  }
}
