/**
 * Sealed blobs. Whatever changes those of an account locks its row of `blob_use` first, so what an account has is always
 * counted, and uploads of one account that race are judged one behind the other.
 */
import type { Address } from "../../ens/address.js";
import type { BlobBounds, BlobStore } from "../../relay/blobStore.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type Connection, inTransaction } from "../transaction.js";
import type { RelayTables } from "./relayTables.js";

interface UseRow {
  readonly blobs: number;
  /** A bigint, which the driver returns as text. */
  readonly bytes: string;
}

export function blobStore(
  pool: Pool,
  { blob, blobUse }: RelayTables,
  { mostBlobs, mostBytes }: BlobBounds["account"],
): BlobStore {
  const fits = ({ blobs, bytes }: UseRow, more: number) =>
    blobs < mostBlobs && Number(bytes) + more <= mostBytes;

  const ask = <Row extends object>(
    asked: Pool | Connection,
    text: string,
    values: readonly unknown[],
  ) => fromDatabase(asked.query<Row>(text, [...values]));

  async function lockedUse(connection: Connection, account: Address): Promise<UseRow> {
    const text = `select blobs, bytes from ${blobUse} where account = $1 for update`;
    for (;;) {
      const [row] = (await ask<UseRow>(connection, text, [account])).rows;
      if (row !== undefined) return row;
      const first = `insert into ${blobUse} (account) values ($1) on conflict do nothing`;
      await ask(connection, first, [account]);
    }
  }

  return {
    hasRoom: async (account, bytes) => {
      const text = `select blobs, bytes from ${blobUse} where account = $1`;
      const [row = { blobs: 0, bytes: "0" }] = (await ask<UseRow>(pool, text, [account])).rows;
      return fits(row, bytes);
    },

    keep: (account, id, content, expiresMs) =>
      inTransaction(pool, async (connection) => {
        const use = await lockedUse(connection, account);
        const known = await ask(
          connection,
          `update ${blob} set expires_at = greatest(expires_at, $3) where (id, account) = ($1, $2)`,
          [id, account, new Date(expiresMs)],
        );
        if (known.rowCount === 1) return true;
        if (!fits(use, content.length)) return false;
        await ask(
          connection,
          `insert into ${blob} (id, account, content, expires_at) values ($1, $2, $3, $4)`,
          [id, account, content, new Date(expiresMs)],
        );
        await ask(
          connection,
          `update ${blobUse} set blobs = blobs + 1, bytes = bytes + $2 where account = $1`,
          [account, content.length],
        );
        return true;
      }),

    sizeOf: async (id, nowMs) => {
      const text = `select length(content) as size from ${blob} where id = $1 and expires_at > $2 limit 1`;
      const { rows } = await ask<{ size: number }>(pool, text, [id, new Date(nowMs)]);
      return rows[0]?.size ?? null;
    },

    contentOf: async (id, nowMs) => {
      const text = `select content from ${blob} where id = $1 and expires_at > $2 limit 1`;
      const { rows } = await ask<{ content: Buffer }>(pool, text, [id, new Date(nowMs)]);
      return rows[0] === undefined ? null : plainBytes(rows[0].content);
    },

    remove: (account, id) =>
      inTransaction(pool, async (connection) => {
        await lockedUse(connection, account);
        const { rowCount } = await ask(
          connection,
          `with gone as (
             delete from ${blob} where (id, account) = ($2, $1) returning length(content) as size
           )
           update ${blobUse} set blobs = blobs - 1, bytes = bytes - size from gone where account = $1`,
          [account, id],
        );
        return rowCount === 1;
      }),

    expire: async (beforeMs, limit) => {
      const text = `
        with chosen as (
          select id, account from ${blob} where expires_at < $1 order by expires_at limit $2
        ), locked as (
          select account from ${blobUse} where account in (select account from chosen) order by account for update
        ), gone as (
          delete from ${blob} b using chosen c
          where (b.id, b.account) = (c.id, c.account) and b.expires_at < $1
            and b.account in (select account from locked)
          returning b.account, length(b.content) as size
        ), counted as (
          update ${blobUse} u set blobs = u.blobs - g.blobs, bytes = u.bytes - g.bytes
          from (select account, count(*) as blobs, sum(size) as bytes from gone group by account) g
          where u.account = g.account
        )
        select count(*) as gone from gone`;
      const { rows } = await ask<{ gone: string }>(pool, text, [new Date(beforeMs), limit]);
      return Number(rows[0]?.gone ?? 0);
    },
  };
}
