/** The relay node, put together from parts that are handed in. */
import { openPool } from "../../db/pool.js";
import { accountStore, challengeStore } from "../../db/relay/accountStore.js";
import { blobStore } from "../../db/relay/blobStore.js";
import { retentionStore } from "../../db/relay/endMessages.js";
import { mailboxStore } from "../../db/relay/mailboxStore.js";
import { relayTables } from "../../db/relay/relayTables.js";
import { stringify } from "../../dm3/stringify.js";
import { unpackTables } from "../../ens/normalize.js";
import { clientNetworkBehind, unreadableClients } from "../../http/clientAddress.js";
import { rateLimits } from "../../http/fairness/rateLimits.js";
import { blobRoutes } from "../../http/relay/blobRoutes.js";
import { liveSockets } from "../../http/relay/liveSockets.js";
import { relayDoor } from "../../http/relay/relayDoor.js";
import { relayRoutes } from "../../http/relay/relayRoutes.js";
import { RELAY_STATUS } from "../../http/relay/routeRefusals.js";
import { rpcListener } from "../../http/relay/rpcListener.js";
import { submitAndTell } from "../../http/relay/rpcMethods.js";
import { tokensBy } from "../../http/relay/tokens.js";
import { toSignpostError } from "../../http/shownError.js";
import { loadEngines } from "../../native/engines.js";
import { type Directory, rememberingDirectory } from "../../relay/directory.js";
import type { WalletFacts } from "../../relay/filters.js";
import { live } from "../../relay/live.js";
import { type SenderBounds, senderLimits } from "../../relay/senderLimits.js";
import { rememberedFacts } from "../../relay/walletFactsMemory.js";
import type { Parts, RunningCapability } from "../../service/capability.js";
import { submitCounts } from "./metrics.js";
import { publishedRecord } from "./publishedRecord.js";
import { type RelayKeys, relayKeys } from "./relayKeys.js";
import { type ReadinessParts, relayReadiness } from "./relayReadiness.js";
import { startRetention } from "./retention.js";
import type { RelayConfig } from "./settings.js";

export interface RelayOptions extends Omit<RelayConfig, "ens">, Pick<ReadinessParts, "resolve"> {
  readonly directory: Directory;
  readonly wallets: WalletFacts;
  readonly senderBounds?: SenderBounds;
}

export interface RunningRelay extends RunningCapability {
  /** Of the profile to publish. */
  readonly publicKeys: RelayKeys["publicKeys"];
}

/** Beyond it, what was counted longest ago is forgotten. */
const MOST_COUNTED = 200_000;

const DAY_MS = 86_400_000;

/** Throws DATABASE_UNAVAILABLE, and what `Secrets` throws. */
export async function startRelay(parts: Parts, options: RelayOptions): Promise<RunningRelay> {
  const { database, nowMs, pause, reportFailure, trustedProxies } = parts;
  const { basePath, sizeLimit, messageTtlDays, url } = options;
  await loadEngines();
  unpackTables();
  const { schema } = await database.migrate();
  await parts.secrets.check();
  const pool = openPool({
    url: database.url,
    pooler: database.pooler,
    applicationName: "signpost relay",
    durable: true,
    onConnectionLost: (error) => {
      reportFailure(error);
    },
  });
  const tables = relayTables(schema);
  const opened = await relayKeys(pool, tables, parts.secrets).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const { keys, publicKeys, tokenSecret } = opened;

  const directory = rememberingDirectory(options.directory, { nowMs });
  const accounts = accountStore(pool, tables);
  const mailboxes = mailboxStore(pool, tables, options.mailbox);
  const blobs = blobStore(pool, tables, options.blobs.account);
  const challenges = challengeStore(pool, tables);
  const tokens = tokensBy(tokenSecret, nowMs);
  const counts = submitCounts();
  const networkOf = clientNetworkBehind(trustedProxies, (proxy) => {
    reportFailure(unreadableClients(proxy));
  });
  const door = relayDoor({ networkOf, pause, nowMs });
  const delivery = live({
    ...{ directory, accounts, mailboxes },
    reportFailure: (error) => {
      reportFailure(toSignpostError(error));
    },
  });
  const rpc = {
    ...{ keys, directory, accounts, mailboxes, sizeLimit, nowMs },
    wallets: rememberedFacts(options.wallets, nowMs),
    limits: senderLimits(rateLimits(nowMs, MOST_COUNTED), options.senderBounds),
    properties: stringify({
      ...{ messageTTL: messageTtlDays, sizeLimit, notificationChannel: [] },
      publicSigningKey: publicKeys.publicSigningKey,
      ...{ metricsCollectionIntervalInSeconds: 86_400, metricsRetentionDurationInSeconds: 864_000 },
    }),
    onAccepted: ({ receiver }: { readonly receiver: Parameters<typeof delivery.kick>[0] }) => {
      delivery.kick(receiver);
    },
  };
  const sockets = liveSockets({
    ...{ directory, accounts, tokens, live: delivery, door, networkOf, sizeLimit, reportFailure },
    submit: (envelope) => submitAndTell(rpc, envelope),
  });
  const routes = relayRoutes({
    ...{ directory, accounts, challenges, mailboxes, tokens, door, reportFailure },
    onSignIn: (account, request) => {
      delivery.prove(account, networkOf(request));
    },
  });
  if (options.blobs.mostBytes > 0) {
    const ofBlobs = blobRoutes({
      ...{ directory, accounts, blobs, tokens, door, url, nowMs, reportFailure },
      bounds: options.blobs,
      uploads: rateLimits(nowMs, MOST_COUNTED),
      lifetimeMs: messageTtlDays * DAY_MS,
    });
    routes.use("/blobs", ofBlobs);
  }
  const stopRetention = startRetention(retentionStore(pool, tables), blobs, messageTtlDays, parts);
  const onSubmit = counts.note;
  const takeRpc = rpcListener({ ...rpc, door, basePath, onSubmit, reportFailure });
  return {
    publicKeys,
    routes: [
      { kind: "listener", take: takeRpc },
      { kind: "listener", take: sockets.take },
      { kind: "upgrade", take: sockets.upgrade },
      {
        kind: "handler",
        path: basePath === "" ? "/" : basePath,
        handler: routes,
        statuses: RELAY_STATUS,
        isApi: true,
      },
    ],
    readiness: relayReadiness({ ...options, pool, publicKeys, nowMs }),
    metrics: (publish) => {
      counts.publish(publish, delivery.count);
    },
    findings: (url) => Promise.resolve(publishedRecord(options, publicKeys, url)),
    reload: null,
    stop: async () => {
      await Promise.all([stopRetention(), sockets.close()]);
      await pool.end();
    },
  };
}
