/** The service's own data behind the domain: what it is, and which of its rows cannot be answered with. */
import { z } from "zod";
import { SignpostError } from "../../errors.js";
import type { SourceSettings } from "../../registry/sources/sourceSettings.js";
import type {
  NotedProblem,
  ProblemPlace,
  StoredSource,
} from "../../registry/sources/sourceStore.js";
import {
  type SourceAnswer,
  type SourceProblemAnswer,
  sourceProblemsPageSchema,
  sourceSchema,
} from "../../wire/source.js";
import { keyed } from "./route.js";

const MOST_PROBLEMS = 100;
/** Of a label as a source spells it, with a kind before it. */
const LONGEST_PLACE = 600;

const problemsQuery = z.strictObject({
  /** The kind and the name of the problem before the first one that is wanted. */
  after: z
    .string()
    .max(LONGEST_PLACE)
    .regex(/^[^\0]*$/, "must not hold the character U+0000")
    .optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PROBLEMS).default(MOST_PROBLEMS),
});

export const sourceRoutes = [
  keyed({
    method: "get",
    path: "/source",
    scope: "domain:admin",
    summary: "The data source behind the domain, without its secrets; null where there is none",
    answers: { 200: sourceSchema },
    refusals: [],
    run: async ({ sources, key, response }) => {
      const found = await sources.sourceOf(key.domain);
      const source = found && describeSource(found, await sources.problems.counts(found.id));
      response.json({ source });
    },
  }),
  keyed({
    method: "get",
    path: "/source/problems",
    scope: "domain:admin",
    summary:
      "Rows of the domain's data source that are answered like absent names, and why, in pages; none where there is no source",
    query: problemsQuery,
    answers: { 200: sourceProblemsPageSchema },
    refusals: [],
    run: async ({ sources, key, query: { after, limit }, response }) => {
      const place = after === undefined ? null : placeOf(after);
      const found = await sources.sourceOf(key.domain);
      const problems = found ? await sources.problems.list(found.id, place, limit + 1) : [];
      const shown = problems.slice(0, limit);
      const last = problems.length > limit ? shown.at(-1) : undefined;
      const next = last === undefined ? null : `${last.kind} ${last.name}`;
      response.json({ problems: shown.map(describeProblem), next });
    },
  }),
];

/** Of a `next`: kinds hold no space. */
function placeOf(after: string): ProblemPlace {
  const [, kind, name] = /^(\w+) ([^]*)$/.exec(after) ?? [];
  if (kind !== undefined && name !== undefined) {
    return { kind: kind as ProblemPlace["kind"], name };
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    "The query: after is no place in this list. Send `next` of an earlier page, or leave it out to begin.",
    { field: "after" },
  );
}

function describeSource(
  { settings, freshMs, scannedAtMs }: StoredSource,
  problems: ReadonlyMap<string, number>,
): SourceAnswer {
  return {
    ...{ kind: settings.kind, ...whereOf(settings) },
    freshSec: freshMs / 1000,
    scannedAtMs,
    problems: Object.fromEntries(problems),
  };
}

/** No more than tells which one it is: neither user nor path. */
function whereOf(settings: SourceSettings): Pick<SourceAnswer, "host" | "table"> {
  if (settings.kind === "http") return { host: new URL(settings.endpoint).origin, table: null };
  return { host: settings.host, table: `${settings.schema}.${settings.table}` };
}

function describeProblem({ name, kind, detail, firstAtMs, lastAtMs }: NotedProblem) {
  const described: SourceProblemAnswer = {
    ...{ name, kind, detail },
    firstSeenMs: firstAtMs,
    lastSeenMs: lastAtMs,
  };
  return described;
}
