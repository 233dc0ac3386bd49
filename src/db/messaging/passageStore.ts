/** What went through a bridge. */
import { randomBytes } from "node:crypto";
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

/** 128 bits: lower-case letters and digits, because mail servers may change case. */
const TOKEN_BYTES = 16;

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
    tokenOf: async ({ to, from, hash, number, messageHash }) => {
      const text = `
        insert into ${sent} as s (token, native, sender, hash, number, message_hash)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (native, number, hash) do update set message_hash = s.message_hash
        returning token`;
      const token = randomBytes(TOKEN_BYTES).toString("hex");
      const values = [token, formatNativeAddress(to), from, bytesOf(hash), number, messageHash];
      const [row] = await ask<{ token: string }>(text, values);
      return row?.token ?? token;
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
    noteReceived: async (passage, nowMs) => {
      const text = `
        insert into ${received} as r (native, receiver, digest, first_ms) values ($1, $2, $3, $4)
        on conflict (native, receiver, digest) do update set first_ms = r.first_ms
        returning first_ms, is_kept`;
      const [row] = await ask<{ first_ms: string; is_kept: boolean }>(text, [
        ...[...keyOf(passage), nowMs],
      ]);
      return { firstMs: Number(row?.first_ms ?? nowMs), isKept: row?.is_kept === true };
    },
    noteEnvelope: async (passage, hash, head) => {
      const text = `
        update ${received} set hash = $4, head = $5
        where (native, receiver, digest) = ($1, $2, $3)`;
      await ask(text, [...keyOf(passage), bytesOf(hash), head]);
    },
    noteKept: async (passage) => {
      const text = `
        with writer as (update ${virtualUser} set has_written = true where native = $1 and not has_written)
        update ${received} set is_kept = true where (native, receiver, digest) = ($1, $2, $3)`;
      await ask(text, keyOf(passage));
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

/** @param digits 64 */
const bytesOf = (digits: string): Uint8Array => fromHex(`0x${digits}`);

function sentOfRow({ native, sender, hash, number, message_hash }: SentRow): SentPassage {
  return {
    ...{ to: nativeOfText(native), from: sender, hash: hash.toString("hex") },
    ...{ number: Number(number), messageHash: message_hash },
  };
}
