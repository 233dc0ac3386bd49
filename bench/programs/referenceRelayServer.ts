/**
 * The steps of dm3's delivery service in their order, by the functions of its libraries (npm 1.7.1), behind express, with
 * Postgres in the place of Redis: a sorted set is a table with an index. It asks for no tokens and reads no ENS, which
 * would only make it slower. Arguments: the file of people, and "tuned" to compile its JSON schema once.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import {
  addPostmark,
  decryptDeliveryInformation,
  getConversationId,
} from "@dm3-org/dm3-lib-delivery";
import { type EncryptionEnvelop, getEnvelopSize, schema } from "@dm3-org/dm3-lib-messaging";
import type { UserProfile } from "@dm3-org/dm3-lib-profile";
import { stringify, validateSchema } from "@dm3-org/dm3-lib-shared";
import express from "express";
import pg from "pg";
import { listen } from "./listen.js";

interface Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}
interface PeopleFile {
  readonly nodeKeys: { readonly encryptionKeyPair: Pair; readonly signingKeyPair: Pair };
  readonly persons: Readonly<
    Record<string, { readonly address: string; readonly profile: UserProfile }>
  >;
}
type Stored = EncryptionEnvelop & { readonly metadata: { readonly encryptedMessageHash?: string } };

const [, , file = "", mode = ""] = process.argv;
const { nodeKeys, persons } = JSON.parse(await readFile(file, "utf8")) as PeopleFile;
const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
const SIZE_LIMIT = 100_000;
const CONVERSATIONS = 101;
const MESSAGES = 1_001;
const ALL_MESSAGES = 100_001;

await pool.query(`
  create table if not exists account (address text primary key, profile text not null);
  create table if not exists conversation (id text not null, at bigint not null, envelope text not null);
  create index if not exists conversation_at on conversation (id, at desc);
  create table if not exists incoming (
    receiver text not null, id text not null, at bigint not null, primary key (receiver, id)
  );
  create index if not exists incoming_at on incoming (receiver, at desc);`);

const isEnvelope = mode === "tuned" ? compiledOnce() : compiledEachTime();
const addressOf = (name: string) => persons[name]?.address.toLowerCase() ?? null;

const app = express();
app.use(express.json({ limit: "50mb" }));
app.post("/rpc", (request, response) => {
  const { params } = request.body as { params: [string] };
  submit(JSON.parse(params[0]) as EncryptionEnvelop).then(
    (isKept) => (isKept ? response.status(200).send("OK") : response.sendStatus(400)),
    () => response.sendStatus(400),
  );
});
app.post("/profile/:name", async (request, response) => {
  const address = addressOf(request.params.name);
  await pool.query("insert into account values ($1, $2) on conflict do nothing", [
    address,
    JSON.stringify(request.body),
  ]);
  response.json("a token");
});
app.get("/delivery/messages/incoming/:name", async (request, response) => {
  const address = addressOf(request.params.name);
  const { rows } = await pool.query<{ id: string }>(
    `select id from incoming where receiver = $1 order by at desc limit ${CONVERSATIONS}`,
    [address],
  );
  const lists = await Promise.all(rows.map(({ id }) => messagesOf(id, MESSAGES)));
  response.json(lists.flat());
});
app.post("/delivery/messages/:name/syncAcknowledgements", async (request, response) => {
  const address = addressOf(request.params.name) ?? "";
  const { acknowledgements } = request.body as {
    acknowledgements: { contactAddress: string; messageHash: string }[];
  };
  await Promise.all(
    acknowledgements.map(({ contactAddress, messageHash }) =>
      acknowledge(getConversationId(address, contactAddress), messageHash),
    ),
  );
  response.json();
});
listen(createServer(app));

async function submit(envelope: EncryptionEnvelop): Promise<boolean> {
  if (!isEnvelope(envelope)) return false;
  if (getEnvelopSize(envelope) > SIZE_LIMIT) return false;
  const { to, from } = await decryptDeliveryInformation(envelope, nodeKeys.encryptionKeyPair);
  const address = addressOf(to);
  if (address === null) return false;
  const { rows } = await pool.query<{ profile: string }>(
    "select profile from account where address = $1",
    [address],
  );
  if (rows[0] === undefined) return false;
  const { profile } = JSON.parse(rows[0].profile) as { profile: UserProfile };
  const { publicEncryptionKey } = profile;
  const { privateKey } = nodeKeys.signingKeyPair;
  const stored = {
    ...envelope,
    metadata: { ...envelope.metadata, deliveryInformation: { to, from } },
    postmark: stringify(await addPostmark(envelope, publicEncryptionKey, privateKey)),
  };
  // where it is stored, it is validated once more
  if (!isEnvelope(stored)) return false;
  const [id, at] = [getConversationId(address, from), Date.now()];
  await pool.query("insert into conversation values ($1, $2, $3)", [id, at, stringify(stored)]);
  await pool.query(
    "insert into incoming values ($1, $2, $3) on conflict (receiver, id) do update set at = $3",
    [address, id, at],
  );
  return true;
}

async function messagesOf(id: string, limit: number): Promise<readonly Stored[]> {
  const { rows } = await pool.query<{ envelope: string }>(
    `select envelope from conversation where id = $1 order by at desc limit ${limit}`,
    [id],
  );
  return rows.map(({ envelope }) => JSON.parse(envelope) as Stored);
}

/** A sorted set has no way to find a member by a part of it, so all are read. */
async function acknowledge(id: string, hash: string): Promise<void> {
  const messages = await messagesOf(id, ALL_MESSAGES);
  const found = messages.find(({ metadata }) => metadata.encryptedMessageHash === hash);
  if (found === undefined) return;
  await pool.query("delete from conversation where id = $1 and envelope = $2", [
    id,
    stringify(found),
  ]);
}

function compiledEachTime(): (envelope: unknown) => boolean {
  return (envelope) => validateSchema(schema.EncryptionEnvelopeSchema, envelope);
}

/** By the very ajv that dm3's library has. */
function compiledOnce(): (envelope: unknown) => boolean {
  const require = createRequire(import.meta.url);
  const ofDm3 = createRequire(require.resolve("@dm3-org/dm3-lib-shared"));
  type Ajv = new () => { compile(schema: object): (value: unknown) => boolean };
  const { default: Ajv } = ofDm3("ajv") as { default: Ajv };
  const { default: addFormats } = ofDm3("ajv-formats") as { default: (ajv: object) => void };
  const ajv = new Ajv();
  addFormats(ajv);
  return ajv.compile(schema.EncryptionEnvelopeSchema);
}
