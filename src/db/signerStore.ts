/** By whom gateways on this database have signed, and at which resolvers they are known. */
import type { Address } from "../ens/address.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import { addressOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { inTransaction } from "./transaction.js";

/** A resolver on its chain. */
export type ResolverPlace = Pick<ServedResolver, "chainId" | "resolver">;

export interface SignerAtResolver extends ResolverPlace {
  /** It signed for it here before any other that is known, was seen to be taken by it, or was confirmed; null: nothing is noted. */
  readonly isKnown: boolean | null;
}

export interface SignerStanding {
  /** The first one that signed on this database, one that was confirmed, or one that is known at each resolver. */
  readonly isKnown: boolean;
  /** Every resolver that is served, once. */
  readonly at: readonly SignerAtResolver[];
}

export interface RememberedSigner {
  readonly address: Address;
  /** See SignerStanding. */
  readonly isKnown: boolean;
  /** When it was first noted here: it signed, or was confirmed. */
  readonly firstMs: number;
  /** When a gateway last noted that it signs by it; null while it is only confirmed. */
  readonly lastMs: number | null;
  /** How long ago that was, by the database's clock. */
  readonly lastAgoMs: number | null;
}

/** What a resolver said of a signer. */
export interface Taken extends ResolverPlace {
  readonly isTaken: boolean;
}

/** Its methods throw DATABASE_UNAVAILABLE. */
export interface SignerStore {
  /** That a gateway signs by it now, and what resolvers said of it. Where nobody has signed before, it is known. */
  note(address: Address, taken: readonly Taken[]): Promise<void>;
  /** That a gateway still signs by it, once it was noted. */
  noteAgain(address: Address): Promise<void>;
  /** Only reads; nobody is known who was never noted. */
  standingOf(address: Address): Promise<SignerStanding>;
  /** From now on it is known at `place`, or at each resolver that is served; returns how many these are. Where `place` is not served, nothing changes. */
  remember(address: Address, place: ResolverPlace | null): Promise<number>;
  /** From now on it is a stranger at `place`, or everywhere; returns whether it was known there. */
  forget(address: Address, place: ResolverPlace | null): Promise<boolean>;
  /** Those who signed last come first, then those who have not yet; 100 at most. */
  signers(): Promise<readonly RememberedSigner[]>;
}

// of two that begin at once, only one is the first
const LOCK = "lock table gateway_signer in share row exclusive mode";
const NOTE = `
  insert into gateway_signer (address, is_known, has_signed)
  values ($1, not exists (select from gateway_signer where has_signed), true)
  on conflict (address) do update set last_at = now(), has_signed = true`;
// of several processes, one writes
const NOTE_AGAIN = `
  update gateway_signer set last_at = now() where address = $1 and last_at < now() - interval '10 seconds'`;
const NOTE_AT_RESOLVERS = `
  insert into resolver_signer (chain_id, resolver, signer, is_known)
  select distinct r.chain_id, r.address, s.address, s.is_known and not exists (
    select from resolver_signer o join gateway_signer g on g.address = o.signer
    where o.chain_id = r.chain_id and o.resolver = r.address and o.signer <> s.address
      and g.has_signed and (g.is_known or o.is_known))
  from resolver r cross join gateway_signer s where s.address = $1
  on conflict do nothing`;
const NOTE_TAKEN = `
  update resolver_signer k set is_known = t.is_taken
  from unnest($2::numeric[], $3::bytea[], $4::boolean[]) as t (chain_id, resolver, is_taken)
  where k.signer = $1 and k.chain_id = t.chain_id and k.resolver = t.resolver and k.is_known <> t.is_taken`;
const KNOWN_EVERYWHERE = `
  update gateway_signer s set is_known = true
  where s.address = $1 and not s.is_known and exists (select from resolver) and not exists (
    select from resolver r where not exists (
      select from resolver_signer k
      where k.chain_id = r.chain_id and k.resolver = r.address and k.signer = s.address and k.is_known))`;
const REMEMBER = `
  insert into gateway_signer (address, is_known, has_signed) values ($1, $2, false)
  on conflict (address) do update set is_known = gateway_signer.is_known or $2`;
const SERVED = `
  select distinct chain_id, address from resolver
  where $1::numeric is null or (chain_id = $1 and address = $2)`;
