/**
 * The gateway with a memory. Signing costs more than everything else together, so an answer is given again:
 *
 * - for a second, as it is;
 * - after that, when one read shows that the name is still at the version that was signed (see renewal.ts for who reads
 *   ahead);
 * - never beyond half of its validity, so that whoever gets it, or a CDN in between, has time to use it.
 *
 * So no answer is older than a change by more than a second, whichever process made the change, and nothing has to
 * be told from one process to another: what does not arrive cannot be lost. While the database cannot be asked,
 * nothing is known any more after a second, and lookups fail.
 */
import type { Gateway, GatewayAnswer, GatewayCall } from "../gateway.js";
import { answerCache, type HeldAnswer } from "./answerCache.js";
import { doorkeeper } from "./doorkeeper.js";
import { recentChanges } from "./recentChanges.js";
import { renewal } from "./renewal.js";
import { sharedWork } from "./sharedWork.js";

/** How long an answer is given without another look. */
const FRESH_MS = 1000;

export interface AnswersParts<Ready> {
  readonly gateway: Gateway;
  /** The form in which the answer is sent, and how many bytes of memory that takes. */
  readonly render: (answer: GatewayAnswer) => { ready: Ready; bytes: number };
  /** Of all answers that are held. */
  readonly mostBytes: number;
  readonly validitySec: number;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs: () => number;
}

export interface Answers<Ready> {
  /** What can be given as it is, or null. `request` is whatever names the call: a URL, for example. */
  atHand(request: string): HeldAnswer<Ready> | null;
  /** Asks, signs if need be, and remembers what is asked for again; of many that want the same at once, one does it for all. Throws as `Gateway.call`. */
  find(request: string, call: () => GatewayCall): Promise<FoundAnswer<Ready>>;
  /** Tells that a name was changed by this process. */
  changed(node: Uint8Array): void;
  /** Drops everything, when another key has to sign from now on. */
  readonly clear: () => void;
  readonly held: { readonly entries: number; readonly bytes: number };
}

interface FoundAnswer<Ready> extends Pick<HeldAnswer<Ready>, "ready" | "basis"> {
  readonly from: "registry" | "cache";
}

export function createAnswers<Ready>(parts: AnswersParts<Ready>): Answers<Ready> {
  const { gateway, render, nowMs } = parts;
  const cache = answerCache<Ready>(parts.mostBytes);
  const door = doorkeeper();
  const changes = recentChanges(FRESH_MS, nowMs);
  const shared = sharedWork<FoundAnswer<Ready>>(nowMs);
  const leastLeftMs = (parts.validitySec * 1000) / 2;
  const ahead = renewal<HeldAnswer<Ready>>(({ basis }) => gateway.stillTrue(basis), nowMs);
  let generation = 0;

  function atHand(request: string): HeldAnswer<Ready> | null {
    const held = cache.get(request);
    if (held === null) return null;
    const now = nowMs();
    const ageMs = now - held.trueAtMs;
    // below zero when the clock was set back: then the age is not known
    if (ageMs < 0 || ageMs >= FRESH_MS || now > held.giveUntilMs) return null;
    if (changes.changedSince(held.basis.node, held.trueAtMs)) return null;
    ahead.given(held, now);
    return held;
  }

  async function look(request: string, call: () => GatewayCall): Promise<FoundAnswer<Ready>> {
    const held = cache.get(request);
    if (held && nowMs() <= held.giveUntilMs) {
      const askedAtMs = nowMs();
      if (await gateway.stillTrue(held.basis)) {
        held.trueAtMs = askedAtMs;
        return { ready: held.ready, basis: held.basis, from: "cache" };
      }
    }
    return sign(request, call());
  }

  async function sign(request: string, call: GatewayCall): Promise<FoundAnswer<Ready>> {
    const signedIn = generation;
    const answer = await gateway.call(call);
    const { ready, bytes } = render(answer);
    const { basis } = answer;
    // what an outgoing key signed meanwhile is sent, but not kept
    if (door.knows(basis.node) && signedIn === generation) {
      const held = {
        ready,
        basis,
        giveUntilMs: Number(basis.expiresSec) * 1000 - leastLeftMs,
        trueAtMs: basis.readAtMs,
        isBeingRenewed: false,
      };
      cache.set(request, held, bytes + request.length);
    }
    return { ready, basis, from: "registry" };
  }

  return {
    atHand,
    find: (request, call) => shared.join(request, () => look(request, call)),
    changed(node) {
      changes.note(node);
      // whoever asks from now on must not be given what was read before
      shared.forget();
    },
    clear() {
      generation++;
      cache.clear();
    },
    held: cache,
  };
}
