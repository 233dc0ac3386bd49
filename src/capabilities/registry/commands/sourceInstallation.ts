/** Commands beside the service, on the sources of this installation. */
import type { Pool } from "../../../db/pool.js";
import { sourceSecrets } from "../../../db/sourceSecrets.js";
import { sourceStore } from "../../../db/sourceStore.js";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import type { SourceSecrets } from "../../../registry/sources/sourceSecrets.js";
import type {
  NewSource,
  SourceStore,
  StoredSource,
} from "../../../registry/sources/sourceStore.js";
import { sourceSecretMigrations } from "../migrations.js";
import { assertUpToDate, upToDate } from "./installation.js";
import { type Purpose, secretsOnDemand } from "./secretsOnDemand.js";

export interface SourceInstallation {
  readonly pool: Pool;
  readonly store: SourceStore;
  readonly secrets: SourceSecrets;
}

/** Opens the operator's keys only when a secret is kept or opened. Throws as `withInstallationPool`. */
export function withSources<T>(work: (installation: SourceInstallation) => Promise<T>): Promise<T> {
  return inSources("change", work);
}

/** The same for a command that only looks: it changes nothing, not even the tables. */
export function lookIntoSources<T>(
  work: (installation: SourceInstallation) => Promise<T>,
): Promise<T> {
  return inSources("look", work);
}

async function inSources<T>(
  purpose: Purpose,
  work: (installation: SourceInstallation) => Promise<T>,
): Promise<T> {
  return withInstallationPool(async (pool) => {
    await (purpose === "look" ? assertUpToDate(pool) : upToDate(pool));
    const { secrets, close } = secretsOnDemand(pool, purpose);
    try {
      return await work({
        pool,
        store: sourceStore(pool),
        secrets: sourceSecrets(pool, secrets, sourceSecretMigrations),
      });
    } finally {
      await close();
    }
  });
}

/**
 * With its secret, or not at all.
 * @param secret null for one that needs none
 * @throws NOT_FOUND without the domain, NAME_TAKEN when it has a source, SECRETS_KEY_MISSING without a key of the operator's
 */
export async function addSource(
  { store, secrets }: SourceInstallation,
  source: NewSource,
  secret: string | null,
): Promise<StoredSource> {
  if (secret === null) return store.add(source);
  // before anybody asks it without its secret
  const id = await store.newId();
  await secrets.keep(id, secret);
  try {
    return await store.add({ ...source, id });
  } catch (error) {
    await secrets.drop(id);
    throw error;
  }
}

/** Throws NOT_FOUND where the domain has no source. */
export async function sourceBehind(
  { store }: Pick<SourceInstallation, "store">,
  domain: string,
): Promise<StoredSource> {
  const normal = normalizeName(domain);
  const source = await store.sourceOf(normal);
  if (source) return source;
  throw new SignpostError(
    "NOT_FOUND",
    `${normal} has no data source; see \`signpost source list\`.`,
    { name: normal },
  );
}
