/** A domain's export in pieces, each asked for by itself. */
import type { HistoryEntry, SealedEntry } from "../../registry/history/historyEntry.js";
import type { ExportReader } from "../../transfer/exportPort.js";
import { digestOf, nodeOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { reservationStore } from "../reservationStore.js";
import { exportedNames, goneAmong } from "./exportedNames.js";
import { domainFactsOf } from "./exportSnapshot.js";

const ENTRIES = {
  name: "exported-entries",
  text: `select asked.at, e.entry, e.hash
    from unnest($1::bytea[], $2::integer[], $3::integer[]) with ordinality as asked (node, after, up_to, at)
    cross join lateral (
      select number, entry, hash from name_history h
      where h.node = asked.node and h.number > asked.after and h.number <= asked.up_to
      order by h.number limit $4
    ) e order by asked.at, e.number`,
};

/** Nodes that may be gone, of any domain, are looked at so many at a time: most of them are there. */
const LOOKED_AT = 2_000;

/** Behind $2, of the domain $1 where that can be told. */
const PERHAPS_GONE = `
  select node from (
    (select node from name_head where number > 0 and ($2::bytea is null or node > $2) order by node limit ${LOOKED_AT})
    union
    (select node from imported_node where $2::bytea is null or node > $2 order by node limit ${LOOKED_AT})
    union
    (select node from source_name join source on source.id = source_name.source
      where domain = $1 and ($2::bytea is null or node > $2) order by node limit ${LOOKED_AT})
  ) known order by node limit ${LOOKED_AT}`;

/** The order does not matter to a sum. */
const DIGEST = `
  select count(*) || '/' || coalesce(sum(hashtextextended(name || ' ' || coalesce(encode(wallet, 'hex'), '') || ' '
    || coalesce((extract(epoch from until) * 1000)::bigint::text, ''), 0)), 0) as digest
  from reservation where domain = $1`;

const RESERVATIONS_AT_ONCE = 1_000;

export function exportReader(pool: Pool): ExportReader {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  return {
    names: (domain, nodes) => exportedNames(pool, domain, nodes),
    entries: async (asked, limit) => {
      const values = [
        asked.map(({ node }) => node),
        asked.map(({ after }) => after),
        asked.map(({ upTo }) => upTo),
      ];
      const question = { ...ENTRIES, values: [...values, limit] };
      const { rows } = await fromDatabase(pool.query<EntryRow>(question));
      const entries: SealedEntry[][] = asked.map(() => []);
      for (const { at, entry, hash } of rows) {
        entries[Number(at) - 1]?.push({ entry, hash: digestOf(hash) });
      }
      return entries;
    },
    gone: async (domain, after) => {
      const known = (await ask<NodeRow>(PERHAPS_GONE, [domain, after])).map(({ node }) =>
        nodeOf(node),
      );
      const nodes = known.length === 0 ? [] : await goneAmong(pool, domain, known);
      return { nodes, next: known.length < LOOKED_AT ? null : (known.at(-1) ?? null) };
    },
    domain: async (domain) => {
      const facts = await domainFactsOf((text) => ask(text, [domain]), domain);
      const [digest] = await ask<{ digest: string }>(DIGEST, [domain]);
      return { facts, reservations: digest?.digest ?? "" };
    },
    reservations: (domain, after) =>
      reservationStore(pool).reservationsOf(domain, after, RESERVATIONS_AT_ONCE),
  };
}

interface EntryRow {
  /** A bigint, which the driver returns as text: from 1. */
  readonly at: string;
  readonly entry: HistoryEntry;
  readonly hash: Buffer;
}

interface NodeRow {
  readonly node: Buffer;
}
