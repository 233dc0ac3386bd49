/**
 * A relay node made of dm3's own libraries, npm 1.7.1, behind express and with its store in memory: the steps of their
 * delivery service, in their order. For tests alone.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as delivery from "@dm3-org/dm3-lib-delivery";
import { type EncryptionEnvelop, schema } from "@dm3-org/dm3-lib-messaging";
import { normalizeEnsName, type SignedUserProfile } from "@dm3-org/dm3-lib-profile";
import { Authenticate, authorizationMiddleware, checkToken } from "@dm3-org/dm3-lib-server-side";
import { validateSchema } from "@dm3-org/dm3-lib-shared";
import cors from "cors";
import type { providers } from "ethers5";
import express, { type NextFunction, type Request, type Response } from "express";
import { Server } from "socket.io";
import type { HashField } from "../../src/dm3/message/envelope.js";
import services from "../vectors/delivery-service-profile.json" with { type: "json" };
import { type Dm3Storage, dm3Storage } from "./dm3Storage.js";

export interface Dm3Node {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Under the same URL. */
  readonly storage: Dm3Storage;
  /** "METHOD /path" of every request so far. */
  readonly requests: string[];
  /** Answers in place of the node where it returns true: outages, lies, storms. */
  bend: (request: Request, response: Response) => boolean;
  /** Of this account, by its address in lower case. */
  kept(address: string): readonly StoredEnvelope[];
  /** Takes connections no more; those that are open end. */
  close(): Promise<void>;
}

type StoredEnvelope = EncryptionEnvelop & { readonly postmark: string };

export interface Dm3NodeOptions {
  /** Which of the two in the vectors. */
  readonly which: 0 | 1;
  readonly provider: providers.BaseProvider;
  /** How it calls the hash: npm's libraries one way, dm3's git head the other. */
  readonly hashField?: HashField;
  readonly sizeLimit?: number;
}

const SECRET = "a secret of the test's node";

interface Account {
  readonly signedUserProfile: SignedUserProfile;
}

/** npm's, or the same with the name of git head. */
function envelopeSchema(hashField: HashField): object {
  const text = JSON.stringify(schema.EncryptionEnvelopeSchema);
  return JSON.parse(text.replaceAll("encryptedMessageHash", hashField)) as object;
}

