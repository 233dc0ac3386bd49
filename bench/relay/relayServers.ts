/** The relay nodes under test, each a process of its own on the same Postgres, with an empty schema of its own. */
import { join } from "node:path";
import { withSchema } from "../../src/db/pool.js";
import { startServerProcess } from "../servers/serverProcess.js";
import type { Receiver } from "./people.js";
import type { Places } from "./place.js";
import { signIn } from "./signIn.js";

export const OURS = "Signpost";
export const SHIPPED = "dm3 1.7.1 as shipped";
export const TUNED = "dm3 1.7.1, schema compiled once";
export type NodeName = typeof OURS | typeof SHIPPED | typeof TUNED;

export interface RelayServer {
  readonly name: NodeName;
  /** The base of its paths. */
  readonly url: string;
  readonly pid: number;
  /** Signs somebody up, and in where the server asks for a token. */
  signIn(receiver: Receiver): Promise<string>;
  stop(): Promise<void>;
}

/** @param schema has to exist, and be empty */
export async function startRelayServer(
  name: NodeName,
  { databaseUrl, programs, peopleFile, keyFile }: Places,
  schema: string,
): Promise<RelayServer> {
  const isOurs = name === OURS;
  const program = isOurs ? "ownRelayServer.js" : "referenceRelayServer.js";
  const last = isOurs ? keyFile : name === TUNED ? "tuned" : "shipped";
  const server = await startServerProcess({
    ...{ name, lookups: "" },
    args: [join(programs, program), peopleFile, last],
    settings: { NODE_ENV: "production", DATABASE_URL: withSchema(databaseUrl, schema) },
  });
  const { origin, pid } = server;
  const url = isOurs ? `${origin}/ds` : origin;
  return {
    ...{ name, url, pid, stop: () => server.stop() },
    signIn: (receiver) => signIn(url, receiver, isOurs),
  };
}
