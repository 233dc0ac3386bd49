/** The relay nodes under test, each a process of its own on the same Postgres, with an empty schema of its own. */
import { join } from "node:path";
import { withSchema } from "../../src/db/pool.js";
import { signText } from "../../src/dm3/keys/ed25519.js";
import { SignpostError } from "../../src/errors.js";
import { startServerProcess } from "../servers/serverProcess.js";
import type { Receiver } from "./people.js";

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

export interface Places {
  readonly databaseUrl: string;
  readonly programs: string;
  readonly peopleFile: string;
  readonly keyFile: string;
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
    signIn: async (receiver) => {
      const token = await ask(`${url}/profile/${receiver.name}`, receiver.signed);
      return isOurs ? await answerChallenge(url, receiver) : token;
    },
  };
}

async function answerChallenge(url: string, { name, keys }: Receiver): Promise<string> {
  const path = `${url}/auth/${name}`;
  const challenge = await ask(path);
  const signature = signText(keys.signingKeyPair.privateKey, challenge);
  return ask(path, { challenge, signature });
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