export async function startDm3Node(options: Dm3NodeOptions): Promise<Dm3Node> {
  const { provider, hashField = "encryptedMessageHash", sizeLimit = 100_000 } = options;
  const { keys } = services.deliveryServices[options.which]!;
  const accounts = new Map<string, Account>();
  const mailboxes = new Map<string, StoredEnvelope[]>();
  const ownSchema = envelopeSchema(hashField);

  const addressOf = async (name: string) => {
    if (/^0x[0-9a-f]{40}$/i.test(name)) return name.toLowerCase();
    return (await provider.resolveName(name))?.toLowerCase() ?? null;
  };
  const accountNamed = async (name: string) => accounts.get((await addressOf(name)) ?? "");
  const hasAccount = async (name: string) => (await accountNamed(name)) !== undefined;

  const app = express();
  app.use(cors());
  app.use((request, response, next) => {
    node.requests.push(`${request.method} ${request.path}`);
    if (!node.bend(request, response)) next();
  });
  app.use(express.json({ limit: "1mb" }));
  app.use("/auth", Authenticate({ hasAccount }, SECRET, provider as never) as express.Router);
  app.get("/profile/:name", async (request, response) => {
    const account = await accountNamed(request.params.name);
    if (account === undefined) response.sendStatus(404);
    else response.json(account.signedUserProfile);
  });
  app.post("/profile/:name", async (request, response) => {
    const address = await addressOf(request.params.name);
    if (address === null) return void response.status(400).json({ message: "no address" });
    try {
      const token = await delivery.submitUserProfile(
        () => Promise.resolve(null),
        (_: string, account: Account) => {
          accounts.set(address, account);
          return Promise.resolve();
        },
        address,
        request.body as SignedUserProfile,
        SECRET,
      );
      response.json(token);
    } catch (error) {
      response.status(400).json({ message: "Couldn't store profile", error: String(error) });
    }
  });

  const authorized = (request: Request<{ name: string }>, response: Response, next: NextFunction) =>
    void authorizationMiddleware(
      request as never,
      response as never,
      next,
      request.params.name,
      hasAccount,
      provider,
      SECRET,
    );
  const storage = dm3Storage(authorized);
  app.use(storage.routes);
  app.get("/delivery/messages/incoming/:name", authorized, async (request, response) => {
    const kept = mailboxes.get((await addressOf(request.params.name)) ?? "") ?? [];
    // the newest first, as the reference
    response.json([...kept].reverse());
  });
  app.post(
    "/delivery/messages/:name/syncAcknowledgements",
    authorized,
    async (request, response) => {
      const address = (await addressOf(request.params.name)) ?? "";
      const { acknowledgements } = request.body as {
        acknowledgements: { contactAddress: string; messageHash: string }[];
      };
      const isDone = ({ metadata }: StoredEnvelope) => {
        const { from } = metadata.deliveryInformation as { from: string };
        const hash = (metadata as unknown as Record<string, string>)[hashField];
        return acknowledgements.some(
          ({ contactAddress, messageHash }) =>
            contactAddress.toLowerCase() === from.toLowerCase() && messageHash === hash,
        );
      };
      const left = (mailboxes.get(address) ?? []).filter((envelope) => !isDone(envelope));
      mailboxes.set(address, left);
      response.status(200).end();
    },
  );

  app.post("/rpc", async (request, response) => {
    const { method, params } = request.body as { method?: string; params?: unknown[] };
    if (method === undefined) return void response.sendStatus(400);
    if (method === "dm3_getDeliveryServiceProperties") {
      const result = JSON.stringify({ messageTTL: 0, sizeLimit, notificationChannel: [] });
      return void response.json({ jsonrpc: "2.0", result });
    }
    if (method !== "dm3_submitMessage") {
      return void response.status(405).json({ error: "Method not allowed" });
    }
    const [text] = params ?? [];
    if (typeof text !== "string") return void response.status(400).send("Envelop missing");
    const envelope = JSON.parse(text) as EncryptionEnvelop;
    if (!validateSchema(ownSchema, envelope)) {
      return void response.status(400).send({ error: "invalid schema" });
    }
    const isKept = await keep(envelope, text.length).catch(() => false);
    if (isKept) response.status(200).send("OK");
    else response.status(400).end();
  });

  async function keep(envelope: EncryptionEnvelop, size: number): Promise<boolean> {
    if (size > sizeLimit) return false;
    const information = await delivery.decryptDeliveryInformation(envelope, keys.encryptionKeyPair);
    const address = await addressOf(information.to);
    const account = address === null ? undefined : accounts.get(address);
    if (address === null || account === undefined) return false;
    const { encryptedEnvelop } = await delivery.handleIncomingMessage(
      envelope,
      keys,
      account.signedUserProfile.profile,
    );
    const { metadata } = envelope;
    const stored = {
      ...encryptedEnvelop,
      metadata: { ...metadata, deliveryInformation: information },
    } as StoredEnvelope;
    mailboxes.set(address, [...(mailboxes.get(address) ?? []), stored]);
    sockets.to(address).emit("message", stored);
    return true;
  }

  // as in dm3's service: whoever has no account gets a 404 with a page
  app.use((_error: unknown, _request: Request, _response: Response, next: NextFunction) => {
    next();
  });

  const server = createServer(app);
  const sockets = new Server(server, { cors: { origin: "*" } });
  sockets.use((socket, next) => {
    const { account, token } = socket.handshake.auth as {
      account?: { ensName?: string };
      token?: string;
    };
    const name = normalizeEnsName(account?.ensName ?? "");
    void checkToken(provider as never, hasAccount, name, token ?? "", SECRET).then(
      async (isValid) => {
        if (!isValid) {
          next(new Error("check token has failed for WS"));
          return;
        }
        await socket.join((await addressOf(name)) ?? "");
        next();
      },
    );
  });
  sockets.on("connection", (socket) => socket.emit("authorized"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const node: Dm3Node = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ storage, requests: [] },
    bend: () => false,
    kept: (address) => mailboxes.get(address.toLowerCase()) ?? [],
    close: async () => {
      server.closeAllConnections();
      await sockets.close();
    },
  };
  return node;
}
