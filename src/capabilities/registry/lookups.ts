/** The gateway behind its cache, and what invalidates that. */
import type { AnswerSigner } from "../../gateway/answerSigner.js";
import { type Answers, createAnswers } from "../../gateway/cache/answers.js";
import { createGateway, type Gateway, type GatewayParts } from "../../gateway/gateway.js";
import type { SwitchableSigner } from "../../gateway/switchableSigner.js";
import { type ReadyAnswer, readyAnswer } from "../../http/ccip/ccipReply.js";
import type { LookupsFirst } from "../../http/fairness/lookupsFirst.js";
import { timeSlices } from "../../http/fairness/timeSlices.js";
import type { NameStore, RecordSource } from "../../registry/store.js";

/** Long enough for a CDN to take the brunt of a rush, short enough not to be noticed after a change. */
const MAX_AGE_SEC = 1;

/**
 * About 4,000 answers with a profile. What one shares a signature by makes it longer, which counts: by 320 bytes for 16
 * answers, by 704 for the most that share one.
 */
const ANSWER_CACHE_BYTES = 16 * 1024 * 1024;

export interface LookupOptions {
  /** How long an answer is valid, in seconds. */
  readonly validitySec: number;
  /** How long caches in between may give an answer again, in seconds; half of the validity at most. */
  readonly maxAgeSec?: number;
  /** How much memory answers that were signed before may take, in bytes. */
  readonly answerCacheBytes?: number;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs?: () => number;
}

export function createLookups(
  records: RecordSource,
  signer: AnswerSigner,
  onSwitch: SwitchableSigner["onSwitch"],
  lookups: LookupsFirst,
  options: LookupOptions & Pick<GatewayParts, "sourced" | "batches">,
): Answers<ReadyAnswer> {
  const { validitySec, maxAgeSec = MAX_AGE_SEC, answerCacheBytes = ANSWER_CACHE_BYTES } = options;
  const { nowMs = Date.now, sourced, batches } = options;
  // of their own: a lookup waits for no other one
  const pause = timeSlices();
  const gateway = createGateway({ records, sourced, signer, batches, validitySec, nowMs, pause });
  const answers = createAnswers({
    gateway: goingFirst(gateway, lookups),
    render: (answer, isKept) => readyAnswer(answer, maxAgeSec, isKept),
    mostBytes: answerCacheBytes,
    validitySec,
    nowMs,
  });
  // the former key may be about to leave the resolvers
  onSwitch(answers.clear);
  return answers;
}

/** The same, before all long work. */
function goingFirst(gateway: Gateway, lookups: LookupsFirst): Gateway {
  return {
    call: (asked) => lookups.during(() => gateway.call(asked)),
    isCurrent: (basis) => lookups.during(() => gateway.isCurrent(basis)),
  };
}

/** The same names; what is written through them is seen by this process's very next lookup. */
export function invalidating(names: NameStore, answers: Answers<ReadyAnswer>): NameStore {
  return {
    ...names,
    changeNames: async (targets, decide, pause) => {
      try {
        return await names.changeNames(targets, decide, pause);
      } finally {
        // after a failure, too: a commit whose answer was lost may have been carried out
        for (const { node } of targets) answers.invalidate(node);
      }
    },
  };
}
