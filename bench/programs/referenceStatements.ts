/**
 * What dm3's backend (git head) asks of Postgres for each of its functions: the statements that its ORM makes of them, one by
 * one, on the tables of its migrations, which have no indexes but their keys. There is no ORM between it and Postgres, which
 * would only make it slower.
 */
import pg from "pg";

export interface StoredItem {
  readonly messageId: string;
  readonly createdAt: number;
  readonly encryptedEnvelopContainer: string;
  readonly isHalted: boolean;
}

/** What dm3's backend asks of its database, as far as it is measured. */
export interface Reference {
  setAccount(name: string): Promise<void>;
  hasAccount(name: string): Promise<boolean>;
  addMessageBatch(name: string, contact: string, batch: readonly StoredItem[]): Promise<void>;
  getConversationList(name: string, pageSize: number, offset: number): Promise<readonly object[]>;
  getMessages(
    name: string,
    contact: string,
    pageSize: number,
    offset: number,
  ): Promise<readonly string[]>;
  getHaltedMessages(name: string): Promise<readonly object[]>;
}

interface Conversation {
  readonly id: string;
  readonly updatedAt: Date;
  readonly encryptedContactName: string;
  readonly encryptedProfileLocation: string;
}

interface Message {
  readonly id: string;
  readonly createdAt: Date;
  readonly encryptedEnvelopContainer: string;
  readonly isHalted: boolean;
}

/** As its migrations leave them. */
export const TABLES = `
  create table if not exists "Account" (id text primary key, "createdAt" timestamp(3) not null default current_timestamp);
  create table if not exists "Conversation" (
    id text primary key, "updatedAt" timestamp(3) not null default current_timestamp, "encryptedContactName" text not null,
    "encryptedProfileLocation" text not null default '', "accountId" text not null references "Account" (id),
    "isHidden" boolean not null default false
  );
  create table if not exists "EncryptedMessage" (
    id text primary key, "createdAt" timestamp(3) not null default current_timestamp,
    "encryptedEnvelopContainer" text not null, "encryptedContactName" text not null,
    "conversationId" text not null references "Conversation" (id), "ownerId" text not null references "Account" (id),
    "isHalted" boolean not null default false
  );`;

const CONVERSATION = `id, "updatedAt", "encryptedContactName", "encryptedProfileLocation", "accountId", "isHidden"`;
const MESSAGE = `id, "createdAt", "encryptedEnvelopContainer", "encryptedContactName", "conversationId", "ownerId", "isHalted"`;

export async function openStatements(): Promise<Reference> {
  const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
  await pool.query(TABLES);

  const ask = async <Row extends object>(text: string, ...values: readonly unknown[]) =>
    (await pool.query<Row>(text, [...values])).rows;
  const accountOf = async (name: string) =>
    (await ask(`select id, "createdAt" from "Account" where id = $1 limit 1 offset 0`, name))[0];
  const conversationOf = async (account: string, contact: string) =>
    (
      await ask<Conversation>(
        `select ${CONVERSATION} from "Conversation"
         where "accountId" = $1 and "encryptedContactName" = $2 limit 1 offset 0`,
        ...[account, contact],
      )
    )[0];
  const conversationFor = async (account: string, contact: string) => {
    const known = await conversationOf(account, contact);
    if (known !== undefined) return known;
    const [made] = await ask<Conversation>(
      `insert into "Conversation" (id, "updatedAt", "encryptedContactName", "accountId")
       values ($1, $2, $3, $4) returning ${CONVERSATION}`,
      ...[crypto.randomUUID(), new Date(), contact, account],
    );
    return made as Conversation;
  };

  return {
    setAccount: async (name) => {
      await ask(`insert into "Account" (id) values ($1) on conflict do nothing`, name);
    },
    hasAccount: async (name) => (await accountOf(name)) !== undefined,

    addMessageBatch: async (name, contact, batch) => {
      await accountOf(name);
      const { id } = await conversationFor(name, contact);
      const unique = batch.filter(
        ({ messageId }, index, all) =>
          index === all.findIndex((one) => one.messageId === messageId),
      );
      const connection = await pool.connect();
      try {
        await connection.query("begin");
        for (const { messageId, createdAt, encryptedEnvelopContainer, isHalted } of unique) {
          await connection.query(
            `insert into "EncryptedMessage" (${MESSAGE}) values ($1, $2, $3, $4, $5, $6, $7) returning ${MESSAGE}`,
            [
              ...[messageId, new Date(createdAt), encryptedEnvelopContainer, contact],
              ...[id, name, isHalted],
            ],
          );
        }
        await connection.query("commit");
      } finally {
        connection.release();
      }
      await ask(
        `update "Conversation" set "updatedAt" = $2 where id = $1 returning ${CONVERSATION}`,
        ...[id, new Date()],
      );
    },

    getConversationList: async (name, pageSize, offset) => {
      if ((await accountOf(name)) === undefined) return [];
      const conversations = await ask<Conversation>(
        `select ${CONVERSATION} from "Conversation" where "accountId" = $1 and "isHidden" = false
         order by "updatedAt" desc limit $2 offset $3`,
        ...[name, pageSize, offset * pageSize],
      );
      const previews = await Promise.all(
        conversations.map(({ id }) =>
          ask<Message>(
            `select ${MESSAGE} from "EncryptedMessage" where "conversationId" = $1
             order by "createdAt" desc limit 1 offset 0`,
            id,
          ),
        ),
      );
      return conversations.map((conversation, index) => ({
        contact: conversation.encryptedContactName,
        previewMessage: previews[index]?.[0]?.encryptedEnvelopContainer ?? null,
        updatedAt: conversation.updatedAt,
        encryptedProfileLocation: conversation.encryptedProfileLocation,
      }));
    },

    getMessages: async (name, contact, pageSize, offset) => {
      if ((await accountOf(name)) === undefined) return [];
      if ((await conversationOf(name, contact)) === undefined) return [];
      const messages = await ask<Message>(
        `select ${MESSAGE} from "EncryptedMessage" where "ownerId" = $1 and "encryptedContactName" = $2
         order by "createdAt" desc limit $3 offset $4`,
        ...[name, contact, pageSize, offset * pageSize],
      );
      return messages.map((message) => JSON.stringify(message));
    },

    getHaltedMessages: async (name) => {
      if ((await accountOf(name)) === undefined) return [];
      const messages = await ask<Message>(
        `select ${MESSAGE} from "EncryptedMessage" where "ownerId" = $1 and "isHalted" = true offset 0`,
        name,
      );
      return messages.map(({ id, encryptedEnvelopContainer, createdAt, isHalted }) => ({
        ...{ messageId: id, encryptedEnvelopContainer, createdAt, isHalted },
      }));
    },
  };
}
