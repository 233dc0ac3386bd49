/**
 * What dm3's backend (git head) does for each of its functions by its ORM: the same calls of Prisma, on the tables of its
 * migrations. The folder is one that bench/storage/prismaFolder.ts has made.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import pg from "pg";
import { type Reference, TABLES } from "./referenceStatements.js";

type Args = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>> & { readonly id: string };

interface Model {
  findFirst(args: Args): Promise<Row | null>;
  findMany(args: Args): Promise<readonly Row[]>;
  create(args: Args): Promise<Row>;
  update(args: Args): Promise<Row>;
}

interface Prisma {
  readonly account: Model;
  readonly conversation: Model;
  readonly encryptedMessage: Model;
  $transaction(all: readonly Promise<unknown>[]): Promise<unknown>;
}

export async function openPrisma(folder: string): Promise<Reference> {
  const connectionString = process.env["DATABASE_URL"] ?? "";
  const { PrismaClient, PrismaPg } = packagesIn(folder);
  const first = new pg.Client({ connectionString });
  await first.connect();
  await first.query(TABLES);
  const { rows } = await first.query<{ schema: string }>("select current_schema() as schema");
  await first.end();
  const adapter = new PrismaPg({ connectionString, max: 10 }, { schema: rows[0]?.schema ?? "" });
  const db = new PrismaClient({ adapter });

  const accountOf = (id: string) => db.account.findFirst({ where: { id } });
  const conversationOf = (accountId: string, encryptedContactName: string) =>
    db.conversation.findFirst({ where: { accountId, encryptedContactName } });

  return {
    setAccount: async (name) => {
      if ((await accountOf(name)) === null) await db.account.create({ data: { id: name } });
    },
    hasAccount: async (name) => (await accountOf(name)) !== null,

    addMessageBatch: async (name, encryptedContactName, batch) => {
      const account = await accountOf(name);
      const accountId = account?.id ?? "";
      const { id: conversationId } =
        (await conversationOf(accountId, encryptedContactName)) ??
        (await db.conversation.create({
          data: { accountId, encryptedContactName, updatedAt: new Date() },
        }));
      const unique = batch.filter(
        ({ messageId }, index, all) =>
          index === all.findIndex((one) => one.messageId === messageId),
      );
      await db.$transaction(
        unique.map(({ messageId, createdAt, encryptedEnvelopContainer, isHalted }) =>
          db.encryptedMessage.create({
            data: {
              ...{ ownerId: accountId, id: messageId, createdAt: new Date(createdAt) },
              ...{ conversationId, encryptedContactName, encryptedEnvelopContainer, isHalted },
            },
          }),
        ),
      );
      await db.conversation.update({
        where: { id: conversationId },
        data: { updatedAt: new Date() },
      });
    },

    getConversationList: async (name, pageSize, offset) => {
      const account = await accountOf(name);
      if (account === null) return [];
      const conversations = await db.conversation.findMany({
        ...{ skip: offset * pageSize, take: pageSize, orderBy: { updatedAt: "desc" } },
        where: { accountId: account.id, isHidden: false },
      });
      const previews = await Promise.all(
        conversations.map(({ id }) =>
          db.encryptedMessage.findFirst({
            where: { conversationId: id },
            orderBy: { createdAt: "desc" },
          }),
        ),
      );
      return conversations.map((conversation, index) => ({
        contact: conversation["encryptedContactName"],
        previewMessage: previews[index]?.["encryptedEnvelopContainer"] ?? null,
        updatedAt: conversation["updatedAt"],
        encryptedProfileLocation: conversation["encryptedProfileLocation"],
      }));
    },

    getMessages: async (name, encryptedContactName, pageSize, offset) => {
      const account = await accountOf(name);
      if (account === null) return [];
      if ((await conversationOf(name, encryptedContactName)) === null) return [];
      const messages = await db.encryptedMessage.findMany({
        ...{ skip: offset * pageSize, take: pageSize, orderBy: { createdAt: "desc" } },
        where: { ownerId: account.id, encryptedContactName },
      });
      return messages.map((message) => JSON.stringify(message));
    },

    getHaltedMessages: async (name) => {
      const account = await accountOf(name);
      if (account === null) return [];
      const messages = await db.encryptedMessage.findMany({
        where: { ownerId: account.id, isHalted: true },
      });
      return messages.map(({ id, ...message }) => ({
        messageId: id,
        encryptedEnvelopContainer: message["encryptedEnvelopContainer"],
        createdAt: message["createdAt"],
        isHalted: message["isHalted"],
      }));
    },
  };
}

function packagesIn(folder: string) {
  const from = createRequire(join(folder, "package.json"));
  const { PrismaClient } = from("@prisma/client") as {
    PrismaClient: new (options: Args) => Prisma;
  };
  const { PrismaPg } = from("@prisma/adapter-pg") as {
    PrismaPg: new (pool: Args, options: Args) => object;
  };
  return { PrismaClient, PrismaPg };
}
