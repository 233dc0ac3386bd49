/** Services' own data behind domains, put together for a process that serves. */
import { scanStore } from "../../db/scanStore.js";
import { servedProfiles } from "../../db/servedProfiles.js";
import { sourceSecrets } from "../../db/sourceSecrets.js";
import { sourceStore } from "../../db/sourceStore.js";
import { toSignpostError } from "../../http/shownError.js";
import { notedProblems } from "../../registry/sources/notedProblems.js";
import type { RecordSource } from "../../registry/store.js";
import type { Parts } from "../../service/capability.js";
import { type ConnectedSources, connectedSources } from "./connectedSources.js";
import type { RegistryDatabases } from "./databases.js";
import { sourceSecretMigrations } from "./migrations.js";
import { startSourceScans } from "./sourceScans.js";

export interface Sources {
  readonly connected: ConnectedSources;
  /** The same questions; what they tell of sources that are gone is heard here. */
  told(records: RecordSource): RecordSource;
  stop(): Promise<void>;
}

export function startSources(
  { secrets, nowMs, pause, reportFailure }: Parts,
  databases: Pick<RegistryDatabases, "sources" | "registry">,
  { standingOf, ownersOfTwins }: Pick<RecordSource, "standingOf" | "ownersOfTwins">,
): Sources {
  const pool = databases.sources;
  const store = sourceStore(pool);
  const connected = connectedSources({
    store,
    secrets: sourceSecrets(pool, secrets, sourceSecretMigrations),
    nowMs,
    ...{ standingOf, ownersOfTwins },
    served: servedProfiles(pool),
    noteProblem: notedProblems(store.problems, nowMs, (error) => {
      reportFailure(toSignpostError(error));
    }),
  });
  const scans = startSourceScans({
    ...{ store, connected, nowMs, pause, reportFailure },
    scans: scanStore(databases.registry),
  });
  return {
    connected,
    told: (records) => ({
      ...records,
      serving: async () => {
        const serving = await records.serving();
        connected.keepOnly(serving.sources);
        return serving;
      },
    }),
    stop: async () => {
      scans.stop();
      await connected.close();
    },
  };
}
