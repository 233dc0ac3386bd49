/**
 * Whether an endpoint is away. After `MOST_MISSES` questions in a row without any answer, everybody is refused at once
 * but one every `RETRY_MS`, who finds out whether it is back: so an endpoint that is stopped holds up nobody for its
 * whole time-out. Any answer, be it a 500, ends it: one label that the service cannot answer says nothing of others.
 */
import type { EndpointFault } from "./endpointFault.js";

const MOST_MISSES = 8;
const RETRY_MS = 500;

export interface Outage {
  /** Why nobody is asked now; null for those who may ask. */
  refusal(): EndpointFault | null;
  answered(): void;
  missed(fault: EndpointFault): void;
}

/** @param nowMs a clock, in milliseconds; only its differences count */
export function watchForOutage(nowMs: () => number): Outage {
  let misses = 0;
  let last: EndpointFault | null = null;
  let askedAtMs = 0;
  return {
    refusal: () => {
      if (misses < MOST_MISSES) return null;
      const ageMs = nowMs() - askedAtMs;
      if (ageMs >= 0 && ageMs < RETRY_MS) return last;
      askedAtMs = nowMs();
      return null;
    },
    answered: () => {
      misses = 0;
    },
    missed: (fault) => {
      misses++;
      last = fault;
      if (misses === MOST_MISSES) askedAtMs = nowMs();
    },
  };
}
