/** What the service answered, in the form that its own schemas draw. */
import type { z } from "zod";
import { SignpostError } from "../errors.js";
import type { HttpAnswer } from "./exchange.js";

/**
 * The body by its schema. A newer service may tell more than this client knows: fields beyond the schema stay. Throws
 * UNREACHABLE for anything else: then it is not Signpost that answered.
 */
export function understoodAnswer<T>(schema: z.ZodType<T>, origin: string, answer: HttpAnswer): T {
  const json = jsonOf(answer.body);
  const { error } = schema.safeParse(json);
  if (!error || tellsMore(error.issues)) return json as T;
  const reason = `answered HTTP ${answer.status} with something else than the service API`;
  throw new SignpostError(
    "UNREACHABLE",
    `${origin} ${reason}. Check that the URL is the one of a Signpost service.`,
    { status: answer.status, reason: `it ${reason}` },
  );
}

/** Undefined for what is not JSON. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether unknown fields are all that the schemas, which are closed, find fault with. */
function tellsMore(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(
    (issue) =>
      issue.code === "unrecognized_keys" ||
      (issue.code === "invalid_union" && issue.errors.some(tellsMore)),
  );
}
