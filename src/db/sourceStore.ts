/** Which sources there are. Their secrets lie elsewhere (sourceSecrets.ts). */
import { SignpostError } from "../errors.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import { sourceSettings } from "../registry/sources/sourceSettings.js";
import type { SourceStore, StoredSource } from "../registry/sources/sourceStore.js";
import { fromDatabase, isDuplicate, isMissingReference } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { sourceProblems } from "./sourceProblems.js";

const COLUMNS = "id, domain, settings, fresh_ms, round, scanned_at";

const NEXT = "nextval(pg_get_serial_sequence('source', 'id'))";
const NEW_ID = `select ${NEXT} as id`;

interface SourceTableRow {
  /** A bigint, which the driver returns as text. */
  readonly id: string;
  readonly domain: string;
  readonly settings: unknown;
  readonly fresh_ms: number;
  readonly round: number;
  readonly scanned_at: Date | null;
}

export function sourceStore(pool: Pool): SourceStore {
  const ask = async (text: string, values: readonly unknown[]) => {
    const { rows } = await fromDatabase(pool.query<SourceTableRow>(text, [...values]));
    return rows.map(sourceOfRow);
  };
  return {
    sources: () => ask(`select ${COLUMNS} from source order by domain`, []),
    sourceOf: async (domain) =>
      (await ask(`select ${COLUMNS} from source where domain = $1`, [domain]))[0] ?? null,
    source: async (id) =>
      (await ask(`select ${COLUMNS} from source where id = $1`, [id]))[0] ?? null,
    newId: async () => {
      const { rows } = await fromDatabase(pool.query<{ id: string }>(NEW_ID));
      return rows[0]?.id ?? nothingWritten();
    },
    add: async ({ id = null, domain, settings, freshMs }) => {
      try {
        const added = await ask(
          `insert into source (id, domain, settings, fresh_ms) overriding system value
           values (coalesce($1, ${NEXT}), $2, $3, $4) returning ${COLUMNS}`,
          [id, domain, JSON.stringify(settings), freshMs],
        );
        return added[0] ?? nothingWritten();
      } catch (error) {
        if (isMissingReference(error)) throw noSuchDomain(domain);
        throw isDuplicate(error) ? hasSource(domain) : error;
      }
    },
    remove: async (id) => {
      const { rowCount } = await fromDatabase(pool.query("delete from source where id = $1", [id]));
      return rowCount === 1;
    },
    problems: sourceProblems(pool),
  };
}

function sourceOfRow(row: SourceTableRow): StoredSource {
  const settings = sourceSettings.safeParse(row.settings);
  if (!settings.success) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `This version does not understand the settings of the data source of ${row.domain}: a newer one, or somebody by hand, has written them. Upgrade, or remove the source.`,
      { domain: row.domain },
    );
  }
  return {
    id: row.id,
    domain: row.domain,
    settings: settings.data,
    freshMs: row.fresh_ms,
    round: row.round,
    scannedAtMs: row.scanned_at?.getTime() ?? null,
  };
}

function hasSource(domain: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `${domain} has a data source already; remove it first (\`signpost source remove\`).`,
    { name: domain },
  );
}

function nothingWritten(): never {
  throw new SignpostError("INTERNAL", "A source was not written; please report it.");
}
