/** What is done to every running capability, so that one that fails keeps none of the others from it. */
import type { ReportFailure } from "../http/refuse.js";
import { toSignpostError } from "../http/shownError.js";
import type { RunningCapability, Tell } from "./capability.js";

/** Stops all at once and reports each failure. Throws the first one, when all have ended. */
export async function stopAll(
  running: readonly Pick<RunningCapability, "stop">[],
  reportFailure: ReportFailure,
): Promise<void> {
  const ends = await Promise.allSettled(running.map(async (capability) => capability.stop()));
  const failures = ends.flatMap((end) =>
    end.status === "rejected" ? [end.reason as unknown] : [],
  );
  for (const failure of failures) reportFailure(toSignpostError(failure));
  if (failures.length > 0) throw failures[0];
}

/** One after the other; reports each failure, and throws none. */
export async function reloadAll(
  running: readonly Pick<RunningCapability, "reload">[],
  tell: Tell,
  reportFailure: ReportFailure,
): Promise<void> {
  for (const { reload } of running) {
    try {
      await reload?.(tell);
    } catch (error) {
      reportFailure(toSignpostError(error));
    }
  }
}
