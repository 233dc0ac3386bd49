/** The storage over real HTTP on an empty Postgres. ENS is a table, in which alice, bob and mallory are. */
import { join } from "node:path";
import type { StorageOptions } from "../../../src/capabilities/storage/startStorage.js";
import { startStorageService } from "../../../src/capabilities/storage/storageService.js";
import { decodeBase64 } from "../../../src/dm3/base64.js";
import { signText } from "../../../src/dm3/keys/ed25519.js";
import type { SignpostError } from "../../../src/errors.js";
import type { AnsweredRequest } from "../../../src/http/accessLog.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import type { Service } from "../../../src/service/service.js";
import type { StorageBounds } from "../../../src/storage/bounds.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { type NameTable, nameTable, START_MS } from "../../relay/relayWorld.js";
import type { RawAnswer } from "../relay/openRelayService.js";

export type StoragePerson = keyof typeof people;

export const ROOMY: StorageBounds = {
  ...{ mostConversations: 1_000, mostMessages: 20_000, mostBytes: 64 * 1024 * 1024 },
  mostMessageBytes: 320 * 1024,
};

export interface StorageService {
  readonly service: Service;
  /** The base of all paths, as dm3's client has it. */
  readonly url: string;
  readonly names: NameTable;
  readonly clock: { nowMs: number };
  readonly failures: SignpostError[];
  /** What the log has of each request. */
  readonly noted: AnsweredRequest[];
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
  ) => Promise<RawAnswer>;
  signUp(person: StoragePerson): Promise<string>;
  /** Signs up, and signs in by the key. */
  signIn(person: StoragePerson): Promise<StorageUser>;
  stop(): Promise<void>;
}

/** Somebody with a token. */
export interface StorageUser {
  readonly token: string;
  readonly base: string;
  get(path: string): Promise<RawAnswer>;
  post(path: string, body: unknown): Promise<RawAnswer>;
  /** What a GET answers with 200, as JSON. */
  read<T>(path: string): Promise<T>;
}

export async function openStorageService(
  options: Partial<StorageOptions> = {},
  databaseUrl?: string,
): Promise<StorageService> {
  const scratch = databaseUrl === undefined ? await openScratchDatabase() : null;
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const names = nameTable();
  const clock = { nowMs: START_MS };
  const failures: SignpostError[] = [];
  const noted: AnsweredRequest[] = [];
  const service = await startStorageService(
    {
      ...{ url: null, basePath: "/backend", bounds: ROOMY, retentionDays: null, knowsEns: true },
      directory: names,
      ...options,
    },
    {
      ...{ host: "127.0.0.1", port: 0 },
      database: { url: databaseUrl ?? scratch?.url ?? "", standbyUrls: [], pooler: "none" },
      wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      reportFailure: (error) => failures.push(error),
      noteRequest: (answered) => noted.push(answered),
      nowMs: () => clock.nowMs,
    },
  );
  const url = `${service.url}${options.basePath ?? "/backend"}`;
  const ask = askAt(url);
  const signUp: StorageService["signUp"] = async (person) => {
    const { ensName, signedUserProfile } = people[person];
    const { body } = await ask("POST", `/profile/${ensName}`, signedUserProfile);
    return JSON.parse(body) as string;
  };
  return {
    ...{ service, url, names, clock, failures, noted, ask, signUp },
    signIn: async (person) => {
      await signUp(person);
      return userWith(ask, person, await answered(ask, person));
    },
    stop: async () => {
      await service.stop();
      await scratch?.close();
      await removeFolder(folder);
    },
  };
}

export type Ask = StorageService["ask"];

export function askAt(url: string): Ask {
  return async (method, path, body, token = null) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && { "content-type": typeOf(path) }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const { status, headers } = response;
    const contentType = headers.get("content-type");
    return { status, headers, contentType, body: await response.text() };
  };
}

const typeOf = (path: string) =>
  path.endsWith("/import") ? "application/x-ndjson" : "application/json";

/** The token of a challenge that the person's key answers. */
export async function answered(ask: Ask, person: StoragePerson): Promise<string> {
  const { ensName, keys } = people[person];
  const challenge = JSON.parse((await ask("GET", `/auth/${ensName}`)).body) as string;
  const signature = signText(decodeBase64(keys.signingKeyPair.privateKey), challenge);
  return JSON.parse(
    (await ask("POST", `/auth/${ensName}`, { challenge, signature })).body,
  ) as string;
}

export function userWith(ask: Ask, person: StoragePerson, token: string): StorageUser {
  const base = `/storage/new/${people[person].ensName}`;
  const get = (path: string) => ask("GET", `${base}${path}`, undefined, token);
  return {
    ...{ token, base, get },
    post: (path, body) => ask("POST", `${base}${path}`, body, token),
    read: async <T>(path: string) => {
      const { status, body } = await get(path);
      if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
      return JSON.parse(body) as T;
    },
  };
}

/** A message as a client sends it. */
export const message = (id: string, createdAt = 1_700_000_000_000, fields: object = {}) => ({
  ...{ messageId: id, createdAt, isHalted: false, encryptedEnvelopContainer: `container ${id}` },
  ...fields,
});

export interface ListedConversation {
  readonly contact: string;
  readonly previewMessage: string | null;
  readonly updatedAt: string;
  readonly encryptedProfileLocation: string;
}

/** A row of getMessages. */
export interface Row {
  readonly id: string;
  readonly createdAt: string;
  readonly encryptedEnvelopContainer: string;
  readonly encryptedContactName: string;
  readonly isHalted: boolean;
  readonly ownerId: string;
  readonly conversationId: string;
}

export const rowsIn = (body: string) =>
  (JSON.parse(body) as string[]).map((text) => JSON.parse(text) as Row);
