/** What this database is to a domain: where it is changed, or a mirror. */
import type { DomainStandings } from "../../mirror/domainStanding.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { COLUMNS_FOR_ANYBODY, mirrorOfRow, type MirrorRow } from "./mirrorRow.js";

/** Says nothing of the database but that it is another one. */
const DATABASE = `select left(encode(sha256(convert_to(place_of_database(), 'UTF8')), 'hex'), 16) as id,
  extract(epoch from now()) * 1000 as now_ms`;

export function domainStandings(pool: Pool): DomainStandings {
  return {
    database: async () => {
      const { rows } = await fromDatabase(pool.query<{ id: string; now_ms: string }>(DATABASE));
      return { id: rows[0]?.id ?? "", nowMs: Number(rows[0]?.now_ms ?? 0) };
    },
    mirrorOf: async (domain) => {
      const text = `select ${COLUMNS_FOR_ANYBODY} from mirror where domain = $1`;
      const { rows } = await fromDatabase(pool.query<MirrorRow>(text, [domain]));
      return rows[0] === undefined ? null : mirrorOfRow(rows[0]);
    },
  };
}
