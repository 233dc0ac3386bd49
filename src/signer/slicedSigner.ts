/**
 * Signatures by a key in our own memory, a few in each turn of the event loop. Each takes the processor, and a gateway
 * whose resolvers take no batches signs every answer by itself: hundreds that come at once would hold up all else.
 */
import type { Digest } from "../abi/digest.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";

/** Of one turn: some fifty signatures by compiled code, four by JavaScript. A lookup needs about five turns. */
const SLICE_MS = 2;

interface Waiting {
  readonly digest: Digest;
  readonly resolve: (signature: Promise<Uint8Array>) => void;
}

/**
 * There wait as many as the caller has under way. A signature for many answers is made at once, before those that wait.
 * @param inner signs while it is called
 * @param nowMs a clock, in milliseconds; only its differences count
 */
export function slicedSigner<S extends GatewaySigner>(
  inner: S,
  nowMs = () => performance.now(),
): S {
  /** In the order in which they came. */
  let waiting: Waiting[] = [];
  /** What it throws at once fails this signature alone as well. */
  const sign = async (digest: Digest) => inner.signDigest(digest);

  function signSome(): void {
    const endMs = nowMs() + SLICE_MS;
    let signed = 0;
    for (const { digest, resolve } of waiting) {
      // one at least, however long it takes
      if (signed > 0 && nowMs() >= endMs) break;
      resolve(sign(digest));
      signed++;
    }
    waiting = waiting.slice(signed);
    if (waiting.length > 0) setImmediate(signSome);
  }

  return {
    ...inner,
    signDigest: (digest) =>
      new Promise((resolve) => {
        waiting.push({ digest, resolve });
        if (waiting.length === 1) setImmediate(signSome);
      }),
    signInTurn: (makeDigest) => {
      const digest = makeDigest();
      return digest === null ? Promise.resolve(null) : sign(digest);
    },
  };
}
