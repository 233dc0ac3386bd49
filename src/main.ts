/** `npm start`: the service alone. */
import { toHex } from "./abi/hex.js";
import { openConfiguredSigner } from "./configuredSigner.js";
import { startDatabase } from "./database.js";
import { checksumAddress } from "./ens/address.js";
import { type ReadSettings, openEnvironment } from "./environment.js";
import { type SignpostError, isSignpostError } from "./errors.js";
import { onHangUp } from "./hangUp.js";
import { type Service, startService } from "./service.js";
import { signerReload } from "./signerReload.js";

try {
  await run(openEnvironment());
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`signpost: ${error.message}`);
  process.exit(1);
}

async function run(readSettings: ReadSettings): Promise<void> {
  const config = readSettings();
  const signer = await openConfiguredSigner(config, "make");
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
      chainRpcUrls: config.secrets.chainRpcUrls,
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
  };
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void stop(signal).then(() => process.exit(0)));
  onHangUp({
    ofTerminal: () => stop("SIGHUP"),
    otherwise: signerReload({ readSettings, service, signer, tell: console.log }),
  });

  console.log(`Signpost listens on ${service.url}`);
  console.log(`  process        ${process.pid} (on SIGHUP it reads its signer again)`);
  console.log(`  database       ${database.description}`);
  console.log(
    `  gatewaySigner  ${checksumAddress(signer.address)} (has to be a signer of your resolver)`,
  );
  console.log(`                 its key: ${signer.description}`);
  await describeDomains(service);
  const { reasons, warnings } = await service.readiness();
  for (const sentence of [...reasons, ...warnings]) console.error(`signpost: ${sentence}`);
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
