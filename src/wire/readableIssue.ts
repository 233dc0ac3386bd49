/** What is wrong with an input, as zod found it, in words for a person. */
import type { z } from "zod";

const LONGEST_PLACE = 100;

export interface ReadableIssue {
  /** Where in the input, as `items.7.name`; empty for all of it, and at most 100 characters. */
  readonly place: string;
  readonly message: string;
}

export function readableIssue(issue: z.core.$ZodIssue): ReadableIssue {
  // of a key, zod itself says only that it is invalid
  const { message } = (issue.code === "invalid_key" ? issue.issues[0] : undefined) ?? issue;
  return { place: issue.path.map(String).join(".").slice(0, LONGEST_PLACE), message };
}
