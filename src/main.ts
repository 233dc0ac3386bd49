/** `npm start`: the service alone. */
import { toHex } from "./abi/hex.js";
import type { Config } from "./config.js";
import { openConfiguredSigner } from "./configuredSigner.js";
import { startDatabase } from "./database.js";
import { checksumAddress } from "./ens/address.js";
import { type ReadSettings, openEnvironment } from "./environment.js";
import { isSignpostError } from "./errors.js";
import { onHangUp } from "./hangUp.js";
import { loadEngines } from "./native/engines.js";
import { failureLog } from "./observe/failureLog.js";
import { type Log, openLog } from "./observe/log.js";
import { shareMetrics } from "./observe/processMetrics.js";
import type { Tracing } from "./observe/tracing.js";
import { noteRequestIn } from "./requestLog.js";
import { type Service, startService } from "./service.js";
import { signerReload } from "./signerReload.js";
import { VERSION } from "./version.js";

try {
  await run(openEnvironment());
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`signpost: ${error.message}`);
  process.exit(1);
}

async function run(readSettings: ReadSettings): Promise<void> {
  const config = readSettings();
  const log = openLog({ level: config.logLevel, readable: process.stdout.isTTY });
  const failures = failureLog(log);
  const tracing = config.traces ? await openTracing(log) : null;
  const signer = await openConfiguredSigner(config, "make");
  const database = await startDatabase(config);
  let service: Service;
  try {
    service = await startService({
      ...optionsOf(config),
      databaseUrl: database.url,
      signer,
      reportFailure: (error, requestId) => {
        failures.report(error, requestId);
      },
      noteRequest: noteRequestIn(log, config.logClientAddresses),
      noteLookups: log.isOn("debug"),
      metricsText: shareMetrics,
      tracing,
    });
  } catch (error) {
    await database.stop();
    throw error;
  }

  database.onLost(() => {
    console.error(
      "signpost: the embedded Postgres has ended by itself, so nothing can be answered any more. Its last words are in postgres.log, in SIGNPOST_DIR. Start Signpost again; the data are kept.",
    );
    process.exit(1);
  });
  const stop = async (signal: string): Promise<void> => {
    log.info(`${signal}: finishing the requests under way ...`);
    await service.stop();
    await database.stop();
    await tracing?.stop();
    failures.flush();
  };
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void stop(signal).then(() => process.exit(0)));
  const tell = (line: string) => {
    log.info(line);
  };
  onHangUp({
    ofTerminal: () => stop("SIGHUP"),
    otherwise: signerReload({ readSettings, service, signer, tell }),
  });

  log.info(`Signpost listens on ${service.url} (version ${VERSION})`);
  log.info(`  process        ${process.pid} (on SIGHUP it reads its signer again)`);
  log.info(`  database       ${database.description}`);
  log.info(
    `  gatewaySigner  ${checksumAddress(signer.address)} (has to be a signer of your resolver)`,
  );
  log.info(`                 its key: ${signer.description}`);
  log.info(`  metrics        ${service.metricsUrl}`);
  if (config.dm3Domains) {
    const { addresses, names } = config.dm3Domains;
    log.info(
      `  dm3's own API  ${service.url}/profile for ${addresses}${names === null ? "" : `, ${names}`}`,
    );
  }
  await describe(service, log);
}

/** The settings that the service takes as they are. */
function optionsOf({ secrets, databasePooler, ...config }: Config) {
  const { validitySec, maxAgeSec, answerCacheBytes, host, port, metricsAt, dm3Domains } = config;
  const { standbyDatabaseUrls, chainRpcUrls } = secrets;
  const lookups = { validitySec, maxAgeSec, answerCacheBytes };
  const databases = { standbyDatabaseUrls, pooler: databasePooler };
  return { ...lookups, ...databases, host, port, metricsAt, chainRpcUrls, dm3Domains };
}

async function describe({ records, url, readiness }: Service, log: Log): Promise<void> {
  const resolvers = await records.servedResolvers();
  if (resolvers.length === 0) {
    log.info(
      "  no domain yet: add one with `npx signpost domain add <name> --chain <id> --resolver <address>`",
    );
  }
  for (const { domain, chainId, resolver } of resolvers) {
    log.info(`  ${domain}  ${url}/ccip/${chainId.toString()}/${toHex(resolver)}`);
  }
  const { slowness } = await loadEngines();
  const { reasons, warnings } = await readiness();
  for (const sentence of [...reasons, ...warnings, ...(slowness === null ? [] : [slowness])]) {
    log.warn(sentence);
  }
}

/** OpenTelemetry is loaded where it is wanted, and nowhere else. */
async function openTracing(log: Log): Promise<Tracing> {
  const { startTracing } = await import("./observe/tracing.js");
  return startTracing({
    version: VERSION,
    warn: (sentence) => {
      log.warn(sentence);
    },
  });
}
