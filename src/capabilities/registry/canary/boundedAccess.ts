/** How one canary reaches a stranger's relay node: all of it together has an end, in time and in bytes. */
import { SignpostError } from "../../../errors.js";
import type { Fetcher } from "../../../fetch/fetcher.js";
import type { RelayNodeAccess } from "../../../sending/relayNodeAccess.js";

/** For one request, and for all of a canary. */
const TIMEOUT_MS = 5_000;
const LONGEST_MS = 25_000;
/** Of a mailbox, into which strangers may have written. */
const MOST_BYTES = 4 * 1024 * 1024;

/** @param nowMs a clock that only goes forward */
export function boundedAccess(fetcher: Fetcher, nowMs: () => number): RelayNodeAccess {
  const endMs = nowMs() + LONGEST_MS;
  return {
    timeoutMs: TIMEOUT_MS,
    fetcher: async (request) => {
      const leftMs = endMs - nowMs();
      if (leftMs <= 0) throw tooSlow();
      return fetcher({
        ...request,
        timeoutMs: Math.min(request.timeoutMs, leftMs),
        maxBytes: Math.min(request.maxBytes, MOST_BYTES),
      });
    },
  };
}

function tooSlow(): SignpostError {
  const reason = `it took the canary more than ${LONGEST_MS / 1000} s`;
  return new SignpostError("UNREACHABLE", `The relay node did not answer in time: ${reason}.`, {
    reason,
  });
}
