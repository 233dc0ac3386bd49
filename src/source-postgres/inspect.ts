/** A look at a service's Postgres before it is used: whether our role can do harm there, and whether a label is found quickly. */
import { indexStatement } from "./grants.js";
import { type Access, openPool, type SourcePool } from "./openPool.js";
import { mappedColumns, unlimitedRowsStatement } from "./statements.js";

export interface Inspection {
  /** What keeps the source from being used, as sentences. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** As the planner counts; a page that is read costs 1. An index finds a label for less than 20. */
const HIGHEST_COST = 100;
const LONGEST_MS = 10_000;

const RIGHTS = `
  select r.rolsuper, r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls,
    exists (select from pg_roles g where g.rolname in (
      'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_write_all_data'
    ) and pg_has_role(g.oid, 'MEMBER')),
    coalesce(r.rolconfig @> array['default_transaction_read_only=on'], false),
    coalesce(array_to_string(r.rolconfig, ',') ~ 'statement_timeout=[1-9]', false)
  from pg_roles r where r.rolname = current_user`;

const RELATION = `
  select c.relkind::text, pg_has_role(c.relowner, 'MEMBER'),
    has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
      or has_any_column_privilege(c.oid, 'INSERT, UPDATE'),
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2`;

type Rights = [
  isSuperuser: boolean,
  hasFurther: boolean,
  hasServers: boolean,
  isReadOnly: boolean,
  hasTimeout: boolean,
];
type Relation = [kind: string, isOwner: boolean, mayWrite: boolean, columns: readonly string[]];

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
  const [rights] = await pool.ask<Rights>({ text: RIGHTS }, []);
  const [isSuperuser, hasFurther, hasServers, isReadOnly, hasTimeout] = rights ?? [];
  const { user } = settings;
  const faults = [
    ...(isSuperuser === false ? [] : [`The role ${user} is a superuser.`]),
    ...(hasFurther === false
      ? []
      : [`The role ${user} may make roles or databases, replicate, or pass row security by.`]),
    ...(hasServers === false
      ? []
      : [
          `The role ${user} may read or write the server's files or all tables, or run programs there.`,
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
  const [relation] = await pool.ask<Relation>({ text: RELATION }, [schema, table]);
  const shown = `${schema}.${table}`;
  if (!relation) return [`There is no table or view ${shown}.`];
  const [kind, isOwner, mayWrite, columns] = relation;
  if (!READABLE_KINDS.includes(kind)) return [`${shown} is no table and no view.`];
  const mapped = [...new Set([settings.columns.label, ...mappedColumns(settings.columns)])];
  return [
    ...(isOwner ? [`The role ${user} owns ${shown}, or is a member of the role that does.`] : []),
    ...(mayWrite ? [`The role ${user} may write ${shown}.`] : []),
    ...mapped
      .filter((column) => !columns.includes(column))
      .map((column) => `${shown} has no column ${column}.`),
  ];
}

async function slowness(pool: SourcePool, { settings }: Access): Promise<readonly string[]> {
  const explain = `explain (format json) ${unlimitedRowsStatement(settings)}`;
  const [answer] = await pool.ask<[plan: unknown]>({ text: explain }, [["signpost"]]);
  const cost = costOf(answer?.[0]);
  if (cost !== null && cost <= HIGHEST_COST) return [];
  return [
    `To find one label costs ${cost === null ? "an unknown amount" : Math.round(cost)} by the planner's count, because no index finds it: lookups will be slow, or fail. On a table: ${indexStatement(settings)}`,
  ];
}

/** Of the whole plan, of one label. */
function costOf(plan: unknown): number | null {
  if (!Array.isArray(plan)) return null;
  const [{ Plan: root } = {}] = plan as { readonly Plan?: { readonly "Total Cost"?: unknown } }[];
  const cost = root?.["Total Cost"];
  return typeof cost === "number" ? cost : null;
}
