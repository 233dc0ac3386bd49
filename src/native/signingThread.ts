/**
 * ECDSA in a thread of its own. A signature takes about a third of a lookup, and the event loop can do the other two
 * thirds of the next ones meanwhile.
 */
import { Worker } from "node:worker_threads";
import type { Digest } from "../abi/digest.js";
import type { EcdsaSign, EcdsaSignature } from "../gateway/gatewaySigner.js";
import { DIGEST_BYTES, SIGNATURE_BYTES } from "./signingChunk.js";

/**
 * A message costs as much as a third of a signature, so several go together; but not all of a turn of the event loop,
 * or thread and loop would work by turns.
 */
const MOST_TOGETHER = 8;

/** It keeps nothing; without a bound, it would let garbage of this size gather. */
const THREAD_MEMORY = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 };

interface Asked {
  readonly digest: Digest;
  readonly resolve: (signature: EcdsaSignature) => void;
}

export interface SigningThread {
  sign(digest: Digest): Promise<EcdsaSignature>;
  close(): Promise<void>;
}

const PROGRAM = new URL("./signingWorker.js", import.meta.url);

/**
 * @param privateKey 32 bytes; the thread gets a copy
 * @param signHere does the same in this thread, which takes over if the other one ends
 */
export function startSigningThread(
  privateKey: Uint8Array,
  signHere: EcdsaSign,
  program = PROGRAM,
): SigningThread {
  const thread = new Worker(program, {
    workerData: privateKey,
    resourceLimits: THREAD_MEMORY,
  });
  let isUp = true;
  let next: Asked[] = [];
  /** Sent, in this order, and not yet back. */
  const sent: Asked[][] = [];

  function send(): void {
    if (next.length === 0) return;
    const chunk = next;
    next = [];
    if (!isUp) {
      signAllHere(chunk);
      return;
    }
    const digests = new Uint8Array(chunk.length * DIGEST_BYTES);
    chunk.forEach(({ digest }, index) => {
      digests.set(digest, index * DIGEST_BYTES);
    });
    // the process lives as long as somebody waits, and no longer
    if (sent.push(chunk) === 1) thread.ref();
    thread.postMessage(digests, [digests.buffer]);
  }

  function signAllHere(chunk: readonly Asked[]): void {
    for (const { digest, resolve } of chunk) resolve(signHere(digest, privateKey));
  }

  thread.on("message", (signatures: Uint8Array) => {
    sent.shift()?.forEach(({ resolve }, index) => {
      const at = index * SIGNATURE_BYTES;
      const end = at + SIGNATURE_BYTES - 1;
      resolve({ compact: signatures.subarray(at, end), recovery: signatures[end] ?? 0 });
    });
    if (sent.length === 0) thread.unref();
  });
  // whatever ends it, nobody may wait for it in vain
  thread.on("error", () => undefined);
  thread.on("exit", () => {
    isUp = false;
    for (const chunk of sent.splice(0)) signAllHere(chunk);
  });
  thread.unref(); // after the listeners, which keep the process alive

  return {
    sign: (digest) =>
      new Promise((resolve) => {
        next.push({ digest, resolve });
        if (next.length >= MOST_TOGETHER) send();
        else if (next.length === 1) setImmediate(send);
      }),
    close: async () => {
      send();
      isUp = false;
      await thread.terminate();
    },
  };
}
