/** `npm start`: the service alone. */
import { existsSync } from "node:fs";
import { toHex } from "./abi/hex.js";
import { type Config, SECRET_SETTINGS, readConfig } from "./config.js";
import { startDatabase } from "./database.js";
import { checksumAddress } from "./ens/address.js";
import { type SignpostError, isSignpostError } from "./errors.js";
import { localGatewaySigner } from "./gateway/gatewaySigner.js";
import { localGatewaySignerKey } from "./localKey.js";
import { loadEngines } from "./native/engines.js";
import { type Service, startService } from "./service.js";

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
  const key = config.secrets.gatewaySignerKey ?? (await localGatewaySignerKey(config.directory));
  const engines = await loadEngines();
  const signer = localGatewaySigner(key, engines.ecdsaSign);
  const database = await startDatabase(config);
  let service: Service;
  try {
    service = await startService({
      databaseUrl: database.url,
      standbyDatabaseUrls: config.secrets.standbyDatabaseUrls,
      pooler: config.databasePooler,
      signer,
      validitySec: config.validitySec,
      maxAgeSec: config.maxAgeSec,
      answerCacheBytes: config.answerCacheBytes,
      host: config.host,
      port: config.port,
      reportFailure,
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
    console.log(`${signal}: finishing the requests under way ...`);
    await service.stop();
    await database.stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop(signal));

  console.log(`Signpost listens on ${service.url}`);
  console.log(`  database       ${database.description}`);
  console.log(
    `  gatewaySigner  ${checksumAddress(signer.address)} (has to be a signer of your resolver)`,
  );
  if (engines.slowness !== null) console.log(`  slow signing   ${engines.slowness}`);
  await describeDomains(service);
}

async function describeDomains({ records, url }: Service): Promise<void> {
  const resolvers = await records.servedResolvers();
  if (resolvers.length === 0) {
    console.log(
      "  no domain yet: add one with `npx signpost domain add <name> --chain <id> --resolver <address>`",
    );
  }
  for (const { domain, chainId, resolver } of resolvers) {
    console.log(`  ${domain}  ${url}/ccip/${chainId.toString()}/${toHex(resolver)}`);
  }
}

/** One line a failure, for whoever reads the log. */
function reportFailure(error: SignpostError): void {
  const cause = error.code === "INTERNAL" && error.cause instanceof Error ? error.cause.stack : "";
  console.error(
    `${new Date().toISOString()} ${error.code} ${error.message} ${cause ?? ""}`.trimEnd(),
  );
}
