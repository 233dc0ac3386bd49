/** One line of a diagnosis: what was checked, what was seen, what to do. */

export type LineStatus = "passed" | "warning" | "failed" | "skipped";

/** What one check found. */
export interface Finding {
  readonly status: LineStatus;
  /** What was seen or, of a skipped check, why there was nothing to see. */
  readonly seen: string;
  /** What to do; null where nothing has to be done. */
  readonly advice: string | null;
}

export interface Line extends Finding {
  /** The check's id, see docs/guides/doctor.md. */
  readonly id: string;
  /** The gateway URL that it is about, as the resolver publishes it; null for the rest. */
  readonly url: string | null;
  /** The check whose failure left nothing to look at here, or null. */
  readonly dependsOn: string | null;
}

export function passed(seen: string): Finding {
  return { status: "passed", seen, advice: null };
}

export function warning(seen: string, advice: string): Finding {
  return { status: "warning", seen, advice };
}

export function failed(seen: string, advice: string): Finding {
  return { status: "failed", seen, advice };
}

/** The check has nothing to say here, and nothing is wrong with that. */
export function notApplicable(reason: string): Finding {
  return { status: "skipped", seen: reason, advice: null };
}
