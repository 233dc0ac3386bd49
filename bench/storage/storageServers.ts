/** The storages under test, each a process of its own on the same Postgres, with an empty schema of its own. */
import { join } from "node:path";
import { withSchema } from "../../src/db/pool.js";
import { signText } from "../../src/dm3/keys/ed25519.js";
import { SignpostError } from "../../src/errors.js";
import type { Receiver } from "../relay/people.js";
import { startServerProcess } from "../servers/serverProcess.js";

export const OURS = "Signpost";
export const REFERENCE = "dm3's statements";
export type StorageName = typeof OURS | typeof REFERENCE;

export interface StorageServer {
  readonly name: StorageName;
  /** The base of its paths. */
  readonly url: string;
  readonly pid: number;
  readonly schema: string;
  /** Of the one user who signs in. */
  readonly token: string;
  stop(): Promise<void>;
}

export interface Places {
  readonly databaseUrl: string;
  readonly programs: string;
  readonly peopleFile: string;
  readonly keyFile: string;
}

/** With the user signed in. @param schema has to exist, and be empty */
export async function startStorageServer(
  name: StorageName,
  { databaseUrl, programs, peopleFile, keyFile }: Places,
  schema: string,
  user: Receiver,
): Promise<StorageServer> {
  const isOurs = name === OURS;
  const program = isOurs ? "ownStorageServer.js" : "referenceStorageServer.js";
  const server = await startServerProcess({
    ...{ name, lookups: "" },
    args: [join(programs, program), peopleFile, keyFile],
    settings: { NODE_ENV: "production", DATABASE_URL: withSchema(databaseUrl, schema) },
  });
  const { origin, pid } = server;
  const url = isOurs ? `${origin}/backend` : origin;
  const signedUp = await ask(`${url}/profile/${user.name}`, user.signed);
  const token = isOurs ? await answerChallenge(url, user) : signedUp;
  return { ...{ name, url, pid, schema, token }, stop: () => server.stop() };
}

async function answerChallenge(url: string, { name, keys }: Receiver): Promise<string> {
  const path = `${url}/auth/${name}`;
  const challenge = await ask(path);
  return ask(path, { challenge, signature: signText(keys.signingKeyPair.privateKey, challenge) });
}

/** A JSON text. Throws INTERNAL. */
async function ask(url: string, body?: object): Promise<string> {
  const response = await fetch(url, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  if (response.status === 200) return JSON.parse(text) as string;
  throw new SignpostError("INTERNAL", `${url} answered ${response.status}: ${text.slice(0, 300)}`);
}
