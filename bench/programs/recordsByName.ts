/**
 * The peers' look-up: one index read by the name, with a prepared statement, from a pool. By the name and not by
 * the node, because they are given the name: hashing it with ethers would cost them more than the read.
 */
import pg from "pg";

export interface Records {
  /** 0x hex by decimal coin type. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly contenthash: Buffer | null;
}

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });

export async function recordsByName(name: string): Promise<Records | null> {
  const { rows } = await pool.query<Records>({
    name: "records-by-name",
    text: "select addresses, texts, contenthash from name where name = $1",
    values: [name],
  });
  return rows[0] ?? null;
}
