/** Whole installations in one process, each on a Postgres database of its own, that follow one another over HTTP. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import express from "express";
import { mirrorKeyMigrations } from "../../src/capabilities/registry/migrations.js";
import { type AddedMirror, addMirror } from "../../src/capabilities/registry/mirror/addMirror.js";
import { mirrorParts } from "../../src/capabilities/registry/mirror/mirrorParts.js";
import { openPrimary } from "../../src/capabilities/registry/mirror/primaryApi.js";
import { domainStore } from "../../src/db/domainStore.js";
import { changeFeed } from "../../src/db/feed/changeFeed.js";
import { domainStandings } from "../../src/db/mirror/domainStandings.js";
import { mirrorKeys } from "../../src/db/mirror/mirrorKeys.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import type { Pool } from "../../src/db/pool.js";
import { relayNodeList } from "../../src/db/relayNodeList.js";
import { sourceStore } from "../../src/db/sourceStore.js";
import { exportReader } from "../../src/db/transfer/exportReader.js";
import { importStore } from "../../src/db/transfer/importStore.js";
import { refuse } from "../../src/http/refuse.js";
import { SERVICE_STATUS } from "../../src/http/v1/serviceStatus.js";
import { v1Routes } from "../../src/http/v1/v1Routes.js";
import { openSealing } from "../../src/installation/openSealing.js";
import type { MirrorParts } from "../../src/mirror/followMirror.js";
import { followOnce } from "../../src/mirror/followOnce.js";
import type { MirrorLease } from "../../src/mirror/mirrorStore.js";
import type { Primary } from "../../src/mirror/primary.js";
import { takeFacts } from "../../src/mirror/takeFacts.js";
import { noPause } from "../../src/registry/changes/clock.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { NO_CHAINS } from "../../src/registry/signed/contractWallets.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { fairParts } from "../http/fairParts.js";
import { DOMAIN } from "../registry/openRegistry.js";

/** Loopback, as an operator would name a private network. */
const NETWORK = "127.0.0.1/32";

export interface ServiceApi {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The service API of a database, and nothing else.
 * @param wanted the port; any free one where it is not said
 */
export async function openServiceApi(pool: Pool, wanted = 0): Promise<ServiceApi> {
  const registry = { names: nameStore(pool), domains: domainStore(pool) };
  const routes = v1Routes({
    ...{ registry, contractWallets: NO_CHAINS, nowMs: Date.now, keys: registry.domains },
    nodes: relayNodeList(pool),
    feed: changeFeed(pool),
    exports: exportReader(pool),
    standings: domainStandings(pool),
    sources: sourceStore(pool),
    ...fairParts(),
  });
  const refusals = refuse(SERVICE_STATUS, () => undefined);
  const server = express().use("/v1", routes, refusals).listen(wanted, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export interface MirrorHere {
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** Holds the key of its secrets. */
  readonly folder: string;
  readonly wrappingKeyFile: string;
  /** @param place of DOMAIN, unless it says another one; `to` is told to writers */
  add(place: {
    readonly url: string;
    readonly apiKey: string;
    readonly domain?: string;
    readonly to?: string;
  }): Promise<AddedMirror>;
  /** What following takes; `between` may break what is asked of the primary. */
  parts(
    place: { readonly url: string; readonly apiKey: string },
    between?: (primary: Primary) => Primary,
  ): MirrorParts;
  close(): Promise<void>;
}

/** The API key of a domain that is made by an installation's first mirror. */
export const MIRROR_API_KEY = apiKeyFrom(bytes(32, 0x77));

/** On a database that stands, or a new one. */
export async function openMirrorHere(given?: Pool): Promise<MirrorHere> {
  const database = given === undefined ? await openMigratedPool() : null;
  const pool = given ?? database?.pool;
  if (pool === undefined) throw new Error("There is no database.");
  const folder = await temporaryFolder();
  const file = join(folder, "wrapping-key");
  await makeKeyFile(file);
  const sealing = await openSealing(pool, { key: { kind: "file", file }, formerKeys: [] });
  const opened: Primary[] = [];
  return {
    ...{ pool, folder, wrappingKeyFile: file, databaseUrl: database?.url ?? "" },
    add: ({ url, apiKey, domain = DOMAIN, to = null }) =>
      addMirror(
        {
          registry: { names: nameStore(pool), domains: domainStore(pool) },
          imports: importStore(pool),
          mirrors: mirrorStore(pool),
          keys: mirrorKeys(pool, sealing.secrets, mirrorKeyMigrations),
          newApiKey: domain === DOMAIN ? MIRROR_API_KEY : apiKeyFrom(bytes(32, 0x78)),
        },
        { domain, primary: { url, network: NETWORK }, apiKey, to },
      ),
    parts: ({ url, apiKey }, between = (primary) => primary) => {
      const ended = new AbortController();
      const primary = openPrimary({ url, network: NETWORK }, apiKey, ended.signal);
      opened.push(primary);
      const surroundings = { pool, contractWallets: NO_CHAINS, nowMs: Date.now, pause: noPause };
      return mirrorParts(surroundings, DOMAIN, between(primary), ended);
    },
    close: async () => {
      await Promise.all(opened.map((primary) => primary.close()));
      sealing.close();
      await database?.close();
      await removeFolder(folder);
    },
  };
}

/** As one process that has the lease does, until everything is there. */
export async function followToTheEnd(parts: MirrorParts): Promise<void> {
  const { store, lease } = parts;
  const taken = async () => {
    const mirror = await store.take(lease, 60_000, true);
    if (mirror === null) throw new Error("It is no mirror.");
    return mirror;
  };
  if (!(await takeFacts(parts, await taken()))) throw new Error("Another one follows.");
  for (let step = 0; step < 1_000; step++) {
    const followed = await followOnce(parts, await taken(), 0);
    if (followed === "there") return;
    if (followed === "lost") throw new Error("Another one follows.");
  }
  throw new Error("It does not come to an end.");
}

export function anotherLease({ domain }: MirrorLease): MirrorLease {
  return { domain, token: randomUUID() };
}
