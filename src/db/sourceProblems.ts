/** What is wrong with rows of sources, for the services that own them. */
import type { ProblemKind } from "../registry/sources/sourceProblem.js";
import {
  MOST_PROBLEMS,
  type NotedProblem,
  type SourceProblems,
} from "../registry/sources/sourceStore.js";
import { fromDatabase, isMissingReference } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** In characters. */
const LONGEST_TEXT = 500;

/** A source that went in the meantime has no problems any more. */
const NOTE = `
  insert into source_problem (source, name, kind, detail)
  select $1, $2, $3, $4
  where exists (select from source_problem where source = $1 and name = $2 and kind = $3)
    or (select count(*) from (select from source_problem where source = $1 limit ${MOST_PROBLEMS}) counted) < ${MOST_PROBLEMS}
  on conflict (source, name, kind) do update set detail = excluded.detail, last_at = now()`;

/** Exported for the test that looks at its plan. Row by row, as the index has them. */
export const LIST = `
  select name, kind, detail, first_at, last_at from source_problem
  where source = $1 and (name collate "C", kind collate "C") > ($2, $3)
  order by name collate "C", kind collate "C" limit $4`;

interface ProblemRow {
  readonly name: string;
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly first_at: Date;
  readonly last_at: Date;
}

export function sourceProblems(pool: Pool): SourceProblems {
  return {
    note: async (source, name, { kind, detail }) => {
      try {
        await fromDatabase(pool.query(NOTE, [source, kept(name), kind, kept(detail)]));
      } catch (error) {
        if (!isMissingReference(error)) throw error;
      }
    },
    list: async (source, after, limit) => {
      // no problem has an empty kind, so that the first is behind this place as well
      const { name, kind } = after ?? { name: "", kind: "" };
      const values = [source, name, kind, limit];
      const { rows } = await fromDatabase(pool.query<ProblemRow>(LIST, values));
      return rows.map(problemOfRow);
    },
    counts: async (source) => {
      const text =
        "select kind, count(*) as count from source_problem where source = $1 group by kind";
      const { rows } = await fromDatabase(
        pool.query<{ kind: ProblemKind; count: string }>(text, [source]),
      );
      return new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
    },
    forget: async (source, beforeMs) => {
      await fromDatabase(
        pool.query("delete from source_problem where source = $1 and last_at < $2", [
          source,
          new Date(beforeMs),
        ]),
      );
    },
  };
}

/** A name may be a label as the source spells it: Postgres holds no zero, and an index nothing long. */
function kept(text: string): string {
  return text.replaceAll("\0", "").slice(0, LONGEST_TEXT);
}

function problemOfRow({ name, kind, detail, first_at, last_at }: ProblemRow): NotedProblem {
  return { name, kind, detail, firstAtMs: first_at.getTime(), lastAtMs: last_at.getTime() };
}
