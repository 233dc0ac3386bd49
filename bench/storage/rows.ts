/** Conversations of one user, put straight into the tables of a storage, with messages as long as dm3's client makes them. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { withSchema } from "../../src/db/pool.js";
import { OURS, type StorageServer } from "./storageServers.js";

export interface Rows {
  readonly conversations: number;
  /** Of each of them. */
  readonly messages: number;
  /** Of each message, as it is encrypted. */
  readonly bytes: number;
  /** Rows of other users beside them. */
  readonly others: number;
}

/** dm3's client makes so much of a short message. */
export const USUAL_BYTES = 14_000;

export const contactOf = (number: number): string => `contact-${number}`;

/** What no compression makes shorter, as ciphertext in base64. */
export const containerOf = (bytes: number): string =>
  randomBytes(Math.ceil(bytes * 0.75))
    .toString("base64")
    .slice(0, bytes);

const OF_EACH_OTHER = 10_000;

export async function fill(
  server: StorageServer,
  databaseUrl: string,
  user: string,
  rows: Rows,
): Promise<void> {
  const client = new pg.Client({ connectionString: withSchema(databaseUrl, server.schema) });
  await client.connect();
  try {
    await (server.name === OURS ? fillOwn : fillReference)(client, server.schema, user, rows);
  } finally {
    await client.end();
  }
}

async function fillOwn(client: pg.Client, base: string, _user: string, rows: Rows): Promise<void> {
  const { rows: found } = await client.query<{ schema: string }>(
    "select table_schema as schema from information_schema.tables where table_name = 'removed_account' and starts_with(table_schema, $1)",
    [base],
  );
  const own = found[0]?.schema ?? "";
  const accounts = Math.ceil(rows.others / OF_EACH_OTHER);
  await client.query(
    `insert into ${own}.account (address, profile)
     select decode(lpad(to_hex(a), 40, '0'), 'hex'), profile from ${own}.account, generate_series(1, $1) a`,
    [accounts],
  );
  const write = async (accountsWith: string, conversations: number, messages: number) => {
    await client.query(
      `insert into ${own}.conversation (account, contact_hash, contact, messages, updated, change, version)
       select number, sha256(('contact-' || c)::bytea), 'contact-' || c, $2, 1700000000000 + c, 1700000000000 + c, 0
       from ${own}.account, generate_series(0, $1 - 1) c where ${accountsWith}`,
      [conversations, messages],
    );
    await client.query(
      `insert into ${own}.message (account, id, conversation, created, change, version, bytes, is_halted, is_plain, container)
       select c.account, sha256((c.number || '.' || m)::bytea), c.number, 1700000000000 + m, 1700000000000 + m, 0, $2, false, true, $3
       from ${own}.conversation c join ${own}.account a on a.number = c.account, generate_series(0, $1 - 1) m
       where ${accountsWith.replace("name", "a.name")}`,
      [messages, rows.bytes, containerOf(rows.bytes)],
    );
  };
  await write("name is not null", rows.conversations, rows.messages);
  if (accounts > 0) await write("name is null", 100, OF_EACH_OTHER / 100);
  for (const table of ["account", "conversation", "message"]) {
    await client.query(`vacuum analyze ${own}.${table}`);
  }
  await client.query("checkpoint");
}

async function fillReference(
  client: pg.Client,
  _base: string,
  user: string,
  { conversations, messages, bytes }: Rows,
): Promise<void> {
  await client.query(
    `insert into "Conversation" (id, "updatedAt", "encryptedContactName", "accountId")
     select gen_random_uuid()::text, now() + c * interval '1 second', 'contact-' || c, $2 from generate_series(0, $1 - 1) c`,
    [conversations, user],
  );
  await client.query(
    `insert into "EncryptedMessage"
       (id, "createdAt", "encryptedEnvelopContainer", "encryptedContactName", "conversationId", "ownerId")
     select '0x' || encode(sha256((c.id || '.' || m)::bytea), 'hex'), now() + m * interval '1 second', $2,
       c."encryptedContactName", c.id, $3
     from "Conversation" c, generate_series(0, $1 - 1) m`,
    [messages, containerOf(bytes), user],
  );
  for (const table of ['"Conversation"', '"EncryptedMessage"']) {
    await client.query(`vacuum analyze ${table}`);
  }
  await client.query("checkpoint");
}
