/** How fast is fast enough. */
import { failed, type Finding, passed, warning } from "../line.js";

export const LATENCY_SAMPLES = 5;

/** Duration of one request in milliseconds; null when it brought no answer. */
export type LatencySample = number | null;

/** A page that looks up several names shows nothing until the slowest is there. */
const SLOW_MS = 1000;
/** viem's time-out. */
const TOO_SLOW_MS = 10_000;

export function judgeLatency(samples: readonly LatencySample[]): Finding {
  const answered = samples.filter((sample) => sample !== null).sort((a, b) => a - b);
  if (answered.length < samples.length) {
    return failed(
      `${samples.length - answered.length} of ${samples.length} requests were not answered`,
      "The gateway answers now and then only. Read its log, and look at what stands before it.",
    );
  }
  const medianMs = answered[Math.floor(answered.length / 2)] ?? 0;
  const seen = `${Math.round(medianMs)} ms, median of ${answered.length}`;
  if (medianMs > TOO_SLOW_MS) {
    return failed(seen, "viem gives up after 10 s. Answer within one, or 503 at once.");
  }
  return medianMs > SLOW_MS
    ? warning(
        seen,
        "People wait for this. Look at the gateway's database, or put it closer to them.",
      )
    : passed(seen);
}
