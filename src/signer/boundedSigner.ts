/**
 * Bounds on how much a signer elsewhere is asked at once. Lookups come faster than any remote signer signs: what
 * cannot be signed in time is refused at once, so that clients ask the next gateway while they still wait.
 */
import { SignpostError } from "../errors.js";
import type { OpenSigner } from "./openSigner.js";

export interface SigningBounds {
  /** Signatures under way at a time. */
  readonly mostUnderWay: number;
  /** More than these are refused at once. */
  readonly mostWaiting: number;
  /** For a place among those under way. */
  readonly longestWaitMs: number;
}

/** With 10 ms a signature, 64 at a time are 6,400 a second; 512 that wait are then through in 80 ms. */
export const REMOTE_BOUNDS: SigningBounds = {
  mostUnderWay: 64,
  mostWaiting: 512,
  longestWaitMs: 1_000,
};

/** Throws SIGNER_UNAVAILABLE, beside what `inner` throws, when too many want signatures. */
export function boundedSigner(inner: OpenSigner, bounds: SigningBounds): OpenSigner {
  /** Each lets one go on; in the order in which they came. */
  const waiting = new Set<() => void>();
  let underWay = 0;
  let onIdle: () => void = () => undefined;

  function place(): Promise<void> {
    if (underWay < bounds.mostUnderWay) {
      underWay++;
      return Promise.resolve();
    }
    if (waiting.size >= bounds.mostWaiting) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(goOn);
        reject(overloaded());
      }, bounds.longestWaitMs);
      const goOn = () => {
        clearTimeout(timer);
        resolve();
      };
      waiting.add(goOn);
    });
  }

  /** Hands the place on to the one that has waited longest. */
  function leave(): void {
    const [next] = waiting;
    if (next !== undefined) {
      waiting.delete(next);
      next();
    } else if (--underWay === 0) {
      onIdle();
    }
  }

  return {
    address: inner.address,
    description: inner.description,
    signDigest: async (digest) => {
      await place();
      try {
        return await inner.signDigest(digest);
      } finally {
        leave();
      }
    },
    close: async () => {
      if (underWay > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await inner.close();
    },
  };
}

function overloaded(): SignpostError {
  return new SignpostError(
    "SIGNER_UNAVAILABLE",
    "The signer does not keep up with the lookups. Find out why it is slow, or add a gateway with a signer of its own.",
    { reason: "overload" },
  );
}
