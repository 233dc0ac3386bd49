/** The service's own data behind a domain, and what is wrong with its rows, for who administers it. */
import {
  type SourceAnswer,
  type SourceProblemAnswer,
  sourceProblemsPageSchema,
  sourceSchema,
} from "../wire/source.js";
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";
import { type Listing, listing } from "./pages.js";

export interface ProblemListOptions extends CallOptions {
  /** Behind the page of which this was `next`. */
  readonly after?: string;
  /** How many one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

export interface Source {
  /** Null where the domain has none. */
  get(options?: CallOptions): Promise<SourceAnswer | null>;
  /** Rows that are answered like absent names, by their names; pages are read as the loop goes on. */
  problems(options?: ProblemListOptions): Listing<SourceProblemAnswer, string>;
}

export function sourceOf(connection: Connection): Source {
  return {
    get: async (options) => {
      const answer = await connection.send({ method: "GET", path: ["source"], options });
      return answer.as(sourceSchema).source;
    },
    problems: ({ after: first, pageSize, ...options } = {}) =>
      listing(first, async (after) => {
        const query = { after, limit: pageSize };
        const path = ["source", "problems"];
        const answer = await connection.send({ method: "GET", path, query, options });
        const { problems, next } = answer.as(sourceProblemsPageSchema);
        return { items: problems, next };
      }),
  };
}
