/** Profiles that were served from services' own data: each is kept before it is served, and the one before it never comes back. */
import type { Node } from "../ens/namehash.js";
import type { ServedProfile } from "../registry/names/standing.js";
import type { Kept, ServedProfiles } from "../registry/sources/sourceStore.js";
import { inBoundedTransaction } from "./boundedTransaction.js";
import { fromDatabase } from "./databaseError.js";
import { dropUnused, lockNodes } from "./lockedNames.js";
import type { Pool } from "./pool.js";
import type { Connection } from "./transaction.js";

const KNOWN = `
  select (select profile_fingerprint from source_served where node = $1) as last,
    exists (select from name where node = $1) as is_own,
    exists (
      select from source_retired where node = $1 and profile_fingerprint = $2
      union all
      select from retired_profile where node = $1 and profile_fingerprint = $2
    ) as is_retired`;

const KEEP = `
  insert into source_served (node, row_digest, profile_fingerprint) values ($1, $2, $3)
  on conflict (node) do update
    set row_digest = excluded.row_digest, profile_fingerprint = excluded.profile_fingerprint, served_at = now()`;

const RETIRE = `
  insert into source_retired (node, profile_fingerprint) values ($1, $2) on conflict do nothing`;

export function servedProfiles(pool: Pool): ServedProfiles {
  return {
    keep: (node, served, before) =>
      inBoundedTransaction(pool, async (connection) => {
        // the lock under which our own rows are written
        await lockNodes(connection, [node]);
        const kept = await keep(connection, node, served, before);
        await dropUnused(connection, [node]);
        return kept;
      }),
  };
}

/** What `keep` would say; nothing is written. */
export function rehearsedProfiles(pool: Pool): ServedProfiles {
  return {
    keep: async (node, served, before) => {
      const rehearsal: { kept: Kept } = { kept: "changed" };
      const undone = new Error("rehearsed");
      await inBoundedTransaction(pool, async (connection) => {
        rehearsal.kept = await keep(connection, node, served, before);
        throw undone;
      }).catch((error: unknown) => {
        if (error !== undone) throw error;
      });
      return rehearsal.kept;
    },
  };
}

async function keep(
  connection: Connection,
  node: Node,
  { digest, fingerprint }: ServedProfile,
  before: ServedProfile | null,
): Promise<Kept> {
  const { rows } = await fromDatabase(
    connection.query<{ last: Buffer | null; is_own: boolean; is_retired: boolean }>(KNOWN, [
      node,
      fingerprint,
    ]),
  );
  const [known] = rows;
  if (known === undefined || known.is_own) return "changed";
  if (known.is_retired) return "retired";
  if (!isSame(known.last, before?.fingerprint ?? null)) return "changed";
  await fromDatabase(connection.query(KEEP, [node, digest, fingerprint]));
  if (known.last && !isSame(known.last, fingerprint)) {
    await fromDatabase(connection.query(RETIRE, [node, known.last]));
  }
  return "kept";
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}
