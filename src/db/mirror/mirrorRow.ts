/** A row of the table mirror. */
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import type { Mirror } from "../../mirror/mirror.js";

/** More are not counted. */
const MOST_COUNTED = 10_000;
const MOST_COUNTED_FOR_ANYBODY = 1_000;

/** With problems counted up to a number. */
const columns = (
  mostCounted: number,
) => `domain, primary_url, network, cursor, gone_after, is_gone_read, added_at, promoter, promoting_to,
  coalesce(promoting_by = lease_token and lease_until > now(), false) as is_promoting, copied_at, caught_up_at, heard_at,
  reservations, notes, failures, failure,
  (select count(*) from (
    select from mirror_problem p where p.domain = mirror.domain limit ${mostCounted}
  ) counted)::integer as problems`;

export const MIRROR_COLUMNS = columns(MOST_COUNTED);
export const COLUMNS_FOR_ANYBODY = columns(MOST_COUNTED_FOR_ANYBODY);

export interface MirrorRow {
  readonly domain: string;
  readonly primary_url: string;
  readonly network: string | null;
  readonly cursor: string | null;
  readonly gone_after: string | null;
  readonly is_gone_read: boolean;
  readonly added_at: Date;
  readonly promoter: string;
  readonly promoting_to: string | null;
  readonly is_promoting: boolean;
  readonly copied_at: Date | null;
  readonly caught_up_at: Date | null;
  readonly heard_at: Date | null;
  readonly reservations: string | null;
  readonly notes: readonly string[];
  readonly failures: number;
  readonly failure: string | null;
  readonly problems: number;
}

export function mirrorOfRow(row: MirrorRow): Mirror {
  return {
    domain: row.domain,
    primary: { url: row.primary_url, network: row.network },
    progress: {
      cursor: row.cursor,
      goneAfter: row.gone_after === null ? null : nodeHex(row.gone_after),
      isGoneRead: row.is_gone_read,
    },
    addedAtMs: row.added_at.getTime(),
    promoter: row.promoter,
    promotingTo: row.promoting_to,
    isPromoting: row.is_promoting,
    copiedAtMs: row.copied_at?.getTime() ?? null,
    caughtUpAtMs: row.caught_up_at?.getTime() ?? null,
    heardAtMs: row.heard_at?.getTime() ?? null,
    facts: { reservations: row.reservations, notes: row.notes },
    failures: row.failures,
    failure: row.failure,
    problems: row.problems,
  };
}

function nodeHex(text: string): Hex {
  if (/^0x[0-9a-f]{64}$/.test(text)) return toHex(fromHex(text));
  throw new SignpostError("INTERNAL", "The database holds a node of a mirror that is none.");
}
