/**
 * An outbox in Postgres, for any number of processes. Leases run by the database's clock, so that the clocks of those
 * processes do not matter; `skip locked` lets each take what no other one has.
 */
import pg from "pg";
import type { NewMessage } from "../../dm3/message/messageContent.js";
import type { Secrets } from "../../sealing/secrets.js";
import { type Outbox, written } from "../../sending/outbox.js";
import { type OutgoingMessage, raised, type SealedMessage } from "../../sending/outgoingMessage.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { inTransaction } from "../transaction.js";
import { OUTGOING_GIVEN } from "./outboxTables.js";

interface Row {
  readonly id: string;
  readonly progress: string;
  /** A bigint, which the driver returns as text. */
  readonly fence: string;
}

/** @param schema where `outboxTables` were made */
export function outgoingTable(schema: string): string {
  return `${pg.escapeIdentifier(schema)}.outgoing_message`;
}

/** The columns of a message that enters the outbox and has nothing to be sealed, and its values in their order. */
export const ENTERING = "id, progress, created_ms, due_ms, message_hash";

export function enteringValues(message: OutgoingMessage): readonly unknown[] {
  const { id, createdMs, dueMs, messageHash } = message;
  return [id, progressOf(message), createdMs, dueMs, messageHash];
}

/**
 * Writes how far a message is, where the lease is the newest and the message is not over: a state from the outside has ended it then.
 * Returns its id.
 */
export function progressStatement(table: string): string {
  return `
    update ${table} set progress = $2, due_ms = $3, message_hash = $4,
      given = case when $3::bigint is null then null else given end,
      leased_until = clock_timestamp() + $5::float8 * interval '1 millisecond'
    where id = $1 and fence = $6 and due_ms is not null returning id`;
}

export function progressValues(
  fence: number,
  message: OutgoingMessage,
  leaseMs: number,
): readonly unknown[] {
  const { id, dueMs, messageHash } = message;
  return [id, progressOf(message), dueMs, messageHash, leaseMs, fence];
}

