/**
 * The routes of dm3's backend (git head) in their order, behind express. What its libraries on npm (1.7.1) do, they do here:
 * the look at the token and at the schema of each request. It reads no ENS, whose answers its backend remembers, and writes no
 * log, as ours does not. What it asks of Postgres is in referenceStatements.ts.
 */
import { createServer } from "node:http";
import { normalizeEnsName } from "@dm3-org/dm3-lib-profile";
import { authorizationMiddleware, generateAuthJWT } from "@dm3-org/dm3-lib-server-side";
import { sha256, validateSchema } from "@dm3-org/dm3-lib-shared";
import cors from "cors";
import express, { type NextFunction, type Request, type Response } from "express";
import { listen } from "./listen.js";
import { openPrisma } from "./referencePrisma.js";
import { openStatements, type StoredItem } from "./referenceStatements.js";

const SECRET = "of the benchmark's reference";
const [, , , , prismaFolder] = process.argv;
const database = await (prismaFolder === undefined ? openStatements() : openPrisma(prismaFolder));

const app = express();
app.use(express.json({ limit: "50mb" }));
app.use(express.urlencoded({ limit: "50mb", extended: true }));
app.use(cors());
app.use(express.json());
app.post("/profile/:name", async (request, response) => {
  const name = normalizeEnsName(request.params.name);
  await database.setAccount(name);
  response.json(generateAuthJWT(name, SECRET));
});

const router = express.Router();
router.use(cors());
/** Its types are of another express and another ethers; it reads no chain. */
const authorize = authorizationMiddleware as (
  ...given: [
    Request,
    Response,
    NextFunction,
    string,
    (name: string) => Promise<boolean>,
    null,
    string,
  ]
) => Promise<void>;
router.param("name", (request, response, next, name: string) => {
  const hasAccount = (named: string) => database.hasAccount(named);
  void authorize(request, response, next, name, hasAccount, null, SECRET);
});

router.post("/new/:name/addMessageBatch", async (request, response) => {
  const { encryptedContactName, messageBatch } = request.body as {
    encryptedContactName: string;
    messageBatch: readonly StoredItem[];
  };
  if (!validateSchema(BATCH, request.body)) return void response.status(400).send("invalid schema");
  const name = normalizeEnsName(request.params.name);
  const items = messageBatch.map((item) => ({ ...item, messageId: sha256(name + item.messageId) }));
  await database.addMessageBatch(name, encryptedContactName, items);
  response.sendStatus(200);
});

router.get("/new/:name/getConversations", async (request, response) => {
  const page = pageOf(request.query, 10);
  if (!validateSchema(PAGE, page)) return void response.status(400).send("invalid schema");
  const { pageSize, offset } = page;
  const name = normalizeEnsName(request.params.name);
  response.json(await database.getConversationList(name, pageSize, offset));
});

router.get("/new/:name/getMessages/:contact/", async (request, response) => {
  const page = pageOf(request.query, 100);
  if (!validateSchema(PAGE, page)) return void response.status(400).send("invalid schema");
  const { pageSize, offset } = page;
  const name = normalizeEnsName(request.params.name);
  response.json(await database.getMessages(name, request.params.contact, pageSize, offset));
});

router.get("/new/:name/getHaltedMessages", async (request, response) => {
  const name = normalizeEnsName(request.params.name);
  response.json(await database.getHaltedMessages(name));
});
app.use("/storage", router);
listen(createServer(app));

function pageOf(query: Readonly<Record<string, unknown>>, usual: number) {
  const number = (name: string) => Number.parseInt(String(query[name]), 10);
  return { pageSize: number("pageSize") || usual, offset: number("offset") || 0 };
}

const PAGE = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $ref: "#/definitions/_PaginatedRequest",
  definitions: {
    _PaginatedRequest: {
      type: "object",
      additionalProperties: false,
      required: ["pageSize", "offset"],
      properties: { offset: { type: "number" }, pageSize: { type: "number" } },
    },
  },
};

const BATCH = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $ref: "#/definitions/_AddMessageBatchRequest",
  definitions: {
    MessageRecord: {
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
    _AddMessageBatchRequest: {
      type: "object",
      additionalProperties: false,
      required: ["messageBatch", "encryptedContactName"],
      properties: {
        encryptedContactName: { type: "string" },
        messageBatch: { type: "array", items: { $ref: "#/definitions/MessageRecord" } },
      },
    },
  },
};
