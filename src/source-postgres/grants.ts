/** What the service's database administrator runs, so that we may read the mapped columns and nothing else. */
import pg from "pg";
import type { PostgresSettings } from "../registry/sources/postgresSettings.js";
import { mappedColumns, relationOf } from "./statements.js";

const quoted = pg.escapeIdentifier;

/** SQL, one statement a line. The role's password is the administrator's to choose. */
export function grantStatements(settings: PostgresSettings): readonly string[] {
  const { user, database, schema, columns } = settings;
  const role = quoted(user);
  const read = [...new Set([columns.label, ...mappedColumns(columns)])].map(quoted).join(", ");
  return [
    `create role ${role} login nosuperuser nocreatedb nocreaterole noinherit connection limit 20;`,
    `alter role ${role} set default_transaction_read_only = on;`,
    `alter role ${role} set statement_timeout = '1s';`,
    `grant connect on database ${quoted(database)} to ${role};`,
    `grant usage on schema ${quoted(schema)} to ${role};`,
    `grant select (${read}) on ${relationOf(settings)} to ${role};`,
  ];
}

/** What finds a label at once, where the relation is a table. */
export function indexStatement(settings: PostgresSettings): string {
  const { label, compare } = settings.columns;
  const key = compare === "lower" ? `lower(${quoted(label)}::text)` : quoted(label);
  return `create index concurrently on ${relationOf(settings)} (${key});`;
}