/** @param schema where `outboxTables` were made */
export function postgresOutbox(pool: Pool, schema: string, secrets: Secrets): Outbox {
  const table = outgoingTable(schema);
  const query = async <R extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    /** Of what is asked for each message, by its id: a plan of the time when the table was empty would read all of it for other questions. */
    name?: string,
  ) => (await fromDatabase(pool.query<R>({ name, text, values: [...values] }))).rows;

  async function givenOf(id: string): Promise<NewMessage | null> {
    const opened = await secrets.read({ column: OUTGOING_GIVEN, row: [id] }, async () => {
      const [row] = await query<{ given: Buffer | null }>(
        `select given from ${table} where id = $1`,
        [id],
      );
      return row?.given ? plainBytes(row.given) : null;
    });
    if (opened === null) return null;
    const given = JSON.parse(new TextDecoder().decode(opened)) as NewMessage;
    opened.fill(0);
    return given;
  }

  /** Null where `change` returns null, or nothing has the id. */
  async function changed(
    id: string,
    change: (row: Row) => OutgoingMessage | null,
    leaseMs: number | null = null,
  ): Promise<OutgoingMessage | null> {
    return inTransaction(pool, async (connection) => {
      const { rows } = await fromDatabase(
        connection.query<Row>(`select id, progress, fence from ${table} where id = $1 for update`, [
          id,
        ]),
      );
      const [row] = rows;
      const after = row === undefined ? null : change(row);
      if (after === null) return null;
      const { dueMs, messageHash } = after;
      const update = `
        update ${table} set progress = $2, due_ms = $3, message_hash = $4,
          given = case when $3::bigint is null then null else given end,
          leased_until = case when $5::float8 is null then leased_until
            else clock_timestamp() + $5::float8 * interval '1 millisecond' end
        where id = $1`;
      const values = [id, progressOf(after), dueMs, messageHash, leaseMs];
      await fromDatabase(connection.query(update, values));
      return after;
    });
  }

  const progress = progressStatement(table);

  return {
    isSendersOwn: false,
    async add(message) {
      const { id } = message;
      const insert = (sealed: Uint8Array | null) =>
        query(
          `insert into ${table} (${ENTERING}, given)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
          [...enteringValues(message), sealed],
        );
      if (message.given === null) return (await insert(null)).length > 0;
      const secret = new TextEncoder().encode(JSON.stringify(message.given));
      const place = { column: OUTGOING_GIVEN, row: [id] };
      return (await secrets.write(place, secret, insert)).length > 0;
    },
    async lease({ nowMs, leaseMs }, most) {
      const rows = await query<Row & { readonly has_given: boolean }>(
        `update ${table} m
         set fence = m.fence + 1, leased_until = clock_timestamp() + $2 * interval '1 millisecond'
         from (select id from ${table} where due_ms <= $1 and leased_until <= clock_timestamp()
               order by created_ms limit $3 for update skip locked) due
         where m.id = due.id returning m.id, m.progress, m.fence, m.given is not null as has_given`,
        [nowMs, leaseMs, most],
      );
      const leases = await Promise.all(
        rows.map(async (row) => ({
          message: { ...messageOf(row), given: row.has_given ? await givenOf(row.id) : null },
          fence: Number(row.fence),
        })),
      );
      return leases.sort((one, other) => one.message.createdMs - other.message.createdMs);
    },
    async write({ fence }, message, goesOn) {
      const leaseMs = goesOn?.leaseMs ?? 0;
      // a message that has a due time is not over, so nothing is known of it that is higher than what is written
      const values = progressValues(fence, message, leaseMs);
      if ((await query(progress, values, "outbox-progress")).length > 0) return message;
      const keepsFence = (row: Row) =>
        Number(row.fence) === fence ? written(messageOf(row), message) : null;
      return changed(message.id, keepsFence, leaseMs);
    },
    async prolong({ fence, message: { id } }, { leaseMs }) {
      const rows = await query(
        `update ${table} set leased_until = clock_timestamp() + $3 * interval '1 millisecond'
         where id = $1 and fence = $2 returning id`,
        [id, fence, leaseMs],
      );
      return rows.length > 0;
    },
    raise: (id, state) => changed(id, (row) => raised(messageOf(row), state)),
    async nextDueMs() {
      const [row] = await query<{ next: string | null }>(
        `select min(greatest(due_ms, case when leased_until > now()
                  then extract(epoch from leased_until) * 1000 else 0 end))::bigint as next
         from ${table} where due_ms is not null`,
      );
      return row?.next == null ? null : Number(row.next);
    },
    async get(id) {
      const [row] = await query<Row>(`select id, progress, fence from ${table} where id = $1`, [
        id,
      ]);
      return row === undefined ? null : messageOf(row);
    },
    withHash: async (messageHash) =>
      (
        await query<Row>(
          `select id, progress, fence from ${table} where message_hash = $1 order by created_ms`,
          [messageHash],
        )
      ).map(messageOf),
    remove: async (id) =>
      (await query(`delete from ${table} where id = $1 returning id`, [id])).length > 0,
    async forget(beforeMs) {
      await query(`delete from ${table} where due_ms is null and created_ms < $1`, [beforeMs]);
    },
  };
}

/** The ciphertext stands in it once, however many relay nodes get it. */
function progressOf(message: OutgoingMessage): string {
  const encrypted = message.sealed?.encrypted;
  return JSON.stringify({
    ...{ ...message, given: null },
    sealed: withCiphertext(message.sealed, (own) => (own === encrypted ? SAME : own)),
  });
}

function messageOf({ progress }: Row): OutgoingMessage {
  const message = JSON.parse(progress) as OutgoingMessage;
  const encrypted = message.sealed?.encrypted ?? "";
  const sealed = withCiphertext(message.sealed, (own) => (own === SAME ? encrypted : own));
  return { ...message, sealed };
}

/** In the place of a ciphertext, which is never empty. */
const SAME = "";

function withCiphertext(
  sealed: SealedMessage | null,
  written: (ciphertext: string) => string,
): SealedMessage | null {
  if (sealed === null) return null;
  const envelopes = Object.entries(sealed.envelopes).map(([name, own]) => {
    const envelope = { ...own.envelope, message: written(own.envelope.message) };
    return [name, { ...own, envelope }] as const;
  });
  return { ...sealed, envelopes: Object.fromEntries(envelopes) };
}
