/** The storage, put together from parts that are handed in. */
import { randomBytes } from "node:crypto";
import { countedDirectory } from "../../accounts/countedDirectory.js";
import { type Directory, rememberingDirectory } from "../../accounts/directory.js";
import { challengeStore } from "../../db/accounts/challengeStore.js";
import { storageAccountStore } from "../../db/storage/accountStore.js";
import { conversationStore } from "../../db/storage/conversationStore.js";
import { feedStore } from "../../db/storage/feedStore.js";
import { storageFigures } from "../../db/storage/figuresStore.js";
import { messageStore } from "../../db/storage/messageStore.js";
import { retentionStore } from "../../db/storage/retentionStore.js";
import { storageSecret } from "../../db/storage/storageSecrets.js";
import { storageTables } from "../../db/storage/storageTables.js";
import { watchFigures } from "../../health/figuresWatch.js";
import { accountDoor } from "../../http/accounts/door.js";
import { tokensBy } from "../../http/accounts/tokens.js";
import { clientNetworkBehind, unreadableClients } from "../../http/clientAddress.js";
import { rateLimits } from "../../http/fairness/rateLimits.js";
import { STORAGE_STATUS } from "../../http/storage/routeTexts.js";
import { storageRoutes } from "../../http/storage/storageRoutes.js";
import type { Parts, RunningCapability } from "../../service/capability.js";
import { openTables } from "../../service/openTables.js";
import { rememberedAccounts } from "../../storage/rememberedAccounts.js";
import { storageMetrics } from "./metrics.js";
import { startStorageRetention } from "./retention.js";
import type { StorageConfig } from "./settings.js";
import { storageReadiness } from "./storageReadiness.js";

export interface StorageOptions extends Omit<StorageConfig, "ens"> {
  readonly directory: Directory;
  /** Whether an RPC node of the chain of ENS is known. */
  readonly knowsEns: boolean;
}

const SECRET_BYTES = 32;
/** Beyond it, what was counted longest ago is forgotten. */
const MOST_COUNTED = 200_000;

/** Throws DATABASE_UNAVAILABLE, and what `Secrets` throws. */
export async function startStorage(
  parts: Parts,
  options: StorageOptions,
): Promise<RunningCapability> {
  const { nowMs, pause, reportFailure, trustedProxies } = parts;
  const { basePath, bounds, retentionDays, url, knowsEns } = options;
  const { pool, schema } = await openTables(parts, "storage");
  const tables = storageTables(schema);
  const tokenSecret = await storageSecret(
    pool,
    tables,
    parts.secrets,
    "token-secret",
    () => new Uint8Array(randomBytes(SECRET_BYTES)),
  ).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });

  const metrics = storageMetrics();
  const accounts = storageAccountStore(pool, tables);
  const networkOf = clientNetworkBehind(trustedProxies, (proxy) => {
    reportFailure(unreadableClients(proxy));
  });
  const handler = storageRoutes({
    directory: rememberingDirectory(countedDirectory(options.directory, metrics.lookedUp), {
      nowMs,
    }),
    ...{ accounts, bounds, retentionDays, reportFailure },
    remembered: rememberedAccounts(accounts, nowMs),
    challenges: challengeStore(pool, tables),
    conversations: conversationStore(pool, tables, bounds),
    messages: messageStore(pool, tables, bounds),
    feed: feedStore(pool, tables, bounds),
    tokens: tokensBy(tokenSecret, nowMs, url === null ? [] : [url]),
    door: accountDoor({ networkOf, pause, nowMs }),
    pause,
    writes: rateLimits(nowMs, MOST_COUNTED),
    onWritten: metrics.written,
    onEnd: metrics.ended,
  });
  const startedMs = nowMs();
  const retention = startStorageRetention(
    { retention: retentionStore(pool, tables, bounds), accounts },
    { ...{ nowMs, reportFailure, retentionDays }, note: metrics.retained },
  );
  const watch = watchFigures(() => storageFigures(pool, tables), reportFailure);
  return {
    routes: [
      {
        kind: "handler",
        path: basePath === "" ? "/" : basePath,
        ...{ handler, statuses: STORAGE_STATUS, isApi: true, hidesPaths: true },
      },
    ],
    readiness: storageReadiness({ pool, url, knowsEns }),
    metrics: (publish) => {
      const retainedMs = () => retention.doneMs() ?? startedMs;
      metrics.publish(publish, { figures: watch.figures, retainedMs, nowMs });
    },
    findings: (listensAt) =>
      Promise.resolve({
        lines: [
          `dm3's web client reaches the storage by backendUrl ${url ?? listensAt + basePath}`,
        ],
        warnings: [],
      }),
    reload: null,
    stop: async () => {
      await Promise.all([retention.stop(), watch.stop()]);
      await pool.end();
    },
  };
}
