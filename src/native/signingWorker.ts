/** The thread's side of `signingThread.ts`: signs what comes, in the order in which it comes. */
import { parentPort, workerData } from "node:worker_threads";
import { digestFrom } from "../abi/digest.js";
import { nativeEcdsaSign } from "./nativeEcdsa.js";
import { DIGEST_BYTES, SIGNATURE_BYTES } from "./signingChunk.js";

const privateKey = workerData as Uint8Array;
const sign = await nativeEcdsaSign();
if (sign === null) throw new Error("There is no compiled libsecp256k1 in this thread.");

parentPort?.on("message", (digests: Uint8Array) => {
  const count = digests.length / DIGEST_BYTES;
  const signatures = new Uint8Array(count * SIGNATURE_BYTES);
  for (let index = 0; index < count; index++) {
    const at = index * DIGEST_BYTES;
    const { compact, recovery } = sign(
      digestFrom(digests.subarray(at, at + DIGEST_BYTES)),
      privateKey,
    );
    signatures.set(compact, index * SIGNATURE_BYTES);
    signatures[(index + 1) * SIGNATURE_BYTES - 1] = recovery;
  }
  parentPort?.postMessage(signatures, [signatures.buffer]);
});