const REMEMBER_AT = `
  insert into resolver_signer (chain_id, resolver, signer, is_known)
  select distinct chain_id, address, $1::bytea, true from resolver
  where $2::numeric is null or (chain_id = $2 and address = $3)
  on conflict (chain_id, resolver, signer) do update set is_known = true`;
const FORGET = "update gateway_signer set is_known = false where address = $1 and is_known";
const FORGET_AT = `
  update resolver_signer set is_known = false
  where signer = $1 and is_known and ($2::numeric is null or (chain_id = $2 and resolver = $3))`;
const SIGNERS = `
  select address, is_known, has_signed, first_at, last_at,
    (extract(epoch from clock_timestamp() - last_at) * 1000)::float8 as last_ago_ms
  from gateway_signer
  where $1::bytea is null or address = $1 order by has_signed desc, last_at desc, address limit 100`;
const AT_RESOLVERS = `
  select r.chain_id, r.address, k.is_known
  from (select distinct chain_id, address from resolver) r
  left join resolver_signer k on k.chain_id = r.chain_id and k.resolver = r.address and k.signer = $1
  order by 1, 2`;

interface SignerRow {
  readonly address: Buffer;
  readonly is_known: boolean;
  readonly has_signed: boolean;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly last_ago_ms: number;
}

interface PlaceRow {
  /** A numeric, which the driver returns as text. */
  readonly chain_id: string;
  readonly address: Buffer;
  readonly is_known: boolean | null;
}

export function signerStore(pool: Pool): SignerStore {
  return {
    note: (address, taken) =>
      inTransaction(pool, async (connection) => {
        const run = (sql: string, ...values: unknown[]) =>
          fromDatabase(connection.query(sql, [address, ...values]));
        await fromDatabase(connection.query(LOCK));
        await run(NOTE);
        await run(NOTE_AT_RESOLVERS);
        if (taken.length > 0) await run(NOTE_TAKEN, ...columnsOf(taken));
        await run(KNOWN_EVERYWHERE);
      }),
    noteAgain: async (address) => {
      await fromDatabase(pool.query(NOTE_AGAIN, [address]));
    },
    standingOf: async (address) => {
      const [row] = await signerRows(pool, address);
      const at = await fromDatabase(pool.query<PlaceRow>(AT_RESOLVERS, [address]));
      return { isKnown: row?.is_known ?? false, at: at.rows.map(placeOfRow) };
    },
    remember: (address, place) =>
      inTransaction(pool, async (connection) => {
        const served = await fromDatabase(connection.query(SERVED, [...valuesOf(place)]));
        if (place !== null && served.rowCount === 0) return 0;
        await fromDatabase(connection.query(REMEMBER, [address, place === null]));
        await fromDatabase(connection.query(REMEMBER_AT, [address, ...valuesOf(place)]));
        await fromDatabase(connection.query(KNOWN_EVERYWHERE, [address]));
        return served.rowCount ?? 0;
      }),
    forget: (address, place) =>
      inTransaction(pool, async (connection) => {
        const at = await fromDatabase(connection.query(FORGET_AT, [address, ...valuesOf(place)]));
        if (place !== null) return at.rowCount === 1;
        const everywhere = await fromDatabase(connection.query(FORGET, [address]));
        return everywhere.rowCount === 1 || (at.rowCount ?? 0) > 0;
      }),
    signers: async () => {
      const rows = await signerRows(pool, null);
      return rows.map(({ address, is_known, has_signed, first_at, last_at, last_ago_ms }) => ({
        address: addressOf(address),
        isKnown: is_known,
        firstMs: first_at.getTime(),
        lastMs: has_signed ? last_at.getTime() : null,
        lastAgoMs: has_signed ? last_ago_ms : null,
      }));
    },
  };
}

async function signerRows(pool: Pool, address: Address | null) {
  const { rows } = await fromDatabase(pool.query<SignerRow>(SIGNERS, [address]));
  return rows;
}

function placeOfRow({ chain_id, address, is_known }: PlaceRow): SignerAtResolver {
  return { chainId: BigInt(chain_id), resolver: addressOf(address), isKnown: is_known };
}

function columnsOf(taken: readonly Taken[]): unknown[] {
  return [
    taken.map(({ chainId }) => chainId.toString()),
    taken.map(({ resolver }) => resolver),
    taken.map(({ isTaken }) => isTaken),
  ];
}

function valuesOf(place: ResolverPlace | null): [string | null, Address | null] {
  return place === null ? [null, null] : [place.chainId.toString(), place.resolver];
}
