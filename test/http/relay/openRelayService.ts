/** The relay node over real HTTP on an empty Postgres. ENS is a table, in which alice, bob and mallory are. */
import { join } from "node:path";
import { relayTablesWanted } from "../../../src/capabilities/relay/migrations.js";
import { startRelayService } from "../../../src/capabilities/relay/relayService.js";
import type { RelayOptions } from "../../../src/capabilities/relay/startRelay.js";
import { migrate } from "../../../src/db/migrate.js";
import { openPool } from "../../../src/db/pool.js";
import { nodeSecret } from "../../../src/db/relay/nodeSecrets.js";
import { relayTables } from "../../../src/db/relay/relayTables.js";
import { decodeBase64 } from "../../../src/dm3/base64.js";
import { signText } from "../../../src/dm3/keys/ed25519.js";
import type { SignpostError } from "../../../src/errors.js";
import type { TrustedProxies } from "../../../src/http/clientAddress.js";
import { openSealing } from "../../../src/installation/openSealing.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import type { Service } from "../../../src/service/service.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { BLOBS, ROOMY } from "../../db/relay/relayDatabase.js";
import { relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { type NameTable, nameTable, START_MS } from "../../relay/relayWorld.js";

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
  readonly headers: Headers;
}

export interface RelayService {
  readonly service: Service;
  /** The base of all paths, as the node's profile has it. */
  readonly url: string;
  readonly names: NameTable;
  readonly clock: { nowMs: number };
  readonly wallet: { balance: bigint };
  readonly failures: SignpostError[];
  ask(method: string, path: string, body?: unknown, token?: string | null): Promise<RawAnswer>;
  rpc(method: string, ...params: unknown[]): Promise<RawAnswer>;
  /** Signs up, and signs in by the key; the token. */
  signIn(person: keyof typeof people): Promise<string>;
  signUp(person: keyof typeof people): Promise<string>;
  stop(): Promise<void>;
}

export async function openRelayService(
  options: Partial<RelayOptions> = {},
  beside: {
    readonly databaseUrl?: string;
    readonly keyFile?: string;
    readonly trustedProxies?: TrustedProxies;
  } = {},
): Promise<RelayService> {
  const scratch = beside.databaseUrl === undefined ? await openScratchDatabase() : null;
  const folder = await temporaryFolder();
  const keyFile = beside.keyFile ?? join(folder, "secrets.key");
  if (beside.keyFile === undefined) await makeKeyFile(keyFile);
  const names = nameTable();
  const clock = { nowMs: START_MS };
  const wallet = { balance: 0n };
  const failures: SignpostError[] = [];
  const databaseUrl = beside.databaseUrl ?? scratch?.url ?? "";
  await keepVectorKeys(databaseUrl, keyFile);
  const service = await startRelayService(
    {
      ...{ ensName: "ds.example.eth", url: null, basePath: "/ds" },
      ...{
        sizeLimit: 100_000,
        messageTtlDays: 90,
        formerKeyDays: 30,
        canary: null,
        lookup: null,
        mailbox: ROOMY,
      },
      blobs: BLOBS,
      directory: names,
      wallets: {
        balanceOf: () => Promise.resolve(wallet.balance),
        nonceOf: () => Promise.resolve(0n),
        tokenBalanceOf: () => Promise.resolve(0n),
      },
      resolve: null,
      ...options,
    },
    {
      ...{ host: "127.0.0.1", port: 0 },
      database: { url: databaseUrl, standbyUrls: [], pooler: "none" },
      wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      trustedProxies: beside.trustedProxies ?? [],
      reportFailure: (error) => failures.push(error),
      nowMs: () => clock.nowMs,
    },
  );
  const url = `${service.url}${options.basePath ?? "/ds"}`;
  const ask: RelayService["ask"] = async (method, path, body, token = null) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const { status, headers } = response;
    return {
      status,
      headers,
      contentType: headers.get("content-type"),
      body: await response.text(),
    };
  };
  const signUp: RelayService["signUp"] = async (person) => {
    const { ensName, signedUserProfile } = people[person];
    const { body } = await ask("POST", `/profile/${ensName}`, signedUserProfile);
    return JSON.parse(body) as string;
  };
  return {
    ...{ service, url, names, clock, wallet, failures, ask, signUp },
    rpc: (method, ...params) => ask("POST", "/rpc", { jsonrpc: "2.0", id: 1, method, params }),
    signIn: async (person) => {
      await signUp(person);
      const { ensName, keys } = people[person];
      const { body } = await ask("GET", `/auth/${ensName}`);
      const challenge = JSON.parse(body) as string;
      const signature = signText(decodeBase64(keys.signingKeyPair.privateKey), challenge);
      const answer = await ask("POST", `/auth/${ensName}`, { challenge, signature });
      return JSON.parse(answer.body) as string;
    },
    stop: async () => {
      await service.stop();
      await scratch?.close();
      await removeFolder(folder);
    },
  };
}

/** The node then is ds.example.eth of the vectors, whose keys it finds where it keeps its own. */
async function keepVectorKeys(url: string, file: string): Promise<void> {
  const pool = openPool({ url, maxConnections: 2 });
  const sealing = await openSealing(pool, { key: { kind: "file", file }, formerKeys: [] });
  const { schema } = await migrate(pool, await relayTablesWanted());
  const { encryption, signing } = relayNode.seeds;
  for (const [name, seed] of Object.entries({ encryption, signing })) {
    const make = () => decodeBase64(seed);
    await nodeSecret(pool, relayTables(schema), sealing.secrets, `${name}-seed`, make);
  }
  sealing.close();
  await pool.end();
}
