/** The storages under test, each a process of its own on the same Postgres, with an empty schema of its own. */
import { join } from "node:path";
import { withSchema } from "../../src/db/pool.js";
import type { Receiver } from "../relay/people.js";
import type { Places } from "../relay/place.js";
import { signIn } from "../relay/signIn.js";
import { startServerProcess } from "../servers/serverProcess.js";
import { prismaFolder } from "./prismaFolder.js";

export const OURS = "Signpost";
export const REFERENCE = "dm3's statements";
export const WITH_ORM = "dm3's by Prisma 7";
export type StorageName = typeof OURS | typeof REFERENCE | typeof WITH_ORM;

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
    args: [
      ...[join(programs, program), peopleFile, keyFile],
      ...(name === WITH_ORM ? [prismaFolder()] : []),
    ],
    settings: { NODE_ENV: "production", DATABASE_URL: withSchema(databaseUrl, schema) },
  });
  const { origin, pid } = server;
  const url = isOurs ? `${origin}/backend` : origin;
  const token = await signIn(url, user, isOurs);
  return { ...{ name, url, pid, schema, token }, stop: () => server.stop() };
}
