/** What a gateway's database holds, and what becomes of its connections. */
import pg from "pg";

/** The names of all tables of one database URL's schema and those beside it, quoted. */
export async function tablesOf(url: string): Promise<readonly string[]> {
  const rows = await askDatabase<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = current_schema() or starts_with(schemaname, current_schema() || '_')`,
  );
  return rows.map(({ name }) => name);
}

/** All rows of all tables, or those so named, as text; bytes in hexadecimal digits. */
export async function dumpOf(url: string, named = /./): Promise<string> {
  const rows: string[] = [];
  for (const table of (await tablesOf(url)).filter((name) => named.test(name))) {
    const found = await askDatabase<{ row: string }>(url, `select t::text as row from ${table} t`);
    rows.push(...found.map(({ row }) => `${table} ${row}`));
  }
  return rows.join("\n");
}

/** Of a relay node, by the account's wallet: all that it ever accepted, and how many still wait. */
export async function mailboxOf(
  url: string,
  wallet: string,
): Promise<{ readonly accepted: number; readonly waiting: number }> {
  const [message] = (await tablesOf(url)).filter((name) => /_relay\.message$/.test(name));
  if (message === undefined) throw new Error("there is no relay node in this database");
  const [row] = await askDatabase<{ accepted: number; waiting: number }>(
    url,
    `select count(*)::int as accepted, count(envelope)::int as waiting
     from ${message} where account = decode('${wallet.slice(2).toLowerCase()}', 'hex')`,
  );
  return row!;
}

/** Cuts the connections of all relay nodes and gateways at this server; returns how many. */
export async function cutConnections(url: string): Promise<number> {
  const rows = await askDatabase(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name in ('signpost relay', 'signpost xmpp', 'signpost mail')`,
  );
  return rows.length;
}

export async function askDatabase<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
): Promise<Row[]> {
  const connection = new pg.Client({ connectionString: url });
  await connection.connect();
  try {
    return (await connection.query<Row>(sql)).rows;
  } finally {
    await connection.end();
  }
}
