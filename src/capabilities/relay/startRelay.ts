/** The relay node, put together from parts that are handed in. */
import { countedDirectory } from "../../accounts/countedDirectory.js";
import { type Directory, rememberingDirectory } from "../../accounts/directory.js";
import { challengeStore } from "../../db/accounts/challengeStore.js";
import { accountStore } from "../../db/relay/accountStore.js";
import { blobStore } from "../../db/relay/blobStore.js";
import { retentionStore } from "../../db/relay/endMessages.js";
import { keySetStore } from "../../db/relay/keySetStore.js";
import { figuresStore } from "../../db/relay/mailboxFigures.js";
import { mailboxStore } from "../../db/relay/mailboxStore.js";
import { relayTables } from "../../db/relay/relayTables.js";
import { stringify } from "../../dm3/stringify.js";
import type { SignpostError } from "../../errors.js";
import { watchFigures } from "../../health/figuresWatch.js";
import { ACCOUNT_STATUS } from "../../http/accounts/routeRefusals.js";
import { tokensBy } from "../../http/accounts/tokens.js";
import { clientNetworkBehind, unreadableClients } from "../../http/clientAddress.js";
import { rateLimits } from "../../http/fairness/rateLimits.js";
import { blobRoutes } from "../../http/relay/blobRoutes.js";
import { liveSockets } from "../../http/relay/liveSockets.js";
import { relayDoor } from "../../http/relay/relayDoor.js";
import { relayRoutes } from "../../http/relay/relayRoutes.js";
import { rpcListener } from "../../http/relay/rpcListener.js";
import { askingBy, submitAndTell } from "../../http/relay/rpcMethods.js";
import { rpcRefusal } from "../../http/relay/rpcRefusals.js";
import { toSignpostError } from "../../http/shownError.js";
import type { WalletFacts } from "../../relay/filters.js";
import { live } from "../../relay/live.js";
import { rememberingAccounts } from "../../relay/rememberingAccounts.js";
import { type SenderBounds, senderLimits } from "../../relay/senderLimits.js";
import type { Accepted } from "../../relay/submit.js";
import { rememberedFacts } from "../../relay/walletFactsMemory.js";
import type { Parts, RunningCapability } from "../../service/capability.js";
import { openTables } from "../../service/openTables.js";
import type { CanaryLookup } from "./canary/canaryLookup.js";
import { openCanary } from "./canary/openCanary.js";
import { watchKeys } from "./keyWatch.js";
import { relayMetrics } from "./metrics.js";
import { isShown, ownRecord, type OwnRecordParts } from "./ownRecord.js";
import { publishedRecord } from "./publishedRecord.js";
import { currentOf, type PublicKeys, relayKeys, toPublishOf } from "./relayKeys.js";
import { relayReadiness } from "./relayReadiness.js";
import { startRetention } from "./retention.js";
import type { RelayConfig } from "./settings.js";

export interface RelayOptions extends Omit<RelayConfig, "ens">, Pick<OwnRecordParts, "resolve"> {
  readonly directory: Directory;
  readonly wallets: WalletFacts;
  /** How the canary reads ENS; null where no RPC node is known. */
  readonly lookup: CanaryLookup | null;
  readonly senderBounds?: SenderBounds;
  /** Between looks at ENS for the node's own record. */
  readonly keyPauseMs?: number;
}

export interface RunningRelay extends RunningCapability {
  /** Of the profile to publish. */
  readonly publicKeys: PublicKeys;
}

/** Beyond it, what was counted longest ago is forgotten. */
const MOST_COUNTED = 200_000;

const DAY_MS = 86_400_000;

