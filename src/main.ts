/** `npm start`: the service alone. */
import { existsSync } from "node:fs";
import { toHex } from "./abi/hex.js";
import { type Config, SECRET_SETTINGS, readConfig } from "./config.js";
import { startDatabase } from "./database.js";
import { checksumAddress } from "./ens/address.js";
import { isSignpostError } from "./errors.js";
import { localGatewaySigner } from "./gateway/gatewaySigner.js";
import { localGatewaySignerKey } from "./localKey.js";
import { loadEngines } from "./native/engines.js";
import { failureLog } from "./observe/failureLog.js";
import { type Log, openLog } from "./observe/log.js";
import { shareMetrics } from "./observe/processMetrics.js";
import type { Tracing } from "./observe/tracing.js";
import { noteRequestIn } from "./requestLog.js";
import { type Service, startService } from "./service.js";
import { VERSION } from "./version.js";

try {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const config = readConfig(process.env);
  // so that no child process inherits them
  for (const secret of SECRET_SETTINGS) Reflect.deleteProperty(process.env, secret);
  await run(config);
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`signpost: ${error.message}`);
  process.exit(1);
}

async function run(config: Config): Promise<void> {
  const log = openLog({ level: config.logLevel, readable: process.stdout.isTTY });
  const failures = failureLog(log);
  const tracing = config.traces ? await openTracing(log) : null;
  const key = config.secrets.gatewaySignerKey ?? (await localGatewaySignerKey(config.directory));
  const engines = await loadEngines();
  const signer = localGatewaySigner(key, engines.ecdsaSign);
  const database = await startDatabase(config);
  let service: Service;
  try {
    service = await startService({
      databaseUrl: database.url,
      signer,
      validitySec: config.validitySec,
      maxAgeSec: config.maxAgeSec,
      answerCacheBytes: config.answerCacheBytes,
      host: config.host,
      port: config.port,
      reportFailure: (error, requestId) => {
        failures.report(error, requestId);
      },
      noteRequest: noteRequestIn(log, config.logClientAddresses),
      noteLookups: log.isOn("debug"),
      metricsAt: config.metricsAt,
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
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop(signal));

  log.info(`Signpost listens on ${service.url} (version ${VERSION})`);
  log.info(`  database       ${database.description}`);
  log.info(
    `  gatewaySigner  ${checksumAddress(signer.address)} (has to be a signer of your resolver)`,
  );
  if (engines.slowness !== null) log.warn(`  slow signing   ${engines.slowness}`);
  log.info(`  metrics        ${service.metricsUrl}`);
  await describeDomains(service, log);
}

async function describeDomains({ records, url }: Service, log: Log): Promise<void> {
  const resolvers = await records.servedResolvers();
  if (resolvers.length === 0) {
    log.info(
      "  no domain yet: add one with `npx signpost domain add <name> --chain <id> --resolver <address>`",
    );
  }
  for (const { domain, chainId, resolver } of resolvers) {
    log.info(`  ${domain}  ${url}/ccip/${chainId.toString()}/${toHex(resolver)}`);
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
