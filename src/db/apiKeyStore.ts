/** The registry's questions about API keys. */
import type { ApiKey, NewApiKey, Scope } from "../registry/domains/apiKey.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../registry/store.js";
import { fromDatabase, isMissingReference } from "./databaseError.js";
import { pageOfRows } from "./pageOfRows.js";
import type { Pool } from "./pool.js";

const COLUMNS =
  "id, domain, label, scopes, changes_per_minute, changes_per_day, created_at, last_used_at, revoked_at, expires_at";

/** Behind the domain, $1. */
export const KEY_PARAMETERS = "$2, $3, $4::text[], $5::integer, $6::integer";

const ADD_KEY = `
  insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day)
  values ($1, ${KEY_PARAMETERS}) returning id`;

const KEY_OF_HASH = {
  name: "api-key-of-hash",
  text: `select ${COLUMNS} from api_key where hash = $1 and revoked_at is null
    and (expires_at is null or expires_at > now() and wallet = (
      select owner from domain d where d.name = api_key.domain and owner_signs_in
    ))`,
};

/** Exported for the test that looks at its plan. */
export const KEY_PAGE = `select ${COLUMNS} from api_key
  where domain = $1 and id < coalesce($2::bigint, 9223372036854775807) order by id desc limit $3`;

/** What still opens something. */
const WORKS = "revoked_at is null and (expires_at is null or expires_at > now())";

const REVOKE = `update api_key set revoked_at = now() where domain = $1 and id = $2 and ${WORKS}`;

const LIMIT = `
  update api_key set changes_per_minute = coalesce($3, changes_per_minute), changes_per_day = coalesce($4, changes_per_day)
  where domain = $1 and id = $2 and ${WORKS} returning ${COLUMNS}`;

/** One statement, so that the domain is never without a key. */
const REPLACE_KEYS = `
  with revoked as (
    update api_key set revoked_at = now() where domain = $1 and revoked_at is null
  )
  ${ADD_KEY}`;

/** Asked again here, because several requests may have seen the same old time. */
const NOTE_USE = `
  update api_key set last_used_at = now()
  where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`;

interface KeyRow {
  /** A bigint, which the driver returns as text. */
  readonly id: string;
  readonly domain: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly changes_per_minute: number;
  readonly changes_per_day: number;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
  readonly expires_at: Date | null;
}

type ApiKeyStore = Pick<
  DomainStore,
  | "addApiKey"
  | "apiKeyPage"
  | "apiKeyOf"
  | "revokeApiKey"
  | "limitApiKey"
  | "replaceApiKeys"
  | "noteUse"
>;

export function apiKeyStore(pool: Pool): ApiKeyStore {
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<KeyRow>(text, [...values]));
  /** Returns the new key's id. */
  const add = async (text: string, domain: string, key: NewApiKey): Promise<string> => {
    try {
      const { rows } = await ask(text, [domain, ...valuesOfKey(key)]);
      return rows[0]?.id ?? "";
    } catch (error) {
      throw isMissingReference(error) ? noSuchDomain(domain) : error;
    }
  };

  return {
    addApiKey: (domain, key) => add(ADD_KEY, domain, key),
    apiKeyPage: async (domain, after, limit) => {
      const { rows } = await ask(KEY_PAGE, [domain, after, limit + 1]);
      return pageOfRows(rows, limit, keyOfRow, ({ id }) => id);
    },
    apiKeyOf: async (hash) => {
      const { rows } = await fromDatabase(pool.query<KeyRow>({ ...KEY_OF_HASH, values: [hash] }));
      return rows[0] === undefined ? null : keyOfRow(rows[0]);
    },
    revokeApiKey: async (domain, id) => (await ask(REVOKE, [domain, id])).rowCount === 1,
    limitApiKey: async (domain, id, { changesPerMinute = null, changesPerDay = null }) => {
      const { rows } = await ask(LIMIT, [domain, id, changesPerMinute, changesPerDay]);
      return rows[0] === undefined ? null : keyOfRow(rows[0]);
    },
    replaceApiKeys: async (domain, key) => {
      await add(REPLACE_KEYS, domain, key);
    },
    noteUse: async (id) => {
      await ask(NOTE_USE, [id]);
    },
  };
}

/** The values of `KEY_PARAMETERS`. */
export function valuesOfKey({ hash, label, scopes, limits }: NewApiKey): readonly unknown[] {
  return [hash, label, scopes, limits.changesPerMinute, limits.changesPerDay];
}

function keyOfRow(row: KeyRow): ApiKey {
  return {
    id: row.id,
    domain: row.domain,
    label: row.label,
    scopes: row.scopes,
    limits: { changesPerMinute: row.changes_per_minute, changesPerDay: row.changes_per_day },
    createdMs: row.created_at.getTime(),
    lastUsedMs: row.last_used_at?.getTime() ?? null,
    revokedMs: row.revoked_at?.getTime() ?? null,
    expiresMs: row.expires_at?.getTime() ?? null,
  };
}
