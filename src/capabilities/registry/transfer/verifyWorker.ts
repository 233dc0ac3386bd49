/** A verifying thread: a job at a time, in the order in which they come. */
import { parentPort } from "node:worker_threads";
import { isSignpostError } from "../../../errors.js";
import { loadEngines } from "../../../native/engines.js";
import { verifyChunk, type VerifyJob } from "./verifyChunk.js";
import type { Answer } from "./verifyThreads.js";

await loadEngines();

parentPort?.on("message", (job: VerifyJob) => {
  void verifyChunk(job).then(
    (results) => {
      answer({ results });
    },
    (error: unknown) => {
      if (!isSignpostError(error)) throw error;
      const { code, message, details } = error;
      answer({ failure: { code, message, details } });
    },
  );
});

function answer(message: Answer): void {
  parentPort?.postMessage(message);
}
