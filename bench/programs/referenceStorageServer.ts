/**
 * The steps of dm3's backend (git head) in their order, behind express: its schema check by the function of its library, its
 * statements one by one, on tables with its columns and the keys that it makes, which are the primary ones. It asks for no
 * tokens and reads no ENS, which would only make it slower, and it has no ORM between it and Postgres.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { validateSchema } from "@dm3-org/dm3-lib-shared";
import express from "express";
import pg from "pg";
import { listen } from "./listen.js";

interface Item {
  readonly messageId: string;
  readonly createdAt: number;
  readonly encryptedEnvelopContainer: string;
  readonly isHalted: boolean;
}

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
await pool.query(`
  create table if not exists account (id text primary key, created_at timestamp(3) not null default now());
  create table if not exists conversation (
    id text primary key, updated_at timestamp(3) not null, contact text not null, profile_location text not null default '',
    account_id text not null references account (id), is_hidden boolean not null default false
  );
  create table if not exists message (
    id text primary key, created_at timestamp(3) not null, container text not null, contact text not null,
    conversation_id text not null references conversation (id), owner_id text not null references account (id),
    is_halted boolean not null default false
  );`);

const first = async <Row extends object>(text: string, values: readonly unknown[]) =>
  (await pool.query<Row>(`${text} limit 1 offset 0`, [...values])).rows[0];
const accountOf = (name: string) =>
  first<{ id: string }>("select id, created_at from account where id = $1", [name]);
const conversationOf = (account: string, contact: string) =>
  first<{ id: string }>("select * from conversation where account_id = $1 and contact = $2", [
    ...[account, contact],
  ]);

async function conversationFor(account: string, contact: string): Promise<string> {
  const known = await conversationOf(account, contact);
  if (known !== undefined) return known.id;
  const id = crypto.randomUUID();
  await pool.query(
    "insert into conversation (id, updated_at, contact, account_id) values ($1, $2, $3, $4) returning *",
    [id, new Date(), contact, account],
  );
  return id;
}

const app = express();
app.use(express.json({ limit: "50mb" }));
app.post("/profile/:name", async (request, response) => {
  await pool.query("insert into account (id) values ($1) on conflict do nothing", [
    request.params.name,
  ]);
  response.json("a token");
});

const router = express.Router();
router.param("name", (_request, response, next, name: string) => {
  accountOf(name).then((account) => {
    if (account === undefined) response.sendStatus(401);
    else next();
  }, next);
});

router.post("/new/:name/addMessageBatch", async (request, response) => {
  const { name } = request.params;
  const body = request.body as { encryptedContactName: string; messageBatch: readonly Item[] };
  if (!validateSchema(BATCH, body)) return void response.status(400).send("invalid schema");
  const idOf = (id: string) =>
    `0x${createHash("sha256")
      .update(name + id)
      .digest("hex")}`;
  const account = (await accountOf(name))?.id ?? "";
  const conversation = await conversationFor(account, body.encryptedContactName);
  const messages = body.messageBatch.map((item) => ({ ...item, messageId: idOf(item.messageId) }));
  const unique = messages.filter(
    ({ messageId }, index, all) => index === all.findIndex((one) => one.messageId === messageId),
  );
  const connection = await pool.connect();
  try {
    await connection.query("begin");
    for (const { messageId, createdAt, encryptedEnvelopContainer, isHalted } of unique) {
      await connection.query(
        `insert into message (owner_id, id, created_at, conversation_id, contact, container, is_halted)
         values ($1, $2, $3, $4, $5, $6, $7) returning *`,
        [
          ...[account, messageId, new Date(createdAt), conversation, body.encryptedContactName],
          ...[encryptedEnvelopContainer, isHalted],
        ],
      );
    }
    await connection.query("commit");
  } finally {
    connection.release();
  }
  await pool.query("update conversation set updated_at = $2 where id = $1 returning *", [
    ...[conversation, new Date()],
  ]);
  response.sendStatus(200);
});

router.get("/new/:name/getConversations", async (request, response) => {
  const { name } = request.params;
  const { limit, page } = pageOf(request.query, 10);
  await accountOf(name);
  const { rows } = await pool.query<Record<string, unknown>>(
    `select * from conversation where account_id = $1 and is_hidden = false
     order by updated_at desc limit $2 offset $3`,
    [name, limit, page * limit],
  );
  const previews = await Promise.all(
    rows.map(({ id }) =>
      first<{ container: string }>(
        "select * from message where conversation_id = $1 order by created_at desc",
        [id],
      ),
    ),
  );
  response.json(
    rows.map((row, index) => ({
      contact: row["contact"],
      previewMessage: previews[index]?.container ?? null,
      updatedAt: row["updated_at"],
      encryptedProfileLocation: row["profile_location"],
    })),
  );
});

router.get("/new/:name/getMessages/:contact/", async (request, response) => {
  const { name, contact } = request.params;
  const { limit, page } = pageOf(request.query, 100);
  await accountOf(name);
  if ((await conversationOf(name, contact)) === undefined) return void response.json([]);
  const { rows } = await pool.query<Record<string, unknown>>(
    `select id, created_at as "createdAt", container as "encryptedEnvelopContainer", contact as "encryptedContactName",
       conversation_id as "conversationId", owner_id as "ownerId", is_halted as "isHalted"
     from message where owner_id = $1 and contact = $2 order by created_at desc limit $3 offset $4`,
    [name, contact, limit, page * limit],
  );
  response.json(rows.map((row) => JSON.stringify(row)));
});

router.get("/new/:name/getHaltedMessages", async (request, response) => {
  const { name } = request.params;
  await accountOf(name);
  const { rows } = await pool.query<Record<string, unknown>>(
    "select * from message where owner_id = $1 and is_halted = true",
    [name],
  );
  response.json(
    rows.map((row) => ({
      messageId: row["id"],
      encryptedEnvelopContainer: row["container"],
      createdAt: row["created_at"],
      isHalted: row["is_halted"],
    })),
  );
});
app.use("/storage", router);
listen(createServer(app));

function pageOf(query: Readonly<Record<string, unknown>>, usual: number) {
  const number = (name: string) => Number.parseInt(String(query[name]), 10);
  return { limit: number("pageSize") || usual, page: number("offset") || 0 };
}

const BATCH = {
  type: "object",
  additionalProperties: false,
  required: ["messageBatch", "encryptedContactName"],
  properties: {
    encryptedContactName: { type: "string" },
    messageBatch: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["createdAt", "messageId", "encryptedEnvelopContainer", "isHalted"],
        properties: {
          createdAt: { type: "number" },
          encryptedEnvelopContainer: { type: "string" },
          isHalted: { type: "boolean" },
          messageId: { type: "string" },
        },
      },
    },
  },
};
