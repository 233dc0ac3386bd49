/** What a bridge stands on: a real Postgres beside a relay node's core, and ENS as a table that tests change. */
import { join } from "node:path";
import { custodyOf } from "../../../src/connecting/custody.js";
import { bridgeTables, walletSecretOf } from "../../../src/db/messaging/bridgeTables.js";
import { linkStore } from "../../../src/db/messaging/linkStore.js";
import { longNameStore } from "../../../src/db/messaging/longNameStore.js";
import { messagingTables } from "../../../src/db/messaging/messagingTables.js";
import { passageStore } from "../../../src/db/messaging/passageStore.js";
import { pieceStore } from "../../../src/db/messaging/pieceStore.js";
import { virtualUserStore } from "../../../src/db/messaging/virtualUserStore.js";
import { migrate } from "../../../src/db/migrate.js";
import { readMigrations } from "../../../src/db/migrationFiles.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { SignpostError } from "../../../src/errors.js";
import type { Fetcher } from "../../../src/fetch/fetcher.js";
import { rateLimits } from "../../../src/http/fairness/rateLimits.js";
import { openSealing } from "../../../src/installation/openSealing.js";
import type { ProfileOutcome } from "../../../src/lookup/outcome.js";
import { memoryBudget } from "../../../src/mail/memoryBudget.js";
import type { NamesOfNetwork } from "../../../src/messaging/address/nativeName.js";
import { fetchingPlaces } from "../../../src/messaging/bridge/fetchingPlaces.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { contactOf, found, relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { openRelayWorld } from "../../relay/relayWorld.js";

export const RELAY_NODE = relayNode.ensName as NormalName;
/** What the bridge keeps in long messages, and how long one may be. */
const KEPT_BYTES = 20 * 3_000_000;
export const LONGEST_MESSAGE = 4_000_000;
const MIGRATIONS = new URL("../../../src/capabilities/mail/migrations/", import.meta.url);

export type BridgeGround = Awaited<ReturnType<typeof openBridgeGround>>;

/** @param virtualDomain the host in the addresses of DM3 users */
export async function openBridgeGround(virtualDomain: string) {
  const names: NamesOfNetwork = {
    ...{ kind: "mail", domain: "bridge.eth" as NormalName, nativeDomain: null },
    virtualDomain,
  };
  const relay = await openRelayWorld();
  const { pool } = relay.database;
  const nowMs = () => relay.clock.nowMs;
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const { secrets } = await openSealing(pool, {
    key: { kind: "file", file: keyFile },
    formerKeys: [],
  });
  const migrations = await readMigrations(MIGRATIONS);
  const { schema } = await migrate(pool, { capability: "mail", migrations });
  const tables = messagingTables(schema);
  const ownTables = bridgeTables(schema);
  const links = linkStore(pool, tables);
  const users = virtualUserStore(pool, ownTables, secrets, walletSecretOf("mail"));
  const counter = rateLimits(nowMs);

  const profiles = { answer: true, silent: new Set<string>() };
  const profileOf = (name: string): Promise<ProfileOutcome> => {
    const answers = profiles.answer && !profiles.silent.has(name);
    const sentence = answers ? `${name} has no profile.` : "The RPC node did not answer.";
    const person = contactOf(name.endsWith(".alice.eth") ? "alice.eth" : name);
    if (!answers || person === null) {
      const status = answers ? "absent" : "unreachable";
      return Promise.resolve({ status, name, sentence } as ProfileOutcome);
    }
    return Promise.resolve({
      ...{ status: "found", name, ...person, relayNodes: [found(relayNode)] },
    } as unknown as ProfileOutcome);
  };
  /** Relay nodes, as files are fetched from them: what each URL answers with. */
  const files = {
    ...{ at: new Map<string, Uint8Array>(), asked: 0, isSilent: false },
    /** How long each might take, in ms. */
    times: [] as number[],
    before: (): Promise<void> => Promise.resolve(),
    /** Null: 200, or 404 for what is not there. */
    status: null as number | null,
  };
  const fetcher: Fetcher = async ({ url, timeoutMs }) => {
    files.asked++;
    files.times.push(timeoutMs);
    await files.before();
    if (files.isSilent) throw new SignpostError("UNREACHABLE", "Silence.");
    const body = files.at.get(url);
    const status = files.status ?? (body === undefined ? 404 : 200);
    return { status, contentType: null, body: body ?? new Uint8Array() };
  };
  const { url } = relayNode.profile;
  const kept = { url, mostBytes: KEPT_BYTES, lifetimeMs: 30 * 86_400_000, counter, nowMs };
  /** How messages go that are too long for an envelope. */
  const long = {
    pieces: pieceStore(pool, { ...tables, ...ownTables }, relay.database.tables, kept),
    longestInside: 50_000,
    fetching: {
      ...{ access: { fetcher, timeoutMs: 1_000 }, mostBytes: LONGEST_MESSAGE },
      places: fetchingPlaces(),
      budget: memoryBudget({
        ...{ mostBytes: 8_000_000, largeBytes: 2_000_000 },
        ...{ largeAtOnce: 2, longestWaitMs: 1_000 },
      }),
    },
  };
  return {
    ...{ files, long, relay, pool, secrets, names, tables, ownTables },
    ...{ links, counter, nowMs, profiles, profileOf },
    passages: passageStore(pool, ownTables),
    longNames: longNameStore(pool, ownTables),
    newCustody: () => custodyOf({ users, links, names, relayNode: RELAY_NODE, counter, nowMs }),
    close: async () => {
      await relay.close();
      await removeFolder(folder);
    },
  };
}
