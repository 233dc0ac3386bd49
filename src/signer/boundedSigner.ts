/**
 * Bounds on how much a signer elsewhere is asked at once. Lookups come faster than any remote signer signs: what
 * cannot be signed in time is refused at once, so that clients ask the next gateway while they still wait.
 */
import type { Digest } from "../abi/digest.js";
import { SignpostError } from "../errors.js";
import type { OpenSigner } from "./openSigner.js";

export interface SigningBounds {
  /** Signatures under way at a time, each for one answer. */
  readonly mostUnderWay: number;
  /** More than these are refused at once. */
  readonly mostWaiting: number;
  /** For a place among those under way. */
  readonly longestWaitMs: number;
  /** Signatures that begin within a second; null for as many as there are places. */
  readonly mostPerSec: number | null;
}

/** With 10 ms a signature, 64 at a time are 6,400 a second; 512 that wait are then through in 80 ms. */
export const REMOTE_BOUNDS: SigningBounds = {
  mostUnderWay: 64,
  mostWaiting: 512,
  longestWaitMs: 1_000,
  mostPerSec: null,
};

/** How late timers come, at most, where the process is not held up. */
const SLACK_MS = 10;

/**
 * Throws SIGNER_UNAVAILABLE, beside what `inner` throws, when too many want signatures.
 * @param nowMs a clock, in milliseconds; only its differences count
 */
export function boundedSigner(
  inner: OpenSigner,
  bounds: SigningBounds,
  nowMs = () => performance.now(),
): OpenSigner {
  const { mostUnderWay, mostWaiting, longestWaitMs, mostPerSec } = bounds;
  /** Between the beginnings of two. The slack is made up for, so that no second has more of them, wherever it begins. */
  const distanceMs = mostPerSec === null ? 0 : (1000 + SLACK_MS) / mostPerSec;
  /** Each lets one go on; in the order in which they came. */
  const waiting = new Set<() => void>();
  /** Those for many answers take turns with the others, and take no place: how many there are at a time is for who asks for them. */
  const forMany: (() => void)[] = [];
  let underWay = 0;
  let underWayForMany = 0;
  let wasForMany = false;
  let earliestMs = -Infinity;
  let pausing: NodeJS.Timeout | undefined;
  let onIdle: () => void = () => undefined;

  function turn(): Promise<void> {
    if (waiting.size === 0 && hasPlace() && isTime()) {
      begin();
      return Promise.resolve();
    }
    if (waiting.size >= mostWaiting) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(goOn);
        reject(overloaded());
        tellIfIdle();
      }, longestWaitMs);
      const goOn = () => {
        clearTimeout(timer);
        begin();
        resolve();
      };
      waiting.add(goOn);
      letGoOn();
    });
  }

  /** Only the rate is waited for, which is half a second at most. */
  function turnForMany(): Promise<void> {
    return new Promise((resolve) => {
      forMany.push(() => {
        noteTime();
        underWayForMany++;
        resolve();
      });
      letGoOn();
    });
  }

  const hasPlace = () => underWay < mostUnderWay;
  const isTime = () => nowMs() >= earliestMs;

  function begin(): void {
    noteTime();
    underWay++;
  }

  /** A timer that comes late is made up for, by so much as timers are late. */
  function noteTime(): void {
    if (distanceMs > 0) earliestMs = Math.max(earliestMs, nowMs() - SLACK_MS) + distanceMs;
  }

  /** Lets begin who may, as far as places and the rate allow. */
  function letGoOn(): void {
    while (isTime()) {
      const [next] = hasPlace() ? waiting : [];
      if (forMany.length > 0 && (next === undefined || !wasForMany)) {
        wasForMany = true;
        forMany.shift()?.();
      } else if (next !== undefined) {
        wasForMany = false;
        waiting.delete(next);
        next();
      } else break;
    }
    if (forMany.length > 0 || (waiting.size > 0 && hasPlace())) pause();
  }

  function pause(): void {
    pausing ??= setTimeout(
      () => {
        pausing = undefined;
        letGoOn();
      },
      Math.max(1, earliestMs - nowMs()),
    );
  }

  function tellIfIdle(): void {
    if (isIdle()) onIdle();
  }

  function isIdle(): boolean {
    return underWay + underWayForMany + waiting.size + forMany.length === 0;
  }

  async function signDigest(digest: Digest): Promise<Uint8Array> {
    await turn();
    try {
      return await inner.signDigest(digest);
    } finally {
      underWay--;
      letGoOn();
      tellIfIdle();
    }
  }

  async function signInTurn(makeDigest: () => Digest | null): Promise<Uint8Array | null> {
    await turnForMany();
    try {
      const digest = makeDigest();
      return digest === null ? null : await inner.signDigest(digest);
    } finally {
      underWayForMany--;
      tellIfIdle();
    }
  }

  return {
    address: inner.address,
    description: inner.description,
    signDigest,
    signInTurn,
    close: async () => {
      if (!isIdle()) await new Promise<void>((resolve) => (onIdle = resolve));
      await inner.close();
    },
  };
}

export function overloaded(): SignpostError {
  return new SignpostError(
    "SIGNER_UNAVAILABLE",
    "The signer does not keep up with the lookups. Find out why it is slow, or add a gateway with a signer of its own.",
    { reason: "overload" },
  );
}
