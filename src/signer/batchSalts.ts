/** Random bytes for the leaves of batches (ccip/answerBatch.ts), taken from the operating system many at a time. */
import { randomFillSync } from "node:crypto";
import { SALT_BYTES } from "../ccip/batchSignature.js";

/** To ask for 16 bytes takes as long as to ask for all of these. */
const POOL_BYTES = 16 * 1024;

/** 16 bytes for each of `count` answers, one behind the other; no bytes are given twice. */
export type MakeSalts = (count: number) => Uint8Array;

export function pooledSalts(): MakeSalts {
  let pool = new Uint8Array(0);
  return (count) => {
    const bytes = count * SALT_BYTES;
    // a new one each time: what was given out may still be in use
    if (pool.length < bytes) pool = randomFillSync(new Uint8Array(Math.max(POOL_BYTES, bytes)));
    const salts = pool.subarray(0, bytes);
    pool = pool.subarray(bytes);
    return salts;
  };
}
