/** A look at a service's Postgres before it is used: whether our role can do harm there, and whether a label is found quickly. */
import { z } from "zod";
import { LONGEST_ANSWER_BYTES } from "./boundedClient.js";
import type { Access } from "./boundedPool.js";
import { indexStatement } from "./grants.js";
import { openPool, type SourcePool } from "./openPool.js";
import { mappedColumns, unlimitedRowsStatement } from "./statements.js";

export interface Inspection {
  /** What keeps the source from being used, as sentences. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** As the planner counts; a page that is read costs 1. An index finds a label for less than 20. */
const HIGHEST_COST = 100;
const LONGEST_MS = 10_000;

/** Of the role, and of all roles that it is a member of: what it does not inherit, it has by SET ROLE. */
const RIGHTS = `
  select bool_or(r.rolsuper), bool_or(r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls),
    bool_or(r.rolname in (
      'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_write_all_data'
    )),
    coalesce(bool_or(r.rolconfig @> array['default_transaction_read_only=on']) filter (where r.rolname = current_user), false),
    coalesce(bool_or(array_to_string(r.rolconfig, ',') ~ 'statement_timeout=[1-9]') filter (where r.rolname = current_user), false)
  from pg_roles r where pg_has_role(r.oid, 'MEMBER')`;
const rights = z.tuple([z.boolean(), z.boolean(), z.boolean(), z.boolean(), z.boolean()]);

const RELATION = `
  select c.relkind::text,
    pg_has_role(c.relowner, 'MEMBER') or pg_has_role(n.nspowner, 'MEMBER') or pg_has_role(d.datdba, 'MEMBER'),
    exists (select from pg_roles r where pg_has_role(r.oid, 'MEMBER') and (
      has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
      or has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE')
    )),
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_database d on d.datname = current_database()
  where n.nspname = $1 and c.relname = $2`;
const relation = z.tuple([z.string(), z.boolean(), z.boolean(), z.array(z.string())]);

/** Tables, partitioned and foreign ones, views and materialised views. */
const READABLE_KINDS = ["r", "p", "f", "v", "m"];

/** Throws SOURCE_UNAVAILABLE when it cannot be asked. */
export async function inspect(access: Access): Promise<Inspection> {
  const pool = openPool(access, { connections: 1, longestMs: LONGEST_MS });
  try {
    const rights = await faultsOfRole(pool, access);
    const missing = await faultsOfRelation(pool, access);
    const faults = [...rights.faults, ...missing];
    // a plan needs the right to read
    const slow = faults.length === 0 ? await slowness(pool, access) : [];
    return { faults, warnings: [...rights.warnings, ...slow] };
  } finally {
    await pool.close();
  }
}

async function faultsOfRole(pool: SourcePool, { settings }: Access) {
  const [found] = await pool.ask(questionOf(RIGHTS, rights), []);
  const [isSuperuser, hasFurther, hasServers, isReadOnly, hasTimeout] = found ?? [];
  const { user } = settings;
  const faults = [
    ...(isSuperuser === false ? [] : [`The role ${user} is a superuser, or a member of one.`]),
    ...(hasFurther === false
      ? []
      : [`The role ${user} may make roles or databases, replicate, or pass row security by.`]),
    ...(hasServers === false
      ? []
      : [
          `The role ${user} may write all tables, read or write the server's files, or run programs there.`,
        ]),
  ];
  const warnings = [
    ...(isReadOnly === true ? [] : [`The role ${user} has no default_transaction_read_only.`]),
    ...(hasTimeout === true ? [] : [`The role ${user} has no statement_timeout.`]),
  ];
  return { faults, warnings };
}

async function faultsOfRelation(
  pool: SourcePool,
  { settings }: Access,
): Promise<readonly string[]> {
  const { schema, table, user } = settings;
  const [found] = await pool.ask(questionOf(RELATION, relation), [schema, table]);
  const shown = `${schema}.${table}`;
  if (!found) return [`There is no table or view ${shown}.`];
  const [kind, isOwner, mayWrite, columns] = found;
  if (!READABLE_KINDS.includes(kind)) return [`${shown} is no table and no view.`];
  const mapped = [...new Set([settings.columns.label, ...mappedColumns(settings.columns)])];
  return [
    ...(isOwner
      ? [
          `The role ${user} owns ${shown}, its schema or its database, or is a member of the role that does.`,
        ]
      : []),
    ...(mayWrite ? [`The role ${user} may write ${shown}.`] : []),
    ...mapped
      .filter((column) => !columns.includes(column))
      .map((column) => `${shown} has no column ${column}.`),
  ];
}

async function slowness(pool: SourcePool, { settings }: Access): Promise<readonly string[]> {
  const explain = `explain (format json) ${unlimitedRowsStatement(settings)}`;
  const [answer] = await pool.ask(questionOf(explain, z.tuple([z.unknown()])), [["signpost"]]);
  const cost = costOf(answer?.[0]);
  if (cost !== null && cost <= HIGHEST_COST) return [];
  return [
    `To find one label costs ${cost === null ? "an unknown amount" : Math.round(cost)} by the planner's count, because no index finds it: lookups will be slow, or fail. On a table: ${indexStatement(settings)}`,
  ];
}

/** A question with one row at most. */
function questionOf<Row extends readonly unknown[]>(text: string, row: z.ZodType<Row>) {
  const isRow = (given: readonly unknown[]): given is Row => row.safeParse(given).success;
  return { text, mostRows: 1, mostBytes: LONGEST_ANSWER_BYTES, isRow };
}

/** Of the whole plan, of one label. */
function costOf(plan: unknown): number | null {
  if (!Array.isArray(plan)) return null;
  const [{ Plan: root } = {}] = plan as { readonly Plan?: { readonly "Total Cost"?: unknown } }[];
  const cost = root?.["Total Cost"];
  return typeof cost === "number" ? cost : null;
}