/** Throws DATABASE_UNAVAILABLE, and what `Secrets` throws. */
export async function startRelay(parts: Parts, options: RelayOptions): Promise<RunningRelay> {
  const { nowMs, pause, reportFailure, trustedProxies } = parts;
  const { basePath, sizeLimit, messageTtlDays, ensName, url } = options;
  const { pool, schema } = await openTables(parts, "relay");
  const tables = relayTables(schema);
  const [keys, canaryOf] = await Promise.all([
    relayKeys(pool, tables, parts.secrets),
    openCanary(pool, tables, parts, options),
  ]).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });

  const metrics = relayMetrics();
  const counted = countedDirectory(options.directory, metrics.lookedUp);
  const directory = rememberingDirectory(counted, { nowMs });
  const accounts = rememberingAccounts(accountStore(pool, tables), nowMs);
  const mailboxes = mailboxStore(pool, tables, options.mailbox);
  const blobs = blobStore(pool, tables, options.blobs.account);
  const challenges = challengeStore(pool, tables);
  const audience = [ensName, url].filter((known) => known !== null);
  const tokens = tokensBy(keys.tokenSecret, nowMs, audience);
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
    ...{ keys: keys.nodeKeys, directory, mailboxes, sizeLimit, nowMs },
    accounts: accounts.remembered,
    wallets: rememberedFacts(options.wallets, nowMs),
    limits: senderLimits(rateLimits(nowMs, MOST_COUNTED), options.senderBounds),
    properties: () =>
      stringify({
        ...{ messageTTL: messageTtlDays, sizeLimit, notificationChannel: [] },
        // all that there are, so that a record with any of them leads to this node
        publicSigningKeys: keys.all().map(({ publicKeys }) => publicKeys.publicSigningKey),
        metricsCollectionIntervalInSeconds: 86_400,
        metricsRetentionDurationInSeconds: 864_000,
      }),
    onAccepted: ({ receiver, message }: Pick<Accepted, "receiver" | "message">) => {
      delivery.kick(receiver);
      parts.hints.messageKept.give({ account: receiver, message });
    },
  };
  const sockets = liveSockets({
    ...{ directory, accounts, tokens, live: delivery, door, networkOf, sizeLimit, reportFailure },
    submit: async (envelope, take) => {
      const startedMs = performance.now();
      const note = (refused: SignpostError | null) => {
        metrics.submitted(refused, performance.now() - startedMs);
      };
      try {
        await submitAndTell(askingBy(rpc, take), envelope);
        note(null);
      } catch (error) {
        note(rpcRefusal(error).error);
        throw error;
      }
    },
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
  const retention = startRetention(retentionStore(pool, tables), blobs, messageTtlDays, {
    ...{ nowMs, reportFailure, note: metrics.retained },
  });
  const mailboxFigures = figuresStore(pool, tables);
  const watch = watchFigures(() => mailboxFigures.figures(), reportFailure);
  const record = ownRecord({ ...options, nowMs });
  const keyRounds = watchKeys({
    ...{ store: keySetStore(pool, tables), keys, record, url, nowMs, reportFailure },
    ...{ formerKeyDays: options.formerKeyDays, pauseMs: options.keyPauseMs },
  });
  const canary = canaryOf();
  const onSubmit = metrics.submitted;
  const takeRpc = rpcListener({ ...rpc, door, basePath, onSubmit, reportFailure });
  return {
    publicKeys: currentOf(keys.all()).publicKeys,
    routes: [
      { kind: "listener", take: takeRpc },
      { kind: "listener", take: sockets.take },
      { kind: "upgrade", take: sockets.upgrade },
      {
        kind: "handler",
        path: basePath === "" ? "/" : basePath,
        handler: routes,
        statuses: ACCOUNT_STATUS,
        isApi: true,
        hidesPaths: true,
      },
    ],
    readiness: relayReadiness({ ...options, pool, keys, record, canaryWarnings: canary.warnings }),
    metrics: (publish) => {
      metrics.publish(publish, {
        ...{ live: delivery.count, figures: watch.figures, nowMs },
        retainedMs: retention.doneMs,
        isPublished: () => isShown(record.latest(), url, keys.all()),
        canary: canary.figures,
      });
    },
    findings: (listensAt) =>
      Promise.resolve(publishedRecord(options, toPublishOf(keys.all()).publicKeys, listensAt)),
    reload: null,
    stop: async () => {
      await Promise.all([retention.stop(), watch.stop(), keyRounds.stop(), canary.stop()]);
      await sockets.close();
      await pool.end();
    },
  };
}
