/**
 * A gateway or bridge as it runs: the gateway's core on its stores, the outbox that carries what users submit, and the rounds. One process
 * carries at a time; others wait to take its place.
 */
import { randomUUID } from "node:crypto";
import { rememberingDirectory } from "../accounts/directory.js";
import { activeComponent } from "../db/messaging/activeComponent.js";
import { bridgeTables } from "../db/messaging/bridgeTables.js";
import { carriedOutbox } from "../db/messaging/carriedOutbox.js";
import { injectionStore } from "../db/messaging/injectionStore.js";
import { linkStore } from "../db/messaging/linkStore.js";
import { messagingTables } from "../db/messaging/messagingTables.js";
import { submissionStore } from "../db/messaging/submissionStore.js";
import { migrate } from "../db/migrate.js";
import { outboxTables } from "../db/outbox/outboxTables.js";
import { accountStore } from "../db/relay/accountStore.js";
import { startRounds } from "../health/rounds.js";
import { rateLimits } from "../http/fairness/rateLimits.js";
import { type MessagingGateway, messagingGateway } from "../messaging/messagingGateway.js";
import { rememberingLinks } from "../messaging/rememberingLinks.js";
import { createGuardedFetcher } from "../net/guardedFetch.js";
import { carry } from "../sending/carry.js";
import { PATIENCE } from "../sending/patience.js";
import { type Sender, workOff } from "../sending/sender.js";
import { senderTurns } from "../sending/senderTurns.js";
import type { Parts, RunningCapability } from "../service/capability.js";
import { exchangeableNetwork } from "./exchangeableNetwork.js";
import { givenNames } from "./givenNames.js";
import { networkCanary } from "./networkCanary.js";
import type { ConnectOptions, NetworkGround } from "./networkGround.js";
import { atBeginning, networkMetrics } from "./networkMetrics.js";
import { networkReadiness } from "./networkReadiness.js";
import { relayTablesThere } from "./relayTablesThere.js";
import { sleep } from "./sleep.js";
import { whileActive } from "./whileActive.js";

/** Beyond it, what was counted longest ago is forgotten. */
const MOST_COUNTED = 100_000;
/** Of carrying into DM3. */
const PACE = { atOnce: 64 };
/** Messages of one user. */
const AT_ONCE_OF_ONE = 4;
const POLL_MS = 1_000;
const SUBMIT_TIMEOUT_MS = 10_000;
const CLEAN_MS = 3_600_000;
const REMEMBERED_MS = 60 * 24 * 3_600_000;

export async function runNetwork(
  { nowMs, hints, secrets }: Parts,
  options: ConnectOptions,
  { pool, schema, reportFailure }: Pick<NetworkGround, "pool" | "schema" | "reportFailure">,
): Promise<RunningCapability> {
  // those of a bridge are there, and asked, where the network is one
  const tables = { ...bridgeTables(schema), ...messagingTables(schema) };
  const relay = await relayTablesThere(pool, options);
  const { schema: outboxSchema } = await migrate(pool, await outboxTables());
  const metrics = networkMetrics(options);
  const directory = rememberingDirectory(options.directory, { nowMs });
  const isOfManyDomains = options.given !== null && options.given.names.nativeDomain === null;
  const submissions = submissionStore(pool, { tables, outboxSchema, isOfManyDomains });
  const links = rememberingLinks(linkStore(pool, tables), nowMs);
  const outbox = carriedOutbox(pool, outboxSchema, tables, secrets);
  let sender: Sender | null = null;

  const counter = rateLimits(nowMs, MOST_COUNTED);
  const joined = options.join({
    ...{ pool, schema, tables, relay, links, directory, counter, reportFailure },
    events: () => gateway.events,
  });
  const network = exchangeableNetwork(joined.open);
  const { given, registry } = givenNames(options.given, reportFailure);
  const gateway: MessagingGateway = messagingGateway({
    ...{ directory, network, submissions, outbox, nowMs, reportFailure },
    ...{ relayNode: options.relayNode, given, sizeLimit: options.sizeLimit },
    accounts: accountStore(pool, relay),
    links,
    messages: injectionStore(pool, tables, relay),
    place: () => sender?.place() ?? null,
    wake: () => {
      sender?.wake();
    },
    counter,
    deadlineMs: PATIENCE.deadlineMs,
    note: metrics.note,
  });

  const carrying = {
    ...{ outbox, nowMs, sleep, reportFailure, pace: PACE, patience: PATIENCE, mayHold: false },
    turns: senderTurns(outbox, nowMs, AT_ONCE_OF_ONE),
    chance: Math.random,
    profileOf: options.profileOf,
    submit: {
      fetcher: createGuardedFetcher({ allowLoopback: options.allowLoopback }),
      timeoutMs: SUBMIT_TIMEOUT_MS,
    },
    onProgress: (message: Parameters<typeof gateway.onCarried>[0]) => {
      void gateway.onCarried(message);
    },
  };
  const active = whileActive({
    lease: activeComponent(pool, tables, options.place),
    holder: randomUUID(),
    reportFailure,
    start: () => {
      network.start(gateway.events);
      sender = workOff(carrying, (message) => carry(carrying, message));
      // of the process before this one, which may have been killed
      void gateway.findLostEnds();
    },
    stop: async () => {
      const before = sender;
      sender = null;
      await Promise.all([network.stop(), before?.stop()]);
      await gateway.idle();
    },
  });
  const canary = networkCanary(joined.canary ?? null, active, nowMs);
  const polls = startRounds(gateway.poll, () => POLL_MS);
  const cleaning = startRounds(
    async () => {
      if (active.isActive()) await gateway.findLostEnds();
      const beforeMs = nowMs() - REMEMBERED_MS;
      await submissions.forgetSubmissions(beforeMs).catch(reportFailure);
      await outbox.forget(beforeMs).catch(reportFailure);
      await links.forgetEnded(nowMs() - CLEAN_MS).catch(reportFailure);
      await joined.forget?.(beforeMs).catch(reportFailure);
    },
    () => CLEAN_MS,
  );
  const stopListening = hints.messageKept.listen(({ account, message }) => {
    if (network.isConnected()) gateway.kick(account, message);
  });
  return {
    routes: joined.routes ?? [],
    readiness: networkReadiness({
      ...{ pool, active, network, canary, registry, notConnected: options.notConnected },
      who: atBeginning(options),
    }),
    metrics: (publish) => {
      metrics.publish(publish, {
        ...{ isActive: active.isActive, isConnected: network.isConnected },
        canary: joined.canary === undefined ? null : canary.figures,
        nowMs,
      });
    },
    findings: () => Promise.resolve({ lines: [], warnings: [] }),
    reload: null,
    stop: async () => {
      stopListening();
      await Promise.all([polls, cleaning, canary, registry].map((each) => each.stop()));
      await active.end();
      await pool.end();
    },
  };
}
