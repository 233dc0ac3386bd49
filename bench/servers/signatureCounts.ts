/** How many signatures a Signpost took for how many answers, as it tells itself at `/metrics`. */
import { setTimeout as delay } from "node:timers/promises";
import { SignpostError } from "../../src/errors.js";
import type { RunningServer } from "./serverProcess.js";

/** Since the start. */
export interface SignatureCounts {
  readonly signatures: number;
  /** Answers that were signed for their request. */
  readonly answers: number;
}

const LONGEST_WAIT_MS = 20_000;
const PAUSE_MS = 200;

export async function signatureCounts({ origin }: RunningServer): Promise<SignatureCounts> {
  const text = await metricsOf(origin);
  return {
    signatures: sumOf(text, /^signpost_signer_duration_seconds_count\S* (\S+)$/gm),
    answers: sumOf(text, /^signpost_lookups_total\{[^}]*source="registry"[^}]*\} (\S+)$/gm),
  };
}

/**
 * Waits until the server knows that all resolvers take answers that share a signature. Throws INTERNAL when it does not
 * find out: what is measured then would be another thing.
 */
export async function signaturesShared({ origin }: RunningServer): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += PAUSE_MS) {
    const known = [
      ...(await metricsOf(origin)).matchAll(/^signpost_resolver_takes_batches\S* (\S+)$/gm),
    ];
    if (known.length > 0 && known.every(([, takes]) => takes === "1")) return;
    await delay(PAUSE_MS);
  }
  throw new SignpostError(
    "INTERNAL",
    `Signpost did not find out within ${LONGEST_WAIT_MS} ms that the resolvers take answers that share a signature.`,
  );
}

async function metricsOf(origin: string): Promise<string> {
  return (await fetch(`${origin}/metrics`)).text();
}

function sumOf(text: string, line: RegExp): number {
  return [...text.matchAll(line)].reduce((sum, [, value]) => sum + Number(value), 0);
}
