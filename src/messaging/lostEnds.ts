/**
 * Ends that got lost: a process was killed, or the database did not answer, after the outbox had given a message up and before
 * that was kept for its sender. The outbox is asked about everything that seems to be on its way still.
 */
import type { Outbox } from "../sending/outbox.js";
import type { OutgoingMessage } from "../sending/outgoingMessage.js";
import type { OpenSubmission, SubmissionStore } from "./store.js";
import { hasArrived, submissionId } from "./submitting.js";

interface LostEndParts {
  readonly submissions: Pick<SubmissionStore, "openSubmissions" | "forgetSubmission">;
  readonly outbox: Pick<Outbox, "get">;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

const IN_ONE_READ = 200;
/** What is younger may be about to enter the outbox. */
const YOUNGEST_MS = 60_000;

/** @throws DATABASE_UNAVAILABLE */
export async function findLostEnds(
  { submissions, outbox, nowMs }: LostEndParts,
  ended: (message: OutgoingMessage) => Promise<void>,
): Promise<void> {
  const beforeMs = nowMs() - YOUNGEST_MS;
  for (let after: OpenSubmission | null = null; ;) {
    const page: readonly OpenSubmission[] = await submissions.openSubmissions(
      beforeMs,
      after,
      IN_ONE_READ,
    );
    for (const { native, hash } of page) {
      const message = await outbox.get(submissionId(native, hash));
      // where there is none, it was never accepted, and its client sends it again
      if (message === null || hasArrived(message)) await submissions.forgetSubmission(native, hash);
      else if (message.dueMs === null) await ended(message);
    }
    after = page.at(-1) ?? null;
    if (after === null || page.length < IN_ONE_READ) return;
  }
}
