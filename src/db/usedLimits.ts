/** Who has used what of the limits that hold for all processes (sharedLimits.ts). */
import { SESSIONS_BUCKET } from "../registry/domains/session.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** What one API key, the sessions of a domain, or one network took, of one kind, in the period that goes on. */
export interface UsedLimit {
  /** Null for sessions, and for requests without a key. Domain and label are null where the key is gone. */
  readonly key: {
    readonly id: string;
    readonly domain: string | null;
    readonly label: string | null;
  } | null;
  /** What the sessions of a domain changed; its domain is null where that is gone. Null for all else. */
  readonly sessions: { readonly domain: string | null } | null;
  /** An IPv4 address or 64 bits of IPv6; null for keys and sessions, and for all strangers together. */
  readonly network: string | null;
  /** `minute`, `day`: changes of a key, requests of a network; `reads` and `KiB` a minute of a key; `strangers`, what all wrote in a minute, and `strangers reading`. */
  readonly kind: string;
  readonly used: number;
  /** When the period ends, in milliseconds of Unix time. */
  readonly endsMs: number;
}

const USED = `
  select l.key as bucket, l.points, l.expire, k.domain, k.label, d.name as sessions_of
  from rate_limit l left join api_key k
    on l.key like 'key %' and k.id::text = split_part(substr(l.key, 5), '/', 1)
  left join domain d on starts_with(l.key, '${SESSIONS_BUCKET}')
    and encode(sha256(convert_to(d.name, 'UTF8')), 'hex') = split_part(split_part(l.key, ' ', 2), '/', 1)
  where l.points > 0 and l.expire > extract(epoch from clock_timestamp()) * 1000
  order by l.points desc, l.key limit $1`;

interface UsedRow {
  readonly bucket: string;
  readonly points: number;
  readonly expire: string;
  readonly domain: string | null;
  readonly label: string | null;
  readonly sessions_of: string | null;
}

/** The most used first. Throws DATABASE_UNAVAILABLE. */
export async function usedLimits(pool: Pool, most: number): Promise<readonly UsedLimit[]> {
  const { rows } = await fromDatabase(pool.query<UsedRow>(USED, [most]));
  return rows.map(({ bucket, points, expire, domain, label, sessions_of }) => {
    const slash = bucket.lastIndexOf("/");
    const isKey = bucket.startsWith("key ");
    const isSessions = bucket.startsWith(SESSIONS_BUCKET);
    return {
      key: isKey ? { id: bucket.slice("key ".length, slash), domain, label } : null,
      sessions: isSessions ? { domain: sessions_of } : null,
      network: isKey || isSessions || slash < 0 ? null : bucket.slice(0, slash),
      kind: bucket.slice(slash + 1),
      used: points,
      endsMs: Number(expire),
    };
  });
}
