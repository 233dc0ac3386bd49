/** A service with the registry, on parts that are handed in: for the demo and tests. */
import type { RecordSource, RegistryStores } from "../../registry/store.js";
import {
  type Service,
  type ServiceOptions,
  type Startable,
  startService,
} from "../../service/service.js";
import { REGISTRY, REGISTRY_MIGRATIONS } from "./migrations.js";
import { type RegistryOptions, type RunningRegistry, startRegistry } from "./startRegistry.js";

export interface RegistryServiceOptions extends RegistryOptions, Omit<ServiceOptions, "database"> {
  readonly databaseUrl: string;
  /** Hot standbys of that database, which answer lookups while it does not; none by default. */
  readonly standbyDatabaseUrls?: readonly string[];
  /** What all of these URLs lead to; by default to Postgres itself. */
  readonly pooler?: ServiceOptions["database"]["pooler"];
  /** Further capabilities behind the same port; none by default. */
  readonly beside?: readonly Startable[];
}

export interface RegistryService
  extends Service, RegistryStores, Pick<RunningRegistry, "switchSigner"> {
  readonly records: RecordSource;
}

/** Throws as `startService` and `startRegistry` do. */
export async function startRegistryService(
  options: RegistryServiceOptions,
): Promise<RegistryService> {
  const { databaseUrl: url, standbyDatabaseUrls: standbyUrls = [], pooler = "none" } = options;
  let running: RunningRegistry | undefined;
  const service = await startService(
    [
      {
        capability: {
          ...{ name: REGISTRY, summary: "" },
          ...{ migrations: REGISTRY_MIGRATIONS, sealedColumns: [] },
        },
        start: async (parts) => (running = await startRegistry(parts, options)),
      },
      ...(options.beside ?? []),
    ],
    { ...options, database: { url, standbyUrls, pooler } },
  );
  const { names, domains, records, switchSigner } = running as RunningRegistry;
  return { ...service, names, domains, records, switchSigner };
}
