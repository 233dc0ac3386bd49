/** The XMPP gateway, put together from parts that are handed in. */
import { randomUUID } from "node:crypto";
import { fromDatabase } from "../../db/databaseError.js";
import { activeComponent } from "../../db/messaging/activeComponent.js";
import { contactStore } from "../../db/messaging/contactStore.js";
import { injectionStore } from "../../db/messaging/injectionStore.js";
import { linkStore } from "../../db/messaging/linkStore.js";
import { messagingTables } from "../../db/messaging/messagingTables.js";
import { submissionStore } from "../../db/messaging/submissionStore.js";
import { migrate, schemaOf, usableSchema } from "../../db/migrate.js";
import { outboxTables } from "../../db/outbox/outboxTables.js";
import { postgresOutbox } from "../../db/outbox/postgresOutbox.js";
import { openPool, type Pool } from "../../db/pool.js";
import { accountStore } from "../../db/relay/accountStore.js";
import { type RelayTables, relayTables } from "../../db/relay/relayTables.js";
import { unpackTables } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import { SignpostError } from "../../errors.js";
import { startRounds } from "../../health/rounds.js";
import { rateLimits } from "../../http/fairness/rateLimits.js";
import { toSignpostError } from "../../http/shownError.js";
import { messagingGateway } from "../../messaging/messagingGateway.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import { rememberingDirectory } from "../../relay/directory.js";
import { carry } from "../../sending/carry.js";
import { PATIENCE } from "../../sending/patience.js";
import { type Sender, workOff } from "../../sending/sender.js";
import { senderTurns } from "../../sending/senderTurns.js";
import type { Parts, RunningCapability } from "../../service/capability.js";
import { xmppNetwork } from "../../xmpp/xmppNetwork.js";
import type { EnsAccess } from "./ensAccess.js";
import { exchangeableNetwork } from "./exchangeableNetwork.js";
import { xmppMetrics } from "./metrics.js";
import { namePublisher } from "./namePublisher.js";
import type { ComponentConfig, XmppConfig } from "./settings.js";
import { sleep } from "./sleep.js";
import { whileActive } from "./whileActive.js";
import { xmppReadiness } from "./xmppReadiness.js";

export interface XmppOptions extends Omit<XmppConfig, "ens">, EnsAccess {
  readonly allowLoopback: boolean;
}

const RELAY = "relay";
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

/** Throws DATABASE_UNAVAILABLE, INVALID_CONFIGURATION, and what `Secrets` throws. */
export async function startXmpp(parts: Parts, options: XmppOptions): Promise<RunningCapability> {
  const { database, nowMs, hints } = parts;
  const { component, relayNode } = complete(options);
  const reportFailure = (error: unknown) => {
    parts.reportFailure(toSignpostError(error));
  };
  unpackTables();
  const { schema } = await database.migrate();
  await parts.secrets.check();
  const pool = openPool({
    ...{ url: database.url, pooler: database.pooler, applicationName: "signpost xmpp" },
    durable: true,
    onConnectionLost: reportFailure,
  });
  try {
    return await startOn(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }

  async function startOn(pool: Pool): Promise<RunningCapability> {
    const relay = await relayTablesThere(pool);
    const { schema: outboxSchema } = await migrate(pool, await outboxTables());
    const tables = messagingTables(schema);
    const metrics = xmppMetrics();
    const directory = rememberingDirectory(options.directory, { nowMs });
    const submissions = submissionStore(pool, tables);
    const links = linkStore(pool, tables);
    const outbox = postgresOutbox(pool, outboxSchema, parts.secrets);
    let sender: Sender | null = null;

    const network = exchangeableNetwork(() =>
      xmppNetwork({
        ...{ ...component, componentDomain: component.domain },
        secret: options.secrets.component ?? "",
        contacts: contactStore(pool, tables),
        report: reportFailure,
        nowMs: () => performance.now(),
      }),
    );
    const gateway = messagingGateway({
      ...{ relayNode, directory, network, submissions, outbox, nowMs, reportFailure },
      given: givenNames(options, component, reportFailure),
      accounts: accountStore(pool, relay),
      links,
      messages: injectionStore(pool, tables, relay),
      wake: () => {
        sender?.wake();
      },
      counter: rateLimits(nowMs, MOST_COUNTED),
      sizeLimit: options.sizeLimit,
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
      lease: activeComponent(pool, tables, component.domain),
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
    const polls = startRounds(gateway.poll, () => POLL_MS);
    const cleaning = startRounds(
      async () => {
        if (active.isActive()) await gateway.findLostEnds();
        const beforeMs = nowMs() - REMEMBERED_MS;
        await submissions.forgetSubmissions(beforeMs).catch(reportFailure);
        await outbox.forget(beforeMs).catch(reportFailure);
        await links.forgetEnded(nowMs() - CLEAN_MS).catch(reportFailure);
      },
      () => CLEAN_MS,
    );
    const stopListening = hints.messageKept.listen((account) => {
      if (network.isConnected()) gateway.kick(account);
    });
    return {
      routes: [],
      readiness: xmppReadiness({ pool, active, network, component }),
      metrics: (publish) => {
        metrics.publish(publish, {
          isActive: active.isActive,
          isConnected: network.isConnected,
        });
      },
      findings: () => Promise.resolve({ lines: [], warnings: [] }),
      reload: null,
      stop: async () => {
        stopListening();
        await Promise.all([polls.stop(), cleaning.stop(), active.end()]);
        await pool.end();
      },
    };
  }
}

/** Throws INVALID_CONFIGURATION. */
function complete({ component, relayNode }: Pick<XmppOptions, "component" | "relayNode">) {
  if (component === null || relayNode === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The XMPP gateway is not set up. Set XMPP_COMPONENT, XMPP_SECRET, XMPP_DOMAIN, and RELAY_ENS_NAME.",
    );
  }
  assertNormalName(relayNode);
  return { component, relayNode };
}

function givenNames(
  { registry, secrets }: Pick<XmppOptions, "registry" | "secrets">,
  { domain: virtualDomain, nativeDomain }: ComponentConfig,
  reportFailure: (error: unknown) => void,
) {
  if (registry === null) return null;
  const { names: domain } = registry;
  assertNormalName(domain);
  return {
    names: { kind: "xmpp" as const, domain, nativeDomain, virtualDomain },
    publisher: namePublisher({ ...registry, apiKey: secrets.registryKey ?? "" }, reportFailure),
  };
}

/** Those of the relay node on the same database. Throws INVALID_CONFIGURATION where there is none. */
async function relayTablesThere(pool: Pool): Promise<RelayTables> {
  const tables = relayTables(schemaOf(RELAY, await usableSchema(pool)));
  const { rows } = await fromDatabase(
    pool.query<{ there: boolean }>("select to_regclass($1) is not null as there", [tables.keySet]),
  );
  if (rows[0]?.there === true) return tables;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    "The XMPP gateway empties the mailboxes of a relay node, and this database has none. Run both: signpost serve relay xmpp.",
  );
}
