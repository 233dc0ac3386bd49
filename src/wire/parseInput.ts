/** Input by its schema, or a sentence about what is wrong with it. */
import type { z } from "zod";
import { SignpostError } from "../errors.js";
import { readableIssue } from "./readableIssue.js";

const MOST_ISSUES = 5;

/**
 * @param what begins the sentence: "The body", "Item 7"
 * @throws INVALID_REQUEST
 */
export function parseInput<T>(schema: z.ZodType<T>, what: string, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${what} is not as expected: ${describeIssues(parsed.error)}.`,
  );
}

/** The first few, each with its place: a body can have tens of thousands of faults. */
function describeIssues({ issues }: z.ZodError): string {
  const described = issues.slice(0, MOST_ISSUES).map((issue) => {
    const { place, message } = readableIssue(issue);
    if (place === "") return message;
    // ours go on with the sentence ("must be ..."), zod's are sentences of their own
    return /^[A-Z]/.test(message) ? `${place}: ${message}` : `${place} ${message}`;
  });
  return described.join("; ").slice(0, 1000);
}
