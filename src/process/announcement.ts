/** What the operator reads when the service has started. */
import { toHex } from "../abi/hex.js";
import { checksumAddress } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import type { Database } from "../installation/database.js";
import { VERSION } from "../installation/version.js";
import { loadEngines } from "../native/engines.js";
import type { Log } from "../observe/log.js";
import { type Dm3Domains, dm3Obstacles } from "../registry/dm3/dm3Domains.js";
import type { Service } from "../service/service.js";
import type { Config } from "../settings/config.js";
import type { OpenSigner } from "../signer/openSigner.js";

export interface Started
  extends Pick<Service, "url" | "metricsUrl">, Pick<Config, "processes" | "dm3Domains"> {
  readonly database: Pick<Database, "description">;
  readonly signer: Pick<OpenSigner, "address" | "description">;
}

/** Where it listens, and with what. Written by the process that gets the operator's signals. */
export function announceStart(started: Started, log: Log): void {
  const { url, metricsUrl, database, signer, processes, dm3Domains } = started;
  const ofSeveral = processes === 1 ? "" : `, the first of ${processes + 1}`;
  log.info(`Signpost listens on ${url} (version ${VERSION})`);
  log.info(`  process        ${process.pid}${ofSeveral} (on SIGHUP it reads its signer again)`);
  log.info(`  database       ${database.description}`);
  log.info(
    `  gatewaySigner  ${checksumAddress(signer.address)} (has to be a signer of your resolver)`,
  );
  log.info(`                 its key: ${signer.description}`);
  log.info(`  metrics        ${metricsUrl}`);
  if (dm3Domains) {
    const { addresses, names } = dm3Domains;
    log.info(
      `  dm3's own API  ${url}/profile for ${addresses}${names === null ? "" : `, ${names}`}`,
    );
  }
}

/** What it found: the domains that it answers for, and what keeps it from answering, or from doing so well. */
export async function tellFindings(
  { records, domains, url, readiness }: Pick<Service, "records" | "domains" | "url" | "readiness">,
  { dm3Domains }: Pick<Config, "dm3Domains">,
  log: Log,
): Promise<void> {
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
  const obstacles = dm3Domains === null ? [] : await obstaclesAmong(domains, dm3Domains);
  const sentences = [...reasons, ...warnings, ...obstacles];
  for (const sentence of slowness === null ? sentences : [...sentences, slowness]) {
    log.warn(sentence);
  }
}

/** None where the registry does not answer, of which the warnings tell. */
async function obstaclesAmong(domains: Service["domains"], dm3Domains: Dm3Domains) {
  try {
    return await dm3Obstacles(domains, dm3Domains);
  } catch (error) {
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return [];
    throw error;
  }
}
