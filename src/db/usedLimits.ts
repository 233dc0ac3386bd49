/** Who has used what of the limits that hold for all processes (sharedLimits.ts). */
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** What one API key or one network took, of one kind, in the period that goes on. */
export interface UsedLimit {
  /** Null for requests without a key. */
  readonly key: { readonly id: string; readonly domain: string; readonly label: string } | null;
  /** An IPv4 address or 64 bits of IPv6; null for keys, and for all strangers together. */
  readonly network: string | null;
  /** `minute`, `day`: changes of a key, requests of a network; `reads` and `KiB` a minute of a key; `strangers` a minute. */
  readonly kind: string;
  readonly used: number;
  /** When the period ends, in milliseconds of Unix time. */
  readonly endsMs: number;
}

const USED = `
  select l.key as bucket, l.points, l.expire, k.id, k.domain, k.label
  from rate_limit l left join api_key k
    on l.key like 'key %' and k.id::text = split_part(substr(l.key, 5), '/', 1)
  where l.points > 0 and l.expire > extract(epoch from clock_timestamp()) * 1000
  order by l.points desc, l.key limit $1`;

interface UsedRow {
  readonly bucket: string;
  readonly points: number;
  readonly expire: string;
  readonly id: string | null;
  readonly domain: string | null;
  readonly label: string | null;
}

/** The most used first. Throws DATABASE_UNAVAILABLE. */
export async function usedLimits(pool: Pool, most: number): Promise<readonly UsedLimit[]> {
  const { rows } = await fromDatabase(pool.query<UsedRow>(USED, [most]));
  return rows.map(({ bucket, points, expire, id, domain, label }) => {
    const slash = bucket.lastIndexOf("/");
    const isKey = bucket.startsWith("key ");
    return {
      key: id !== null && domain !== null && label !== null ? { id, domain, label } : null,
      network: isKey || slash < 0 ? null : bucket.slice(0, slash),
      kind: bucket.slice(slash + 1),
      used: points,
      endsMs: Number(expire),
    };
  });
}
