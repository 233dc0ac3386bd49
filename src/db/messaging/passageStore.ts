/** What went through a bridge. */
import { fromHex } from "../../abi/hex.js";
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type {
  PassageStore,
  ReceivedPassage,
  SentPassage,
} from "../../messaging/bridge/passageStore.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";
import { nativeOfText } from "./nativeText.js";

interface SentRow {
  readonly native: string;
  readonly sender: NormalName;
  readonly hash: Buffer;
  readonly number: string;
  readonly message_hash: string;
}

export function passageStore(
  pool: Pool,
  { virtualUser, sent, received, signer, mailCertificate, keptFor }: BridgeTables,
): PassageStore {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  const keyOf = ({ from, to, digest }: ReceivedPassage) => [
    formatNativeAddress(from),
    to,
    bytesOf(digest),
  ];

  return {
    noteSent: async (token, { to, from, hash, number, messageHash }) => {
      const values = [token, formatNativeAddress(to), from, bytesOf(hash), number, messageHash];
      await ask(sentStatement(sent, "values ($1, $2, $3, $4, $5, $6)"), values);
    },
    sentWith: async (token) => {
      const text = `select native, sender, hash, number, message_hash from ${sent} where token = $1`;
      const [row] = await ask<SentRow>(text, [token]);
      return row === undefined ? null : sentOfRow(row);
    },
    endSent: async (token) => {
      await ask(`delete from ${sent} where token = $1`, [token]);
    },
    isKnown: async (native) => {
      const text = `select 1 from ${virtualUser} where native = $1`;
      return (await ask(text, [formatNativeAddress(native)])).length === 1;
    },
    hasWritten: async (native) => {
      const text = `select 1 from ${virtualUser} where native = $1 and has_written`;
      return (await ask(text, [formatNativeAddress(native)])).length === 1;
    },
    isKept: async (passage) => {
      const text = `
        select 1 from ${received} where (native, receiver, digest) = ($1, $2, $3) and is_kept`;
      return (await ask(text, keyOf(passage))).length === 1;
    },
    isTold: async (passage) => {
      const text = `
        select 1 from ${received} where (native, receiver, digest) = ($1, $2, $3) and is_told`;
      return (await ask(text, keyOf(passage))).length === 1;
    },
    noteTold: async (passage, nowMs) => {
      const text = `
        insert into ${received} (native, receiver, digest, first_ms, is_told) values ($1, $2, $3, $4, true)
        on conflict (native, receiver, digest) do update set is_told = true`;
      await ask(text, [...keyOf(passage), nowMs]);
    },
    headOf: async (hash) => {
      const text = `select head from ${received} where hash = $1`;
      const [row] = await ask<{ head: string | null }>(text, [bytesOf(hash)]);
      return row?.head ?? null;
    },
    forgetAllOf: async (native) => {
      for (const table of [sent, received, signer, mailCertificate]) {
        await ask(`delete from ${table} where native = $1`, [formatNativeAddress(native)]);
      }
    },
    forget: async (beforeMs) => {
      const before = [new Date(beforeMs)];
      await ask(`delete from ${sent} where sent_at < $1`, before);
      await ask(`delete from ${received} where received_at < $1`, before);
      await ask(`delete from ${mailCertificate} where seen_at < $1`, before);
      await ask(`delete from ${keptFor} where kept_until < $1`, before);
    },
  };
}

/**
 * Notes by which token reports name a message.
 * @param rows SQL of rows of token, address, sender, hash, number, hash of the DM3 message
 */
export function sentStatement(table: string, rows: string): string {
  return `
    insert into ${table} (token, native, sender, hash, number, message_hash) ${rows}
    on conflict (native, number, hash) do update set token = excluded.token`;
}

/** @param digits 64 */
const bytesOf = (digits: string): Uint8Array => fromHex(`0x${digits}`);

function sentOfRow({ native, sender, hash, number, message_hash }: SentRow): SentPassage {
  return {
    ...{ to: nativeOfText(native), from: sender, hash: hash.toString("hex") },
    ...{ number: Number(number), messageHash: message_hash },
  };
}
