/**
 * The gateway behind a cache. Signing costs more than everything else together, so a signed answer is given again. Its
 * states are those of HTTP caches (RFC 9111):
 *
 * - fresh, for a second after it was known to be true: it is given as it is;
 * - stale, after that: it is validated first, by one read that shows that the name is still at the version that was
 *   signed (refreshAhead.ts does it in advance for answers that are in demand);
 * - expired, when half of its validity is over, so that whoever gets it, or a CDN in between, has time to use it.
 *
 * So no answer is older than a change by more than a second and the read that validates it, whichever process made the change, and no process has to
 * send invalidations to another one: what is not sent cannot be lost. While the database cannot be asked, nothing is
 * fresh after a second, and lookups fail.
 */
import type { Node } from "../../ens/namehash.js";
import type { Gateway, GatewayAnswer, GatewayCall } from "../gateway.js";
import { answerCache, type CachedAnswer } from "./answerCache.js";
import { createDoorkeeper } from "./doorkeeper.js";
import { recentChanges } from "./recentChanges.js";
import { refreshAhead } from "./refreshAhead.js";
import { singleFlight } from "./singleFlight.js";

const FRESH_MS = 1000;

export interface AnswersParts<Ready> {
  readonly gateway: Gateway;
  /**
   * The form in which the answer is sent, and how many bytes of memory that takes; in one piece only where it is kept,
   * since most answers are sent once.
   */
  readonly render: (answer: GatewayAnswer, isKept: boolean) => { ready: Ready; bytes: number };
  /** Of all answers in the cache. */
  readonly mostBytes: number;
  readonly validitySec: number;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs: () => number;
}

/** `key` names the call: the URL of a GET, for example. */
export interface Answers<Ready> {
  /** The cached answer if it is fresh, else null. */
  fresh(key: string): FoundAnswer<Ready> | null;
  /**
   * Validates the cached answer, or has a new one signed, and caches that if its name is asked for again. Of many that
   * want the same at once, one does it for all. Throws as `Gateway.call` does.
   */
  find(key: string, call: GatewayCall): Promise<FoundAnswer<Ready>>;
  /** To be called when this process has changed a name: nothing that was read before is fresh any more. */
  invalidate(node: Node): void;
  /** Drops everything, when another key has to sign from now on. */
  readonly clear: () => void;
  readonly cached: { readonly entries: number; readonly bytes: number };
}

export interface FoundAnswer<Ready> extends Pick<CachedAnswer<Ready>, "ready" | "basis"> {
  /** Signed for this call, or before. */
  readonly from: "registry" | "cache";
}

export function createAnswers<Ready>(parts: AnswersParts<Ready>): Answers<Ready> {
  const { gateway, render, nowMs } = parts;
  const cache = answerCache<Ready>(parts.mostBytes);
  const doorkeeper = createDoorkeeper();
  const changes = recentChanges(FRESH_MS, nowMs);
  const flights = singleFlight<FoundAnswer<Ready>>(nowMs);
  const leastLeftMs = (parts.validitySec * 1000) / 2;
  const refresh = refreshAhead<CachedAnswer<Ready>>(({ basis }) => gateway.isCurrent(basis), nowMs);
  let clears = 0;

  function fresh(key: string): CachedAnswer<Ready> | null {
    const cached = cache.get(key);
    if (cached === null) return null;
    const now = nowMs();
    const ageMs = now - cached.validatedAtMs;
    // below zero when the clock was set back: then the age is not known
    if (ageMs < 0 || ageMs >= FRESH_MS || now > cached.usableUntilMs) return null;
    if (changes.changedSince(cached.basis.node, cached.validatedAtMs)) return null;
    refresh.used(cached, now);
    return cached;
  }

  async function validateOrSign(key: string, call: GatewayCall): Promise<FoundAnswer<Ready>> {
    const cached = cache.get(key);
    if (cached && nowMs() <= cached.usableUntilMs) {
      const askedAtMs = nowMs();
      if (await gateway.isCurrent(cached.basis)) {
        cached.validatedAtMs = askedAtMs;
        return cached;
      }
    }
    return sign(key, call);
  }

  async function sign(key: string, call: GatewayCall): Promise<FoundAnswer<Ready>> {
    const clearsBefore = clears;
    const answer = await gateway.call(call);
    const { basis } = answer;
    // what an outgoing key signed meanwhile is sent, but not kept
    const isKept = doorkeeper.admits(basis.node) && clears === clearsBefore;
    const { ready, bytes } = render(answer, isKept);
    if (isKept) {
      const cached: CachedAnswer<Ready> = {
        ready,
        basis,
        from: "cache",
        usableUntilMs: Number(basis.expiresSec) * 1000 - leastLeftMs,
        validatedAtMs: basis.readAtMs,
        isBeingRefreshed: false,
      };
      cache.set(key, cached, bytes + key.length + basis.name.length);
    }
    return { ready, basis, from: "registry" };
  }

  return {
    fresh,
    find: (key, call) => flights.join(key, () => validateOrSign(key, call)),
    invalidate(node) {
      changes.note(node);
      // whoever asks from now on must not be given what was read before
      flights.forget();
    },
    clear() {
      clears++;
      cache.clear();
    },
    cached: cache,
  };
}
