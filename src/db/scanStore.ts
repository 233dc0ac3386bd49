/** The names that scans of sources have seen. */
import type { ScanStore } from "../registry/sources/sourceStore.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** A scan that began an hour ago and did not end was that of a process that is gone. */
const BEGIN = `
  update source set scan = scan + 1, scan_at = now(), is_scanned = true
  where id = $1 and (scan_at is null or not is_scanned or scan_at < now() - interval '1 hour')
    and (scan_at is null or scan_at <= now() - $2 * interval '1 millisecond')
  returning scan`;

const NOTE = `
  insert into source_name (source, node, name, shared_form, round, twin_round)
  select $1, node, name, shared_form, $2, case when labels > 1 then $2 else 0 end
  from unnest($3::bytea[], $4::text[], $5::text[], $6::integer[]) as seen (node, name, shared_form, labels)
  on conflict (source, node) do update set
    round = excluded.round,
    twin_round = case
      when excluded.twin_round > 0 or source_name.round = excluded.round then excluded.round
      else source_name.twin_round
    end`;

/** Those that are one name to dm3's clients. */
const MARK_SHARED = `
  update source_name set twin_round = $2
  where source = $1 and round = $2 and shared_form in (
    select shared_form from source_name
    where source = $1 and round = $2 and shared_form is not null
    group by shared_form having count(*) > 1
  )`;

const END = `
  update source set round = case when $3 then scan else round end, scanned_at = now(), is_scanned = false
  where id = $1 and scan = $2`;

const TWINS = `
  select name from source_name where source = $1 and twin_round = $2 order by name collate "C" limit $3`;

const COUNTS = `
  select count(*) as listed, count(*) filter (where round < $2) as gone from source_name where source = $1`;

export function scanStore(pool: Pool): ScanStore {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  return {
    begin: async (source, notWithinMs) => {
      const [begun] = await ask<{ scan: number }>(BEGIN, [source, notWithinMs]);
      return begun?.scan ?? null;
    },
    giveUp: async (source, scan) => {
      await ask("update source set is_scanned = false where id = $1 and scan = $2", [source, scan]);
    },
    note: async (source, scan, names) => {
      await ask(NOTE, [
        source,
        scan,
        names.map(({ node }) => node),
        names.map(({ name }) => name),
        names.map(({ sharedForm }) => sharedForm),
        names.map(({ labels }) => labels),
      ]);
    },
    end: async (source, scan, isLook, limit) => {
      await ask(MARK_SHARED, [source, scan]);
      await ask(END, [source, scan, isLook]);
      const rows = await ask<{ name: string }>(TWINS, [source, scan, limit]);
      return rows.map(({ name }) => name);
    },
    counts: async (source, since) => {
      const [row] = await ask<{ listed: string; gone: string }>(COUNTS, [source, since]);
      return { listed: Number(row?.listed ?? 0), gone: Number(row?.gone ?? 0) };
    },
    drop: async (source, since) => {
      await ask("delete from source_name where source = $1 and round < $2", [source, since]);
    },
  };
}
